"""Everything that changes the workshop's facts, and the columns of a car that follow from them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.choices import ReadingSource
from apps.customers.models import Vehicle
from apps.service.choices import MAINTENANCE_KINDS, RepairKind
from apps.service.models import RepairOrder

# Each step reads a temporary table that was counted (ANALYZE) first: planned by guess, the same
# statements took minutes instead of seconds on freshly imported rows.
FACTS = """
    DROP TABLE IF EXISTS visits_of_car, base_of_car, orphaned_cycle;
    CREATE TEMP TABLE visits_of_car ON COMMIT DROP AS
    SELECT vehicle_id,
           min(out_on) FILTER (WHERE out_on <= %(on)s) AS first_on,
           max(out_on) FILTER (WHERE out_on <= %(on)s) AS last_on,
           max(out_on) FILTER (WHERE out_on <= %(on)s AND kind = ANY(%(kinds)s)) AS maintained_on,
           coalesce(bool_or(in_on <= %(on)s AND (out_on IS NULL OR out_on > %(on)s)),
                    FALSE) AS inside,
           max(greatest(in_on, out_on)) AS until
      FROM service_repairorder WHERE {of_cars} GROUP BY vehicle_id;
    ANALYZE visits_of_car"""
VISITS = """
    UPDATE customers_vehicle AS car
       SET first_visit_on = first_on, last_visit_on = last_on, last_maintenance_on = maintained_on,
           in_workshop = inside, facts_until = greatest(facts_until, until)
      FROM visits_of_car AS visits
     WHERE visits.vehicle_id = car.id
       AND ROW (car.first_visit_on, car.last_visit_on, car.last_maintenance_on, car.in_workshop,
                car.facts_until)
           IS DISTINCT FROM
           ROW (first_on, last_on, maintained_on, inside, greatest(facts_until, until))"""
NO_VISITS = """
    UPDATE customers_vehicle AS car
       SET first_visit_on = NULL, last_visit_on = NULL, last_maintenance_on = NULL,
           in_workshop = FALSE
     WHERE {cars} AND (first_visit_on IS NOT NULL OR in_workshop)
       AND NOT EXISTS (SELECT FROM visits_of_car AS visits WHERE visits.vehicle_id = car.id)"""

# What a maintenance cycle can start from: a maintenance visit, the delivery here, maintenance
# elsewhere. Only the first has an order number. Beside each stands the base that follows it.
BASES = """
    CREATE TEMP TABLE base_of_car ON COMMIT DROP AS
    SELECT vehicle_id, base_on,
           lead(base_on) OVER following AS next_on, lead(number) OVER following AS next_number
      FROM (SELECT vehicle_id, base_on, min(number) AS number FROM (
                SELECT vehicle_id, out_on AS base_on, number FROM service_repairorder
                 WHERE {of_cars} AND out_on <= %(on)s AND kind = ANY(%(kinds)s)
                UNION ALL
                SELECT vehicle_id, "on", NULL FROM customers_elsewhereservice
                 WHERE {of_cars} AND "on" <= %(on)s
                UNION ALL
                SELECT id, delivered_on, NULL FROM customers_vehicle AS car
                 WHERE {cars} AND sold_here AND delivered_on <= %(on)s) AS fact
             GROUP BY vehicle_id, base_on) AS base
    WINDOW following AS (PARTITION BY vehicle_id ORDER BY base_on);
    CREATE UNIQUE INDEX ON base_of_car (vehicle_id, base_on);
    ANALYZE base_of_car"""

# A cycle whose base is no fact any more: the fact was corrected. It goes along to the latest
# base before the car's next cycle, and goes away when that has a row already.
ORPHANS = """
    CREATE TEMP TABLE orphaned_cycle ON COMMIT DROP AS
    SELECT cycle.id, cycle.vehicle_id, cycle.base_on FROM customers_maintenancecycle AS cycle
     WHERE {of_cars} AND cycle.base_on <= %(on)s
       AND NOT EXISTS (SELECT FROM base_of_car AS base
                        WHERE base.vehicle_id = cycle.vehicle_id
                          AND base.base_on = cycle.base_on);
    ANALYZE orphaned_cycle"""
REANCHOR = """
    UPDATE customers_maintenancecycle AS cycle SET base_on = target.base_on
      FROM (SELECT DISTINCT ON (moved.vehicle_id, base.base_on) moved.id, base.base_on
              FROM orphaned_cycle AS moved
              CROSS JOIN LATERAL (
                    SELECT max(later.base_on) AS base_on FROM base_of_car AS later
                     WHERE later.vehicle_id = moved.vehicle_id AND later.base_on < coalesce(
                        (SELECT min(kept.base_on) FROM customers_maintenancecycle AS kept
                          WHERE kept.vehicle_id = moved.vehicle_id
                            AND kept.base_on > moved.base_on
                            AND NOT EXISTS (SELECT FROM orphaned_cycle AS other
                                             WHERE other.id = kept.id)),
                        'infinity')) AS base
             ORDER BY moved.vehicle_id, base.base_on, moved.base_on DESC) AS target
     WHERE cycle.id = target.id AND target.base_on IS NOT NULL
       AND NOT EXISTS (SELECT FROM customers_maintenancecycle AS there
                        WHERE there.vehicle_id = cycle.vehicle_id
                          AND there.base_on = target.base_on)"""
FORGET = """
    DELETE FROM customers_maintenancecycle AS cycle USING orphaned_cycle AS moved
     WHERE cycle.id = moved.id AND cycle.base_on = moved.base_on"""
# A cycle ends with the car's next base, and as a return only when that is a visit (CARE-13).
ENDS = """
    UPDATE customers_maintenancecycle AS cycle
       SET ended_on = CASE WHEN next_number IS NOT NULL THEN next_on END,
           ended_by = coalesce(next_number, '')
      FROM base_of_car AS base
     WHERE base.vehicle_id = cycle.vehicle_id AND base.base_on = cycle.base_on
       AND ROW (cycle.ended_on, cycle.ended_by) IS DISTINCT FROM
           ROW (CASE WHEN next_number IS NOT NULL THEN next_on END, coalesce(next_number, ''))"""


@action
def refresh_visits(vehicle_ids: Iterable[int] | None, *, on: date) -> int:
    """Work out what the visits say of these cars (None: all); return how many cars changed.

    Only visits up to ``on`` count (CARE-27): a visit's day is its settlement, and a car that
    came in and is not settled is in the workshop. Touches only what is different, so twice
    changes nothing. Also says which visit ended a maintenance cycle, and
    takes a cycle along when the fact it started from was corrected (REP-02). To be followed
    by customers.actions.refresh_cars.
    """
    ids = None if vehicle_ids is None else list(vehicle_ids)
    if ids is not None and not ids:
        return 0
    customers.hold_cars(ids)
    values: dict[str, Any] = {"on": on, "kinds": list(MAINTENANCE_KINDS), "ids": ids}
    which = {
        "cars": "TRUE" if ids is None else "car.id = ANY(%(ids)s)",
        "of_cars": "TRUE" if ids is None else "vehicle_id = ANY(%(ids)s)",
    }
    with connection.cursor() as cursor:
        cursor.execute(FACTS.format(**which), values)
        cursor.execute(VISITS)
        changed = int(cursor.rowcount)
        cursor.execute(NO_VISITS.format(**which), values)
        changed += int(cursor.rowcount)
        for step in (BASES, ORPHANS, REANCHOR, FORGET, ENDS):
            cursor.execute(step.format(**which), values)
    return changed


@action
def record_visit(
    vehicle: Vehicle,
    *,
    number: str,
    kind: str,
    out_on: date | None,
    on: date,
    in_on: date | None = None,
    km: int | None = None,
    amount: Decimal | None = None,
    advisor: str = "",
    source: str = "staff",
    by: User | None = None,
) -> RepairOrder:
    """A car was here; its mileage becomes a reading of that day (SVC-12, CUS-07).

    Refused: an order number that the store has already, a kind nobody knows, a settlement
    before the day it came in or after ``on`` (today).
    """
    _check_visit(kind, in_on, out_on, on)
    if RepairOrder.objects.filter(store=vehicle.store_id, number=number).exists():
        raise Refused(_("The order number %(number)s exists already.") % {"number": number})
    customers.hold_cars([vehicle.pk])
    order = RepairOrder.objects.create(
        store_id=vehicle.store_id,
        vehicle=vehicle,
        number=number,
        kind=kind,
        in_on=in_on,
        out_on=out_on,
        km=km,
        amount=amount,
        advisor=advisor,
        source=source,
    )
    refresh_visits([vehicle.pk], on=on)
    if km is not None and (reading_on := out_on or in_on):
        customers.record_reading(vehicle, km, on=reading_on, source=ReadingSource.VISIT, by=by)
    customers.refresh_cars([vehicle.pk], on=on)
    return order


def _check_visit(kind: str, in_on: date | None, out_on: date | None, today: date) -> None:
    if kind not in RepairKind.values:
        raise Refused(_("Choose what kind of visit it was."))
    if out_on and out_on > today:
        raise Refused(_("A visit cannot be settled in the future."))
    if in_on and out_on and in_on > out_on:
        raise Refused(_("The car cannot leave before it came in."))
