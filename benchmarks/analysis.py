"""The pages of analysis of a store with 50,000 cars against the bare SQL (issue 6, speed).

A page: the whole request against its own statements sent without any of our layers, one after
the other; and its 95th percentile against 500 ms. The reminder rates besides against SQL by hand.
"""

import time
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.care.figures.periods import MONTH, Period
from apps.care.figures.reminders import reminders
from apps.desk.actions import add_store
from benchmarks import common

CARS, SPECIALISTS, REQUESTS = 50_000, 6, 40
LIMIT_MS = 500
SHELL = ("SAVEPOINT", "django_session", 'FROM "accounts_user" WHERE "accounts_user"."id" =')
PAGES = {
    "analysis, a month": ("care:analysis", ""),
    "analysis, a week": ("care:analysis", "?period=week"),
    "analysis, rows of a number": ("care:analysis", "?kind=maintenance&what=missed"),
    "warnings": ("care:warnings", ""),
    "lost customers": ("care:churn", ""),
    "next 90 days": ("care:forecast", ""),
    "next 90 days, other numbers": ("care:forecast", "?at_risk_days=20&interval_months=5"),
}
BY_HAND = """
    SELECT date_trunc('month', due_on)::date, kind, owner_id,
        count(*) FILTER (WHERE owed), count(*) FILTER (WHERE owed AND reminded),
        count(*) FILTER (WHERE owed AND is_open AND due_on >= %(today)s),
        count(*) FILTER (WHERE owed AND NOT reminded AND NOT (is_open AND due_on >= %(today)s)),
        count(*) FILTER (WHERE owed AND status = 'reached'),
        count(*) FILTER (WHERE owed AND status = 'reached' AND result = 'booked'),
        count(*) FILTER (WHERE owed AND written),
        count(*) FILTER (WHERE owed AND result = 'elsewhere'),
        count(*) FILTER (WHERE made_up AND NOT gone)
    FROM (
        SELECT *, NOT made_up AND NOT gone AS owed,
            (status = 'reached' OR written) AND ended_on <= due_on IS TRUE AS reminded
        FROM (
            SELECT due_on, kind, owner_id, status, result, made_up,
                status IN ('waiting', 'claimed') AS is_open,
                (ended_at AT TIME ZONE 'Asia/Shanghai')::date AS ended_on,
                status = 'withdrawn' AND (end_reason IN
                        ('stopped', 'car_gone', 'new_owner', 'not_owed', 'merged')
                    OR coalesce((proof->>'in_on')::date, (proof->>'on')::date,
                        (ended_at AT TIME ZONE 'Asia/Shanghai')::date) <= due_on) AS gone,
                status = 'failed' AND end_reason = 'three_attempts' AND attempts >= 3 AND EXISTS (
                    SELECT FROM messaging_message AS message
                     WHERE message.store_id = call.store_id
                       AND message.status NOT IN ('failed', 'cancelled')
                       AND dedupe_key = 'fallback:' || call.id || ':' || call.event_on) AS written
            FROM care_call AS call
            WHERE store_id = %(store)s AND kind IN ('first_service', 'maintenance')
                AND due_on BETWEEN %(first)s AND %(last)s) AS judged) AS call
    GROUP BY 1, 2, 3"""


def run() -> list[dict[str, Any]]:
    with common.fresh_database("analysis"):
        store = add_store("BENCH", "测试店")
        manager = User.objects.create(username="manager", store=store, roles=[Role.CARE_MANAGER])
        people = [
            User.objects.create(username=f"s{n}", store=store, roles=[Role.CARE_SPECIALIST])
            for n in range(SPECIALISTS)
        ]
        today = timezone.localdate()
        lives(store, people, common.scaled(CARS), today)
        common.settle()
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(manager)
        rows = [by_hand(store, today)]
        for name, (url, query) in PAGES.items():
            rows += page(client, f"{name}, {CARS:,} cars", reverse(url) + query)
        return rows


