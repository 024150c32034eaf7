"""Parts and operations: what the workshop needs and does, with times, prices and stock; and the
price list of new cars."""

_PART = """('part_name', p.name, l.vals ->> 'name'), ('unit', p.unit, l.vals ->> 'unit'),
           ('part_price', p.price_amount::text, l.vals ->> 'price_amount'),
           ('stock', p.stock::text, l.vals ->> 'stock'),
           ('reorder_at', p.reorder_at::text, l.vals ->> 'reorder_at')"""
_OPERATION = """('op_name', o.name, l.vals ->> 'name'), ('op_kind', o.kind, l.vals ->> 'kind'),
           ('skill', o.skill, l.vals ->> 'skill'),
           ('minutes', o.minutes::text, l.vals ->> 'minutes'),
           ('labour_price', o.price_amount::text, l.vals ->> 'price_amount'),
           ('usual_parts', (SELECT string_agg(p.number || ' × ' || u.quantity, '; '
                                              ORDER BY p.number)
              FROM service_operationpart AS u JOIN service_part AS p ON p.id = u.part_id
             WHERE u.operation_id = o.id),
            (SELECT string_agg(w.key || ' × ' || w.value, '; ' ORDER BY w.key)
               FROM jsonb_each_text(l.vals -> 'parts') AS w))"""
_PRICE = """('guide_price', g.guide_amount::text, l.vals ->> 'guide_amount'),
           ('price_until', g.until::text, l.vals ->> 'until')"""
# Without a day a price that holds already says nothing new.
_SAME_PRICE = """g.trim_id = t.id AND (
               g.effective_from = coalesce((i.vals ->> 'effective_from')::date, %(on)s)
               OR NOT i.vals ? 'effective_from' AND g.effective_from < %(on)s
                  AND coalesce(g.until, %(on)s) >= %(on)s
                  AND g.guide_amount = (i.vals ->> 'guide_amount')::numeric
                  AND NOT EXISTS (SELECT FROM reception_trimprice AS x
                       WHERE x.trim_id = t.id AND x.effective_from <= %(on)s
                         AND x.effective_from > g.effective_from))"""
_TOUCHED = """l.id IS NULL OR EXISTS (
               SELECT FROM change AS c WHERE c.entity = l.kind AND c.id = l.id)"""

