"""The facts that fall under each clause: one query a clause (PEN-01…04; the rest in ``duties``,
``neglect`` and ``rewards``).

Each gives ``COLUMNS`` of every fact whose day lies in the range; whom it concerns, since when, and
its evidence in numbers. A fact that nobody answers for is none. What is judged here is what the
figures count: the same conditions, from the same place (REP-08).
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, Count, DateField, F, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject, TruncDate
from django.utils import timezone

from apps.accounts.models import Store
from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.figures.reminders import DUE, REMINDED, calls_due
from apps.care.models import Call, CarePolicy
from apps.penalties.choices import Clause
from apps.penalties.models import PenaltyPolicy
from apps.penalties.queries.duties import dsm, forms, greetings
from apps.penalties.queries.neglect import not_put_right, weak_items
from apps.penalties.queries.rewards import rewards
from apps.penalties.queries.spans import COLUMNS, in_force, midnight, months_over
from apps.penalties.queries.tries import number_of_tries

JUDGED = (CallKind.MAINTENANCE, CallKind.WARRANTY, CallKind.INSPECTION)  # PEN-04

Facts = Callable[[Collection[int], date, date, datetime], Any]


def abandoned(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-01: a first-service call that was tried and not tried again in time."""
    rows = Call.objects.filter(
        store__in=stores,
        kind=CallKind.FIRST_SERVICE,
        status=CallStatus.FAILED,
        end_reason=EndReason.ABANDONED,
        ended_at__gte=midnight(first),
        ended_at__lt=midnight(last, after=1),
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
    """The call is the fact, its owner answers for it, its attempts are the evidence (``tries``)."""
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
                attempts=number_of_tries(),
            ),
        )
        .values_list("store", "fact", "happened_on", "owner", "proof_of_it")
    )


def rates(stores: Collection[int], first: date, last: date, now: datetime) -> list[Any]:
    """PEN-02: owners whose own rate of a whole month lies under the line, with calls enough.

    Final when the month is over. Few rows: read, compared and written by Python. The evidence
    names the calls that were not reminded.
    """
    found = []
    for month, end in months_over(first, last, now):
        rows = calls_due(stores, [CallKind.FIRST_SERVICE], month, end).filter(
            DUE, owner__isnull=False
        )
        short = list(_short(rows, _numbers(stores, end)))
        missed = _missed(rows, [row["owner"] for row in short])
        for row in short:
            evidence = {name: row[name] for name in ("due", "reminded", "line", "least")} | {
                "month": f"{month:%Y-%m}",
                "calls": missed.get((row["store"], row["owner"]), []),
            }
            fact = f"{month:%Y-%m}/{row['owner']}"
            values = (row["store"], fact, end, row["owner"], evidence)
            found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def _numbers(stores: Collection[int], end: date) -> dict[int, dict[str, int]]:
    """Store → its line in per cent, and from how many calls on a rate is judged."""
    rows: Any = Store.objects.filter(pk__in=stores).values("pk")
    line = in_force(CarePolicy.objects.all(), end, "rate_line", 95, store="pk")
    least = in_force(PenaltyPolicy.objects.standing(), end, "least_calls", 10, store="pk")
    return {row.pop("pk"): row for row in rows.annotate(line=line, least=least)}


def _short(rows: Any, numbers: dict[int, dict[str, int]]) -> Iterator[dict[str, Any]]:
    counted = rows.values("store", "owner").annotate(
        due=Count("pk"), reminded=Count("pk", filter=REMINDED)
    )
    for row in counted.order_by("store", "owner"):
        row |= numbers[row["store"]]
        if row["due"] >= row["least"] and row["reminded"] * 100 < row["line"] * row["due"]:
            yield row


def _missed(rows: Any, owners: list[int]) -> dict[tuple[int, int], list[int]]:
    """Of each store and owner the calls that were not reminded."""
    found = rows.filter(owner__in=owners).exclude(REMINDED).values_list("store", "owner")
    calls = found.annotate(calls=ArrayAgg("pk", order_by="pk"))
    return {(store, owner): pks for store, owner, pks in calls}


FACTS: dict[Clause, Facts] = {
    Clause.ABANDONED: abandoned,
    Clause.FIRST_RATE: rates,
    Clause.BIRTHDAY: birthdays,
    Clause.REMINDER: reminders,
    Clause.GREETINGS: greetings,
    Clause.DSM_LATE: dsm,
    Clause.FORM_LATE: forms,
    Clause.REWARD: rewards,
    Clause.FIVE_S: not_put_right,
    Clause.WEAK_ITEM: weak_items,
}
