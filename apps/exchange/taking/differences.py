"""What the DMS has otherwise than a person here typed it: found after all is taken (DATA-05).

A difference is a value of this import that our record does not hold, and of which no DMS row
says what our record holds: then it was typed (or cleared) here. A row that says the same as the
last time is compared too. Customers and cars that this import made cannot differ.
"""

from apps.exchange.taking.fields import CAR_FIELDS, CUSTOMER_FIELDS

CUSTOMER = ("name", *CUSTOMER_FIELDS)
CAR = tuple(name for name in CAR_FIELDS if name != "sold_here")  # that is only ever taken


# Of one record; never null, so that it can be hashed.
SAME = """coalesce(d.customer_id, 0) = coalesce(x.customer_id, 0)
       AND coalesce(d.vehicle_id, 0) = coalesce(x.vehicle_id, 0)
       AND coalesce(d.order_id, 0) = coalesce(x.order_id, 0) AND d.field = x.field
       AND coalesce(d."on", '-infinity') = coalesce(x."on", '-infinity')"""

# What the DMS said and people decided against: neither taken nor asked about again, until
# they once decide for the DMS about that field.
KEPT = f"""
    DROP TABLE IF EXISTS kept;
    CREATE TEMP TABLE kept ON COMMIT DROP AS
    SELECT d.customer_id, d.vehicle_id, d.order_id, d.field, d."on", d.theirs
      FROM exchange_difference AS d
     WHERE d.store_id = %(store)s AND d.status = 'ours_kept' AND NOT EXISTS (
           SELECT FROM exchange_difference AS x
            WHERE x.store_id = %(store)s AND x.status = 'theirs_taken' AND x.id > d.id AND {SAME});
    CREATE INDEX ON kept (customer_id);
    CREATE INDEX ON kept (vehicle_id);
    ANALYZE kept"""


def _other(table: str, fields: tuple[str, ...]) -> str:
    return " OR ".join(f"s.vals ->> '{f}' <> coalesce({table}.{f}::text, '')" for f in fields)


def _pairs(table: str, fields: tuple[str, ...]) -> str:
    return ", ".join(f"('{f}', coalesce({table}.{f}::text, ''), s.vals ->> '{f}')" for f in fields)


FIND = f"""
    DROP TABLE IF EXISTS said, differing;
    CREATE TEMP TABLE said ON COMMIT DROP AS
    SELECT s.* FROM (
        SELECT f.ord, f.file, f.vals, f.id_sealed, f.customer_id, f.person_is_new,
               CASE WHEN NOT k.is_new THEN k.vehicle_id END AS vehicle_id
          FROM fresh AS f LEFT JOIN car AS k USING (vin)
         WHERE NOT f.person_is_new OR NOT k.is_new
        UNION ALL
        SELECT i.ord, i.file, i.vals, i.id_sealed, t.customer_id, FALSE, t.vehicle_id
          FROM incoming AS i JOIN exchange_takenrow AS t
            ON t.store_id = %(store)s AND t.kind = i.kind AND t.key = i.key
         WHERE (SELECT count(*) FROM live) < (SELECT count(*) FROM incoming)
           AND NOT EXISTS (SELECT FROM live AS l WHERE l.ord = i.ord)) AS s
      LEFT JOIN customers_customer AS c
        ON c.store_id = %(store)s AND c.id = s.customer_id AND NOT s.person_is_new
      LEFT JOIN customers_vehicle AS v ON v.store_id = %(store)s AND v.id = s.vehicle_id
      LEFT JOIN delivery_delivery AS d
        ON d.store_id = %(store)s AND d.vehicle_id = v.id AND d.source <> 'import'
     WHERE {_other("c", CUSTOMER)} OR {_other("v", CAR)}
        OR v.id IS NOT NULL AND s.customer_id <> coalesce(v.owner_id, 0)
        OR d.id IS NOT NULL;
    ANALYZE said;
    CREATE TEMP TABLE differing (
        customer_id bigint, vehicle_id bigint, order_id bigint, field text, ours text,
        theirs text, ours_customer_id bigint, theirs_customer_id bigint, sealed text, file integer,
        "on" date)
        ON COMMIT DROP"""

OF_CUSTOMERS = f"""
    INSERT INTO differing
    SELECT DISTINCT ON (c.id, e.field) c.id, NULL, NULL, e.field, e.ours, e.theirs, NULL, NULL,
           CASE WHEN e.field = 'id_number_hash' THEN s.id_sealed ELSE '' END, s.file
      FROM said AS s JOIN customers_customer AS c ON c.id = s.customer_id,
           LATERAL (VALUES {_pairs("c", CUSTOMER)}) AS e (field, ours, theirs)
     WHERE NOT s.person_is_new AND e.theirs <> e.ours
       AND NOT (e.field = 'name' AND e.theirs = ANY (c.also_named))
       AND NOT (e.field = 'main_phone' AND EXISTS (
            SELECT FROM customers_contactnumber AS n WHERE n.customer_id = c.id
               AND n.number = e.theirs AND n.status <> 'good'))
       AND NOT EXISTS (SELECT FROM exchange_takenrow AS t
                        WHERE t.customer_id = c.id AND t.vals ->> e.field = e.ours)
     ORDER BY c.id, e.field, s.ord DESC"""

