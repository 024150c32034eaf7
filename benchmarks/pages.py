"""Pages and searches at 1,000,000 customers against 1,000, through the whole request (issue 3).

Three archives: one store with 1,000 customers; one store with 1,000,000; 1,000 stores of 1,000
each, one after the other, as they were imported. The last is asked by one store's care manager
and by a group manager who reads 300 of the stores. Requests of the small and of the large
archive take turns in blocks on one machine; the values differ from request to request.
A row compares the 95th percentiles; a search has a second row: what it costs in the database.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.customers import search
from benchmarks import common, crowd

LARGE, SMALL, STORES = 1_000_000, 1_000, 1_000
BLOCKS, BLOCK = 4, 25  # requests of one page at one archive: 100


def run() -> list[dict[str, Any]]:
    small, large, many = Archive("small", 1), Archive("large", 1), Archive("many", STORES)
    found = []
    for archive, who, words in (
        (large, "manager", "1,000,000 in one store"),
        (many, "manager", "one of 1,000 stores of 1,000"),
        (many, "group", "300 of 1,000 stores of 1,000"),
    ):
        found += compare(small, archive, who, words)
    return found


# The archives


@dataclass
class Archive:
    """A kept database with its people, and the values that are asked for."""

    name: str
    stores: int

    def open(self) -> AbstractContextManager[None]:
        count = common.scaled(SMALL if self.name == "small" else LARGE)
        size = "_quick" if common.QUICK else ""

        return common.kept_database(
            f"pages_{self.name}{size}", lambda: crowd.seed(count, self.stores), crowd
        )

    def user(self, who: str) -> User:
        return User.objects.get(username=who)

    def client(self, who: str) -> Client:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(self.user(who))
        return client


# What is asked


def values(user: User, count: int) -> list[dict[str, str]]:
    """Some customers whom the person may see, chosen evenly, and what is known of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT customer.id, name, initials, main_phone, vin, plate
               FROM customers_customer AS customer JOIN customers_vehicle AS car
                   ON car.owner_id = customer.id
               WHERE customer.store_id = ANY(%s) ORDER BY hashint8(customer.id) LIMIT %s""",
            [user.store_ids, count],
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    random.Random(3).shuffle(rows)
    return rows


TEXTS: dict[str, Callable[[dict[str, str]], str]] = {
    "last four digits": lambda row: row["main_phone"][-4:],
    "plate part": lambda row: row["plate"][2:6],
    "VIN part": lambda row: row["vin"][-6:],
    "name part": lambda row: row["name"][-2:],
    "pinyin initials": lambda row: row["initials"],
}


def addresses() -> dict[str, Callable[[dict[str, str]], str]]:
    box = reverse("desk:search")
    pages = {
        "customer list": lambda row: f"{reverse('desk:customer-list')}?after={row['id']}",
        "customer list, due": lambda row: f"{reverse('desk:customer-list')}?due=on",
        "customer page": lambda row: reverse("desk:customer", args=[row["id"]]),
        "customer page, time-line": lambda row: reverse("desk:customer-timeline", args=[row["id"]]),
        "the team's calls": lambda row: reverse("care:calls"),
    }
    return pages | {
        f"search, {name}": lambda row, text=text: f"{box}?q={text(row)}"
        for name, text in TEXTS.items()
    }


# Measuring


def compare(small: Archive, large: Archive, who: str, words: str) -> list[dict[str, Any]]:
    pages = addresses()
    times: dict[str, dict[str, list[float]]] = {
        archive.name: {page: [] for page in pages} for archive in (small, large)
    }
    in_database: dict[str, list[float]] = {name: [] for name in TEXTS}
    each = 3 if common.QUICK else BLOCK
    for block in range(BLOCKS):
        for archive in (small, large):
            with archive.open():
                user = archive.user(who)
                rows = values(user, BLOCKS * each)[block * each :][:each]
                rows = rows or values(user, each)
                for page, seconds in requests(archive.client(who), pages, rows):
                    times[archive.name][page].append(seconds)
                if archive is large:
                    for name, seconds in searches(user, rows):
                        in_database[name].append(seconds)
    found = []
    for page in pages:
        ours, limit = (times[archive.name][page] for archive in (large, small))
        name = f"{page}: {words}, p95 (median {1000 * statistics.median(ours):.1f} ms)"
        found.append(common.limit_row(name, common.p95(ours), common.p95(limit), bar=3))
    for name, spent in in_database.items():
        told = f"search, {name}: {words}, p95 in the database against 20 ms"
        found.append(common.limit_row(told, common.p95(spent), 0.020, bar=1))
    return found


def requests(
    client: Client, pages: dict[str, Callable[[dict[str, str]], str]], rows: list[dict[str, str]]
) -> Iterator[tuple[str, float]]:
    for page, address in pages.items():
        for number, row in enumerate([rows[0], *rows]):  # the first one warms up
            url = address(row)
            start = time.perf_counter()
            answer = client.get(url)
            seconds = time.perf_counter() - start
            if answer.status_code != 200:
                raise AssertionError(f"{url} answers {answer.status_code}")
            if number:
                yield page, seconds


def searches(user: User, rows: list[dict[str, str]]) -> Iterator[tuple[str, float]]:
    """What one search spends in all its statements together."""
    for name, text in TEXTS.items():
        for row in rows:
            spent: list[float] = []

            def clocked(execute: Any, *call: Any, spent: list[float] = spent) -> Any:
                start = time.perf_counter()
                answer = execute(*call)
                spent.append(time.perf_counter() - start)
                return answer

            with connection.execute_wrapper(clocked):
                found = search.search(user.store_ids, text(row))
            if not found:
                raise AssertionError(f"nothing found by {name} {text(row)}")
            yield name, sum(spent)
