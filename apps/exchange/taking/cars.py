"""The cars, their owners, deliveries and readings."""

from apps.exchange.taking.fields import CAR_FIELDS, filled, follows, names, over, record

SAID = "SELECT FROM exchange_takenrow AS t WHERE t.store_id = %(store)s AND t.vehicle_id = "
OWNER_FOLLOWS = f"""
           CASE WHEN k.old_owner IS NULL
                THEN NOT EXISTS ({SAID} k.vehicle_id AND t.customer_id IS NOT NULL)
                ELSE EXISTS ({SAID} k.vehicle_id AND t.customer_id = k.old_owner) END
           AND NOT EXISTS (SELECT FROM kept
                            WHERE kept.vehicle_id = k.vehicle_id AND kept.field = 'owner'
                              AND kept.theirs = k.new_owner::text)"""


def _delivery_follows(field: str, column: str, said: str) -> str:
    """A delivery recorded here follows the DMS in what the DMS has put there (DATA-05)."""
    return f"""((d.source = 'import' OR d.{column} IS NULL OR d.{column}::text = ''
                OR EXISTS ({SAID} h.vehicle_id AND {said} = d.{column}::text))
           AND NOT EXISTS (SELECT FROM kept
                            WHERE kept.vehicle_id = h.vehicle_id AND kept.field = '{field}'
                              AND kept.theirs = h.{column}::text))"""


ON_FOLLOWS = _delivery_follows("delivered_on", "delivered_on", "t.vals ->> 'delivered_on'")
CONSULTANT_FOLLOWS = _delivery_follows("consultant", "consultant", "t.vals ->> 'consultant'")
BUYER_FOLLOWS = _delivery_follows("buyer", "customer_id", "t.customer_id::text")

