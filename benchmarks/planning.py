"""Planning a day against the leanest SQL by hand that gives the same rows (issue 2, speed).

Cars are seeded with their derived columns, spread over two years: due, overdue, lost, new.
"""

import statistics
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.care.actions.planning import plan
from apps.care.models import CarePolicy
from apps.desk.actions import add_store
from benchmarks.common import (
    fresh_database,
    limit_row,
    scaled,
    seed_cars,
    seeding,
    settle,
    side_by_side,
    timed,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
T = f"date '{TODAY}'"

# What an expert writes for one store with all numbers put in: no policy, no calendar, no
# search for corrections, nothing about what is there already but the key.
HEAD = """
    INSERT INTO care_call (store_id, kind, customer_id, vehicle_id, cycle, event_on, opens_on,
        due_on, created_on, proactive, made_up, churn_group, owner_id, proof)
    SELECT %(store)s, '{kind}', {customer}, {vehicle}, {cycle}, {event}, {opens}, {due}, {today},
        {proactive}, {made_up}, {group}, coalesce(
            (SELECT owner_id FROM care_call AS open WHERE open.customer_id = {customer}
                AND open.status IN ('waiting', 'claimed') {own} LIMIT 1),
            ({people})[1 + (dense_rank() OVER (ORDER BY {customer}) - 1)
                %% cardinality({people})]), '{{}}'::jsonb
"""
CARS = f"""
    FROM customers_vehicle AS car JOIN customers_customer AS customer ON customer.id = car.owner_id
    WHERE car.store_id = %(store)s AND fate = 'in_use' AND NOT in_workshop
        AND NOT customer.refuses_service AND (facts_until IS NULL OR facts_until <= {T})
        AND NOT EXISTS (SELECT FROM customers_stopcontact AS stop WHERE stop.ended_at IS NULL
            AND stop.kind = '{{kind}}' AND stop.vehicle_id = car.id
            AND stop.customer_id = car.owner_id)
        AND {{which}}
    ON CONFLICT DO NOTHING
"""
CAR = {
    "customer": "owner_id",
    "vehicle": "car.id",
    "today": T,
    "proactive": "false",
    "made_up": f"date '{date(2026, 11, 30)}' < {T}",
    "group": "''",
    "own": "AND open.kind <> 'insurance'",
    "people": "%(people)s::bigint[]",
}
SHELTERED = f"(sold_here AND last_maintenance_on IS NULL AND first_service_due_on >= {T})"


def _yearly(start, year, *, opens, lead, years):
    """Of one day of the car every so many years: a range of the index for each of them."""
    event = f"({start} + make_interval(years => {year} - extract(year FROM {start})::int))::date"
    spans = " OR ".join(
        f"{start} BETWEEN {T} - {31 - lead} - interval '{n} years' - interval '1 day' "
        f"AND {T} + interval '{opens}' - interval '{n} years' + interval '1 day'"
        for n in years
    )
    return CAR | {
        "cycle": event,
        "event": event,
        "opens": f"({event} - interval '{opens}')::date",
        "due": f"{event} - {lead}",
        "made_up": f"{event} - {lead} < {T} + 3",
        "which": f"({spans}) AND {event} - interval '{opens}' <= {T} "
        f"AND {event} - {lead} >= {T} - 31 AND {event} >= {start}",
    }


BY_HAND = {
    "first_service": CAR
    | {
        "cycle": "'first'",
        "event": "first_service_due_on",
        "opens": "first_service_opens_on",
        "due": "first_service_due_on",
        "made_up": f"first_service_due_on < {T} + 3",
        "which": f"sold_here AND last_maintenance_on IS NULL "
        f"AND first_service_due_on >= {T} - 31 AND first_service_opens_on <= {T}",
    },
    "maintenance": CAR
    | {
        "cycle": "base_on::text",
        "event": "maintenance_due_on",
        "opens": "maintenance_opens_on",
        "due": "maintenance_due_on - 7",
        "proactive": "maintenance_opens_on < maintenance_due_on - 21",
        "made_up": f"maintenance_due_on - 7 < {T} + 3",
        "which": f"maintenance_due_on BETWEEN {T} AND {T} + 30 "
        f"AND maintenance_opens_on <= {T} AND {SHELTERED} IS NOT TRUE",
    },
    "at_risk": CAR
    | {
        "cycle": "base_on::text",
        "event": "maintenance_due_on",
        "opens": T,
        "due": "date '2026-11-30'",
        "which": f"maintenance_due_on > {T} - 30 AND maintenance_due_on < {T} "
        f"AND {SHELTERED} IS NOT TRUE",
    },
    "churn": CAR
    | {
        "cycle": "last_seen_on || '/2026-11'",
        "event": "last_seen_on",
        "opens": T,
        "due": "date '2026-11-30'",
        "group": f"""CASE WHEN customer.locality = 'local' THEN 'local_' ELSE 'non_local_' END
            || CASE WHEN warranty_ends_on > {T} THEN 'in' ELSE 'out' END""",
        "which": f"last_seen_on BETWEEN {T} - 360 AND {T} - 90 AND maintenance_due_on <= {T} - 30"
        f""" AND NOT EXISTS (SELECT FROM care_call AS old WHERE old.vehicle_id = car.id
            AND old.kind = 'churn' AND (old.status = 'reached' AND old.ended_at >= {T} - 90
                OR old.status IN ('waiting', 'claimed')))""",
    },
    "warranty": CAR
    | {
        "cycle": "(delivered_on + make_interval(months => coalesce(warranty_months, 36)))::date",
        "event": "warranty_ends_on",
        "opens": "warranty_ends_on - 45",
        "due": "(warranty_ends_on - interval '1 month')::date",
        "made_up": f"warranty_ends_on - interval '1 month' < {T} + 3",
        "which": f"warranty_ends_on > {T} AND warranty_ends_on <= {T} + 45 "
        f"AND delivered_on <= {T} AND warranty_ends_on - interval '1 month' >= {T} - 31",
    },
    "inspection": _yearly(
        "coalesce(registered_on, delivered_on)",
        "2026",
        opens="1 month",
        lead=7,
        years=(2, 4, 6, 8, 10, *range(11, 47)),
    ),
    "insurance": _yearly(
        "insured_until",
        "CASE WHEN extract(month FROM insured_until) = 1 THEN 2027 ELSE 2026 END",
        opens="2 months",
        lead=30,
        years=range(47),
    )
    | {"own": "AND open.kind = 'insurance'", "people": "%(insurers)s::bigint[]"},
}
BIRTHDAYS = (
    HEAD.format(
        kind="birthday",
        **CAR
        | {
            "customer": "customer.id",
            "vehicle": "NULL",
            "cycle": "'2026'",
            "event": T,
            "opens": T,
            "due": T,
            "made_up": "false",
        },
    )
    + """
    FROM customers_customer AS customer
    WHERE customer.store_id = %(store)s AND customer.kind = 'person' AND birthday IS NOT NULL
        AND birth_mmdd = 1123 AND lunar_birth_mmdd IS NULL AND NOT refuses_service
        AND EXISTS (SELECT FROM customers_vehicle AS car
            WHERE car.owner_id = customer.id AND fate = 'in_use')
        AND NOT EXISTS (SELECT FROM customers_stopcontact AS stop WHERE stop.ended_at IS NULL
            AND stop.kind = 'birthday' AND stop.customer_id = customer.id)
    ON CONFLICT DO NOTHING
"""
)


def by_hand(store, people, insurers):
    statements = [(HEAD + CARS).format(kind=kind, **parts) for kind, parts in BY_HAND.items()]
    values = {"store": store.pk, "people": people, "insurers": insurers}
    with connection.cursor() as cursor:
        for statement in [*statements, BIRTHDAYS]:
            cursor.execute(statement, values)


def nothing_planned():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE care_call, care_attempt, care_plannedday CASCADE")
        cursor.execute("VACUUM (ANALYZE) care_call")


ROWS = """SELECT kind, customer_id, vehicle_id, cycle, event_on, opens_on, due_on, created_on,
    proactive, made_up, churn_group FROM care_call ORDER BY kind, vehicle_id, customer_id"""


def rows():
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return cursor.fetchall()


@contextmanager
def archive(active, idle=0):
    """``active`` cars spread over two years of visits, and ``idle`` ones with nothing due."""
    with fresh_database("planning"):
        store = add_store("BENCH", "基准演示店")
        people, insurers = (
            [
                User.objects.create(
                    username=f"{role}{n}", name=f"演示{n}", store=store, roles=[role]
                ).pk
                for n in range(count)
            ]
            for role, count in ((Role.CARE_SPECIALIST, 8), (Role.INSURANCE_SPECIALIST, 3))
        )
        with seeding():
            seed_cars(store, active, **_active())
            if idle:
                seed_cars(store, idle, **_idle())
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE customers_customer SET birthday = date '1980-01-01' + id::int %% 365 "
                    "WHERE id <= %s",
                    [active],
                )
        settle()
        yield store, people, insurers


