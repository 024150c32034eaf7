"""Parts: what lies there, what is kept for whom, what is coming, what is short (SVC-06)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.audit.names import ACTIONS
from apps.service import policy
from apps.service.choices import Cover
from apps.service.models import (
    Appointment,
    AppointmentPart,
    Operation,
    Part,
    PartSupply,
)
from apps.service.queries.days import expected, kept, kept_in_house

MOST_MOVES = 50


def _pieces(rows: QuerySet[Any]) -> Any:
    total = rows.filter(part=OuterRef("pk")).order_by().values("part").annotate(n=Sum("quantity"))
    return Coalesce(Subquery(total.values("n"), output_field=IntegerField()), 0)


def with_stock(rows: QuerySet[Part], today: date) -> QuerySet[Part]:
    """Parts with ``reserved``, ``free``, ``expected`` pieces and the day of the next supply."""
    coming = expected().filter(part=OuterRef("pk")).order_by().values("part")
    return rows.annotate(
        reserved=_pieces(kept(today)) + _pieces(kept_in_house()),
        expected=_pieces(expected()),
        next_on=Subquery(coming.annotate(on=Min("expected_on")).values("on")),
        free=F("stock") - F("reserved"),
    )


def parts(store: Store, asked: Mapping[str, Any], today: date) -> QuerySet[Part]:
    """The parts of a store by their number, as a filter asks for them."""
    rows: Any = with_stock(
        Part.objects.filter(store=store, active=asked.get("state") != "gone"), today
    )
    if text := (asked.get("text") or "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(name__icontains=text))
    if asked.get("state") == "low":
        rows = rows.filter(reorder_at__gt=0, reorder_at__gte=F("free") + F("expected"))
    elif asked.get("state") == "short":
        rows = rows.filter(free__lt=0)
    found: QuerySet[Part] = rows.order_by("number")
    return found


def operations(store: Store, asked: Mapping[str, Any]) -> QuerySet[Operation]:
    """The operations of a store by their code, as a filter asks for them."""
    rows = Operation.objects.filter(store=store, active=asked.get("state") != "gone")
    for name in ("kind", "skill"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if text := (asked.get("text") or "").strip():
        rows = rows.filter(Q(code__icontains=text) | Q(name__icontains=text))
    return rows.prefetch_related("parts__part").order_by("code")


def usual_text(operation: Operation) -> str:
    """The usual parts as they are typed, one a line."""
    lines = operation.parts.select_related("part").order_by("part__number")
    return "\n".join(f"{line.part.number} × {line.quantity}" for line in lines)


def supplies(user: Any) -> QuerySet[PartSupply]:
    """What is on its way to the stores that this person sees, the most overdue first."""
    rows = expected().filter(store__in=user.store_ids).select_related("part", "by", "store")
    return rows.order_by("expected_on", "pk")


@dataclass(frozen=True)
class Move:
    """Pieces that came or went: read from the history, which no writer can pass by (SEC-04)."""

    at: datetime
    pieces: int  # negative: they went
    stock: int  # afterwards
    action: str
    reason: str
    who: str


def moves(part: Part) -> list[Move]:
    """The last movements of the stock, the newest first. Two queries."""
    events: Any = part.events  # type: ignore[attr-defined]
    old = list(events.select_related("pgh_context").order_by("-pgh_id")[: MOST_MOVES * 2])
    told = [(was, now) for now, was in pairwise([part, *old]) if was.stock != now.stock]
    about = [(was.pgh_context and was.pgh_context.metadata) or {} for was, _now in told]
    people = User.objects.in_bulk({data["user"] for data in about if data.get("user")})
    return [
        Move(
            at=was.pgh_created_at,
            pieces=now.stock - was.stock,
            stock=now.stock,
            action=str(ACTIONS.get(name := data.get("action", ""), name)),
            reason=data.get("reason", ""),
            who=str(people.get(data.get("user"), _("the system"))),
        )
        for (was, now), data in zip(told, about, strict=True)
    ][:MOST_MOVES]


@dataclass
class Short:
    """One appointment whose parts will not lie there: line → how it is met."""

    appointment: Appointment
    lines: list[tuple[AppointmentPart, policy.Covered]] = field(default_factory=list)


def short(store: Store, today: date) -> list[Short]:
    """The appointments that lack parts or wait for late ones, the nearest first.

    Three queries. Cars in the workshop have what they need before those to come.
    """
    rows = (
        kept(today)
        .filter(appointment__store=store)
        .select_related("part", "appointment__customer", "appointment__vehicle")
        .order_by("appointment__starts_at", "pk")
    )
    of_part: dict[Part, list[AppointmentPart]] = defaultdict(list)
    for line in rows:
        of_part[line.part].append(line)
    coming: dict[int, list[tuple[date, int]]] = defaultdict(list)
    on_its_way = expected().filter(store=store)
    for pk, on, pieces in on_its_way.values_list("part", "expected_on", "quantity"):
        coming[pk].append((on, pieces))
    in_house = kept_in_house().filter(part__in=of_part).order_by().values_list("part")
    first = dict(in_house.annotate(n=Sum("quantity")))
    found: dict[int, Short] = {}
    for part, lines in of_part.items():
        needs = [policy.Need(-1, date.min, first.get(part.pk, 0))]
        needs += [
            policy.Need(n, line.appointment.on, line.quantity) for n, line in enumerate(lines)
        ]
        for need, covered in policy.cover(part.stock, coming[part.pk], needs, today):
            if need.who < 0 or covered.how not in (Cover.LATE, Cover.MISSING):
                continue
            line = lines[need.who]
            row = line.appointment
            found.setdefault(row.pk, Short(row)).lines.append((line, covered))
    return sorted(found.values(), key=lambda one: (one.appointment.starts_at, one.appointment.pk))
