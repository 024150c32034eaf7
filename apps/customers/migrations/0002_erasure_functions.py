from django.db import migrations

# The one exception from "history cannot be changed" (SEC-04): these functions change what triggers
# keep otherwise, only in the transaction that wrote a row of customers_erasure, and write
# down themselves what they did.
FUNCTIONS = """
CREATE FUNCTION erasure_begins(erasure bigint, target regclass) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}');
BEGIN
    IF NOT EXISTS (SELECT FROM customers_erasure AS e
                    WHERE e.id = erasure AND e.transaction = txid_current()) THEN
        RAISE EXCEPTION 'no erasure % is being carried out in this transaction', erasure;
    END IF;
    PERFORM set_config('pgtrigger.ignore', coalesce(
        (SELECT array_agg(tgname::text)::text FROM pg_trigger
          WHERE tgrelid = target AND tgname LIKE 'pgtrigger_%'), '{}'), true);
    RETURN before;
END $$;

-- Blank columns of some rows of a table: column -> value; one that is empty stays empty.
-- ``fresh``: columns that get another value in each row. Returns how many rows.
CREATE FUNCTION erase_columns(
    erasure bigint, target regclass, key text, ids bigint[], blanks jsonb, fresh text[]
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    before text := erasure_begins(erasure, target);
    names text[] := array(SELECT jsonb_object_keys(blanks)) || fresh;
    assignments text;
    touched bigint;
BEGIN
    SELECT string_agg(format(
               '%1$I = CASE WHEN t.%1$I::text IN (%2$L, %3$L, %4$L) OR t.%1$I IS NULL'
               ' THEN t.%1$I ELSE %5$s END', c.name, '', '{}', '[]',
               CASE WHEN c.name <> ALL (fresh) THEN format('b.%I', c.name)
                    WHEN a.atttypid = 'uuid'::regtype THEN 'gen_random_uuid()'
                    ELSE format('t.%I || %L', key, '×') END), ', ')
      INTO assignments
      FROM unnest(names) AS c (name)
      JOIN pg_attribute AS a ON a.attrelid = target AND a.attname = c.name;
    EXECUTE format('UPDATE %1$s AS t SET %2$s FROM jsonb_populate_record(NULL::%1$s, $1) AS b'
                   ' WHERE t.%3$I = ANY ($2)', target, assignments, key)
      USING blanks, ids;
    GET DIAGNOSTICS touched = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', before, true);
    INSERT INTO customers_erasedtable (erasure_id, "table", columns, rows)
    VALUES (erasure, target::text, names, touched);
    RETURN touched;
END $$;

-- Take words out of the texts of some rows of a table.
CREATE FUNCTION erase_words(
    erasure bigint, target regclass, key text, ids text[], names text[], pattern text
) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    before text := erasure_begins(erasure, target);
    assignments text;
    key_type text;
    touched bigint;
BEGIN
    -- What stands for the words is a number too, so that JSON stays JSON.
    SELECT string_agg(format('%1$I = regexp_replace(t.%1$I::text, $1, %2$L, %3$L)::%4$s', a.attname,
               CASE WHEN a.atttypid = 'jsonb'::regtype THEN '0' ELSE '＊＊' END, 'g',
               format_type(a.atttypid, a.atttypmod)), ', ')
      INTO assignments
      FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = ANY (names);
    SELECT format_type(a.atttypid, NULL) INTO key_type
      FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = key;
    EXECUTE format('UPDATE %s AS t SET %s WHERE t.%I = ANY ($2::%s[])',
                   target, assignments, key, key_type)
      USING pattern, ids;
    GET DIAGNOSTICS touched = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', before, true);
    INSERT INTO customers_erasedtable (erasure_id, "table", columns, rows)
    VALUES (erasure, target::text, names, touched);
    RETURN touched;
END $$;
"""
GONE = """
DROP FUNCTION erase_words(bigint, regclass, text, text[], text[], text);
DROP FUNCTION erase_columns(bigint, regclass, text, bigint[], jsonb, text[]);
DROP FUNCTION erasure_begins(bigint, regclass);
"""


class Migration(migrations.Migration):
    replaces = [("customers", "0013_erasure")]
    dependencies = [("customers", "0001_whole")]
    operations = [migrations.RunSQL(FUNCTIONS, GONE)]
