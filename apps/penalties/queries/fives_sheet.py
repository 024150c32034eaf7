"""The 5S sheet of a day 5S管理检查表, for whom it concerns; weak points of a month (PEN-05)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.accounts.models import Store
from apps.checklists.models import ChecklistAnswer, ChecklistRun
from apps.checklists.queries import run_of
from apps.core.dates import add_months, month_end
from apps.penalties.choices import FIVE_S
from apps.penalties.models import Finding, FiveSPhoto, Penalty, SheetCopy
from apps.penalties.queries.inspections import FIRST, SECOND
from apps.penalties.queries.proposals import may_see
from apps.ssi.policy.rooms import area_of
from apps.ssi.queries.rooms import lacking


@dataclass
class Line:
    """A point that was not in order: in the morning, at the second check, and what follows."""

    area: str
    text: str
    first: ChecklistAnswer | None = None
    second: ChecklistAnswer | None = None
    penalty: Penalty | None = None  # None also for who may not see it

    @property
    def person(self) -> Any:
        return self._last.finding.person

    @property
    def _last(self) -> Any:
        stands = self.second is not None and not self.second.done
        return self.second if stands else self.first


@dataclass(frozen=True)
class Sheet:
    """What one reader sees of the day."""

    first: ChecklistRun | None
    second: ChecklistRun | None
    lines: list[Line]


def reads_whole(user: Any) -> bool:
    """Who checks, decides or issues sees the whole sheet; others what concerns them."""
    return bool(user.has_perm("ssi.check_rooms") or user.has_perm("penalties.view_all"))


def concerns(user: Any) -> Q:
    """Findings of this person, and of the people of the department that he leads."""
    own = Q(person=user.pk) | Q(person__department__manager=user.pk)
    if user.has_perm("penalties.view_department") and user.department_id is not None:
        own |= Q(person__department=user.department_id)
    return own


def sheet_of(user: Any, store: Store, on: date) -> Sheet:
    """The sheet as ``user`` may see it. Seven queries however many lines."""
    first, second = run_of(store, FIRST, on), run_of(store, SECOND, on)
    rows = Finding.objects.filter(
        store=store, answer__done=False, answer__run__in=[run for run in (first, second) if run]
    )
    if not reads_whole(user):
        rows = rows.filter(concerns(user))
    items = list(rows.values_list("answer__item", flat=True))
    lines: dict[int, Line] = {}
    for run, name in ((first, "first"), (second, "second")):
        for answer in _answers(run, items):
            area, text = area_of(answer.item.text)
            line = lines.setdefault(answer.item_id, Line(area, text))
            if not answer.done or name == "second":
                setattr(line, name, answer)
    found = [line for line in lines.values() if _stands(line)]
    _with_penalties(user, store, found)
    return Sheet(first, second, found)


def _stands(line: Line) -> bool:
    return line.first is not None or (line.second is not None and not line.second.done)


def _answers(run: ChecklistRun | None, items: list[int]) -> Any:
    if run is None:
        return []
    rows = run.answers.filter(item__in=items).order_by("item__place")
    return rows.select_related("item", "finding__person__department").prefetch_related("photos")


def _with_penalties(user: Any, store: Store, lines: list[Line]) -> None:
    facts = {f"check/{line.second.pk}": line for line in lines if line.second is not None}
    rows = Penalty.objects.filter(store=store, clause__in=FIVE_S, fact__in=list(facts))
    for penalty in rows.select_related("person"):
        line = facts[penalty.fact]
        stands = line.penalty is None or line.penalty.status == "withdrawn"
        if stands and may_see(user, penalty):
            line.penalty = penalty


def may_open(user: Any, store: Store, on: date, sheet: Sheet) -> bool:
    """Only those concerned: something of it is theirs, or it was sent to them."""
    if reads_whole(user) or sheet.lines:
        return True
    return copies_of(user).filter(store=store, on=on).exists()


def may_see_photo(user: Any, photo: FiveSPhoto) -> bool:
    if reads_whole(user):
        return True
    answer = photo.answer
    same = Finding.objects.filter(
        concerns(user),
        store=photo.store_id,
        answer__run__on=answer.run.on,
        answer__item=answer.item_id,
        answer__done=False,
    )
    return bool(same.exists())


def copies_of(user: Any) -> QuerySet[SheetCopy]:
    rows: QuerySet[SheetCopy] = SheetCopy.objects.visible_to(user).filter(person=user.pk)
    return rows


def unread(user: Any, on: date) -> QuerySet[SheetCopy]:
    """Sheets that were sent to this person and that he has not seen yet."""
    return copies_of(user).filter(read_at=None)


@dataclass(frozen=True)
class WeakPoint:
    """A point in a month: in how many first checks it was looked at and not in order, how often it
    was not in order at the second check either; and the month before."""

    area: str
    point: str
    text: str
    seen: int
    failed: int
    stayed: int
    seen_before: int
    failed_before: int

    @property
    def trend(self) -> int:
        """1: worse than the month before, by share; -1: better; 0: the same, or nothing before."""
        if not self.seen_before or not self.seen:
            return 0
        now, then = self.failed * self.seen_before, self.failed_before * self.seen
        return (now > then) - (now < then)


def weak_month(store: Store, month: date) -> list[WeakPoint]:
    """Points that were not in order in the month or the one before, by area, the weakest area and
    point first. Two queries."""
    before = add_months(month, -1)
    answers = ChecklistAnswer.objects.filter(
        run__store=store,
        run__kind__in=(FIRST, SECOND),
        run__subject="",
        run__on__range=(before, month_end(month)),
    )
    failed, seen = _counted(lacking(answers)), _counted(answers)
    texts = {text for text, kind, _month in failed}
    found = [
        WeakPoint(
            *area_of(text),
            text,
            seen[text, FIRST, month],
            failed[text, FIRST, month],
            failed[text, SECOND, month],
            seen[text, FIRST, before],
            failed[text, FIRST, before],
        )
        for text in texts
    ]
    by_area: Counter[str] = Counter()
    for one in found:
        by_area[one.area] += one.failed
    return sorted(found, key=lambda one: (-by_area[one.area], one.area, -one.failed, one.text))


def _counted(rows: Any) -> Counter[Any]:
    grouped = rows.order_by().values_list("item__text", "run__kind", TruncMonth("run__on"))
    return Counter({tuple(key): n for *key, n in grouped.annotate(n=Count("pk"))})


def failures(store: Store, asked: Mapping[str, Any], month: date) -> QuerySet[ChecklistAnswer]:
    """The answers behind a number of the month: of a point, or all; of one of the checks, or both;
    the newest first."""
    rows: QuerySet[ChecklistAnswer] = lacking(
        ChecklistAnswer.objects.filter(
            run__store=store,
            run__kind__in=(FIRST, SECOND),
            run__subject="",
            run__on__range=(month, month_end(month)),
        )
    )
    if point := asked.get("point", ""):
        rows = rows.filter(item__text=point)
    if (kind := asked.get("kind", "")) in (FIRST, SECOND):
        rows = rows.filter(run__kind=kind)
    return rows.select_related("run__by", "run__store", "item").order_by("-run__on", "-pk")
