"""The visits to the workshop."""

ORDERS = [
    # A car that only the workshop knows: without owner, listed for completion (DATA-02).
    """
    WITH made AS (
        INSERT INTO customers_vehicle (store_id, vin, plate)
        SELECT DISTINCT ON (o.vin) %(store)s, o.vin, coalesce(o.plate, '')
          FROM incoming_order AS o
         WHERE NOT EXISTS (SELECT FROM customers_vehicle AS v
                            WHERE v.store_id = %(store)s AND v.vin = o.vin)
         ORDER BY o.vin, o.out_on DESC NULLS LAST
        RETURNING id, vin, plate)
    INSERT INTO exchange_takenrow (store_id, kind, key, vehicle_id, vals)
    SELECT %(store)s, 3, vin, id, jsonb_build_object('plate', plate) FROM made""",
    """
    CREATE TEMP TABLE live_order ON COMMIT DROP AS
    SELECT o.*, v.id AS vehicle_id, r.id AS order_id, r.vehicle_id AS old_vehicle,
           r.out_on AS old_out, r.km AS old_km
      FROM incoming_order AS o
      JOIN customers_vehicle AS v ON v.store_id = %(store)s AND v.vin = o.vin
      LEFT JOIN service_repairorder AS r ON r.store_id = %(store)s AND r.number = o.number
     WHERE r.id IS NULL OR (r.source = 'import' AND (
        v.id, o.kind, coalesce(o.in_on, r.in_on), coalesce(o.out_on, r.out_on),
        coalesce(o.km, r.km), coalesce(o.amount, r.amount), coalesce(o.advisor, r.advisor))
        IS DISTINCT FROM (
        r.vehicle_id, r.kind, r.in_on, r.out_on, r.km, r.amount, r.advisor));
    ANALYZE live_order""",
    """
    INSERT INTO service_repairorder
           (store_id, number, vehicle_id, kind, in_on, out_on, km, amount, advisor)
    SELECT %(store)s, number, vehicle_id, kind, in_on, out_on, km, amount, coalesce(advisor, '')
      FROM live_order WHERE order_id IS NULL""",
    """
    INSERT INTO change
    SELECT 'order', o.order_id, e.field, e.old, e.new, TRUE
      FROM live_order AS o JOIN service_repairorder AS r ON r.id = o.order_id,
           LATERAL (VALUES ('vehicle', r.vehicle_id::text, o.vehicle_id::text),
           ('repair_kind', r.kind, o.kind), ('in_on', r.in_on::text, o.in_on::text),
           ('out_on', r.out_on::text, o.out_on::text), ('km', r.km::text, o.km::text),
           ('amount', r.amount::text, o.amount::text), ('advisor', r.advisor, o.advisor)
           ) AS e (field, old, new)
     WHERE e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new""",
    """
    UPDATE service_repairorder AS r SET vehicle_id = o.vehicle_id, kind = o.kind,
           in_on = least(coalesce(o.in_on, r.in_on), coalesce(o.out_on, r.out_on)),
           out_on = coalesce(o.out_on, r.out_on), km = coalesce(o.km, r.km),
           amount = coalesce(o.amount, r.amount), advisor = coalesce(o.advisor, r.advisor)
      FROM live_order AS o WHERE r.id = o.order_id""",
    """
    DELETE FROM customers_mileagereading AS m USING live_order AS o
     WHERE m.vehicle_id = o.old_vehicle AND m."on" = o.old_out AND m.km = o.old_km
       AND m.source = 'visit' AND m.decided IS NULL
       AND NOT EXISTS (SELECT FROM service_repairorder AS r WHERE r.vehicle_id = m.vehicle_id
                          AND r.out_on = m."on" AND r.km = m.km)""",
    """
    INSERT INTO customers_mileagereading (store_id, vehicle_id, "on", km, source)
    SELECT %(store)s, vehicle_id, out_on, km, 'visit' FROM live_order
     WHERE out_on IS NOT NULL AND km IS NOT NULL
    ON CONFLICT (vehicle_id, "on", km) DO NOTHING""",
]