def _derived(base, *, new):
    due = f"({base} + interval '6 months')::date"
    return {
        "sold_here": "true",
        "delivered_on": f"CASE WHEN {new} THEN {base} ELSE {base} - 400 END",
        "last_visit_on": f"CASE WHEN {new} THEN NULL ELSE {base} END",
        "last_maintenance_on": f"CASE WHEN {new} THEN NULL ELSE {base} END",
        "base_on": base,
        "last_km": "n % 90000",
        "last_km_on": base,
        "maintenance_due_on": due,
        "maintenance_opens_on": f"{due} - 21 - (n % 3) * 4",
        "first_service_opens_on": f"CASE WHEN {new} THEN ({base} + interval '2 months')::date END",
        "first_service_due_on": f"CASE WHEN {new} THEN ({base} + interval '3 months')::date END",
        "facts_until": base,
    }


def _active():
    """Insured until days spread over three years: of each year's 62 days some are due."""
    insured = {"insured_until": f"{T} + 300 - (n * 7 % 1095)::int"}
    return _derived(f"({T} - (n % 730)::int)", new="(n % 10 = 0)") | insured


def _idle():
    """Half of them just maintained, half not seen for more than a year.

    Neither warranty nor inspection nor insurance is near.
    """
    years = {
        "delivered_on": f"{T} - 100 - (n % 200)::int",
        "insured_until": f"{T} + 100 + (n % 200)::int",
    }
    return (
        _derived(
            f"({T} - CASE WHEN n % 2 = 0 THEN n % 120 ELSE 500 + n % 1500 END::int)", new="false"
        )
        | years
    )


