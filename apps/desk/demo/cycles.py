"""The maintenance cycles of the months before: the store's return rate has a past (REP-02)."""

from datetime import date, timedelta
from typing import Any

BACK = timedelta(days=240)
# From base to base, each due after six months or 7500 km at the car's own pace; ended by the
# next base, as a return only when that was a visit.
CYCLES = """
    INSERT INTO customers_maintenancecycle
           (store_id, vehicle_id, base_on, event_on, ended_on, ended_by)
    SELECT store_id, vehicle_id, base_on, event_on,
           CASE WHEN next_number <> '' THEN next_on END, coalesce(next_number, '')
      FROM (
        SELECT car.store_id, base.vehicle_id, base.base_on,
               least((base.base_on + interval '6 months')::date,
                     base.base_on + ceil(7500.0 * rate_days / rate_km)::int) AS event_on,
               lead(base.base_on) OVER following AS next_on,
               lead(base.number) OVER following AS next_number
          FROM (
            SELECT vehicle_id, base_on, max(number) AS number FROM (
                SELECT vehicle_id, out_on AS base_on, number FROM service_repairorder
                 WHERE kind IN ('first_service', 'maintenance') AND out_on >= %(since)s
                UNION ALL
                SELECT vehicle_id, "on", '' FROM customers_elsewhereservice WHERE "on" >= %(since)s
                UNION ALL
                SELECT id, delivered_on, '' FROM customers_vehicle
                 WHERE sold_here AND delivered_on >= %(since)s) AS fact
             GROUP BY vehicle_id, base_on) AS base
          JOIN customers_vehicle AS car ON car.id = base.vehicle_id
        WINDOW following AS (PARTITION BY base.vehicle_id ORDER BY base.base_on)) AS cycle
     WHERE event_on >= %(first)s AND base_on <= %(on)s
        ON CONFLICT DO NOTHING"""


def add_cycles(cursor: Any, on: date) -> None:
    """Those that were due in the months before ``on``; what is there already stays."""
    first = on - BACK
    cursor.execute(CYCLES, {"on": on, "first": first, "since": first - timedelta(days=190)})
