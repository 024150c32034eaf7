"""A year's traffic against SQL by hand, and what the door asks for again (REC-01, REC-02)."""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.desk.actions import add_store
from apps.reception.actions import door
from apps.reception.figures.traffic import traffic
from benchmarks import common, shop

PARTIES, DAYS = 100_000, 365
FULL, REQUESTS = 60, 50  # parties in the house
SHELL = ("SAVEPOINT", "django_session", 'WHERE "accounts_user"."id" =')
FIRST = shop.TODAY - timedelta(days=DAYS - 1)
BY_HAND = """
    SELECT grouping(day, weekday, source, consultant_id), day, weekday, hour, source, consultant_id,
           count(*), sum(party_size), count(*) FILTER (WHERE in_time), count(*) FILTER (WHERE late),
           count(*) FILTER (WHERE left_card), count(*) FILTER (WHERE driven),
           count(*) FILTER (WHERE quoted),
           count(*) FILTER (WHERE signed), count(*) FILTER (WHERE delivered)
    FROM (
        SELECT (arrived_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
               extract(isodow FROM arrived_at AT TIME ZONE 'Asia/Shanghai') AS weekday,
               extract(hour FROM arrived_at AT TIME ZONE 'Asia/Shanghai') AS hour,
               source, consultant_id, party_size, left_card,
               greeted_at <= greet_until AS in_time,
               greeted_at > greet_until OR (greeted_at IS NULL AND left_at IS NOT NULL) AS late,
               left_card AND drove.opportunity_id IS NOT NULL AS driven,
               left_card AND offer.opportunity_id IS NOT NULL AS quoted,
               left_card AND sold.signed AS signed, left_card AND sold.delivered AS delivered
          FROM reception_showroomvisit AS visit
          LEFT JOIN (SELECT DISTINCT opportunity_id FROM reception_testdrive
                      WHERE out_at IS NOT NULL) AS drove USING (opportunity_id)
          LEFT JOIN (SELECT DISTINCT opportunity_id FROM reception_quotation) AS offer
                USING (opportunity_id)
          LEFT JOIN (
              SELECT opportunity_id, true AS signed, bool_or(status = 'delivered') AS delivered
                FROM reception_salesorder WHERE status IN ('signed', 'deposited', 'delivered')
               GROUP BY opportunity_id) AS sold USING (opportunity_id)
         WHERE visit.store_id = %(store)s
           AND arrived_at >= %(since)s AND arrived_at < %(until)s) AS party
    GROUP BY GROUPING SETS ((), (day), (weekday, hour), (source), (consultant_id))"""


def run() -> list[dict[str, Any]]:
    with common.fresh_database("showroom"):
        store = add_store("BENCH", "测试店")
        people = [
            User.objects.create(username=f"s{n}", store=store, roles=[Role.SALES_CONSULTANT])
            for n in range(8)
        ]
        year(store, people, common.scaled(PARTIES))
        common.settle()
        return [analysis(store), refresh(store, people)]


