"""The audit pages over a year of looks and changes (SEC-01, SEC-04), through the whole request.

1,000,000 customers with a car, 5,000,000 looks, of which one person's are 200,000 in the week
asked for, and 3,000,000 changes of customers, of which 2 in 100 by people. The issue's limit for
"all persons whose data one person opened in a period" is a minute; a page of a list is given 1 s.
"""

from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.desk.actions import add_store
from benchmarks import common

CUSTOMERS, LOOKS, OF_ONE, CHANGES = 1_000_000, 5_000_000, 200_000, 3_000_000
MINUTE, PAGE = 60.0, 1.0
CONTEXTS = 1000


def run() -> list[dict[str, Any]]:
    with common.fresh_database("audit"):
        store = add_store("BENCH", "测试店")
        chief, curious, *others = (
            User.objects.create(username=name, store=store, roles=[Role.GENERAL_MANAGER])
            for name in ("chief", "curious", "one", "two", "three")
        )
        fill(store.pk, curious.pk, others)
        common.settle()
        browser = Client(headers={"host": "localhost"})
        browser.force_login(chief)
        asked = {
            "audit: whose data one person opened, seconds": ("opened", MINUTE, curious.pk),
            "audit: looks, seconds": ("looks", PAGE, ""),
            "audit: changes by people, seconds": ("changes", PAGE, ""),
            "audit: changes of one person, seconds": ("changes", PAGE, others[0].pk),
        }
        return [
            common.limit_row(name, seconds(browser, page, person), limit, bar=1)
            for name, (page, limit, person) in asked.items()
        ]


def seconds(browser: Client, page: str, person: int | str) -> float:
    """The best of three, and something must be on the page."""

    def get() -> None:
        answer = browser.get(reverse(f"desk:audit-{page}"), {"person": person})
        assert answer.status_code == 200, answer
        assert b'href="/customers/' in answer.content.partition(b"<main")[2], page

    return min(common.timed(get) for _turn in range(3))


def fill(store: int, curious: int, others: list[User]) -> None:
    customers, of_one = common.scaled(CUSTOMERS), common.scaled(OF_ONE)
    kinds = "(ARRAY['customers.customer', 'customers.vehicle'])[1 + n % 2]"
    look = {"store_id": str(store), "kind": "'view'", "model": kinds, "reason": "''"}
    tables = ("customers_customer", "customers_contactnumber", "customers_vehicle", "audit_access")
    with common.seeding(), common.without_indexes(*tables, "customers_customerevent"):
        common.seed_cars(User.objects.get(pk=curious).store, customers)
        common.insert_series(
            "audit_access",
            common.scaled(LOOKS) - of_one,
            **look,
            user_id=f"{others[0].pk} + n % {len(others)}",
            at="now() - random() * interval '365 days'",
            object_pk=f"1 + n % {customers}",
        )
        common.insert_series(
            "audit_access",
            of_one,
            **look,
            user_id=str(curious),
            at="now() - random() * interval '6 days'",
            object_pk=f"1 + (n::bigint * 7919) % {customers}",
        )
        change_customers(store, customers, others)


def change_customers(store: int, customers: int, others: list[User]) -> None:
    """The names of a year, 2 in 100 changed by a person and the rest by imports."""
    common.insert_series(
        "pghistory_context",
        CONTEXTS,
        id="md5(n::text)::uuid",
        created_at="now()",
        updated_at="now()",
        metadata=f"CASE WHEN n % 50 = 0 THEN jsonb_build_object("
        f"'user', {others[0].pk} + n / 50 % {len(others)}, 'action', 'customers.change_customer')"
        " ELSE jsonb_build_object('action', 'exchange.take') END",
    )
    common.insert_series(
        "customers_customerevent",
        common.scaled(CHANGES),
        pgh_created_at="now() - random() * interval '365 days'",
        pgh_label="'update'",
        pgh_obj_id=f"1 + n % {customers}",
        pgh_context_id=f"md5((1 + n % {CONTEXTS})::text)::uuid",
        **{"id": f"1 + n % {customers}", "store_id": str(store), "name": "'旧名' || n"},
    )
