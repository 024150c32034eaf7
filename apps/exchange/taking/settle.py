"""The temporary tables, and what is settled in them before anything is taken."""

STAGING = """
    DROP TABLE IF EXISTS incoming, incoming_order, incoming_item;
    CREATE TEMP TABLE incoming (
        file integer, "row" integer, ord bigint, kind smallint, key text, vin text, name text,
        phone text, landline text, region text, landline_region text, id_hash text,
        id_sealed text, locality text, initials text, ckey text, vals jsonb);
    CREATE TEMP TABLE incoming_order (
        file integer, "row" integer, number text, vin text, plate text, kind text, in_on date,
        out_on date, km integer, amount numeric(12, 2), advisor text);
    CREATE TEMP TABLE incoming_item (file integer, "row" integer, kind text, key text, vals jsonb);
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