def run():
    found, seconds = [], {}
    for name, active, idle in (
        ("100,000 cars", scaled(100_000), 0),
        ("1,000,000 cars, as many due", scaled(100_000), scaled(900_000)),
        ("1,000,000 cars", scaled(1_000_000), 0),
    ):
        with archive(active, idle) as (store, people, insurers):
            if not idle:
                found.append(_against_hand(name, store, people, insurers))
            seconds[name] = _median_first_run()
            settle()
            second = min(timed(_ours) for _ in range(3))
            found.append(
                limit_row(f"planning {name}: again, nothing new", second, seconds[name], bar=0.2)
            )
    found.append(
        limit_row(
            "planning: archive ten times as large, as many due",
            seconds["1,000,000 cars, as many due"],
            seconds["100,000 cars"],
            bar=2,
        )
    )
    return found


def _median_first_run():
    found = []
    for _ in range(3):
        nothing_planned()
        found.append(timed(_ours))
    return statistics.median(found)


def _ours():
    plan(on=TODAY, now=NOW)


def _against_hand(name, store, people, insurers):
    nothing_planned()
    _ours()
    ours = rows()
    nothing_planned()
    by_hand(store, people, insurers)
    assert ours == rows(), "not the same rows"
    assert CarePolicy.objects.count() == 1
    return side_by_side(
        f"planning {name}: {len(ours):,} calls",
        _ours,
        lambda: by_hand(store, people, insurers),
        bar=1.5,
        times=3,
        before=nothing_planned,
    )
