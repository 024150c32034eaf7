"""The SQL that takes clean rows into the archive: sets, not loops. Run by ``actions`` only.

``STAGING`` are the temporary tables that COPY fills. ``SETTLE`` finds rows that contradict each
other. ``STEPS`` do the rest, in order; every statement knows ``%(store)s`` and ``%(on)s``.

Who is who: same phone and same name is one customer; then ID number and name; then the owner
of this car, by name. What may be overwritten: a field that is empty or holds what an import put
there, and only by something that the DMS did not say before (``TakenRow``).
"""

CUSTOMER_FIELDS = {
    "kind": "text",
    "gender": "text",
    "main_phone": "text",
    "email": "text",
    "contact_name": "text",
    "birthday": "date",
    "id_number_hash": "text",
    "address": "text",
}
CAR_FIELDS = {
    "plate": "text",
    "brand": "text",
    "model": "text",
    "variant": "text",
    "colour": "text",
    "engine_number": "text",
    "sold_here": "boolean",
    "delivered_on": "date",
    "registered_on": "date",
    "warranty_months": "smallint",
    "warranty_km": "integer",
    "insurer": "text",
    "insured_until": "date",
    "inspection_due_on": "date",
}
EMPTY = "('', 'unknown', 'person', 'false')"


def _record(fields: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in fields.items())


def _names(fields: dict[str, str]) -> str:
    return ", ".join(fields)


def _filled(fields: dict[str, str], defaults: dict[str, str]) -> str:
    """The fields of record r, with what an empty one is in the table."""
    texts = {name: "''" for name, kind in fields.items() if kind == "text"}
    return ", ".join(
        f"coalesce(r.{name}, {empty})" if (empty := (texts | defaults).get(name)) else f"r.{name}"
        for name in fields
    )


def _over(fields: dict[str, str]) -> str:
    return ", ".join(f"{name} = coalesce(r.{name}, x.{name})" for name in fields)


STAGING = """
    DROP TABLE IF EXISTS incoming, incoming_order;
    CREATE TEMP TABLE incoming (
        file integer, "row" integer, ord bigint, kind smallint, key text, vin text, name text,
        phone text, landline text, region text, landline_region text, id_hash text,
        id_sealed text, locality text, initials text, ckey text, vals jsonb);
    CREATE TEMP TABLE incoming_order (
        file integer, "row" integer, number text, vin text, plate text, kind text, in_on date,
        out_on date, km integer, amount numeric(12, 2), advisor text);
    CREATE OR REPLACE AGGREGATE pg_temp.merged(jsonb) (
        sfunc = jsonb_concat, stype = jsonb, initcond = '{}')
"""

# Rows of one import about the same thing. (kind, file, row, what it is, the other rows' numbers)
CONTRADICTIONS = """
    SELECT i.file, i."row", i.vin, t.files, t."rows" FROM incoming AS i
      JOIN (SELECT kind, key, array_agg(file ORDER BY ord) AS files,
                   array_agg("row" ORDER BY ord) AS "rows"
              FROM incoming WHERE kind <> 1 GROUP BY kind, key
            HAVING count(*) > 1 AND count(DISTINCT vals) > 1) AS t USING (kind, key)
     ORDER BY i.ord
"""
DROP_CONTRADICTIONS = """
    DELETE FROM incoming AS i USING (
        SELECT kind, key FROM incoming WHERE kind <> 1 GROUP BY kind, key
        HAVING count(DISTINCT vals) > 1) AS t
     WHERE i.kind = t.kind AND i.key = t.key
"""
ORDER_CONTRADICTIONS = """
    SELECT o.file, o."row", o.number, t.files, t."rows" FROM incoming_order AS o
      JOIN (SELECT number, array_agg(file ORDER BY file, "row") AS files,
                   array_agg("row" ORDER BY file, "row") AS "rows"
              FROM incoming_order GROUP BY number
            HAVING count(*) > 1 AND count(DISTINCT
                (vin, plate, kind, in_on, out_on, km, amount, advisor)::text) > 1) AS t
           USING (number)
     ORDER BY o.file, o."row"
"""
DROP_ORDER_CONTRADICTIONS = """
    DELETE FROM incoming_order AS o USING (
        SELECT number FROM incoming_order GROUP BY number
        HAVING count(DISTINCT (vin, plate, kind, in_on, out_on, km, amount, advisor)::text) > 1
    ) AS t WHERE o.number = t.number
"""
# Exactly the same row again: once is enough. Returns the file of each row left out.
DROP_TWINS = """
    DELETE FROM incoming AS i USING (
        SELECT kind, key, vals, min(ord) AS first FROM incoming
         GROUP BY kind, key, vals HAVING count(*) > 1) AS t
     WHERE i.kind = t.kind AND i.key = t.key AND i.vals = t.vals AND i.ord > t.first
    RETURNING i.file
"""
DROP_ORDER_TWINS = """
    DELETE FROM incoming_order AS o USING (
        SELECT number, min((file::bigint << 32) + "row") AS first FROM incoming_order
         GROUP BY number HAVING count(*) > 1) AS t
     WHERE o.number = t.number AND (o.file::bigint << 32) + o."row" > t.first
    RETURNING o.file
"""
# Several rows of a customer file about one customer say one thing together, the last one wins.
MERGE_CUSTOMERS = """
    UPDATE incoming AS i SET vals = t.vals FROM (
        SELECT key, pg_temp.merged(vals ORDER BY ord) AS vals FROM incoming WHERE kind = 1
         GROUP BY key HAVING count(*) > 1) AS t
     WHERE i.kind = 1 AND i.key = t.key
"""