def lives(store: Any, people: list[User], count: int, today: date) -> None:
    """Cars of all ages; each has ended calls of both kinds with a dialling, visits and a cycle."""
    T, first = f"date '{today}'", people[0].pk
    owner = f"{first} + n % {len(people)}"
    with common.seeding():
        common.seed_cars(
            store, count,
            sold_here="n % 5 > 0", delivered_on=f"{T} - n % 1400",
            first_service_due_on=f"CASE WHEN n % 5 > 0 THEN {T} - n % 1400 + 91 END",
            first_service_opens_on=f"CASE WHEN n % 5 > 0 THEN {T} - n % 1400 + 61 END",
            last_maintenance_on=f"CASE WHEN n % 1400 > 100 THEN {T} - n % 380 END",
            last_visit_on=f"CASE WHEN n % 1400 > 100 THEN {T} - n % 380 END",
            base_on=f"{T} - least(n % 1400, n % 380)",
            maintenance_due_on=f"{T} - least(n % 1400, n % 380) + 182",
            maintenance_opens_on=f"{T} - least(n % 1400, n % 380) + 161",
            insured_until=f"{T} - 180 + n % 365", fate="'in_use'",
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(id) FROM customers_vehicle")
            car = f"{cursor.fetchone()[0]} + n - 1"
            cursor.execute("SELECT min(id) FROM customers_customer")
            customer = f"{cursor.fetchone()[0]} + n - 1"
            cursor.execute("SELECT kind, id FROM care_script")
            script = dict(cursor.fetchall())
        _calls(store, count, T, car, customer, owner, script)
        _facts(store, count, T, car, first)


def _calls(
    store: Any, count: int, T: str, car: str, customer: str, owner: str, script: dict[str, int]
) -> None:
    """Two ended calls a car over a year; one of ten failed with a message, one of twenty open."""
    store_id, base = str(store.pk), 0
    for kind, spread in (("first_service", 370), ("maintenance", 365)):
        due = f"{T} + 20 - n % {spread}"
        status = "(ARRAY['reached','reached','reached','failed','withdrawn','lapsed'])[1 + n % 6]"
        status = f"CASE WHEN {due} > {T} OR n % 20 = 7 THEN 'waiting' ELSE {status} END"
        ended = f"({due})::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '3 days' * (n % 3)"
        common.insert_series(
            "care_call", count, id=f"{base} + n", store_id=store_id, customer_id=customer,
            vehicle_id=car, kind=f"'{kind}'", cycle="'seed'", event_on=f"{due} + 7",
            opens_on=f"{due} - 14", due_on=due, created_on=f"{due} - 14", proactive="false",
            made_up="n % 50 = 0", owner_id=owner, status=status, attempts="3",
            result="(ARRAY['booked','not_needed','elsewhere','','',''])[1 + n % 6]",
            not_returning="(ARRAY['','price','elsewhere','','',''])[1 + n % 6]",
            end_reason="(ARRAY['','','','three_attempts','visited','overdue'])[1 + n % 6]",
            ended_at=f"CASE WHEN ({status}) <> 'waiting' THEN {ended} END", proof="'{}'",
        )  # fmt: skip
        common.insert_series(
            "care_attempt", count, store_id=store_id, call_id=f"{base} + n",
            conversation="gen_random_uuid()", at=ended, slot="'morning'", counted="true",
            result="(ARRAY['booked','not_needed','elsewhere','busy','busy','busy'])[1 + n % 6]",
            by_id=owner, number="''", script_id=str(script[kind]), ticks="'{0,1}'", note="''",
        )  # fmt: skip
        common.insert_series(
            "messaging_message", count // 6, store_id=store_id,
            customer_id=customer.replace("n", "(n * 6)"), channel="'sms'", purpose="'service'",
            key=f"'{kind}'", to="'13900000000'", text="'…'", status="'sent'",
            reference="gen_random_uuid()", not_before="now()", queued_at="now()",
            dedupe_key=f"'fallback:' || {base} + n * 6 + 3 || ':' || "
            f"({due.replace('n', '(n * 6 + 3)')} + 7)",
        )  # fmt: skip
        base += count


def _facts(store: Any, count: int, T: str, car: str, by: int) -> None:
    store_id = str(store.pk)
    common.insert_series(
        "service_repairorder", count, store_id=store_id, number="'R' || n", vehicle_id=car,
        kind="(ARRAY['maintenance','repair','first_service'])[1 + n % 3]",
        out_on=f"{T} - n % 380", source="'import'", version="1", discount_amount="0",
    )  # fmt: skip
    common.insert_series(
        "customers_maintenancecycle", count, store_id=store_id, vehicle_id=car,
        base_on=f"{T} - 182 - n % 380", event_on=f"{T} - n % 380",
        ended_on=f"CASE WHEN n % 3 = 0 THEN {T} - n % 380 + 5 END",
        ended_by="CASE WHEN n % 3 = 0 THEN 'R' || n ELSE '' END",
    )  # fmt: skip
    common.insert_series(
        "customers_elsewhereservice", count // 20, store_id=store_id, vehicle_id=car,
        on=f"{T} - n % 90", shop="'店' || n % 30",
        place="'区' || n % 5", cost_amount="300 + n % 400",
        recorded_by_id=str(by), recorded_at="now() - interval '1 day' * (n % 90)",
    )  # fmt: skip


def by_hand(store: Any, today: date) -> dict[str, Any]:
    """The reminder rates of six months by person: the same numbers."""
    period = Period.of(MONTH, today)
    told = {"store": store.pk, "first": period.trend[0].first, "last": period.last, "today": today}

    def limit() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, told)
            found: list[Any] = cursor.fetchall()
        return found

    ours = reminders(store, period, today)
    sums: dict[Any, list[int]] = {}
    for month, kind, _owner, *numbers in limit():
        line = sums.setdefault((month, kind), [0] * len(numbers))
        sums[month, kind] = [a + b for a, b in zip(line, numbers, strict=True)]
    same = {key: list(line.counts.values()) for key, line in ours.of.items()}
    if sums != same:
        raise AssertionError(f"{sums} by hand, {same} by ours")
    name = f"reminder rates of six months, {CARS:,} cars"
    return common.side_by_side(name, lambda: reminders(store, period, today), limit, bar=1.5)


def page(client: Client, name: str, url: str) -> list[dict[str, Any]]:
    """The request against its statements sent bare, in turn; and its 95th percentile."""
    client.get(url)
    with CaptureQueriesContext(connection) as told:
        answer = client.get(url)
    if answer.status_code != 200:
        raise AssertionError(f"{url} answers {answer.status_code}")
    own = [one["sql"] for one in told if not any(text in one["sql"] for text in SHELL)]
    times, bare = [], []
    for _n in range(REQUESTS):
        start = time.perf_counter()
        client.get(url)
        times.append(time.perf_counter() - start)
        start = time.perf_counter()
        with connection.cursor() as cursor:
            for sql in own:
                cursor.execute(sql.replace("%", "%%"), [])
                cursor.fetchall()
        bare.append(time.perf_counter() - start)
    p95 = 1000 * common.p95(times)
    return [
        common.limit_row(f"{name}: p95 in ms", p95, 1000 * common.p95(bare), bar=3),
        common.limit_row(f"{name}: p95 against {LIMIT_MS} ms", p95, LIMIT_MS, bar=1),
    ]
