"""The SQL that takes clean rows into the archive: sets, not loops. Run by ``actions`` only.

``STAGING`` are the temporary tables that COPY fills; the rest of ``settle`` finds rows that
contradict each other. ``STEPS`` take them, in order, ``FINDING`` sees what is otherwise here,
``NOTING`` writes that down; every statement knows ``%(store)s`` and ``%(on)s``.

Who is who: same phone and same name is one customer; then ID number and name; then the owner
of this car, by name. What may be overwritten: a field that is empty or holds what an import put
there, and only by something that the DMS did not say before (``TakenRow``) and that nobody
decided against (``Difference``).
"""

from apps.exchange.taking.cars import CARS
from apps.exchange.taking.catalogue import (
    CATALOGUE,
    DROP_ITEM_CONTRADICTIONS,
    DROP_ITEM_TWINS,
    INCOMPLETE_ITEMS,
    ITEM_CONTRADICTIONS,
    ITEM_COUNTS,
    UNKNOWN_PARTS,
)
from apps.exchange.taking.differences import COUNT_DIFFERENCES, FINDING, KEPT, NOTING
from apps.exchange.taking.orders import ORDERS
from apps.exchange.taking.people import PEOPLE
from apps.exchange.taking.settle import (
    CONTRADICTIONS,
    DROP_CONTRADICTIONS,
    DROP_ORDER_CONTRADICTIONS,
    DROP_ORDER_TWINS,
    DROP_TWINS,
    MERGE_CUSTOMERS,
    ORDER_CONTRADICTIONS,
    STAGING,
)

__all__ = [
    "CLEAN_LISTS",
    "CONSENT",
    "CONTRADICTIONS",
    "COUNTS",
    "COUNT_ANEW",
    "COUNT_DIFFERENCES",
    "DROP_CONTRADICTIONS",
    "DROP_ITEM_CONTRADICTIONS",
    "DROP_ITEM_TWINS",
    "DROP_ORDER_CONTRADICTIONS",
    "DROP_ORDER_TWINS",
    "DROP_TWINS",
    "FINDING",
    "INCOMPLETE_ITEMS",
    "ITEM_CONTRADICTIONS",
    "MERGE_CUSTOMERS",
    "NOTING",
    "ORDER_CONTRADICTIONS",
    "PEOPLE_TOUCHED",
    "SAMPLE",
    "STAGING",
    "STEPS",
    "TOUCHED",
    "UNKNOWN_PARTS",
]

REMEMBER = """
    INSERT INTO exchange_takenrow AS t (store_id, kind, key, customer_id, vehicle_id, vals)
    SELECT DISTINCT ON (f.kind, f.key) %(store)s, f.kind, f.key, f.customer_id, k.vehicle_id, f.vals
      FROM fresh AS f LEFT JOIN car AS k USING (vin)
    ON CONFLICT (store_id, kind, key) DO UPDATE SET vals = excluded.vals,
       customer_id = excluded.customer_id, vehicle_id = excluded.vehicle_id
     WHERE (t.vals, t.customer_id, t.vehicle_id)
           IS DISTINCT FROM (excluded.vals, excluded.customer_id, excluded.vehicle_id)"""

STEPS = [KEPT, *PEOPLE, *CARS, *ORDERS, *CATALOGUE, REMEMBER]

# (file, new, changed) of the rows that said something new; all others were unchanged.
COUNTS = f"""
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
     GROUP BY file
    UNION ALL {ITEM_COUNTS}"""

TOUCHED = """
    SELECT vehicle_id FROM car UNION SELECT vehicle_id FROM live_order
    UNION SELECT old_vehicle FROM live_order WHERE old_vehicle IS NOT NULL"""

# Who is new, or got a value by which a double may be known (CUS-04).
PEOPLE_TOUCHED = """
    SELECT customer_id FROM who WHERE is_new
    UNION SELECT id FROM change WHERE entity = 'customer' AND taken
       AND field IN ('number', 'main_phone', 'id_number_hash', 'birthday')
    UNION SELECT new::bigint FROM change
     WHERE entity = 'car' AND taken AND field IN ('owner', 'buyer')"""

SAMPLE = """
    SELECT DISTINCT c.entity, c.field, c.old, c.new, c.taken,
           coalesce(v.vin, p.name, r.number, i.number, o.code, t.name) AS subject
      FROM change AS c
      LEFT JOIN customers_vehicle AS v ON c.entity = 'car' AND v.id = c.id
      LEFT JOIN customers_customer AS p ON c.entity = 'customer' AND p.id = c.id
      LEFT JOIN service_repairorder AS r ON c.entity = 'order' AND r.id = c.id
      LEFT JOIN service_part AS i ON c.entity = 'parts' AND i.id = c.id
      LEFT JOIN service_operation AS o ON c.entity = 'operations' AND o.id = c.id
      LEFT JOIN reception_trimprice AS g ON c.entity = 'prices' AND g.id = c.id
      LEFT JOIN reception_trim AS t ON t.id = g.trim_id
     WHERE c.field NOT IN ('owner', 'buyer', 'vehicle', 'id_number_hash')
     ORDER BY c.taken, subject, c.field LIMIT 30"""

# What follows from many new rows, and planning after it, may come before autovacuum does, and by
# guess takes minutes for what takes a second: most of all when an import that was only tried left
# tables that are known to be empty.
COUNT_NEW = """
    ANALYZE customers_customer, customers_contactnumber, customers_vehicle,
            customers_mileagereading, delivery_delivery, service_repairorder"""
COUNT_ANEW = "ANALYZE customers_vehicle, customers_mileagereading, customers_maintenancecycle"

# What an import put into the waiting lists of the search indexes goes into the indexes now: else
# each search reads the lists through, 18 ms instead of 0.5 ms, until autovacuum comes.
CLEAN_LISTS = """
    SELECT gin_clean_pending_list(i.indexrelid::regclass) FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
     WHERE a.amname = 'gin' AND i.indrelid IN (
           'customers_customer'::regclass, 'customers_contactnumber'::regclass,
           'customers_vehicle'::regclass)"""

# CARE-29: consent for all, with its basis; who withdrew it stays withdrawn.
CONSENT = """
    WITH given AS (
        UPDATE customers_customer AS c SET accepts_marketing = TRUE
          FROM (SELECT customer_id FROM who UNION
                SELECT t.customer_id FROM incoming AS i JOIN exchange_takenrow AS t
                    ON t.store_id = %(store)s AND t.kind = i.kind AND t.key = i.key) AS w
         WHERE c.id = w.customer_id AND NOT c.accepts_marketing AND c.erased_at IS NULL
           AND NOT EXISTS (
            SELECT FROM customers_consent AS x WHERE x.customer_id = c.id
               AND x.purpose = 'marketing' AND x.state = 'withdrawn')
        RETURNING c.id)
    INSERT INTO customers_consent (store_id, customer_id, purpose, state, at, source, by_id)
    SELECT %(store)s, id, 'marketing', 'given', %(now)s, %(basis)s, %(by)s FROM given"""
