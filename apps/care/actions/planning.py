"""Planning by sweep: the calls that are owed come into being, and end when nothing is owed.

What is owed follows from the facts (``queries.owed``); a run makes the rows that are missing,
one statement a kind. It can run twice, late, or on any number of machines (CARE-16).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Min, Value
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import Store
from apps.accounts.queries import calendars_of, on_duty_in
from apps.care.choices import OF_INSURANCE, CallKind, CallStatus
from apps.care.models import Call, CarePolicy, PlannedDay
from apps.care.queries import planning as queries
from apps.care.queries.gone import ABOUT_BASE, gone_reasons
from apps.care.queries.owed import NOT_OF_CARS, OWED, Bounds, bounds_of, call_columns, missing
from apps.care.queries.yearly import YEARLY
from apps.core.actions import action
from apps.core.rows import insert_by_store, update_from
from apps.customers import actions as customers
from apps.customers.models import CustomerPolicy, ElsewhereService, MaintenanceSchedule, Vehicle
from apps.service import actions as service
from apps.service.models import RepairOrder

MADE_UP_DAYS = 3  # CARE-28: created fewer working days before due_on is made up
FOLLOWING = (*ABOUT_BASE, CallKind.CHURN, CallKind.WARRANTY, *YEARLY)
OPEN_FOR = timedelta(hours=1)
FACT_HISTORIES: list[Any] = [
    model._meta.get_field("events").related_model
    for model in (RepairOrder, Vehicle, ElsewhereService)
]
STILL_WAITING = "row.status = 'waiting'"  # what a specialist took meanwhile is left to them
STILL_WITHDRAWN = "row.status = 'withdrawn'"


def plan(*, on: date, stores: Iterable[Store] | None = None, now: datetime) -> Counter[str]:
    """Create every call that is owed on ``on`` and has no row; return how many of each kind.

    Days that were missed since a store's last planned day are made up first, in their order,
    each in a transaction of its own: what an outage of the planning itself leaves is whole
    days (CARE-16). A store never planned starts with ``on``; an earlier day than the last is
    planned again and leaves no record. Twice, or twice at the same time, creates nothing more.
    """
    made: Counter[str] = Counter({kind.value: 0 for kind in OWED})
    chosen = list(Store.objects.all() if stores is None else stores)
    last = _last_planned(chosen)
    _refresh_numbers(chosen, last, on)
    for day, those in sorted(_days_to_plan(chosen, last, on).items()):
        made.update(plan_day(those, day, now=now))
    return made


def _last_planned(stores: list[Store]) -> dict[int, date]:
    rows = PlannedDay.objects.filter(store__in=stores).values("store").annotate(last=Max("on"))
    return {row["store"]: row["last"] for row in rows}


def _days_to_plan(stores: list[Store], last: dict[int, date], on: date) -> dict[date, list[Store]]:
    days: dict[date, list[Store]] = defaultdict(list)
    for store in stores:
        day = min(on, last.get(store.pk, on) + timedelta(days=1))
        while day <= on:
            days[day].append(store)
            day += timedelta(days=1)
    return days


@action
def plan_day(stores: list[Store], day: date, *, now: datetime) -> Counter[str]:
    """Plan one day of these stores as it was or is; return how many calls of each kind."""
    _one_at_a_time()
    corrected = _facts_were_changed(stores)
    planned = _open_day(stores, day, now)
    ids = list(planned)
    wide = bounds_of(day, ids)
    begun = [store_id for store_id, row in planned.items() if row.is_new]
    late = Call.objects.filter(store__in=begun, status=CallStatus.WAITING, due_on__lt=day)
    if late.exists():  # of a day planned before, ``tidy`` sees to them
        _follow_facts(late, day)
        _withdraw(queries.lapsed(late, day, now)[0], day, now)
        _lapse(late, day, now)
    created_on = timezone.localdate(now)
    as_it_was = _AsItWas.of(day, ids, wide, created_on)
    made: Counter[str] = Counter()
    for kind in OWED:
        new = missing(kind, day, ids, wide)
        if corrected and kind in FOLLOWING:
            _follow_corrections(kind, new, day, ids)
        inserted = insert_by_store(new, call_columns(kind, day, created_on), Call)
        inserted.update(as_it_was.insert(kind))
        _give_turns(kind, planned, inserted)
        made[kind.value] += inserted.total()
    if passing := [row.pk for row in planned.values() if row.is_passing]:
        PlannedDay.objects.filter(pk__in=passing).delete()
    return made


def _one_at_a_time() -> None:
    """Of two runs the second waits and finds everything there. The unique keys are the wall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('care.planning'))")


