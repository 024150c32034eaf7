"""``claim_next`` by 1, 8 and 32 people at once on 100,000 open calls, against one bare claim.

The limit is the leanest claim that anybody would write by hand, in the same transaction frame
and with the same triggers: lock the first waiting call by due day, update it. Ours also finds
out slot, duty and calendar, keeps the order of CARE-14, locks the customer, takes all their
calls along, looks whether their reason still holds and writes the access row.
Rates are claims a second; what ends the claimed calls between two claims is not timed, nor
the first claim of each connection: it has to plan the statements that the others only run.
"""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.care.actions.claim import claim_next
from apps.core.actions import action
from apps.desk.actions import add_store
from benchmarks import common

CALLS, TIMES = 100_000, 3
PEOPLE = {1: 60, 8: 40, 32: 20}  # how many at once, and how often each claims
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BARE = """
    UPDATE care_call SET status = 'claimed', holder_id = %(by)s, held_at = %(now)s,
        claim = %(claim)s
    WHERE id = (
        SELECT id FROM care_call WHERE store_id = %(store)s AND status = 'waiting'
            AND paused_on IS NULL AND callback_at IS NULL
        ORDER BY due_on LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


def run() -> list[dict[str, Any]]:
    with common.fresh_database("claiming"):
        store = add_store("BENCH", "测试店")
        people = [
            User.objects.create(username=f"p{n}", store=store, roles=[Role.CARE_SPECIALIST])
            for n in range(max(PEOPLE))
        ]
        seed(store)
        common.settle()
        return [
            common.side_by_side(
                f"claim_next, {count} at once, claims a second",
                lambda count=count: rate(ours, people[:count]),
                lambda count=count: rate(bare, people[:count]),
                bar=0.5,
                at_least=True,
                rates=True,
                times=TIMES,
                before=reset,
            )
            for count in PEOPLE
        ]


def seed(store: Any) -> None:
    """Every car owes its first service; half the calls are nobody's, half of 32 owners."""
    count = common.scaled(CALLS)
    facts = {"sold_here": "true", "delivered_on": "'2026-09-10'"}
    facts |= {"first_service_due_on": "'2026-12-10'", "first_service_opens_on": "'2026-11-10'"}
    with common.seeding():
        common.seed_cars(store, count, **facts)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO care_call (store_id, customer_id, vehicle_id, kind, cycle, event_on,
                    opens_on, due_on, created_on, status, proof, slots_tried, owner_id)
                SELECT store_id, owner_id, id, 'first_service', 'first', '2026-12-10',
                    '2026-11-10', %(today)s::date + (id %% 40)::int - 20, '2026-11-10',
                    'waiting', '{}', '{}',
                    CASE WHEN id %% 2 = 0 THEN
                        (SELECT min(id) FROM accounts_user) + (id / 2) %% 32 END
                FROM customers_vehicle
                """,
                {"today": TODAY},
            )


def reset() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE care_call SET status = 'waiting', ended_at = NULL, holder_id = NULL,
               held_at = NULL, claim = NULL WHERE status <> 'waiting'"""
        )
        cursor.execute("VACUUM care_call, care_callevent, audit_access")


def ours(by: User, now: datetime) -> int:
    return len(claim_next(by=by, now=now))


@action
def bare(by: User, now: datetime) -> int:
    with connection.cursor() as cursor:
        values = {"store": by.store_id, "by": by.pk, "now": now, "claim": uuid4()}
        cursor.execute(BARE, values)
        return len(cursor.fetchall())


def rate(claim: Callable[[User, datetime], int], people: list[User]) -> float:
    """Claims a second of all people together."""

    each = max(1, common.scaled(PEOPLE[len(people)] * 100) // 100)

    def work(number: int) -> float:
        by, spent = people[number], 0.0
        for n in range(each + 1):
            start = time.perf_counter()
            if not claim(by, NOW + timedelta(seconds=n)):
                raise AssertionError("nothing was claimed")
            spent += time.perf_counter() - start if n else 0
            with connection.cursor() as cursor:
                cursor.execute(
                    """UPDATE care_call SET status = 'reached', ended_at = now(),
                       holder_id = NULL, held_at = NULL, claim = NULL WHERE holder_id = %s""",
                    [by.pk],
                )
        return spent

    spent = common.in_processes(work, len(people))
    return len(people) * each / (sum(spent) / len(spent))
