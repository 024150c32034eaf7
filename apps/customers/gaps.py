"""What the archive lacks (CUS-10): the rows of ``Gap`` in SQL, and the list that is worked off.

The most useful comes first: who has no number and a car that is due, then what else is lacking
of those who are due, then numbers, then the rest; within each by the day the car is due. Due is
a car in use up to 30 days ahead and 90 days behind: later there is time, earlier the customer
is lost and care has its own lists. Of several cars of a customer the first that is due counts.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from apps.customers import policy
from apps.customers.choices import Lack
from apps.customers.models import Gap, Vehicle
from apps.customers.search import search

IMPORTED = "import"  # asked for instead of a person: what nobody typed
FOUND = 50  # customers that a search narrows the list to
_DUE = """least(CASE WHEN v.last_maintenance_on IS NULL THEN v.first_service_due_on END,
                v.maintenance_due_on)"""
_SINCE = f"%(on)s::date - {policy.GAP_DUE_BEHIND}"
_PLACE = f"""
    CASE WHEN due.day <= %(on)s::date + {policy.GAP_DUE_AHEAD}
         THEN CASE WHEN said.lack = 'phone' THEN 0 ELSE 1 END
         ELSE CASE WHEN said.lack = 'phone' THEN 2 ELSE 3 END END * {policy.GAP_TIER}
    + coalesce(due.day - DATE '{policy.GAP_DAY_ZERO}', {policy.GAP_NOT_DUE})"""
# Lack → what a customer (c) or a car (v) looks like that lacks it.
_CUSTOMER_LACKS = {
    Lack.PHONE: "NOT c.reachable",
    Lack.BIRTHDAY: "c.kind = 'person' AND c.birthday IS NULL AND c.lunar_birth_mmdd IS NULL",
}
_CAR_LACKS = {
    Lack.OWNER: "v.owner_id IS NULL",
    Lack.DELIVERY: "v.sold_here AND v.delivered_on IS NULL",
    Lack.MILEAGE: "v.last_km IS NULL",
    Lack.INSURANCE: "v.insured_until IS NULL",
}


def _values(lacks: dict[Lack, str]) -> str:
    rows = ", ".join(f"('{lack.value}', {condition})" for lack, condition in lacks.items())
    return f"(VALUES {rows}) AS said (lack, so)"


def _still(lacks: dict[Lack, str]) -> str:
    cases = " ".join(f"WHEN '{lack.value}' THEN {what}" for lack, what in lacks.items())
    return f"CASE gap.lack {cases} END"


# Who refuses every contact is in no hurry.
_OF_CUSTOMERS = f"""
    SELECT c.store_id, said.lack, c.id AS customer_id, NULL::bigint AS vehicle_id,
           c.recorded_by_id, c.refuses_service
      FROM customers_customer AS c, LATERAL {_values(_CUSTOMER_LACKS)}
     WHERE said.so AND c.merged_into_id IS NULL AND c.erased_at IS NULL AND {{customers}}"""
_OF_CARS = f"""
    SELECT v.store_id, said.lack, NULL::bigint AS customer_id, v.id AS vehicle_id,
           v.recorded_by_id, coalesce(c.refuses_service, FALSE) AS refuses_service
      FROM customers_vehicle AS v LEFT JOIN customers_customer AS c ON c.id = v.owner_id,
           LATERAL {_values(_CAR_LACKS)}
     WHERE said.so AND v.fate = 'in_use' AND c.erased_at IS NULL AND {{cars}}"""
_ADD = f"""
    INSERT INTO customers_gap AS gap
           (store_id, lack, customer_id, vehicle_id, recorded_by_id, place)
    SELECT said.store_id, said.lack, said.customer_id, said.vehicle_id, said.recorded_by_id,
           {_PLACE}
      FROM ({_OF_CUSTOMERS} UNION ALL {_OF_CARS}) AS said,
           LATERAL (SELECT min(day) AS day FROM (
                    SELECT {_DUE} AS day FROM customers_vehicle AS v
                     WHERE v.owner_id = said.customer_id AND v.fate = 'in_use'
                    UNION ALL
                    SELECT {_DUE} FROM customers_vehicle AS v WHERE v.id = said.vehicle_id) AS car
                     WHERE NOT said.refuses_service AND day >= {_SINCE}) AS due
     ORDER BY said.customer_id, said.vehicle_id, said.lack
        ON CONFLICT (customer_id, vehicle_id, lack) DO UPDATE
       SET store_id = excluded.store_id, place = excluded.place,
           recorded_by_id = excluded.recorded_by_id
     WHERE (gap.store_id, gap.place, coalesce(gap.recorded_by_id, 0)) IS DISTINCT FROM
           (excluded.store_id, excluded.place, coalesce(excluded.recorded_by_id, 0))"""
_REMOVE = (
    f"""
    DELETE FROM customers_gap AS gap USING customers_customer AS c
     WHERE c.id = gap.customer_id AND {{customers}}
       AND NOT (c.merged_into_id IS NULL AND c.erased_at IS NULL
                AND {_still(_CUSTOMER_LACKS)})""",
    f"""
    DELETE FROM customers_gap AS gap USING customers_vehicle AS v
     WHERE v.id = gap.vehicle_id AND {{cars}}
       AND NOT (v.fate = 'in_use' AND {_still(_CAR_LACKS)})""",
)
_SOME = {"customers": "c.id = ANY (%(people)s)", "cars": "v.id = ANY (%(cars)s)"}
_ALL = {"customers": "c.store_id = %(store)s", "cars": "v.store_id = %(store)s"}
# With a car its owner, whose place follows from it, and with a customer the cars.
_TOGETHER = """
    SELECT array(SELECT unnest(%(people)s::bigint[]) UNION SELECT owner_id FROM customers_vehicle
                  WHERE id = ANY (%(cars)s) AND owner_id IS NOT NULL),
           array(SELECT unnest(%(cars)s::bigint[]) UNION SELECT id FROM customers_vehicle
                  WHERE owner_id = ANY (%(people)s))"""


def keep(people: Collection[int], cars: Collection[int], *, on: date | None) -> None:
    """Bring the gaps of these records and of what belongs to them in line with the archive.

    Without a day to reckon their places by, what is filled in goes, and nothing is added.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOGETHER, {"people": list(people), "cars": list(cars)})
        people, cars = cursor.fetchone()
        _write(cursor, _SOME, {"people": people, "cars": cars, "on": on})