def _facts_were_changed(stores: list[Store]) -> bool:
    """Whether a fact's row was changed since these stores were planned, or in the hour before.

    Asked of the history tables, so that a run without corrections need not look for them. The
    hour is for transactions that were still open then. By the database's clock, as history is.
    """
    days = PlannedDay.objects.filter(store__in=stores).values("store")
    planned_at = days.annotate(at=Max("planned_at")).aggregate(first=Min("at"))["first"]
    if planned_at is None:
        return True
    newest = (
        history.objects.order_by("-pgh_id").values_list("pgh_created_at", flat=True).first()
        for history in FACT_HISTORIES
    )
    return any(at is not None and at > planned_at - OPEN_FOR for at in newest)


def _open_day(stores: list[Store], day: date, now: datetime) -> dict[int, PlannedDay]:
    """Write down what planning takes from the day, for all stores at once.

    A store without a policy in force is left out. A new row for a day before the store's last
    one is ``is_passing``: it says nothing of where planning stands and must not stay.
    """
    calendars = calendars_of(stores)
    duty = on_duty_in(calendars, day, Role.CARE_SPECIALIST)
    insurers = on_duty_in(calendars, day, Role.INSURANCE_SPECIALIST)
    policies = CarePolicy.objects.filter(store__in=stores, effective_from__lte=day)
    in_force = {row.store_id: row for row in policies.order_by("effective_from")}
    days = PlannedDay.objects.filter(store__in=stores)
    there = {row.store_id: row for row in days.filter(on=day)}
    last = {row.store_id: row for row in days.order_by("store_id", "-on").distinct("store_id")}
    planned = {}
    for store_id, policy in in_force.items():
        row = there.get(store_id) or PlannedDay(store_id=store_id, on=day, planned_at=now)
        row.is_new = row.pk is None
        row.is_passing = row.is_new and store_id in last and last[store_id].on > day
        row.policy, row.is_open = policy, calendars[store_id].is_open(day)
        row.made_up_before = calendars[store_id].working_day_after(
            timezone.localdate(now), MADE_UP_DAYS
        )
        before = row if row.pk else last.get(store_id)
        for team, people in (("", duty[store_id]), ("insurance_", insurers[store_id])):
            _set_team(row, team, people, before)
        planned[store_id] = row
    _save(planned.values())
    PlannedDay.objects.filter(on=day, store__in=planned).update(planned_at=Now())
    return planned


def _save(rows: Iterable[PlannedDay]) -> None:
    PlannedDay.objects.bulk_create([row for row in rows if row.pk is None])
    fields = ["policy", "is_open", "made_up_before", "on_duty", "turn"]
    fields += ["insurance_on_duty", "insurance_turn"]
    PlannedDay.objects.bulk_update([row for row in rows if row.pk], fields, batch_size=500)


def _set_team(row: PlannedDay, team: str, people: list[int], before: PlannedDay | None) -> None:
    """Who is on duty in a team, beginning with whose turn it is after ``before``."""
    if row.pk is not None and set(getattr(row, f"{team}on_duty")) == set(people):
        return
    start, were = 0, getattr(before, f"{team}on_duty", [])
    if were:
        following = were[getattr(before, f"{team}turn") % len(were)]
        start = next((i for i, pk in enumerate(people) if pk >= following), 0)
    setattr(row, f"{team}on_duty", people[start:] + people[:start])
    setattr(row, f"{team}turn", 0)


def _give_turns(kind: CallKind, planned: dict[int, PlannedDay], inserted: Counter[int]) -> None:
    turn = "insurance_turn" if kind in OF_INSURANCE else "turn"
    for store_id, count in inserted.items():
        row = planned[store_id]
        setattr(row, turn, getattr(row, turn) + count)
    PlannedDay.objects.bulk_update([planned[pk] for pk in inserted], [turn], batch_size=500)