def _one_customer(what: str) -> str:
    """Rows that share ``what`` and the name are one customer, under the last one's key."""
    return f"""
    UPDATE live SET ckey = target FROM (
        SELECT DISTINCT ON (l.ckey) l.ckey AS source, t.target FROM live AS l
          JOIN (SELECT {what}, name, (array_agg(ckey ORDER BY phone IS NOT NULL DESC, ord DESC))[1]
                       AS target
                  FROM live WHERE {what} IS NOT NULL AND ckey IS NOT NULL
                 GROUP BY {what}, name HAVING count(DISTINCT ckey) > 1) AS t USING ({what}, name)
         ORDER BY l.ckey, t.target) AS m
     WHERE live.ckey = m.source AND m.target <> m.source"""


PEOPLE = [
    # Only what the DMS did not say before is looked at.
    """
    DROP TABLE IF EXISTS live, who, fresh, change, car, handover, live_order;
    CREATE TEMP TABLE live ON COMMIT DROP AS
    SELECT i.*, t.vals AS prev, t.customer_id AS prev_customer FROM incoming AS i
      LEFT JOIN exchange_takenrow AS t
        ON t.store_id = %(store)s AND t.kind = i.kind AND t.key = i.key
     WHERE t.id IS NULL OR t.vals <> i.vals;
    ANALYZE live""",
    _one_customer("vin"),
    _one_customer("id_hash"),
    """
    CREATE TEMP TABLE who ON COMMIT DROP AS
    SELECT k.ckey, c.id IS NULL AS is_new, coalesce(
               c.id, nextval(pg_get_serial_sequence('customers_customer', 'id'))) AS customer_id
      FROM (SELECT DISTINCT ckey FROM live WHERE ckey IS NOT NULL) AS k
      LEFT JOIN (
        SELECT DISTINCT ON (ckey) ckey, id FROM (
            SELECT l.ckey, 1 AS rank, c.id FROM live AS l
              JOIN customers_contactnumber AS n
                ON n.store_id = %(store)s AND n.number = l.phone
              JOIN customers_customer AS c ON c.id = n.customer_id AND c.name = l.name
            UNION ALL
            SELECT l.ckey, 2, c.id FROM live AS l
              JOIN customers_customer AS c ON c.store_id = %(store)s AND c.id_number_hash <> ''
               AND c.id_number_hash = l.id_hash AND c.name = l.name
            UNION ALL
            SELECT l.ckey, 3, c.id FROM live AS l
              JOIN customers_vehicle AS v ON v.store_id = %(store)s AND v.vin = l.vin
              JOIN customers_customer AS c ON c.id = v.owner_id AND c.name = l.name
            UNION ALL
            SELECT l.ckey, 4, c.id FROM live AS l
              JOIN customers_customer AS c ON c.id = l.prev_customer AND c.name = l.name
            UNION ALL
            SELECT l.ckey, 5, c.id FROM live AS l
              JOIN customers_customer AS c ON c.store_id = %(store)s AND c.name = l.name
               AND c.main_phone = '' WHERE l.ckey LIKE 'n|%%') AS found
         WHERE ckey IS NOT NULL ORDER BY ckey, rank, id) AS c USING (ckey);
    ANALYZE who""",
    """
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT l.*, w.customer_id, w.is_new AS person_is_new,
           CASE WHEN l.prev IS NULL OR l.prev_customer IS DISTINCT FROM w.customer_id THEN l.vals
                ELSE (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}')
                        FROM jsonb_each(l.vals) AS e
                       WHERE l.prev -> e.key IS DISTINCT FROM e.value) END AS news
      FROM live AS l LEFT JOIN who AS w USING (ckey);
    CREATE INDEX ON fresh (customer_id);
    ANALYZE fresh;
    CREATE TEMP TABLE change (
        entity text, id bigint, field text, old text, new text, taken boolean) ON COMMIT DROP""",
    f"""
    INSERT INTO customers_customer (id, store_id, name, {_names(CUSTOMER_FIELDS)},
                                    id_number_sealed, locality, initials, reachable)
    SELECT p.customer_id, %(store)s, p.name, {
        _filled(CUSTOMER_FIELDS, {"kind": "'person'", "gender": "'unknown'"})
    },
           coalesce(p.id_sealed, ''), coalesce(p.locality, 'unknown'), p.initials,
           r.main_phone IS NOT NULL
      FROM (SELECT customer_id, min(name) AS name, pg_temp.merged(vals ORDER BY ord) AS vals,
                   (array_agg(id_sealed ORDER BY ord DESC)
                        FILTER (WHERE id_sealed IS NOT NULL))[1] AS id_sealed,
                   (array_agg(locality ORDER BY ord DESC)
                        FILTER (WHERE locality <> 'unknown'))[1] AS locality,
                   coalesce(min(initials), '') AS initials
              FROM fresh WHERE person_is_new GROUP BY customer_id) AS p,
           jsonb_to_record(p.vals) AS r ({_record(CUSTOMER_FIELDS)})""",
    # Existing customers: what would change, and whether it may.
    f"""
    INSERT INTO change
    SELECT 'customer', p.customer_id, e.key, x.vals ->> e.key, e.value,
           coalesce(x.vals ->> e.key, '') IN {EMPTY} OR EXISTS (
               SELECT FROM exchange_takenrow AS t WHERE t.customer_id = p.customer_id
                  AND t.vals ->> e.key = x.vals ->> e.key)
      FROM (SELECT customer_id, pg_temp.merged(news ORDER BY ord) AS news FROM fresh
             WHERE NOT person_is_new GROUP BY customer_id) AS p
      JOIN LATERAL (SELECT to_jsonb(c) AS vals FROM customers_customer AS c
                     WHERE c.id = p.customer_id) AS x ON TRUE
      JOIN LATERAL jsonb_each_text(p.news) AS e
        ON e.key IN ({", ".join(f"'{name}'" for name in CUSTOMER_FIELDS)})
     WHERE x.vals ->> e.key IS DISTINCT FROM e.value
       AND NOT (e.key = 'main_phone' AND EXISTS (
            SELECT FROM customers_contactnumber AS n WHERE n.customer_id = p.customer_id
               AND n.number = e.value AND n.status <> 'good'))""",
    f"""
    UPDATE customers_customer AS x SET {_over(CUSTOMER_FIELDS)},
           id_number_sealed = CASE WHEN r.id_number_hash IS NULL THEN x.id_number_sealed ELSE (
               SELECT max(f.id_sealed) FROM fresh AS f
                WHERE f.customer_id = x.id AND f.id_hash = r.id_number_hash) END,
           locality = CASE WHEN r.main_phone IS NULL OR x.locality_by_hand THEN x.locality
               ELSE coalesce((SELECT max(f.locality) FROM fresh AS f
                               WHERE f.customer_id = x.id AND f.phone = r.main_phone), x.locality)
               END
      FROM (SELECT id, jsonb_object_agg(field, new) AS vals FROM change
             WHERE entity = 'customer' AND taken GROUP BY id) AS p,
           jsonb_to_record(p.vals) AS r ({_record(CUSTOMER_FIELDS)})
     WHERE x.id = p.id""",
    """
    WITH added AS (
        INSERT INTO customers_contactnumber (store_id, customer_id, number, kind, region)
        SELECT DISTINCT ON (f.customer_id, n.number) %(store)s, f.customer_id, n.number,
               CASE WHEN n.number LIKE '1%%' THEN 'mobile' ELSE 'landline' END,
               coalesce(n.region, '')
          FROM fresh AS f, LATERAL (
               VALUES (f.phone, f.region), (f.landline, f.landline_region)) AS n (number, region)
         WHERE f.customer_id IS NOT NULL AND n.number IS NOT NULL
        ON CONFLICT (customer_id, number) DO NOTHING
        RETURNING customer_id, number)
    INSERT INTO change SELECT 'customer', a.customer_id, 'number', NULL, a.number, TRUE
      FROM added AS a JOIN (SELECT DISTINCT customer_id FROM who WHERE NOT is_new) AS w
     USING (customer_id)""",
    """
    UPDATE customers_customer AS x SET reachable = TRUE
      FROM change AS c WHERE c.field = 'number' AND c.id = x.id AND NOT x.reachable""",
]

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
    INSERT INTO customers_vehicle (id, store_id, owner_id, vin, {_names(CAR_FIELDS)})
    SELECT k.vehicle_id, %(store)s, k.owner_id, k.vin, {_filled(CAR_FIELDS, {"sold_here": "FALSE"})}
      FROM car AS k, jsonb_to_record(k.vals) AS r ({_record(CAR_FIELDS)})
     WHERE k.is_new""",
    """
    INSERT INTO customers_ownership (store_id, vehicle_id, customer_id, from_on)
    SELECT %(store)s, v.id, v.owner_id, CASE WHEN v.sold_here THEN v.delivered_on END
      FROM car AS k JOIN customers_vehicle AS v ON v.id = k.vehicle_id
     WHERE k.is_new AND v.owner_id IS NOT NULL""",
    f"""
    INSERT INTO change
    SELECT 'car', k.vehicle_id, e.key, x.vals ->> e.key, e.value,
           coalesce(x.vals ->> e.key, '') IN {EMPTY} OR EXISTS (
               SELECT FROM exchange_takenrow AS t WHERE t.store_id = %(store)s AND t.key = k.vin
                  AND t.vals ->> e.key = x.vals ->> e.key)
      FROM car AS k
      JOIN LATERAL (SELECT to_jsonb(v) AS vals FROM customers_vehicle AS v
                     WHERE v.id = k.vehicle_id) AS x ON TRUE
      JOIN LATERAL jsonb_each_text(k.news) AS e
        ON e.key IN ({", ".join(f"'{name}'" for name in CAR_FIELDS)})
     WHERE NOT k.is_new AND x.vals ->> e.key IS DISTINCT FROM e.value
    UNION ALL
    SELECT 'car', k.vehicle_id, 'owner', k.old_owner::text, k.new_owner::text,
           k.old_owner IS NULL OR EXISTS (
               SELECT FROM exchange_takenrow AS t WHERE t.store_id = %(store)s AND t.key = k.vin
                  AND t.customer_id = k.old_owner)
      FROM car AS k
     WHERE NOT k.is_new AND k.new_owner IS NOT NULL AND k.old_owner IS DISTINCT FROM k.new_owner""",
    f"""
    UPDATE customers_vehicle AS x SET {_over(CAR_FIELDS)},
           owner_id = coalesce((p.vals ->> 'owner')::bigint, x.owner_id)
      FROM (SELECT id, jsonb_object_agg(field, new) AS vals FROM change
             WHERE entity = 'car' AND taken GROUP BY id) AS p,
           jsonb_to_record(p.vals) AS r ({_record(CAR_FIELDS)})
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
    """
    INSERT INTO change
    SELECT 'car', h.vehicle_id, e.field, e.old, e.new, d.source = 'import'
      FROM handover AS h JOIN delivery_delivery AS d ON d.id = h.delivery_id, LATERAL (VALUES
           ('delivered_on', d.delivered_on::text, h.delivered_on::text),
           ('consultant', d.consultant, nullif(h.consultant, '')),
           ('buyer', d.customer_id::text, h.customer_id::text)) AS e (field, old, new)
     WHERE e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new""",
    """
    UPDATE delivery_delivery AS d SET delivered_on = h.delivered_on,
           consultant = coalesce(nullif(h.consultant, ''), d.consultant),
           customer_id = coalesce(h.customer_id, d.customer_id)
      FROM handover AS h WHERE d.id = h.delivery_id AND d.source = 'import'
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

REMEMBER = """
    INSERT INTO exchange_takenrow AS t (store_id, kind, key, customer_id, vehicle_id, vals)
    SELECT DISTINCT ON (f.kind, f.key) %(store)s, f.kind, f.key, f.customer_id, k.vehicle_id, f.vals
      FROM fresh AS f LEFT JOIN car AS k USING (vin)
    ON CONFLICT (store_id, kind, key) DO UPDATE SET vals = excluded.vals,
       customer_id = excluded.customer_id, vehicle_id = excluded.vehicle_id
     WHERE (t.vals, t.customer_id, t.vehicle_id)
           IS DISTINCT FROM (excluded.vals, excluded.customer_id, excluded.vehicle_id)"""

STEPS = [*PEOPLE, *CARS, *ORDERS, REMEMBER]

# (file, new, changed) of the rows that said something new; all others were unchanged.
COUNTS = """
    SELECT f.file, count(*) FILTER (WHERE s.is_new), count(*) FILTER (WHERE NOT s.is_new AND (
           EXISTS (SELECT FROM change AS c WHERE c.taken AND c.entity = 'customer'
               AND c.id = f.customer_id
               AND (c.new = f.vals ->> c.field
                    OR c.field = 'number' AND c.new IN (f.phone, f.landline)))
           OR EXISTS (SELECT FROM change AS c WHERE c.taken AND c.entity = 'car'
               AND c.id = k.vehicle_id
               AND (c.new = f.vals ->> c.field
                    OR c.field IN ('owner', 'buyer') AND c.new = f.customer_id::text))))
      FROM fresh AS f LEFT JOIN car AS k USING (vin)
      LEFT JOIN handover AS h USING (vin),
      LATERAL (SELECT CASE f.kind WHEN 0 THEN h.delivery_id IS NULL
                                  WHEN 1 THEN f.person_is_new ELSE k.is_new END AS is_new) AS s
     GROUP BY f.file
    UNION ALL
    SELECT file, count(*) FILTER (WHERE order_id IS NULL), count(order_id) FROM live_order
     GROUP BY file"""

TOUCHED = """
    SELECT vehicle_id FROM car UNION SELECT vehicle_id FROM live_order
    UNION SELECT old_vehicle FROM live_order WHERE old_vehicle IS NOT NULL"""

SAMPLE = """
    SELECT DISTINCT c.entity, c.field, c.old, c.new, c.taken,
           coalesce(v.vin, p.name, r.number) AS subject
      FROM change AS c
      LEFT JOIN customers_vehicle AS v ON c.entity = 'car' AND v.id = c.id
      LEFT JOIN customers_customer AS p ON c.entity = 'customer' AND p.id = c.id
      LEFT JOIN service_repairorder AS r ON c.entity = 'order' AND r.id = c.id
     WHERE c.field NOT IN ('owner', 'buyer', 'vehicle', 'id_number_hash')
     ORDER BY c.taken, subject, c.field LIMIT 30"""
KEPT = "SELECT count(*) FROM change WHERE NOT taken"

# CARE-29: consent for all, with its basis; who withdrew it stays withdrawn.
CONSENT = """
    WITH given AS (
        UPDATE customers_customer AS c SET accepts_marketing = TRUE
          FROM (SELECT customer_id FROM who UNION
                SELECT t.customer_id FROM incoming AS i JOIN exchange_takenrow AS t
                    ON t.store_id = %(store)s AND t.kind = i.kind AND t.key = i.key) AS w
         WHERE c.id = w.customer_id AND NOT c.accepts_marketing AND NOT EXISTS (
            SELECT FROM customers_consent AS x WHERE x.customer_id = c.id
               AND x.purpose = 'marketing' AND x.state = 'withdrawn')
        RETURNING c.id)
    INSERT INTO customers_consent (store_id, customer_id, purpose, state, at, source, by_id)
    SELECT %(store)s, id, 'marketing', 'given', %(now)s, %(basis)s, %(by)s FROM given"""