CARS = [
    """
    CREATE TEMP TABLE car ON COMMIT DROP AS
    SELECT k.*, v.id IS NULL AS is_new, v.owner_id AS old_owner, coalesce(
               v.id, nextval(pg_get_serial_sequence('customers_vehicle', 'id'))) AS vehicle_id
      FROM (SELECT vin, pg_temp.merged(vals ORDER BY ord) AS vals,
                   pg_temp.merged(news ORDER BY ord) AS news,
                   (array_agg(customer_id ORDER BY ord DESC)
                        FILTER (WHERE customer_id IS NOT NULL))[1] AS owner_id,
                   (array_agg(customer_id ORDER BY ord DESC)
                        FILTER (WHERE customer_id IS DISTINCT FROM prev_customer))[1] AS new_owner
              FROM fresh WHERE vin IS NOT NULL GROUP BY vin) AS k
      LEFT JOIN customers_vehicle AS v ON v.store_id = %(store)s AND v.vin = k.vin;
    CREATE UNIQUE INDEX ON car (vin);
    ANALYZE car""",
    f"""
    INSERT INTO customers_vehicle (id, store_id, owner_id, vin, {names(CAR_FIELDS)})
    SELECT k.vehicle_id, %(store)s, k.owner_id, k.vin, {filled(CAR_FIELDS, {"sold_here": "FALSE"})}
      FROM car AS k, jsonb_to_record(k.vals) AS r ({record(CAR_FIELDS)})
     WHERE k.is_new""",
    """
    INSERT INTO customers_ownership (store_id, vehicle_id, customer_id, from_on)
    SELECT %(store)s, v.id, v.owner_id, CASE WHEN v.sold_here THEN v.delivered_on END
      FROM car AS k JOIN customers_vehicle AS v ON v.id = k.vehicle_id
     WHERE k.is_new AND v.owner_id IS NOT NULL""",
    f"""
    INSERT INTO change
    SELECT 'car', k.vehicle_id, e.key, x.vals ->> e.key, e.value,
           {follows("vehicle_id = k.vehicle_id", "x.vals ->> e.key")}
      FROM car AS k
      JOIN LATERAL (SELECT to_jsonb(v) AS vals FROM customers_vehicle AS v
                     WHERE v.id = k.vehicle_id) AS x ON TRUE
      JOIN LATERAL jsonb_each_text(k.news) AS e
        ON e.key IN ({", ".join(f"'{name}'" for name in CAR_FIELDS)})
     WHERE NOT k.is_new AND x.vals ->> e.key IS DISTINCT FROM e.value
    UNION ALL
    SELECT 'car', k.vehicle_id, 'owner', k.old_owner::text, k.new_owner::text,
           {OWNER_FOLLOWS}
      FROM car AS k
     WHERE NOT k.is_new AND k.new_owner IS NOT NULL AND k.old_owner IS DISTINCT FROM k.new_owner""",
    f"""
    UPDATE customers_vehicle AS x SET {over(CAR_FIELDS)},
           owner_id = coalesce((p.vals ->> 'owner')::bigint, x.owner_id)
      FROM (SELECT id, jsonb_object_agg(field, new) AS vals FROM change
             WHERE entity = 'car' AND taken GROUP BY id) AS p,
           jsonb_to_record(p.vals) AS r ({record(CAR_FIELDS)})
     WHERE x.id = p.id""",
    """
    UPDATE customers_ownership AS o SET until_on = %(on)s FROM change AS c
     WHERE c.field = 'owner' AND c.taken AND o.vehicle_id = c.id AND o.until_on IS NULL""",
    """
    INSERT INTO customers_ownership (store_id, vehicle_id, customer_id, from_on)
    SELECT %(store)s, c.id, c.new::bigint, CASE WHEN c.old IS NOT NULL THEN %(on)s::date END
      FROM change AS c WHERE c.field = 'owner' AND c.taken""",
    # Deliveries: facts. One that was recorded here is kept.
    """
    CREATE TEMP TABLE handover ON COMMIT DROP AS
    SELECT DISTINCT ON (f.vin) f.vin, k.vehicle_id, f.customer_id, d.id AS delivery_id,
           (f.vals ->> 'delivered_on')::date AS delivered_on,
           coalesce(f.vals ->> 'consultant', '') AS consultant
      FROM fresh AS f JOIN car AS k USING (vin)
      LEFT JOIN delivery_delivery AS d ON d.vehicle_id = k.vehicle_id
     WHERE f.kind = 0 OR (f.kind = 2 AND f.vals ? 'sold_here' AND f.vals ? 'delivered_on')
     ORDER BY f.vin, f.kind, f.ord DESC;
    ANALYZE handover""",
    """
    INSERT INTO delivery_delivery (store_id, vehicle_id, customer_id, delivered_on, consultant)
    SELECT %(store)s, vehicle_id, customer_id, delivered_on, consultant FROM handover
     WHERE delivery_id IS NULL""",
    f"""
    INSERT INTO change
    SELECT 'car', h.vehicle_id, e.field, e.old, e.new, e.follows
      FROM handover AS h JOIN delivery_delivery AS d ON d.id = h.delivery_id, LATERAL (VALUES
           ('delivered_on', d.delivered_on::text, h.delivered_on::text, {ON_FOLLOWS}),
           ('consultant', d.consultant, nullif(h.consultant, ''), {CONSULTANT_FOLLOWS}),
           ('buyer', d.customer_id::text, h.customer_id::text, {BUYER_FOLLOWS})
           ) AS e (field, old, new, follows)
     WHERE e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new""",
    f"""
    UPDATE delivery_delivery AS d
       SET delivered_on = CASE WHEN {ON_FOLLOWS} THEN h.delivered_on ELSE d.delivered_on END,
           consultant = CASE WHEN {CONSULTANT_FOLLOWS}
               THEN coalesce(nullif(h.consultant, ''), d.consultant) ELSE d.consultant END,
           customer_id = CASE WHEN {BUYER_FOLLOWS}
               THEN coalesce(h.customer_id, d.customer_id) ELSE d.customer_id END
      FROM handover AS h WHERE d.id = h.delivery_id
       AND (d.delivered_on, d.consultant, d.customer_id) IS DISTINCT FROM (h.delivered_on,
            coalesce(nullif(h.consultant, ''), d.consultant),
            coalesce(h.customer_id, d.customer_id))""",
    # Readings of the car file. One that the DMS corrected goes.
    """
    DELETE FROM customers_mileagereading AS m USING fresh AS f, car AS k
     WHERE k.vin = f.vin AND f.prev ? 'km' AND f.prev ? 'km_on' AND f.vals ? 'km'
       AND f.vals ? 'km_on'
       AND (f.prev -> 'km', f.prev -> 'km_on') IS DISTINCT FROM (f.vals -> 'km', f.vals -> 'km_on')
       AND m.vehicle_id = k.vehicle_id AND m.km = (f.prev ->> 'km')::integer
       AND m."on" = (f.prev ->> 'km_on')::date AND m.source = 'import' AND m.decided IS NULL""",
    """
    WITH added AS (
        INSERT INTO customers_mileagereading (store_id, vehicle_id, "on", km, source)
        SELECT %(store)s, k.vehicle_id, (f.vals ->> 'km_on')::date, (f.vals ->> 'km')::integer,
               'import'
          FROM fresh AS f JOIN car AS k USING (vin)
         WHERE f.kind = 2 AND f.vals ? 'km' AND f.vals ? 'km_on'
        ON CONFLICT (vehicle_id, "on", km) DO NOTHING RETURNING vehicle_id, km)
    INSERT INTO change SELECT 'car', a.vehicle_id, 'km', NULL, a.km::text, TRUE
      FROM added AS a JOIN car AS k USING (vehicle_id) WHERE NOT k.is_new""",
]