# The owner and the buyer are the customer of the row; the consultant and the buyer stand in a
# delivery and can only differ in one that was recorded here.
OF_CARS = f"""
    INSERT INTO differing
    SELECT DISTINCT ON (v.id, e.field) NULL, v.id, NULL, e.field, e.ours, e.theirs,
           CASE e.field WHEN 'owner' THEN v.owner_id WHEN 'buyer' THEN d.customer_id END,
           CASE WHEN e.field IN ('owner', 'buyer') THEN s.customer_id END, '', s.file
      FROM said AS s JOIN customers_vehicle AS v ON v.id = s.vehicle_id
      LEFT JOIN delivery_delivery AS d ON d.vehicle_id = v.id AND d.source <> 'import',
           LATERAL (VALUES {_pairs("v", CAR)},
               ('owner', coalesce(v.owner_id::text, ''), s.customer_id::text),
               ('consultant', d.consultant, s.vals ->> 'consultant'),
               ('buyer', coalesce(d.customer_id::text, ''),
                CASE WHEN d.id IS NOT NULL AND (s.vals ? 'delivered_on')
                     THEN s.customer_id::text END)) AS e (field, ours, theirs)
     WHERE e.theirs <> e.ours AND NOT EXISTS (
            SELECT FROM exchange_takenrow AS t WHERE t.vehicle_id = v.id
               AND CASE WHEN e.field IN ('owner', 'buyer') THEN t.customer_id::text
                        ELSE t.vals ->> e.field END = e.ours)
     ORDER BY v.id, e.field, s.ord DESC"""

# A repair order that was recorded here keeps what was typed (a visit: its day is the last visit).
OF_ORDERS = """
    INSERT INTO differing
    SELECT NULL, r.vehicle_id, r.id, e.field, coalesce(e.ours, ''), e.theirs, NULL, NULL,
           '', o.file
      FROM incoming_order AS o JOIN service_repairorder AS r
        ON r.store_id = %(store)s AND r.number = o.number AND r.source <> 'import'
      JOIN customers_vehicle AS v ON v.id = r.vehicle_id,
           LATERAL (VALUES ('repair_kind', r.kind, nullif(o.kind, 'other')),
               ('in_on', r.in_on::text, o.in_on::text), ('out_on', r.out_on::text, o.out_on::text),
               ('order_km', r.km::text, o.km::text), ('amount', r.amount::text, o.amount::text),
               ('advisor', r.advisor, o.advisor), ('vin', v.vin, o.vin)
               ) AS e (field, ours, theirs)
     WHERE e.theirs IS DISTINCT FROM coalesce(e.ours, '') AND e.theirs IS NOT NULL"""

# Two readings that cannot both be right (CUS-07), or of one day: r entered here, m said by the DMS
# and by nobody judged.
CONFLICT = """m.vehicle_id = r.vehicle_id AND m.decided IS NULL AND m.recorded_by_id IS NULL
       AND CASE WHEN r."on" = m."on" THEN r.km <> m.km
                WHEN r."on" < m."on" THEN m.km < r.km
                  OR m.km - r.km > %(km_per_day)s * (m."on" - r."on") + %(slack_km)s
                ELSE r.km < m.km
                  OR r.km - m.km > %(km_per_day)s * (r."on" - m."on") + %(slack_km)s END"""
# To each day of ours the closest in time, of the readings that this import brings.
OF_READINGS = f"""
    INSERT INTO differing
    SELECT DISTINCT ON (r.vehicle_id, r."on") NULL, r.vehicle_id, NULL, 'km',
           r."on" || ' ' || r.km, m."on" || ' ' || m.km, NULL, NULL, '', i.file, r."on"
      FROM customers_mileagereading AS r
      JOIN customers_vehicle AS v ON v.id = r.vehicle_id
      JOIN customers_mileagereading AS m ON {CONFLICT}
      JOIN (SELECT vin, (vals ->> 'km_on')::date AS "on", (vals ->> 'km')::integer AS km, file
              FROM incoming WHERE kind = 2 AND vals ? 'km' AND vals ? 'km_on'
            UNION ALL SELECT vin, out_on, km, file FROM incoming_order) AS i
        ON i.vin = v.vin AND i."on" = m."on" AND i.km = m.km
     WHERE r.store_id = %(store)s AND r.recorded_by_id IS NOT NULL AND r.decided IS NOT FALSE
     ORDER BY r.vehicle_id, r."on", abs(m."on" - r."on"), m."on" DESC, m.km DESC, r.km DESC"""

