"""The rows behind a figure: of a report as they were counted, else as they are (REP-08)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.care.models import Call
from apps.customers.models import MaintenanceCycle, Vehicle
from apps.delivery.models import DsmRecord
from apps.reception.models import SalesOrder
from apps.reports.choices import SCORES, Figure
from apps.reports.figures import catalogue
from apps.reports.models import ReportFigure
from apps.service.models import Appointment, RepairOrder
from apps.ssi.models import Response

PAGE = 100
CHUNK = 1000
COUNTED, OTHERS, ALL = "counted", "others", "all"


@dataclass(frozen=True)
class Row:
    """One row of any kind: its day, car, customer, and what it is."""

    pk: int
    on: Any
    car: Any
    customer: Any
    text: Any


def _row(on: str, car: str, customer: str, text: str) -> Callable[[Any], Row]:
    """By the paths of each; "" is the row itself, "-" nothing."""

    def make(row: Any) -> Row:
        return Row(row.pk, *(_reached(row, path) for path in (on, car, customer, text)))

    return make


def _reached(row: Any, path: str) -> Any:
    if path == "-":
        return None
    for name in filter(None, path.split("__")):
        row = getattr(row, name) if row is not None else None
    found = row() if callable(row) else row
    return timezone.localdate(found) if isinstance(found, datetime) else found


_CALL = (Call, ("vehicle", "customer"), _row("due_on", "vehicle", "customer", "get_status_display"))
_SOLD = (
    SalesOrder,
    ("customer", "consultant"),
    _row("delivered_at", "-", "customer", "consultant"),
)
KINDS: dict[Figure, tuple[Any, tuple[str, ...], Callable[[Any], Row]]] = {
    Figure.FIRST_RETURN: (Vehicle, ("owner",), _row("first_service_due_on", "", "owner", "-")),
    Figure.MAINTENANCE_RETURN: (
        MaintenanceCycle,
        ("vehicle__owner",),
        _row("event_on", "vehicle", "vehicle__owner", "ended_on"),
    ),
    Figure.FIRST_REMINDED: _CALL,
    Figure.MAINTENANCE_REMINDED: _CALL,
    Figure.APPOINTMENTS: (
        RepairOrder,
        ("vehicle", "customer"),
        _row("in_on", "vehicle", "customer", "number"),
    ),
    Figure.SHOW_UP: (
        Appointment,
        ("vehicle", "customer"),
        _row("on", "vehicle", "customer", "get_status_display"),
    ),
    Figure.CHURN: (Vehicle, ("owner",), _row("last_seen_on", "", "owner", "-")),
    Figure.INSURANCE: _SOLD,
    Figure.LOANS: _SOLD,
    Figure.ACCESSORIES: _SOLD,
    Figure.DSM_IN_TIME: (
        DsmRecord,
        ("delivery__vehicle__owner", "consultant"),
        _row("due_at", "delivery__vehicle", "delivery__vehicle__owner", "consultant"),
    ),
    Figure.SSI: (
        Response,
        ("vehicle", "customer"),
        _row("on", "vehicle", "customer", "get_round_display"),
    ),
}


@dataclass(frozen=True)
class Behind:
    """Which rows are asked for: ``pks`` gives them, the newest first, before ``after``."""

    store: Store
    figure: Figure
    month: date
    what: str
    n: int
    of: int
    report: Any
    pks: Callable[[int | None], Iterable[int]]

    @property
    def tabs(self) -> list[tuple[str, int]]:
        """What can be looked at, and how many rows each has."""
        if self.figure in SCORES:
            return []
        return [(COUNTED, self.n), (OTHERS, self.of - self.n), (ALL, self.of)]


def asked_for(user: Any, asked: Mapping[str, Any], now: datetime) -> Behind:
    """By ``of``: a figure of a report; else ``figure`` and ``month`` of a store. 404: no such."""
    what = asked.get("what", COUNTED)
    what = what if what in (COUNTED, OTHERS, ALL) else COUNTED
    of = asked.get("of", "")
    if of.isdecimal() and len(of) < 19:
        return _frozen(user, int(of), what)
    if asked.get("figure") not in Figure.values:
        raise Http404
    store = store_shown(user, asked)
    first = MonthForm(asked).chosen(now.date())
    one = catalogue.counted(Figure(asked["figure"]), catalogue.month_of(store, first, now))
    rows = {
        COUNTED: one.hits,
        OTHERS: one.whole.exclude(pk__in=one.hits.order_by().values("pk")),
        ALL: one.whole,
    }[what]

    def pks(after: int | None) -> Iterable[int]:
        found = rows if after is None else rows.filter(pk__lt=after)
        return found.order_by("-pk").values_list("pk", flat=True)  # type: ignore[no-any-return]

    return Behind(store, one.figure, first, what, one.n, one.of, None, pks)


def _frozen(user: Any, pk: int, what: str) -> Behind:
    rows = ReportFigure.objects.visible_to(user).select_related("report", "store")
    row = get_object_or_404(rows, pk=pk)
    counted = set(row.counted)
    asked = {COUNTED: row.counted, OTHERS: set(row.whole) - counted, ALL: row.whole}[what]

    def pks(after: int | None) -> Iterable[int]:
        return sorted((one for one in asked if after is None or one < after), reverse=True)

    return Behind(row.store, Figure(row.figure), row.month, what, row.n, row.of, row.report, pks)


def page_of(behind: Behind, after: str) -> tuple[list[Row], str]:
    """One page, and where the next begins ("" on the last one)."""
    last = int(after) if after.isdecimal() and len(after) < 19 else None
    pks = behind.pks(last)
    found = list(islice(pks[: PAGE + 1] if isinstance(pks, QuerySet) else pks, PAGE + 1))
    shown = described(behind.figure, behind.store, found[:PAGE])
    return shown, str(found[PAGE - 1]) if len(found) > PAGE else ""


def described(figure: Figure, store: Store, pks: list[int]) -> list[Row]:
    """In the order of ``pks``; what is there no more is left out. One query."""
    model, beside, make = KINDS[figure]
    found = {
        row.pk: row for row in model.objects.filter(store=store, pk__in=pks).select_related(*beside)
    }
    return [make(found[pk]) for pk in pks if pk in found]


def all_of(behind: Behind) -> Iterator[Row]:
    """Every row, read piece by piece."""
    pks = list(behind.pks(None))
    for start in range(0, len(pks), CHUNK):
        yield from described(behind.figure, behind.store, pks[start : start + CHUNK])
