"""Which records may be one customer (CUS-04): every sign in one statement, for one store.

Each sign gives groups of records that share something; the records of a group make pairs.
What many share says little: of a large group each is only set beside the oldest, so that a
fleet's number does not make a pair of every two drivers; a name and birthday that many share
were put in for want of the true ones and say nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from apps.customers.choices import (
    STRENGTH,
    STRONG,
    CustomerKind,
    DuplicateStatus,
    NumberStatus,
    Sign,
)
from apps.customers.models import Customer, Duplicate

FEW = 5  # in a group of so many each is set beside each
MOST = 500  # of a larger group so many beside the oldest
ALIKE = 5  # shown when one is entered

_WHO = "array_agg(DISTINCT {0} ORDER BY {0})"
_PHONES = f"""
    SELECT 'phone' AS sign, {_WHO.format("customer_id")} AS who FROM customers_contactnumber
     WHERE store_id = %(store)s AND status <> 'wrong' {{phones}}
     GROUP BY number HAVING count(*) > 1"""
_ID_NUMBERS = f"""
    SELECT 'id_number', {_WHO.format("id")} FROM customers_customer
     WHERE store_id = %(store)s AND id_number_hash <> '' AND merged_into_id IS NULL {{hashes}}
     GROUP BY id_number_hash HAVING count(*) > 1"""
_BIRTHDAYS = f"""
    SELECT 'birthday', {_WHO.format("id")} FROM customers_customer
     WHERE store_id = %(store)s AND kind = 'person' AND birthday IS NOT NULL
       AND merged_into_id IS NULL {{birthdays}}
     GROUP BY name, birthday HAVING count(*) BETWEEN 2 AND {FEW}"""
# Whoever was named for one car; whether the names are alike is asked of the pair.
_CARS = f"""
    SELECT 'vin', {_WHO.format("customer_id")} FROM (
        SELECT vehicle_id, customer_id FROM customers_ownership WHERE store_id = %(store)s
        UNION ALL SELECT id, owner_id FROM customers_vehicle
                   WHERE store_id = %(store)s AND owner_id IS NOT NULL
        {{holders}}) AS held WHERE TRUE {{cars}}
     GROUP BY vehicle_id HAVING count(DISTINCT customer_id) > 1"""
# Arrays, so that each is looked up in an index of every table that is asked.
_TOUCHED = {
    "phones": """AND number = ANY (ARRAY(SELECT number FROM customers_contactnumber
                                          WHERE customer_id = ANY (%(ids)s)))""",
    "hashes": """AND id_number_hash = ANY (ARRAY(
        SELECT id_number_hash FROM customers_customer
         WHERE id = ANY (%(ids)s) AND id_number_hash <> ''))""",
    "birthdays": """AND (birth_mmdd, name, birthday) IN (
        SELECT birth_mmdd, name, birthday FROM customers_customer WHERE id = ANY (%(ids)s))""",
    "cars": """AND vehicle_id = ANY (ARRAY(
        SELECT vehicle_id FROM customers_ownership WHERE customer_id = ANY (%(ids)s)
        UNION ALL SELECT id FROM customers_vehicle WHERE owner_id = ANY (%(ids)s)
        {held_by}))""",
}
_NAMES_ALIKE = """(a.name = b.name OR (a.initials <> '' AND a.initials = b.initials)
    OR strpos(a.name, b.name) > 0 OR strpos(b.name, a.name) > 0)"""
_PAIRS = f"""
    CREATE TEMP TABLE found_pair ON COMMIT DROP AS
    WITH alike AS MATERIALIZED ({{groups}}), pair AS (
        SELECT one.id AS low, other.id AS high, sign
          FROM alike, unnest(who[1:CASE WHEN cardinality(who) > {FEW} THEN 1 ELSE {FEW} END])
               AS one (id), unnest(who[1:{MOST}]) AS other (id)
         WHERE one.id < other.id)
    SELECT low, high, array_agg(sign::varchar ORDER BY sign) AS signs
      FROM pair JOIN customers_customer AS a ON a.id = low AND a.merged_into_id IS NULL
           JOIN customers_customer AS b ON b.id = high AND b.merged_into_id IS NULL
     WHERE sign <> 'vin' OR {_NAMES_ALIKE}
     GROUP BY low, high"""
_STRENGTH = " + ".join(f"{n} * ('{sign}' = ANY ({{0}}))::int" for sign, n in STRENGTH.items())
_STRONG = ", ".join(f"'{sign}'" for sign in STRONG)
_ALL = "ARRAY(SELECT DISTINCT unnest(d.signs || excluded.signs) ORDER BY 1)"
# What a person said stays said, unless a strong sign came that they had not seen.
_KEEP = f"""
    INSERT INTO customers_duplicate AS d (store_id, low_id, high_id, signs, strength, found_at)
    SELECT %(store)s, low, high, signs, {_STRENGTH.format("signs")}, %(now)s FROM found_pair
     ORDER BY low, high
    ON CONFLICT (low_id, high_id) DO UPDATE
       SET signs = {_ALL}, strength = {_STRENGTH.format(_ALL)},
           status = CASE WHEN {{news}} THEN 'open' ELSE d.status END,
           found_at = CASE WHEN {{news}} THEN excluded.found_at ELSE d.found_at END,
           decided_by_id = CASE WHEN {{news}} THEN NULL ELSE d.decided_by_id END,
           decided_at = CASE WHEN {{news}} THEN NULL ELSE d.decided_at END
     WHERE d.status <> 'merged' AND NOT d.signs @> excluded.signs"""
_COUNT = """
    SELECT count(*) FROM found_pair AS excluded
      LEFT JOIN customers_duplicate AS d ON (d.low_id, d.high_id) = (low, high)
     WHERE d.id IS NULL OR ({news})"""
_NEWS = f"""d.status = 'dismissed' AND EXISTS (
    SELECT FROM unnest(excluded.signs) AS sign
     WHERE sign IN ({_STRONG}) AND sign <> ALL (d.signs))"""
_FORGET = """
    DELETE FROM customers_duplicate AS d WHERE store_id = %(store)s AND status = 'open'
       AND NOT EXISTS (SELECT FROM found_pair AS f WHERE f.low = d.low_id AND f.high = d.high_id)"""


def find(
    store_id: int,
    ids: Iterable[int] | None,
    *,
    holders: QuerySet[Any, Any] | None,
    now: datetime,
) -> int:
    """Write down the pairs of the store (of these records, None: of all); how many are new.

    ``holders``: (vehicle, customer) of whoever else a higher floor knows to have been named for
    a car. Asked of all records, an open pair whose signs have gone goes too.
    """
    values: dict[str, Any] = {"store": store_id, "now": now, "ids": None if ids is None else [*ids]}
    more = _sql(holders, values) if holders is not None else ""
    held_by = f"UNION ALL SELECT vehicle_id FROM ({more}) AS h (vehicle_id, customer_id) "
    touched = dict.fromkeys(_TOUCHED, "")
    if ids is not None:
        where = f"{held_by} WHERE customer_id = ANY (%(ids)s)" if more else ""
        touched = {name: sql.format(held_by=where) for name, sql in _TOUCHED.items()}
    groups = " UNION ALL ".join((_PHONES, _ID_NUMBERS, _BIRTHDAYS, _CARS))
    groups = groups.format(holders=f"UNION ALL ({more})" if more else "", **touched)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found_pair")
        cursor.execute(_PAIRS.format(groups=groups), values)
        if ids is None:
            cursor.execute("ANALYZE found_pair")
            cursor.execute(_FORGET, values)
        cursor.execute(_COUNT.format(news=_NEWS))
        found = int(cursor.fetchone()[0])
        cursor.execute(_KEEP.format(news=_NEWS), values)
    return found


def _sql(rows: QuerySet[Any, Any], values: dict[str, Any]) -> str:
    """The query as SQL whose parameters have names among ``values``."""
    sql, params = rows.query.sql_with_params()
    for place, value in enumerate(params):
        values[f"p{place}"] = value
        sql = sql.replace("%s", f"%(p{place})s", 1)
    return sql


def open_pairs(user: Any, sign: str = "") -> QuerySet[Duplicate]:
    """What is to be decided, of one sign or of all: the strongest first, then the newest."""
    rows: QuerySet[Duplicate] = Duplicate.objects.visible_to(user).filter(
        status=DuplicateStatus.OPEN
    )
    if sign:
        rows = rows.filter(signs__contains=[sign])
    return rows.select_related("low", "high", "store").order_by("-strength", "-pk")


class Alike(NamedTuple):
    """A record that what is just being entered may be about."""

    customer: Customer
    signs: list[str]


def alike(
    store_id: int,
    *,
    number: str = "",
    id_hash: str = "",
    name: str = "",
    birthday: date | None = None,
    besides: int | None = None,
) -> list[Alike]:
    """Who has this number, ID number, name and birthday already; ``besides`` is who is edited."""
    people = Customer.objects.filter(store=store_id).exclude(pk=besides).order_by("pk")
    asked: list[tuple[Sign, Q]] = []
    if id_hash:
        asked.append((Sign.ID_NUMBER, Q(id_number_hash=id_hash)))
    if number:
        named = Q(numbers__number=number) & ~Q(numbers__status=NumberStatus.WRONG)
        asked.append((Sign.PHONE, named))
    if name and birthday:
        born = Q(kind=CustomerKind.PERSON, name=name, birthday=birthday)
        born &= Q(birth_mmdd=birthday.month * 100 + birthday.day)  # has an index
        asked.append((Sign.BIRTHDAY, born))
    found: dict[int, Alike] = {}
    for sign, condition in asked:
        for person in people.filter(condition)[:ALIKE]:
            found.setdefault(person.pk, Alike(person, [])).signs.append(str(sign.label))
    return list(found.values())
