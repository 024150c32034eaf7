"""What a general manager must know in five minutes: what waits for him, what is short, what is
late, and the day (REP-07). Every number is counted by the query of the page that it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Store, User
from apps.care.models import Call
from apps.care.queries.lists import due
from apps.care.warned import Warned, warned
from apps.complaints import queries as complaints
from apps.complaints.choices import OPEN_STEPS
from apps.delivery.queries import hand_overs
from apps.penalties.choices import PenaltyStatus
from apps.penalties.queries.proposals import to_decide
from apps.reception.figures.traffic import parties
from apps.reception.queries.pipeline import asked_for as purchases
from apps.reports.board import Cell, lines_of, months_until
from apps.reports.choices import Figure, ReportStatus
from apps.reports.queries.reading import days_late, waiting_for
from apps.service.models import RepairOrder
from apps.service.queries.appointments import appointments_on
from apps.service.queries.orders import late as late_orders
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.sheet import numbers_of
from apps.ssi.figures.spans import Span
from apps.ssi.models import FactorScore, SurveyFactor

SHOWN = 5  # of a list; the rest is behind its number
WEAKEST = 4  # factors


@dataclass(frozen=True)
class Item:
    """One thing that waits: ``due_at`` until when; ``late`` stands out."""

    text: str
    url: str
    note: str = ""
    due_at: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Waiting:
    """What waits for this person: the first of it, how much in all, and where all of it is."""

    title: str
    icon: str
    url: str
    number: int
    items: list[Item]

    @property
    def more(self) -> int:
        return self.number - len(self.items)


@dataclass(frozen=True)
class Number:
    """A count with the page of its rows."""

    label: str
    number: int
    url: str


@dataclass(frozen=True)
class LowFactor:
    """A factor of the month's survey with answers below the line of a quick response."""

    name: str
    low: int
    of: int
    url: str


@dataclass(frozen=True)
class Five:
    """The page from its top to its foot."""

    waiting: list[Waiting]
    short: list[tuple[date, list[Cell]]]
    has_targets: bool
    warned: Warned
    low: list[LowFactor]
    late: list[Number]
    today: list[Number]

    @property
    def waits(self) -> int:
        return sum(one.number for one in self.waiting)


def five(user: Any, store: Store, now: datetime) -> Five:
    """The whole page; as many queries however many rows there are."""
    today = now.date()
    months = _two_months(store, now)
    told = [_reports(user, today), *_proposals(user, today), _responses(user, now)]
    return Five(
        waiting=[one for one in told if one.number],
        short=[(month, [cell for cell in cells if cell.is_short]) for month, cells in months],
        has_targets=any(cell.target is not None for _month, cells in months for cell in cells),
        warned=warned(user, today, by_person=False),
        low=_low_factors(store, today),
        late=_late(user, now),
        today=_today(user, store, today),
    )


def _two_months(store: Store, now: datetime) -> list[tuple[date, list[Cell]]]:
    """Every figure of this month, and of the last one."""
    months = months_until(now.date().replace(day=1), 2)
    lines = lines_of(store, list(Figure), months, now)
    return [(months[place], [line.cells[place] for line in lines]) for place in (1, 0)]