CATALOGUE = [
    f"""
    DROP TABLE IF EXISTS live_item, usual_part;
    CREATE TEMP TABLE live_item ON COMMIT DROP AS
    SELECT i.*, coalesce(p.id, o.id, g.id) AS id FROM incoming_item AS i
      LEFT JOIN service_part AS p
        ON i.kind = 'parts' AND p.store_id = %(store)s AND p.number = i.key
      LEFT JOIN service_operation AS o
        ON i.kind = 'operations' AND o.store_id = %(store)s AND o.code = i.key
      LEFT JOIN reception_carmodel AS m
        ON i.kind = 'prices' AND m.store_id = %(store)s AND m.name = i.vals ->> 'model'
      LEFT JOIN reception_trim AS t ON t.car_model_id = m.id AND t.name = i.vals ->> 'variant'
      LEFT JOIN LATERAL (
           SELECT g.id FROM reception_trimprice AS g WHERE {_SAME_PRICE}
            ORDER BY g.effective_from DESC LIMIT 1) AS g ON TRUE""",
    f"""
    INSERT INTO change
    SELECT l.kind, l.id, e.field, e.old, e.new, TRUE
      FROM live_item AS l JOIN service_part AS p ON p.id = l.id,
           LATERAL (VALUES {_PART}) AS e (field, old, new)
     WHERE l.kind = 'parts' AND e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new
    UNION ALL
    SELECT l.kind, l.id, e.field, e.old, e.new, TRUE
      FROM live_item AS l JOIN service_operation AS o ON o.id = l.id,
           LATERAL (VALUES {_OPERATION}) AS e (field, old, new)
     WHERE l.kind = 'operations' AND e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new
    UNION ALL
    SELECT l.kind, l.id, e.field, e.old, e.new, TRUE
      FROM live_item AS l JOIN reception_trimprice AS g ON g.id = l.id,
           LATERAL (VALUES {_PRICE}) AS e (field, old, new)
     WHERE l.kind = 'prices' AND e.new IS NOT NULL AND e.old IS DISTINCT FROM e.new""",
    # The stock only where the file has the column; its history is the movement (SVC-06).
    f"""
    UPDATE service_part AS p
       SET name = coalesce(l.vals ->> 'name', p.name), unit = coalesce(l.vals ->> 'unit', p.unit),
           price_amount = coalesce((l.vals ->> 'price_amount')::numeric, p.price_amount),
           stock = coalesce((l.vals ->> 'stock')::integer, p.stock),
           reorder_at = coalesce((l.vals ->> 'reorder_at')::integer, p.reorder_at)
      FROM live_item AS l WHERE l.kind = 'parts' AND p.id = l.id AND ({_TOUCHED})""",
    """
    INSERT INTO service_part
           (store_id, number, name, unit, price_amount, stock, reorder_at, active)
    SELECT %(store)s, key, vals ->> 'name', coalesce(vals ->> 'unit', '件'),
           (vals ->> 'price_amount')::numeric, coalesce((vals ->> 'stock')::integer, 0),
           coalesce((vals ->> 'reorder_at')::integer, 0), TRUE
      FROM live_item WHERE kind = 'parts' AND id IS NULL""",
    """
    UPDATE service_operation AS o
       SET name = coalesce(l.vals ->> 'name', o.name), kind = coalesce(l.vals ->> 'kind', o.kind),
           skill = coalesce(l.vals ->> 'skill', o.skill),
           minutes = coalesce((l.vals ->> 'minutes')::smallint, o.minutes),
           price_amount = coalesce((l.vals ->> 'price_amount')::numeric, o.price_amount)
      FROM live_item AS l WHERE l.kind = 'operations' AND o.id = l.id AND EXISTS (
           SELECT FROM change AS c WHERE c.entity = l.kind AND c.id = l.id
              AND c.field <> 'usual_parts')""",
    """
    INSERT INTO service_operation
           (store_id, code, name, kind, skill, minutes, price_amount, active)
    SELECT %(store)s, key, vals ->> 'name', vals ->> 'kind', vals ->> 'skill',
           (vals ->> 'minutes')::smallint, (vals ->> 'price_amount')::numeric, TRUE
      FROM live_item WHERE kind = 'operations' AND id IS NULL""",
    f"""
    CREATE TEMP TABLE usual_part ON COMMIT DROP AS
    SELECT o.id AS operation_id, p.id AS part_id, w.value::smallint AS quantity
      FROM live_item AS l
      JOIN service_operation AS o ON o.store_id = %(store)s AND o.code = l.key,
           LATERAL jsonb_each_text(l.vals -> 'parts') AS w
      JOIN service_part AS p ON p.store_id = %(store)s AND p.number = w.key
     WHERE l.kind = 'operations' AND ({_TOUCHED})""",
    """
    DELETE FROM service_operationpart AS u USING (SELECT DISTINCT operation_id FROM usual_part) AS n
     WHERE u.operation_id = n.operation_id AND NOT EXISTS (
           SELECT FROM usual_part AS w
            WHERE w.operation_id = u.operation_id AND w.part_id = u.part_id)""",
    """
    INSERT INTO service_operationpart AS u (operation_id, part_id, quantity)
    SELECT operation_id, part_id, quantity FROM usual_part
    ON CONFLICT (operation_id, part_id) DO UPDATE SET quantity = excluded.quantity
     WHERE u.quantity <> excluded.quantity""",
    """
    INSERT INTO reception_carmodel (store_id, brand, name, energy, is_sold)
    SELECT DISTINCT ON (vals ->> 'model') %(store)s, vals ->> 'brand', vals ->> 'model',
           vals ->> 'energy', TRUE
      FROM live_item AS l WHERE kind = 'prices' AND NOT EXISTS (
           SELECT FROM reception_carmodel AS m
            WHERE m.store_id = %(store)s AND m.name = l.vals ->> 'model')
     ORDER BY vals ->> 'model', file, l."row" ASC""",
    """
    INSERT INTO reception_trim (store_id, car_model_id, name, is_sold)
    SELECT DISTINCT %(store)s, m.id, l.vals ->> 'variant', TRUE
      FROM live_item AS l JOIN reception_carmodel AS m
        ON m.store_id = %(store)s AND m.name = l.vals ->> 'model'
     WHERE l.kind = 'prices' AND NOT EXISTS (
           SELECT FROM reception_trim AS t
            WHERE t.car_model_id = m.id AND t.name = l.vals ->> 'variant')""",
    f"""
    UPDATE reception_trimprice AS g
       SET guide_amount = (l.vals ->> 'guide_amount')::numeric,
           until = coalesce((l.vals ->> 'until')::date, g.until)
      FROM live_item AS l WHERE l.kind = 'prices' AND g.id = l.id AND ({_TOUCHED})""",
    """
    INSERT INTO reception_trimprice (store_id, trim_id, effective_from, until, guide_amount)
    SELECT %(store)s, t.id, coalesce((l.vals ->> 'effective_from')::date, %(on)s),
           (l.vals ->> 'until')::date, (l.vals ->> 'guide_amount')::numeric
      FROM live_item AS l
      JOIN reception_carmodel AS m ON m.store_id = %(store)s AND m.name = l.vals ->> 'model'
      JOIN reception_trim AS t ON t.car_model_id = m.id AND t.name = l.vals ->> 'variant'
     WHERE l.kind = 'prices' AND l.id IS NULL""",
]

