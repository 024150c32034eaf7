"""The derived columns of cars: worked out from their facts, written in bulk (CUS-07, CARE-27)."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from io import StringIO
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.dates import add_months
from apps.customers.actions.gaps import keep_gaps, keep_gaps_of_store
from apps.customers.models import MaintenanceSchedule
from apps.customers.policy import CarDues, CarFacts, Interval, Reading, car_dues, chain_of
from apps.customers.queries import StoreNumbers

BATCH = 20_000  # rows of a COPY; memory stays flat however many cars there are
DERIVED = {
    "base_on": "date",
    "base_km": "int",
    "last_km": "int",
    "last_km_on": "date",
    "rate_km": "int",
    "rate_days": "int",
    "maintenance_due_on": "date",
    "maintenance_opens_on": "date",
    "first_service_opens_on": "date",
    "first_service_due_on": "date",
    "facts_until": "date",
}
# The three streams come in the order of the car, so that they are read side by side.
CARS = """
    SELECT id, store_id, model, sold_here, delivered_on, first_visit_on, last_visit_on,
           last_maintenance_on, facts_until
      FROM customers_vehicle WHERE {which} ORDER BY id"""
READINGS = """
    SELECT vehicle_id, id, "on", km, decided, accepted
      FROM customers_mileagereading WHERE {which} ORDER BY vehicle_id"""
ELSEWHERE = """
    SELECT vehicle_id, "on" FROM customers_elsewhereservice WHERE {which} ORDER BY vehicle_id"""


def hold_cars(vehicle_ids: list[int] | None) -> None:
    """Hold the cars until the transaction ends: of two refreshes the second sees all facts.

    Rows that point at a car can still be inserted meanwhile.
    """
    which = "TRUE" if vehicle_ids is None else "id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM customers_vehicle WHERE {which}"
            " ORDER BY id FOR NO KEY UPDATE) AS held",
            {"ids": vehicle_ids},
        )


@action
def refresh_cars(vehicle_ids: Iterable[int] | None, *, on: date) -> int:
    """Work out the derived columns of these cars anew (None: all); return how many changed.

    Only facts dated up to ``on`` count (CARE-27), ``facts_until`` excepted: it is never
    before the latest fact of all. The visit columns must be right already
    (service.actions.refresh_visits). Streams cars and readings, runs ``policy.car_dues`` for
    each car and writes through COPY what came out: twice changes nothing. Keeps each car's
    present MaintenanceCycle too (REP-02).
    """
    ids = None if vehicle_ids is None else list(vehicle_ids)
    if ids is not None and not ids:
        return 0
    hold_cars(ids)
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} {kind}" for name, kind in DERIVED.items())
        cursor.execute(
            "DROP TABLE IF EXISTS refreshed_car, refreshed_reading;"
            f"CREATE TEMP TABLE refreshed_car (id bigint, {columns}) ON COMMIT DROP;"
            "CREATE TEMP TABLE refreshed_reading (id bigint, accepted bool) ON COMMIT DROP"
        )
        _work_out(ids, on, cursor)
        cursor.execute("ANALYZE refreshed_car; ANALYZE refreshed_reading")
        changed = _write_cars(cursor)
        cursor.execute(
            "UPDATE customers_mileagereading SET accepted = new.accepted"
            "  FROM refreshed_reading AS new WHERE new.id = customers_mileagereading.id"
        )
        _keep_cycles(cursor, on)
    if ids is not None:
        keep_gaps(cars=ids, on=on)
    else:
        for store_id in Store.objects.values_list("pk", flat=True):
            keep_gaps_of_store(store_id, on=on)
    return changed


def _work_out(ids: list[int] | None, on: date, cursor: Any) -> None:
    """Fill the two temporary tables: every car, and the readings that are judged otherwise now."""
    numbers = StoreNumbers(Store.objects.values_list("pk", flat=True), on)
    plans: dict[tuple[int, str], tuple[MaintenanceSchedule, Interval]] = {}
    cars, judged = _Copy(cursor, "refreshed_car"), _Copy(cursor, "refreshed_reading")
    with ExitStack() as streams:
        rows = _stream(streams, CARS, "TRUE" if ids is None else "id = ANY(%(ids)s)", ids)
        whose = "TRUE" if ids is None else "vehicle_id = ANY(%(ids)s)"
        readings_of = _Beside(_stream(streams, READINGS, whose, ids))
        elsewhere_of = _Beside(_stream(streams, ELSEWHERE, whose, ids))
        for pk, store_id, model, sold_here, delivered_on, first, last, maintained, until in rows:
            readings, elsewhere = readings_of(pk), elsewhere_of(pk)
            key = (store_id, model)
            if key not in plans:
                plans[key] = numbers.schedule(*key), numbers.interval(*key)
            schedule, interval = plans[key]
            facts = CarFacts(
                sold_here=sold_here,
                delivered_on=delivered_on if delivered_on and delivered_on <= on else None,
                first_visit_on=first,
                last_visit_on=last,
                last_maintenance_on=maintained,
                elsewhere_on=max((day for _, day in elsewhere if day <= on), default=None),
                readings=tuple(Reading(r[2], r[3], r[4]) for r in readings if r[2] <= on),
            )
            limits = numbers.limits(store_id)
            chain = chain_of(facts, limits)
            kept = {reading[:2] for reading in chain}
            for _, reading, day, km, _decided, was in readings:
                if day <= on and was is not ((day, km) in kept):
                    judged.add((reading, not was))
            known = [r[2] for r in readings] + [day for _, day in elsewhere]
            latest = max([day for day in (until, delivered_on, *known) if day], default=None)
            dues = car_dues(facts, interval, limits, chain)
            cars.add((pk, *_columns(dues, facts, schedule), latest))
    cars.send()
    judged.send()


def _columns(dues: CarDues, facts: CarFacts, schedule: MaintenanceSchedule) -> tuple[Any, ...]:
    sold_on = facts.delivered_on if facts.sold_here else None
    return (
        dues.base_on,
        dues.base_km,
        dues.last_km,
        dues.last_km_on,
        dues.rate_km,
        dues.rate_days,
        dues.maintenance_due_on,
        dues.maintenance_opens_on,
        sold_on and add_months(sold_on, schedule.first_opens_months),
        sold_on and add_months(sold_on, schedule.first_months),
    )


def _write_cars(cursor: Any) -> int:
    columns = ", ".join(DERIVED)
    new = ", ".join(f"new.{name}" for name in DERIVED)
    old = ", ".join(f"car.{name}" for name in DERIVED)
    cursor.execute(
        f"UPDATE customers_vehicle AS car SET ({columns}) = ROW ({new})"
        f"  FROM refreshed_car AS new"
        f" WHERE new.id = car.id AND ROW ({old}) IS DISTINCT FROM ROW ({new})"
    )
    return int(cursor.rowcount)


def _keep_cycles(cursor: Any, on: date) -> None:
    """One row for each car's present base_on; its event_on is fixed once its month has begun.

    Which visit ended a cycle, and a base_on whose fact was corrected, is the workshop's to
    say: service.actions.refresh_visits.
    """
    cursor.execute(
        """
        INSERT INTO customers_maintenancecycle AS cycle (store_id, vehicle_id, base_on, event_on)
        SELECT car.store_id, car.id, new.base_on, new.maintenance_due_on
          FROM refreshed_car AS new JOIN customers_vehicle AS car ON car.id = new.id
         WHERE new.base_on IS NOT NULL
            ON CONFLICT (vehicle_id, base_on) DO UPDATE SET event_on = excluded.event_on
         WHERE cycle.event_on <> excluded.event_on
           AND date_trunc('month', cycle.event_on) > %s
        """,
        [on],
    )


def _stream(streams: ExitStack, sql: str, which: str, ids: list[int] | None) -> Iterator[Any]:
    """The rows of a server-side cursor."""
    cursor = streams.enter_context(connection.chunked_cursor())
    cursor.execute(sql.format(which=which), {"ids": ids})
    return iter(cursor)


class _Beside:
    """Gives the rows of one car after the other out of a stream in the order of the car."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._car = -1
        self._rows: list[Any] = []

    def __call__(self, car: int) -> list[Any]:
        while self._car < car:
            self._car, group = next(self._groups, (2**63, iter(())))
            self._rows = list(group)
        return self._rows if self._car == car else []


class _Copy:
    """Rows on their way into a temporary table, a batch at a time."""

    def __init__(self, cursor: Any, table: str) -> None:
        self._cursor, self._table = cursor, table
        self._lines: list[str] = []

    def add(self, row: tuple[Any, ...]) -> None:
        """Numbers, dates and truth values only: nothing here needs escaping."""
        self._lines.append("\t".join([r"\N" if value is None else str(value) for value in row]))
        if len(self._lines) >= BATCH:
            self.send()

    def send(self) -> None:
        if self._lines:
            text = "\n".join(self._lines)
            self._cursor.copy_expert(f"COPY {self._table} FROM STDIN", StringIO(text))
            self._lines.clear()
