"""The two 5S checks of a day as they stand: areas, points, what was found and is weak (PEN-05)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from apps.accounts.models import Store, User
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistItem, ChecklistRun, ChecklistTemplate
from apps.checklists.queries import in_force, run_of
from apps.penalties.models import Area
from apps.ssi.policy.rooms import area_of
from apps.ssi.queries.rooms import lacking

FIRST, SECOND = ChecklistKind.FIVE_S_FIRST, ChecklistKind.FIVE_S_SECOND
WEAKEST = 3  # items of a department (PEN-05)
WEAK_DAYS = 30
WEAK_FROM = 2  # once is not weak yet


@dataclass
class Point:
    """One point of the round: what this check says of it, and to a second one the first."""

    item: ChecklistItem
    text: str
    area: Area | None
    first: ChecklistAnswer | None = None
    answer: ChecklistAnswer | None = None
    weak: int = 0  # on how many of the last days it was not in order; 0: not one of the weakest

    @property
    def spot(self) -> bool:
        """Looked at in the second check as a weak item, not because the first found it."""
        return self.first is None or self.first.done

    @property
    def failed(self) -> bool:
        return self.answer is not None and not self.answer.done

    @property
    def person(self) -> Any:
        """Whoever this check, the first one or the area names."""
        for answer in (self.answer, self.first):
            if answer is not None and not answer.done and hasattr(answer, "finding"):
                return answer.finding.person
        return self.area.person if self.area else None


@dataclass
class Place:
    """An area with its points in this check."""

    number: int
    name: str
    area: Area | None
    points: list[Point] = field(default_factory=list)

    @property
    def left(self) -> int:
        return sum(point.answer is None for point in self.points)

    @property
    def failed(self) -> int:
        return sum(point.failed for point in self.points)


@dataclass
class Round:
    """A check of a day: of the first every area, of the second only what it has to look at."""

    kind: ChecklistKind
    on: date
    template: ChecklistTemplate | None
    first: ChecklistRun | None
    run: ChecklistRun | None
    places: list[Place]

    @property
    def left(self) -> int:
        return sum(place.left for place in self.places)

    @property
    def failed(self) -> int:
        return sum(place.failed for place in self.places)

    @property
    def points(self) -> dict[int, Point]:
        return {point.item.pk: point for place in self.places for point in place.points}


def round_of(store: Store, kind: ChecklistKind, on: date) -> Round:
    """The check as it stands. The second is made over the list of the first: what that did not find
    in order, and of each department its weakest items; without a first one there is none."""
    first = run_of(store, FIRST, on)
    run = first if kind == FIRST else run_of(store, SECOND, on)
    template = first.template if first else in_force(store, FIRST, on)
    if template is None or (kind == SECOND and first is None):
        return Round(kind, on, template, first, run, [])
    areas = {area.name: area for area in areas_of(template)}
    morning, said = _answers(first) if kind == SECOND else {}, _answers(run)
    weak = {} if kind == FIRST else weakest(store, areas, on)
    points = []
    for item in template.items.all():
        name, text = area_of(item.text)
        point = Point(item, text, areas.get(name), morning.get(item.pk), said.get(item.pk))
        point.weak = weak.get(item.text, 0)
        again = point.first is not None and not point.first.done
        if kind == FIRST or again or point.weak or point.answer is not None:
            points.append((name, point))
    return Round(kind, on, template, first, run, _placed(points, areas))


def _placed(points: Iterable[tuple[str, Point]], areas: dict[str, Area]) -> list[Place]:
    places: dict[str, Place] = {}
    for name, point in points:
        if name not in places:
            places[name] = Place(len(places) + 1, name, areas.get(name))
        places[name].points.append(point)
    return list(places.values())


def _answers(run: ChecklistRun | None) -> dict[int, ChecklistAnswer]:
    if run is None:
        return {}
    rows = run.answers.select_related("finding__person").prefetch_related("photos").order_by()
    return {answer.item_id: answer for answer in rows}


def areas_of(template: ChecklistTemplate) -> QuerySet[Area]:
    rows: QuerySet[Area] = Area.objects.filter(template=template)
    return rows.select_related("department", "person").order_by("place")


def weakest(store: Store, areas: dict[str, Area], on: date) -> dict[str, int]:
    """The department's weakest items 薄弱项 on a day: text of the point → on how many days.

    An item is the weaker the more days of the 30 before ``on`` it was not in order in a 5S check
    (first or second, a day counts once), from two days on. Of each department the three weakest,
    of equals those first in the alphabet of their texts; a point in no area belongs to no
    department. Earlier days do not change any more, so the answer for a day never does. One query.
    """
    rows = lacking(
        ChecklistAnswer.objects.filter(
            run__store=store,
            run__kind__in=(FIRST, SECOND),
            run__subject="",
            run__on__range=(on - timedelta(days=WEAK_DAYS), on - timedelta(days=1)),
        )
    )
    counted = rows.order_by().values_list("item__text").annotate(n=Count("run__on", distinct=True))
    by_department: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for text, n in counted:
        area = areas.get(area_of(text)[0])
        if area is not None and n >= WEAK_FROM:
            by_department[area.department_id].append((-n, text))
    return {text: -n for found in by_department.values() for n, text in sorted(found)[:WEAKEST]}


def people_of(store: Store) -> QuerySet[User]:
    """Who may be named for a point."""
    rows: QuerySet[User] = User.objects.filter(store=store, is_active=True).exclude(roles=[])
    return rows.select_related("department").order_by("department", "name", "pk")
