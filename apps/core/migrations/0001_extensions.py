"""What the schema stands on: trigram and exclusion indexes, and the pieces of a name."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

NAME_PIECES = """
CREATE OR REPLACE FUNCTION name_pieces(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT piece), '{}') FROM (
        SELECT substr(lower(name), i, n) AS piece
        FROM generate_series(1, length(name)) AS i, generate_series(1, 2) AS n
    ) AS pieces
$$
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(NAME_PIECES, "DROP FUNCTION name_pieces(text)"),
    ]