DECIDED = f"DELETE FROM differing AS x USING kept AS d WHERE d.theirs = x.theirs AND {SAME}"
COUNT_DIFFERENCES = "SELECT field, count(*) FROM differing GROUP BY field ORDER BY field"

# An open one stays while both sides say the same; else it closes by itself, and what differs now
# is a new one: nobody decides by an old page about values that he did not see.
AGAIN = f"""
    UPDATE exchange_difference AS d SET said_at = %(now)s, run_id = %(run)s,
           file_name = coalesce((%(files)s::text[])[x.file + 1], '')
      FROM differing AS x
     WHERE d.status = 'open' AND d.ours = x.ours AND d.theirs = x.theirs AND {SAME}"""
CHANGED = f"""
    UPDATE exchange_difference AS d SET status = 'gone', decided_at = %(now)s FROM differing AS x
     WHERE d.status = 'open' AND (d.ours, d.theirs) <> (x.ours, x.theirs) AND {SAME}"""
NEW = """
    INSERT INTO exchange_difference (store_id, customer_id, vehicle_id, order_id, field, ours,
           theirs, ours_customer_id, theirs_customer_id, theirs_sealed, "on", found_at, said_at,
           run_id, file_name)
    SELECT %(store)s, customer_id, vehicle_id, order_id, field, ours, theirs, ours_customer_id,
           theirs_customer_id, coalesce(sealed, ''), "on", %(now)s, %(now)s, %(run)s,
           coalesce((%(files)s::text[])[file + 1], '')
      FROM differing
    ON CONFLICT (customer_id, vehicle_id, order_id, field, "on") WHERE status = 'open' DO NOTHING"""
GONE = f"""
    UPDATE exchange_difference AS d SET status = 'gone', decided_at = %(now)s
      FROM (SELECT d.id, CASE d.field WHEN 'owner' THEN v.owner_id::text
                   WHEN 'buyer' THEN b.customer_id::text WHEN 'consultant' THEN b.consultant
                   ELSE coalesce(to_jsonb(c), to_jsonb(v)) ->> d.field END AS held
              FROM exchange_difference AS d
              LEFT JOIN customers_customer AS c ON c.id = d.customer_id
              LEFT JOIN customers_vehicle AS v ON v.id = d.vehicle_id
              LEFT JOIN delivery_delivery AS b ON b.vehicle_id = d.vehicle_id
             WHERE d.store_id = %(store)s AND d.status = 'open') AS now
     WHERE d.id = now.id AND NOT EXISTS (SELECT FROM differing AS x WHERE {SAME})
       AND CASE
           WHEN d.order_id IS NOT NULL THEN EXISTS (
                SELECT FROM service_repairorder AS r JOIN incoming_order AS o
                    ON o.number = r.number WHERE r.id = d.order_id)
           WHEN d.field = 'km' THEN NOT EXISTS (
                SELECT FROM customers_mileagereading AS m WHERE m.vehicle_id = d.vehicle_id
                   AND m."on" || ' ' || m.km = d.theirs AND m.decided IS NULL) OR EXISTS (
                SELECT FROM customers_mileagereading AS r WHERE r.vehicle_id = d.vehicle_id
                   AND r."on" || ' ' || r.km = d.ours AND NOT r.decided)
           ELSE coalesce(now.held, '') = d.theirs
                OR d.field = 'main_phone' AND EXISTS (
                    SELECT FROM customers_contactnumber AS n WHERE n.customer_id = d.customer_id
                       AND n.number = d.theirs AND n.status <> 'good')
                OR NOT EXISTS (SELECT FROM exchange_takenrow AS t
                    WHERE (t.customer_id = d.customer_id OR t.vehicle_id = d.vehicle_id)
                      AND CASE WHEN d.field IN ('owner', 'buyer') THEN t.customer_id::text
                               ELSE t.vals ->> d.field END = d.theirs)
                OR EXISTS (SELECT FROM exchange_takenrow AS t
                    WHERE (t.customer_id = d.customer_id OR t.vehicle_id = d.vehicle_id)
                      AND CASE WHEN d.field IN ('owner', 'buyer') THEN t.customer_id::text
                               ELSE t.vals ->> d.field END = now.held) END"""

FINDING = [FIND, OF_CUSTOMERS, OF_CARS, OF_ORDERS, OF_READINGS, DECIDED]
NOTING = [AGAIN, CHANGED, NEW, GONE]
