"""Who is who, and the customers with their numbers."""

from apps.exchange.taking.fields import CUSTOMER_FIELDS, filled, follows, names, over, record

# A record that was merged into this one goes on being this one for the DMS (CUS-04), and so does
# one that was given another name here, by the name that the DMS has (DATA-05).
NAMED = """(c.name = l.name OR l.name = ANY (c.also_named) OR EXISTS (
                SELECT FROM exchange_takenrow AS t
                 WHERE t.customer_id = c.id AND t.vals ->> 'name' = l.name))"""


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
    f"""
    CREATE TEMP TABLE who ON COMMIT DROP AS
    SELECT k.ckey, c.id IS NULL AS is_new, coalesce(
               c.id, nextval(pg_get_serial_sequence('customers_customer', 'id'))) AS customer_id
      FROM (SELECT DISTINCT ckey FROM live WHERE ckey IS NOT NULL) AS k
      LEFT JOIN (
        SELECT DISTINCT ON (ckey) ckey, id FROM (
            SELECT l.ckey, 1 AS rank, c.id FROM live AS l
              JOIN customers_contactnumber AS n
                ON n.store_id = %(store)s AND n.number = l.phone
              JOIN customers_customer AS c ON c.id = n.customer_id AND {NAMED}
            UNION ALL
            SELECT l.ckey, 2, c.id FROM live AS l
              JOIN customers_customer AS c ON c.store_id = %(store)s AND c.id_number_hash <> ''
               AND c.merged_into_id IS NULL
               AND c.id_number_hash = l.id_hash AND {NAMED}
            UNION ALL
            SELECT l.ckey, 3, c.id FROM live AS l
              JOIN customers_vehicle AS v ON v.store_id = %(store)s AND v.vin = l.vin
              JOIN customers_customer AS c ON c.id = v.owner_id AND {NAMED}
            UNION ALL
            SELECT l.ckey, 4, c.id FROM live AS l
              JOIN customers_customer AS c ON c.id = l.prev_customer AND {NAMED}
            UNION ALL
            SELECT l.ckey, 5, c.id FROM live AS l
              JOIN customers_customer AS c ON c.store_id = %(store)s AND c.name = l.name
               AND c.merged_into_id IS NULL AND c.main_phone = '' WHERE l.ckey LIKE 'n|%%') AS found
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
    INSERT INTO customers_customer (id, store_id, name, {names(CUSTOMER_FIELDS)},
                                    id_number_sealed, locality, initials, reachable)
    SELECT p.customer_id, %(store)s, p.name, {
        filled(CUSTOMER_FIELDS, {"kind": "'person'", "gender": "'unknown'"})
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
           jsonb_to_record(p.vals) AS r ({record(CUSTOMER_FIELDS)})""",
    # Existing customers: what would change, and whether it may.
    f"""
    INSERT INTO change
    SELECT 'customer', p.customer_id, e.key, x.vals ->> e.key, e.value,
           {follows("customer_id = p.customer_id", "x.vals ->> e.key")}
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
    UPDATE customers_customer AS x SET {over(CUSTOMER_FIELDS)},
           id_number_sealed = CASE WHEN r.id_number_hash IS NULL THEN x.id_number_sealed ELSE (
               SELECT max(f.id_sealed) FROM fresh AS f
                WHERE f.customer_id = x.id AND f.id_hash = r.id_number_hash) END,
           locality = CASE WHEN r.main_phone IS NULL OR x.locality_by_hand THEN x.locality
               ELSE coalesce((SELECT max(f.locality) FROM fresh AS f
                               WHERE f.customer_id = x.id AND f.phone = r.main_phone), x.locality)
               END
      FROM (SELECT id, jsonb_object_agg(field, new) AS vals FROM change
             WHERE entity = 'customer' AND taken GROUP BY id) AS p,
           jsonb_to_record(p.vals) AS r ({record(CUSTOMER_FIELDS)})
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