def keep_store(store_id: int, *, on: date) -> None:
    """All of a store anew: what was never told, and places that moved with the day."""
    with connection.cursor() as cursor:
        _write(cursor, _ALL, {"store": store_id, "on": on})


_COUNT = """
    INSERT INTO customers_archiveday AS day
           (store_id, "on", customers, persons, cars, sold_here, no_phone, no_birthday, no_owner,
            no_delivery, no_mileage, no_insurance, incomplete)
    SELECT %(store)s, %(on)s, people.*, cars.*, gaps.*
      FROM (SELECT count(*), count(*) FILTER (WHERE kind = 'person') FROM customers_customer
             WHERE store_id = %(store)s AND merged_into_id IS NULL) AS people,
           (SELECT count(*), count(*) FILTER (WHERE sold_here) FROM customers_vehicle
             WHERE store_id = %(store)s AND fate = 'in_use') AS cars,
           (SELECT count(*) FILTER (WHERE lack = 'phone'),
                   count(*) FILTER (WHERE lack = 'birthday'),
                   count(*) FILTER (WHERE lack = 'owner'),
                   count(*) FILTER (WHERE lack = 'delivery'),
                   count(*) FILTER (WHERE lack = 'mileage'),
                   count(*) FILTER (WHERE lack = 'insurance'),
                   count(DISTINCT customer_id) + count(DISTINCT vehicle_id)
              FROM customers_gap WHERE store_id = %(store)s) AS gaps
        ON CONFLICT (store_id, "on") DO UPDATE
       SET (customers, persons, cars, sold_here, no_phone, no_birthday, no_owner, no_delivery,
            no_mileage, no_insurance, incomplete)
         = ROW (excluded.customers, excluded.persons, excluded.cars, excluded.sold_here,
                excluded.no_phone, excluded.no_birthday, excluded.no_owner, excluded.no_delivery,
                excluded.no_mileage, excluded.no_insurance, excluded.incomplete)"""


def count_day(store_id: int, *, on: date) -> None:
    """Write down how complete the store's archive is; again on a day it is counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"store": store_id, "on": on})


def _write(cursor: Any, scope: Mapping[str, str], values: Mapping[str, Any]) -> None:
    for remove in _REMOVE:
        cursor.execute(remove.format(**scope), values)
    if values["on"] is not None:
        cursor.execute(_ADD.format(**scope), values)


def asked_for(user: Any, asked: Mapping[str, Any]) -> QuerySet[Gap]:
    """The gaps that a filter asks for, the most useful first."""
    rows: QuerySet[Gap] = Gap.objects.visible_to(user)
    if asked.get("lack"):
        rows = rows.filter(lack=asked["lack"])
    if recorder := asked.get("recorder"):
        rows = rows.filter(recorded_by=None if recorder == IMPORTED else recorder)
    if asked.get("store"):
        rows = rows.filter(store=asked["store"])
    if text := asked.get("q"):
        hits = search(user.store_ids, text, FOUND)
        people = [hit.customer.pk for hit in hits if hit.customer]
        cars = [hit.vehicle.pk for hit in hits if hit.vehicle]
        cars += Vehicle.objects.filter(owner__in=people).values_list("pk", flat=True)
        rows = rows.filter(Q(customer__in=people) | Q(vehicle__in=cars))
    shown = ("store", "customer", "vehicle__owner", "recorded_by")
    return rows.select_related(*shown).order_by("place", "pk")


def also_lacking(gaps: Collection[Gap]) -> dict[int, list[Lack]]:
    """Owner → all that can be asked in the same conversation. Two queries."""
    people = {gap.owner.pk for gap in gaps if gap.owner}
    owners = dict(Vehicle.objects.filter(owner__in=people).values_list("pk", "owner"))
    rows = Gap.objects.filter(Q(customer__in=people) | Q(vehicle__in=owners))
    told: dict[int, list[Lack]] = {}
    for customer, vehicle, lack in rows.values_list("customer", "vehicle", "lack"):
        told.setdefault(customer or owners[vehicle], []).append(Lack(lack))
    in_order = list(Lack)
    return {owner: sorted(lacks, key=in_order.index) for owner, lacks in told.items()}
