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

VISITS = """
    WITH facts AS (
        SELECT car.id,
               min(visit.out_on) FILTER (WHERE visit.out_on <= %(on)s) AS first_on,
               max(visit.out_on) FILTER (WHERE visit.out_on <= %(on)s) AS last_on,
               max(visit.out_on) FILTER (
                   WHERE visit.out_on <= %(on)s AND visit.kind = ANY(%(kinds)s)) AS maintained_on,
               coalesce(bool_or(visit.in_on <= %(on)s
                   AND (visit.out_on IS NULL OR visit.out_on > %(on)s)), FALSE) AS inside,
               greatest(car.facts_until, max(greatest(visit.in_on, visit.out_on))) AS until
          FROM customers_vehicle AS car
          LEFT JOIN service_repairorder AS visit ON visit.vehicle_id = car.id
         WHERE {which} GROUP BY car.id)
    UPDATE customers_vehicle AS car
       SET first_visit_on = first_on, last_visit_on = last_on, last_maintenance_on = maintained_on,
           in_workshop = inside, facts_until = until
      FROM facts
     WHERE facts.id = car.id
       AND ROW (car.first_visit_on, car.last_visit_on, car.last_maintenance_on, car.in_workshop,
                car.facts_until)
           IS DISTINCT FROM ROW (first_on, last_on, maintained_on, inside, until)"""

# What a maintenance cycle can start from: a maintenance visit, the delivery here, maintenance
# elsewhere. Only the first has an order number.
BASES = """(
    SELECT vehicle_id, out_on AS base_on, number FROM service_repairorder
     WHERE out_on <= %(on)s AND kind = ANY(%(kinds)s)
    UNION ALL
    SELECT vehicle_id, "on", NULL FROM customers_elsewhereservice WHERE "on" <= %(on)s
    UNION ALL
    SELECT id, delivered_on, NULL FROM customers_vehicle
     WHERE sold_here AND delivered_on <= %(on)s)"""

# A cycle whose base is no fact any more: the fact was corrected. It goes along to the latest
# base before the car's next cycle, and goes away when that has a row already.
ORPHANS = f"""
    DROP TABLE IF EXISTS orphaned_cycle;
    CREATE TEMP TABLE orphaned_cycle ON COMMIT DROP AS
    SELECT cycle.id, cycle.vehicle_id, cycle.base_on FROM customers_maintenancecycle AS cycle
     WHERE {{which}} AND cycle.base_on <= %(on)s
       AND NOT EXISTS (SELECT FROM {BASES} AS base
                        WHERE base.vehicle_id = cycle.vehicle_id
                          AND base.base_on = cycle.base_on)"""
REANCHOR = f"""
    UPDATE customers_maintenancecycle AS cycle SET base_on = target.base_on
      FROM (SELECT DISTINCT ON (moved.vehicle_id, base.base_on) moved.id, base.base_on
              FROM orphaned_cycle AS moved
              CROSS JOIN LATERAL (
                    SELECT max(later.base_on) AS base_on FROM {BASES} AS later
                     WHERE later.vehicle_id = moved.vehicle_id AND later.base_on < coalesce(
                        (SELECT min(kept.base_on) FROM customers_maintenancecycle AS kept
                          WHERE kept.vehicle_id = moved.vehicle_id
                            AND kept.base_on > moved.base_on
                            AND kept.id NOT IN (SELECT id FROM orphaned_cycle)),
                        'infinity')) AS base
             ORDER BY moved.vehicle_id, base.base_on, moved.base_on DESC) AS target
     WHERE cycle.id = target.id AND target.base_on IS NOT NULL
       AND NOT EXISTS (SELECT FROM customers_maintenancecycle AS there
                        WHERE there.vehicle_id = cycle.vehicle_id
                          AND there.base_on = target.base_on)"""
FORGET = """
    DELETE FROM customers_maintenancecycle AS cycle USING orphaned_cycle AS moved
     WHERE cycle.id = moved.id AND cycle.base_on = moved.base_on"""
# A cycle ends with the car's next base, and as a return when that is a visit here (CARE-13).
ENDS = f"""
    UPDATE customers_maintenancecycle AS cycle
       SET ended_on = ends.ended_on, ended_by = ends.ended_by
      FROM (SELECT cycle.id, CASE WHEN next.number IS NOT NULL THEN next.base_on END AS ended_on,
                   coalesce(next.number, '') AS ended_by
              FROM customers_maintenancecycle AS cycle
              LEFT JOIN LATERAL (
                    SELECT later.base_on, later.number FROM {BASES} AS later
                     WHERE later.vehicle_id = cycle.vehicle_id AND later.base_on > cycle.base_on
                     ORDER BY later.base_on, later.number LIMIT 1) AS next ON TRUE
             WHERE {{which}}) AS ends
     WHERE ends.id = cycle.id
       AND (cycle.ended_on IS DISTINCT FROM ends.ended_on OR cycle.ended_by <> ends.ended_by)"""


@action
def refresh_visits(vehicle_ids: Iterable[int] | None, *, on: date) -> int:
    """Work out what the visits say of these cars (None: all); return how many cars changed.

    Only visits up to ``on`` count (CARE-27): a visit's day is its settlement, and a car that
    came in and is not settled is in the workshop. One statement that touches only what is
    different, so twice changes nothing. Also says which visit ended a maintenance cycle, and
    takes a cycle along when the fact it started from was corrected (REP-02). To be followed
    by customers.actions.refresh_cars.
    """
    ids = None if vehicle_ids is None else list(vehicle_ids)
    if ids is not None and not ids:
        return 0
    customers.hold_cars(ids)
    values: dict[str, Any] = {"on": on, "kinds": list(MAINTENANCE_KINDS), "ids": ids}
    cars = "TRUE" if ids is None else "car.id = ANY(%(ids)s)"
    cycles = "TRUE" if ids is None else "cycle.vehicle_id = ANY(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(VISITS.format(which=cars), values)
        changed = int(cursor.rowcount)
        cursor.execute(ORPHANS.format(which=cycles), values)
        cursor.execute(REANCHOR, values)
        cursor.execute(FORGET)
        cursor.execute(ENDS.format(which=cycles), values)
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
    if kind not in RepairKind.values:
        raise Refused(_("Choose what kind of visit it was."))
    if out_on and out_on > on:
        raise Refused(_("A visit cannot be settled in the future."))
    if in_on and out_on and in_on > out_on:
        raise Refused(_("The car cannot leave before it came in."))
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
    reading_on = out_on or in_on
    if km is not None and reading_on:
        customers.record_reading(vehicle, km, on=reading_on, source=ReadingSource.VISIT, by=by)
    customers.refresh_cars([vehicle.pk], on=on)
    return order
