"""The list of purchases at 100,000 rows against 1,000, through the whole request (issue 5).

Two stores in one database, asked in turn by their sales managers and by a consultant of each.
"""

import random
import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.desk.actions import add_store
from benchmarks import common

SMALL, LARGE = 1_000, 100_000
BLOCKS, BLOCK = 4, 25  # requests of one page at one store: 100
SELLERS = 20
# In the order of the pages: what is asked for; {pk}, {name}: of some purchase of the store.
PAGES = {
    "first page": "",
    "somewhere in the middle": "?after={follow_up_on}_{pk}",
    "overdue": "?due=overdue",
    "promises overdue": "?due=clock",
    "level H": "?level=h",
    "lost ones": "?status=lost",
    "all": "?status=all",
    "all, somewhere in the middle": "?status=all&after={opened_at}_{pk}",
    "by name": "?status=all&text={name}",
    "by the last four digits": "?status=all&text={digits}",
}


def run() -> list[dict[str, Any]]:
    with common.fresh_database("purchases"):
        stores = {}
        for code, count in (("SMALL", SMALL), ("LARGE", LARGE)):
            stores[code] = fill(code, common.scaled(count))
        common.settle()
        found = []
        for who in ("manager", "seller0"):
            clients = {code: signed_in(f"{who}-{code}") for code in stores}
            for name, query in PAGES.items():
                found.append(compare(clients, stores, name, query, who))
        return found


def fill(code: str, count: int) -> Any:
    store = add_store(code, code)
    User.objects.create(username=f"manager-{code}", store=store, roles=[Role.SALES_MANAGER])
    sellers = [
        User.objects.create(
            username=f"seller{n}-{code}", store=store, roles=[Role.SALES_CONSULTANT]
        )
        for n in range(SELLERS)
    ]
    with common.seeding():
        common.seed_cars(store, count)
        last = "(SELECT max(id) FROM customers_customer)"
        worked = "n % 5 = 0"
        common.insert_series(
            "reception_opportunity",
            count,
            store_id=str(store.pk),
            customer_id=f"{last} - {count} + n",
            consultant_id=f"{sellers[0].pk} + n % {SELLERS}",
            opened_by_id=str(sellers[0].pk),
            source="(ARRAY['walk_in','web','phone','referral'])[1 + n % 4]",
            status=f"CASE WHEN {worked} THEN 'open' ELSE "
            "(ARRAY['lost','lost','ordered','delivered'])[n % 5] END",
            lost_reason="CASE WHEN n % 5 IN (1, 2) THEN 'price' ELSE '' END",
            level="(ARRAY['h','a','b','c'])[1 + n / 5 % 4]",
            pay_mode="'undecided'",
            opened_at="now() - n % 700 * interval '1 day' - n * interval '1 second'",
            follow_up_on="current_date + (n * 7919) % 60 - 10",
        )
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO reception_clock (store_id, opportunity_id, kind, since, due_at)
                   SELECT store_id, id, 'thanks', now() - interval '2 days',
                          now() + (id %% 7 - 1) * interval '6 hours'
                     FROM reception_opportunity
                    WHERE store_id = %s AND status = 'open' AND id %% 11 = 0""",
                [store.pk],
            )
    return store


def signed_in(username: str) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=username))
    return client


def values(store: Any, count: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT w.id AS pk, w.follow_up_on, w.opened_at, c.name,
                      right(c.main_phone, 4) AS digits
                 FROM reception_opportunity AS w JOIN customers_customer AS c
                   ON c.id = w.customer_id
                WHERE w.store_id = %s ORDER BY hashint8(w.id) LIMIT %s""",
            [store.pk, count],
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["opened_at"] = (row["opened_at"] + timedelta(0)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    random.Random(3).shuffle(rows)
    return rows


def compare(
    clients: dict[str, Client], stores: dict[str, Any], name: str, query: str, who: str
) -> dict[str, Any]:
    url = reverse("reception:opportunity-list")
    times: dict[str, list[float]] = {code: [] for code in clients}
    known = {code: values(store, BLOCKS * BLOCK) for code, store in stores.items()}
    for block in range(BLOCKS):
        for code, client in clients.items():
            for number in range(BLOCK + 1):  # the first one warms up
                row = known[code][(block * BLOCK + number) % len(known[code])]
                start = time.perf_counter()
                answer = client.get(url + query.format(**row))
                seconds = time.perf_counter() - start
                if answer.status_code != 200:
                    raise AssertionError(f"{query} answers {answer.status_code}")
                if number:
                    times[code].append(seconds)
    words = f"opportunities of 100,000, {name}, {who.rstrip('0')}, p95"
    return common.limit_row(words, common.p95(times["LARGE"]), common.p95(times["SMALL"]), bar=3)