ITEM_COUNTS = """
    SELECT l.file, count(*) FILTER (WHERE l.id IS NULL),
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM change AS c WHERE c.entity = l.kind AND c.id = l.id))
      FROM live_item AS l GROUP BY l.file"""

# Staged rows about one thing that say different things, as (file, row, key, files, rows, kind).
ITEM_CONTRADICTIONS = """
    SELECT i.file, i."row", i.key, t.files, t."rows", i.kind FROM incoming_item AS i
      JOIN (SELECT kind, key, array_agg(file ORDER BY file, "row") AS files,
                   array_agg("row" ORDER BY file, "row") AS "rows"
              FROM incoming_item GROUP BY kind, key
            HAVING count(DISTINCT vals) > 1) AS t USING (kind, key)
     ORDER BY i.file, i."row"
"""
DROP_ITEM_CONTRADICTIONS = """
    DELETE FROM incoming_item AS i USING (
        SELECT kind, key FROM incoming_item GROUP BY kind, key
        HAVING count(DISTINCT vals) > 1) AS t
     WHERE i.kind = t.kind AND i.key = t.key
"""
DROP_ITEM_TWINS = """
    DELETE FROM incoming_item AS i USING (
        SELECT kind, key, min((file::bigint << 32) + "row") AS first FROM incoming_item
         GROUP BY kind, key HAVING count(*) > 1) AS t
     WHERE i.kind = t.kind AND i.key = t.key AND (i.file::bigint << 32) + i."row" > t.first
"""
# New here, and something is not said that it needs: (file, row, kind, key, what is missing).
INCOMPLETE_ITEMS = """
    DELETE FROM incoming_item AS i USING (
        SELECT n.file, n."row", array_agg(w.needed ORDER BY w.place) AS missing
          FROM incoming_item AS n
          JOIN (VALUES ('parts', 'name', 1), ('parts', 'price_amount', 2),
                       ('operations', 'name', 1), ('operations', 'kind', 2),
                       ('operations', 'skill', 3), ('operations', 'minutes', 4),
                       ('operations', 'price_amount', 5),
                       ('prices', 'brand', 1), ('prices', 'energy', 2))
               AS w (kind, needed, place) USING (kind)
         WHERE NOT n.vals ? w.needed
           AND NOT EXISTS (SELECT FROM service_part AS p WHERE n.kind = 'parts'
                              AND p.store_id = %(store)s AND p.number = n.key)
           AND NOT EXISTS (SELECT FROM service_operation AS o WHERE n.kind = 'operations'
                              AND o.store_id = %(store)s AND o.code = n.key)
           AND NOT EXISTS (SELECT FROM reception_carmodel AS m WHERE n.kind = 'prices'
                              AND m.store_id = %(store)s AND m.name = n.vals ->> 'model')
         GROUP BY n.file, n."row") AS t
     WHERE i.file = t.file AND i."row" = t."row"
    RETURNING i.file, i."row", i.kind, i.key, t.missing
"""
# Usual parts that are neither in use here nor in these files: (file, row, their numbers).
UNKNOWN_PARTS = """
    DELETE FROM incoming_item AS i USING (
        SELECT n.file, n."row", array_agg(w.number ORDER BY w.number) AS unknown
          FROM incoming_item AS n, jsonb_object_keys(n.vals -> 'parts') AS w (number)
         WHERE n.kind = 'operations'
           AND NOT EXISTS (SELECT FROM service_part AS p
                            WHERE p.store_id = %(store)s AND p.number = w.number AND p.active)
           AND (EXISTS (SELECT FROM service_part AS p
                         WHERE p.store_id = %(store)s AND p.number = w.number)
                OR NOT EXISTS (SELECT FROM incoming_item AS p
                                WHERE p.kind = 'parts' AND p.key = w.number))
         GROUP BY n.file, n."row") AS t
     WHERE i.file = t.file AND i."row" = t."row"
    RETURNING i.file, i."row", t.unknown
"""
