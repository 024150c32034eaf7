"""The facts that fall under each clause: one query a clause (PEN-01…04, PEN-07).

Each gives ``COLUMNS`` of every fact whose day lies in the range; whom it concerns, since when, and
its evidence in numbers. A fact that nobody answers for is none. What is judged here is what the
figures count: the same conditions, from the same place (REP-08).
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, TruncDate
from django.utils import timezone

from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.figures.reminders import DUE, REMINDED, calls_due
from apps.care.models import Attempt, Call, CarePolicy
from apps.core.dates import month_end
from apps.delivery.models import DsmRecord
from apps.penalties.choices import Clause
from apps.penalties.models import PenaltyPolicy

COLUMNS = ("store_id", "fact", "event_on", "person_id", "evidence")  # of every fact, in this order
JUDGED = (CallKind.MAINTENANCE, CallKind.WARRANTY, CallKind.INSPECTION)  # PEN-04

Facts = Callable[[Collection[int], date, date, datetime], Any]


def abandoned(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-01: a first-service call that was tried and not tried again in time."""
    rows = Call.objects.filter(
        store__in=stores,
        kind=CallKind.FIRST_SERVICE,
        status=CallStatus.FAILED,
        end_reason=EndReason.ABANDONED,
        ended_at__gte=_midnight(first),
        ended_at__lt=_midnight(last, after=1),
    )
    return _of_call(rows, TruncDate("ended_at"))


def birthdays(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-03: greeted by message without a dialling, or not at all."""
    rows = Call.objects.filter(
        Q(short_of_standard=True) | Q(status__in=[CallStatus.FAILED, CallStatus.LAPSED]),
        store__in=stores,
        kind=CallKind.BIRTHDAY,
        status__in=CallStatus.values,
        due_on__range=(first, last),
        made_up=False,
    )
    return _of_call(rows, F("due_on"))


def reminders(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-04: due, and not reminded as REP-03 counts it. Final when the due day is over."""
    until = min(last, date.fromordinal(timezone.localdate(now).toordinal() - 1))
    rows = calls_due(stores, JUDGED, first, until).filter(DUE).exclude(REMINDED)
    return _of_call(rows, F("due_on"))


def _of_call(rows: Any, event_on: Any) -> Any:
    """The call is the fact, its owner answers for it, its attempts are the evidence."""
    tries = Attempt.objects.filter(call=OuterRef("pk")).order_by("at", "pk")
    attempt = JSONObject(at="at", slot="slot", result="result", counted="counted")
    return (
        rows.filter(owner__isnull=False)
        .order_by()
        .annotate(
            fact=Concat(Value("call/"), Cast("pk", CharField())),
            happened_on=Cast(event_on, DateField()),
            proof_of_it=JSONObject(
                call="pk",
                kind="kind",
                opens_on="opens_on",
                due_on="due_on",
                ended_at="ended_at",
                status="status",
                end_reason="end_reason",
                attempts=ArraySubquery(tries.values(said=attempt)),
            ),
        )
        .values_list("store", "fact", "happened_on", "owner", "proof_of_it")
    )


def dsm(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-07: complete too late, not complete yet, or accepted with something missing."""
    return (
        DsmRecord.objects.filter(
            Q(entered_at__gt=F("due_at")) | Q(entered_at=None),
            store__in=stores,
            consultant__isnull=False,
            due_at__gte=_midnight(first),
            due_at__lt=min(now, _midnight(last, after=1)),
        )
        .order_by()
        .annotate(
            fact=Concat(Value("dsm/"), Cast("pk", CharField())),
            happened_on=TruncDate("due_at"),
            proof_of_it=JSONObject(
                dsm="pk",
                due_at="due_at",
                entered_at="entered_at",
                sent_back_why="sent_back_why",
                accepted_why="accepted_why",
            ),
        )
        .values_list("store", "fact", "happened_on", "consultant", "proof_of_it")
    )


def rates(stores: Collection[int], first: date, last: date, now: datetime) -> list[Any]:
    """PEN-02: owners whose own rate of a whole month lies under the line, with calls enough.

    Final when the month is over. Few rows: read, compared and written by Python.
    """
    month, found = first.replace(day=1), []
    while month_end(month) <= last and month_end(month) < timezone.localdate(now):
        end = month_end(month)
        rows = calls_due(stores, [CallKind.FIRST_SERVICE], month, end).filter(
            DUE, owner__isnull=False
        )
        line = _in_force(CarePolicy, end, "rate_line", 95)
        least = _in_force(PenaltyPolicy, end, "least_calls", 10)
        counted = rows.values("store", "owner").annotate(
            due=Count("pk"), reminded=Count("pk", filter=REMINDED), line=line, least=least
        )
        for row in counted.order_by("store", "owner"):
            if row["due"] >= row["least"] and row["reminded"] * 100 < row["line"] * row["due"]:
                evidence = {name: row[name] for name in ("due", "reminded", "line", "least")} | {
                    "month": f"{month:%Y-%m}"
                }
                fact = f"{month:%Y-%m}/{row['owner']}"
                values = (row["store"], fact, end, row["owner"], evidence)
                found.append(dict(zip(COLUMNS, values, strict=True)))
        month = date.fromordinal(end.toordinal() + 1)
    return found


FACTS: dict[Clause, Facts] = {
    Clause.ABANDONED: abandoned,
    Clause.FIRST_RATE: rates,
    Clause.BIRTHDAY: birthdays,
    Clause.REMINDER: reminders,
    Clause.DSM_LATE: dsm,
}


def _in_force(model: Any, on: date, column: str, otherwise: int) -> Coalesce:
    """A number of the store's row of ``model`` that holds on the day."""
    rows = model.objects.filter(store=OuterRef("store"), effective_from__lte=on)
    value = Subquery(rows.order_by("-effective_from").values(column)[:1])
    return Coalesce(value, Value(otherwise))


def _midnight(day: date, *, after: int = 0) -> datetime:
    day = date.fromordinal(day.toordinal() + after)
    return timezone.make_aware(datetime.combine(day, time.min))