def year(store: Any, people: list[User], count: int) -> None:
    """``count`` parties; four of ten leave a card, of those three of ten order."""
    cards, first = count * 4 // 10, people[0].pk
    seller = f"{first} + n % {len(people)}"
    at = f"timestamptz '{FIRST} 09:00+08' + (n % {DAYS}) * interval '1 day'"
    came = f"{at} + (n * 7919 % 510) * interval '1 minute'"
    with common.seeding():
        common.seed_cars(store, cards)
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(id) FROM customers_customer")
            customer = f"{cursor.fetchone()[0]} + n - 1"
        facts = {"store_id": str(store.pk), "car_model_id": "NULL", "trim_id": "NULL"}
        common.insert_series(
            "reception_carmodel", 1, id="n", store_id=facts["store_id"], brand="'别克'",
            name="'君越'", energy="'fuel'", is_sold="true",
        )  # fmt: skip
        common.insert_series(
            "reception_trim", 1, id="n", store_id=facts["store_id"], car_model_id="1",
            name="'豪华型'", is_sold="true",
        )  # fmt: skip
        common.insert_series(
            "reception_opportunity", cards, **facts, id="n", customer_id=customer,
            consultant_id=seller, source="'walk_in'", level="'b'", pay_mode="'undecided'",
            status="'open'", opened_at=came, opened_by_id=str(first), follow_up_on="now()",
        )  # fmt: skip
        common.insert_series(
            "reception_salesorder", cards * 3 // 10, store_id=facts["store_id"],
            opportunity_id="n * 3", customer_id=customer, consultant_id=seller, trim_id="1",
            status="(ARRAY['signed', 'delivered', 'delivered'])[n % 3 + 1]", version="1",
            price_amount="150000", made_at=came, signed_at=came, delivered_at=came,
            stock_car_id="n",
        )  # fmt: skip
        common.insert_series(
            "reception_showroomvisit", count, store_id=facts["store_id"], arrived_at=came,
            greet_until=f"{came} + interval '30 seconds'", party_size="1 + n % 3",
            greeted_at=f"{came} + (n % 45) * interval '1 second'", first_time="n % 3 > 0",
            source="(ARRAY['walk_in', 'phone', 'web', 'referral', 'exhibition'])[n % 5 + 1]",
            purpose="'look'", consultant_id=seller, taken_at=f"{came} + interval '1 minute'",
            opportunity_id=f"CASE WHEN n <= {cards} THEN n END", left_card=f"n <= {cards}",
            customer_id=f"CASE WHEN n <= {cards} THEN {customer} END",
            left_at=f"{came} + interval '40 minutes'", result="'looked'", by_id=str(first),
        )  # fmt: skip


def analysis(store: Any) -> dict[str, Any]:
    asked = {"since": FIRST, "until": shop.TODAY}
    day = timedelta(days=1)
    told = {
        "store": store.pk,
        "since": f"{FIRST} 00:00+08",
        "until": f"{shop.TODAY + day} 00:00+08",
    }

    def ours() -> int:
        return traffic([store.pk], asked).whole.parties

    def by_hand() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, told)
            found: list[Any] = cursor.fetchall()
        return found

    whole = next(row for row in by_hand() if row[0] == 15)
    count = traffic([store.pk], asked).whole
    same = [count.parties, count.people, count.in_time, count.late, *count.stages.values()]
    if list(whole[6:]) != same:
        raise AssertionError(f"{whole[6:]} by hand, {same} by ours")
    name = f"traffic analysis, 12 months of {PARTIES:,} parties"
    return common.side_by_side(name, ours, by_hand, bar=1.3, times=9)


def refresh(store: Any, people: list[User]) -> dict[str, Any]:
    """With many in the house, through the whole request."""
    now = timezone.now()
    for n in range(FULL):
        visit = door.register(store, by=people[0], now=now)
        if n % 2:
            seller = people[n % len(people)]
            door.take(visit, seller, by=seller, now=now, reason="busy")
    common.settle()
    client = Client(headers={"host": "127.0.0.1"})
    host = User.objects.create(username="host", store=store, roles=[Role.RECEPTIONIST])
    client.force_login(host)
    times = []
    for number in range(REQUESTS + 1):  # the first one warms up
        start = time.perf_counter()
        with CaptureQueriesContext(connection) as told:
            answer = client.get(reverse("reception:door-parties"))
        seconds = time.perf_counter() - start
        if answer.status_code != 200:
            raise AssertionError(f"the door answers {answer.status_code}")
        if number:
            times.append(seconds)
    own = [one["sql"] for one in told if not any(text in one["sql"] for text in SHELL)]
    p95 = f"p95 {1000 * common.p95(times):.0f} ms"
    name = f"queries of what the door asks for again, {FULL} parties in the house, {p95}"
    return common.limit_row(name, len(own), 5, bar=1)