@dataclass
class _AsItWas:
    """Calls about cars that have facts later than the day: worked out without those facts."""

    rows: dict[CallKind, list[Call]]

    @classmethod
    def of(cls, day: date, stores: list[int], wide: Bounds, created_on: date) -> "_AsItWas":
        """Put the cars back to ``day`` inside a savepoint, read what was owed, undo it."""
        later = Vehicle.objects.filter(store__in=stores, facts_until__gt=day)
        ids = list(later.values_list("pk", flat=True))
        rows: dict[CallKind, list[Call]] = {}
        if ids:
            with transaction.atomic():
                service.refresh_visits(ids, on=day)
                customers.refresh_cars(ids, on=day)
                for kind in OWED:
                    rows[kind] = cls._read(kind, day, stores, wide, ids, created_on)
                transaction.set_rollback(True)
        return cls(rows)

    @staticmethod
    def _read(
        kind: CallKind, day: date, stores: list[int], wide: Bounds, ids: list[int], created_on: date
    ) -> list[Call]:
        if kind in NOT_OF_CARS:
            return []
        columns = call_columns(kind, day, created_on)
        stored: list[Any] = [Call._meta.get_field(name) for name in columns]
        fields = [field.attname for field in stored]
        owed = missing(kind, day, stores, wide, Vehicle.objects.filter(pk__in=ids))
        return [
            Call(**dict(zip(fields, row, strict=True)))
            for row in owed.values_list(*columns.values())
        ]

    def insert(self, kind: CallKind) -> Counter[int]:
        rows = self.rows.get(kind, [])
        Call.objects.bulk_create(rows, ignore_conflicts=True)
        return Counter(row.store_id for row in rows)


def _follow_facts(waiting: Any, day: date) -> None:
    """Open calls go along with a corrected fact, untouched ones with their dates (CARE-27)."""
    for rows, columns in queries.corrected(waiting, day):
        update_from(rows, columns, only_if=STILL_WAITING)
    for rows, columns in queries.refreshed(waiting, day):
        update_from(rows, columns, only_if=STILL_WAITING)


def _follow_corrections(kind: CallKind, new: Any, day: date, stores: list[int]) -> None:
    """A call that ended stays the call of its cycle when the cycle's fact is corrected."""
    calls = Call.objects.filter(kind=kind, vehicle__isnull=False)
    if calls.filter(store__in=stores).exists():  # else nothing to look for in long queries
        for rows, columns in queries.corrected(calls.filter(vehicle__in=new.values("pk")), day):
            update_from(rows, columns)


def _lapse(waiting: Any, day: date, now: datetime) -> int:
    return update_from(*queries.lapsed(waiting, day, now), only_if=STILL_WAITING)


def _refresh_numbers(stores: list[Store], last: dict[int, date], on: date) -> None:
    """Work out the stored columns of stores anew where a schedule or policy begins to hold."""
    begins = set()
    for model in (MaintenanceSchedule, CustomerPolicy):
        rows = model.objects.filter(store__in=stores, effective_from__lte=on)
        for store_id, day in rows.values_list("store", "effective_from"):
            if store_id in last and day > last[store_id]:
                begins.add(store_id)
    if begins:
        cars = Vehicle.objects.filter(store__in=begins)
        customers.refresh_cars(cars.values_list("pk", flat=True), on=on)


@action
def tidy(*, on: date, stores: Iterable[Store] | None = None, now: datetime) -> Counter[str]:
    """Bring the calls that exist in line with the facts; return how many changed, by what.

    Reopened: withdrawn, but owed today again. Refreshed: dates that follow from a corrected
    fact. Withdrawn: the reason has gone, with the proof (CARE-18). Lapsed: the time is over
    (CARE-28). A call somebody holds is left alone: it was judged when it was handed out.
    Twice changes nothing.
    """
    _one_at_a_time()
    chosen = [store.pk for store in (Store.objects.all() if stores is None else stores)]
    wide = bounds_of(on, chosen)
    waiting = Call.objects.filter(store__in=chosen, status=CallStatus.WAITING)
    done: Counter[str] = Counter()
    for kind in OWED:
        reopened = queries.owed_again(kind, on, chosen, wide)
        done["reopened"] += update_from(*reopened, only_if=STILL_WITHDRAWN)
    _follow_facts(waiting, on)
    done["withdrawn"] = _withdraw(waiting, on, now)
    done["lapsed"] = _lapse(waiting, on, now)
    return done


def _withdraw(waiting: Any, on: date, now: datetime) -> int:
    gone = gone_reasons(waiting, on)
    columns = {
        "status": Value(CallStatus.WITHDRAWN.value),
        "ended_at": Value(now),
        "end_reason": F("gone"),
        "proof": F("gone_proof"),
    }
    return update_from(gone, columns, only_if=STILL_WAITING)
