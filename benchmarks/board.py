"""The board of a day with 200 appointments against one of an empty day, through the request."""

import time
from typing import Any

from django.test import Client
from django.urls import reverse

from benchmarks import common, shop

FULL, EMPTY = "2026-11-24", "2026-11-25"
BLOCKS, BLOCK = 6, 25


def run() -> list[dict[str, Any]]:
    with common.fresh_database("board"):
        store, by, _cars = shop.open_shop()
        shop.fill(store, [shop.TODAY.replace(day=24)], 200)
        common.settle()
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(by)
        return [
            compare(client, reverse(f"service:{name}"), words)
            for name, words in (
                ("board", "board of a day with 200 appointments, p95"),
                ("board-feed", "what the board asks for again, 200 appointments, p95"),
            )
        ]


def compare(client: Client, url: str, words: str) -> dict[str, Any]:
    times: dict[str, list[float]] = {FULL: [], EMPTY: []}
    for _block in range(BLOCKS):
        for day, found in times.items():
            for number in range(BLOCK + 1):  # the first one warms up
                start = time.perf_counter()
                answer = client.get(url, {"day": day})
                seconds = time.perf_counter() - start
                if answer.status_code != 200:
                    raise AssertionError(f"{url} answers {answer.status_code}")
                if number:
                    found.append(seconds)
    return common.limit_row(words, common.p95(times[FULL]), common.p95(times[EMPTY]), bar=3)