def _first(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first of them, and how many there are. Two queries at most."""
    found = list(rows[: SHOWN + 1])
    return found[:SHOWN], len(found) if len(found) <= SHOWN else rows.order_by().count()


def _reports(user: User, today: date) -> Waiting:
    """Month reports to approve, the oldest and so the latest first."""
    rows, number = _first(waiting_for(user).filter(status=ReportStatus.REVIEWED).order_by("month"))
    items = [
        Item(
            _("Month report %(month)s") % {"month": f"{row.month:%Y-%m}"},
            reverse("reports:report", args=[row.pk]),
            ngettext("submitted %(days)s day late", "submitted %(days)s days late", days)
            % {"days": days}
            if days
            else "",
            late=bool(days),
        )
        for row, days in ((row, days_late(row, today)) for row in rows)
    ]
    title = _("Month reports to approve")
    return Waiting(title, "report", reverse("reports:list"), number, items)


def _proposals(user: User, today: date) -> list[Waiting]:
    """Appeals, and proposals that only he may decide; what has waited longest first."""
    rows: Any = to_decide(user, today).select_related("person")
    appeals = rows.filter(status=PenaltyStatus.APPEALED).order_by("appealed_at", "pk")
    others = rows.exclude(status=PenaltyStatus.APPEALED).order_by("event_on", "pk")
    there = reverse("penalties:decisions")
    return [
        _of_proposals(_("Appeals to decide"), "scale", there, appeals),
        _of_proposals(_("Deduction proposals to decide"), "gavel", there, others),
    ]


def _of_proposals(title: str, icon: str, url: str, rows: Any) -> Waiting:
    found, number = _first(rows)
    items = [
        Item(
            f"{row.person} · {row.get_clause_display()}",
            reverse("penalties:proposal", args=[row.pk]),
            f"{row.event_on:%Y-%m-%d} · ¥{row.amount}",
        )
        for row in found
    ]
    return Waiting(title, icon, url, number, items)


def _responses(user: User, now: datetime) -> Waiting:
    """Quick responses that were escalated to him or are his to take, the latest first."""
    rows: Any = complaints.waits_for(user, now).select_related("customer").order_by("due_at", "pk")
    found, number = _first(rows)
    items = [
        Item(
            f"{row.customer} · {row.get_status_display()}",
            reverse("complaints:response", args=[row.pk]),
            due_at=row.due_at,
            late=row.due_at is not None and row.due_at < now,
        )
        for row in found
    ]
    title = _("Quick responses for me")
    return Waiting(title, "urgent", reverse("complaints:board"), number, items)


def _low_factors(store: Store, today: date) -> list[LowFactor]:
    """The factors with the most low scores this month (SSI-04). Three queries at most."""
    span = Span.of(today)
    limit = numbers_of(store, span, today).low_factor
    within = Scope((store.pk,)).within(span.first, span.last, "response__")
    rows = FactorScore.objects.filter(within).order_by().values("factor")
    counted = rows.annotate(of=Count("pk"), low=Count("pk", filter=Q(score__lt=limit)))
    found = list(counted.filter(low__gt=0).order_by("-low", "factor")[:WEAKEST])
    if not found:
        return []
    names = SurveyFactor.objects.filter(store=store).in_bulk([row["factor"] for row in found])
    there = reverse("ssi:score-rows")
    asked = {"store": store.pk, "month": f"{today:%Y-%m}", "low": "1"}
    return [
        LowFactor(
            str(names[row["factor"]].name),
            row["low"],
            row["of"],
            f"{there}?{urlencode(asked | {'factor': row['factor']})}",
        )
        for row in found
    ]


def _late(user: Any, now: datetime) -> list[Number]:
    """What is over its limit, by department. Four queries."""
    today = now.date()
    responses = complaints.seen_by(user).filter(status__in=OPEN_STEPS, due_at__lt=now)
    calls = Call.objects.visible_to(user).filter(due(due_on__lt=today))
    cars = RepairOrder.objects.visible_to(user).filter(late_orders(now))
    promised = purchases(user, {"due": "clock"}, today, now)
    told: tuple[tuple[str, Any, str, Any], ...] = (
        (_("quick responses late"), responses, "complaints:response-list", {"step": "late"}),
        (_("calls overdue"), calls, "care:calls", {"state": "overdue"}),
        (_("cars late in the workshop"), cars, "service:workshop", {"stage": "late"}),
        (
            _("promised contacts late"),
            promised,
            "reception:opportunity-list",
            {"due": "clock"},
        ),
    )
    return [_number(label, rows, page, asked) for label, rows, page, asked in told]


def _today(user: Any, store: Store, today: date) -> list[Number]:
    """The day in numbers. Four queries."""
    day = today.isoformat()
    visitors = parties([store.pk], {"since": today, "until": today})
    visits = {"since": day, "until": day}
    calls = Call.objects.visible_to(user).filter(due(due_on=today))
    deliveries = hand_overs.on_day(user, store, today)
    told: tuple[tuple[str, Any, str, Any], ...] = (
        (_("visitors"), visitors, "reception:visit-list", visits),
        (_("appointments"), appointments_on(user, today, {}), "service:appointment-list", {}),
        (_("hand-overs"), deliveries, "delivery:plan", {"store": store.pk}),
        (_("calls due today"), calls, "care:calls", {"state": "today"}),
    )
    return [_number(label, rows, page, asked) for label, rows, page, asked in told]


def _number(label: str, rows: QuerySet[Any], page: str, asked: Mapping[str, Any]) -> Number:
    query = f"?{urlencode(asked)}" if asked else ""
    return Number(label, rows.order_by().count(), f"{reverse(page)}{query}")
