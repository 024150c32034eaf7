"""Detection over a month of a million calls, and once more with nothing new (issue 8, speed).

The month lies in an archive as large again, spread over the year before. Every twelfth call of
the judged kinds ended as it should not; each of these has three attempts, which are the evidence.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.penalties.actions.defaults import add_defaults
from apps.penalties.actions.detect import detect_until
from apps.penalties.models import Penalty
from benchmarks import common

CALLS, STORES, OWNERS = 1_000_000, 200, 8
NOW = datetime(2026, 11, 1, 0, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
OCTOBER = "date '2026-10-01'"
SLOTS = ("morning", "afternoon", "late")
FIRST_RUN, AGAIN = 60, 5  # seconds
KINDS = (
    *("first_service", "first_service", "maintenance", "maintenance", "maintenance"),
    *("warranty", "inspection", "birthday"),
)
KIND = f"(ARRAY{list(KINDS)})[1 + n % {len(KINDS)}]"
# n / 8 is what is left when the kind is taken out of n: each kind ends in each of the ways
BAD = "(n / 8 % 12 = 0)"


def run() -> list[dict[str, Any]]:
    calls = common.scaled(CALLS)
    with common.fresh_database("penalties"):
        seed(calls, 20 if common.QUICK else STORES)
        common.settle()
        first = common.timed(_detect)
        made = _by_clause()
        assert made == _expected(), (made, _expected())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) penalties_penalty")
        again = min(common.timed(_detect) for _ in range(3))
        assert _by_clause() == made
        name = f"penalties: a month of {calls:,} calls, {sum(made.values()):,} proposals"
        return [
            common.limit_row(name, first, FIRST_RUN, bar=1),
            common.limit_row("penalties: again, nothing new", again, AGAIN, bar=1),
        ]


def seed(calls: int, stores: int) -> None:
    Store.objects.bulk_create(
        Store(code=f"P{n:04}", name=f"基准店{n}", city="上海") for n in range(stores)
    )
    houses = list(Store.objects.order_by("pk"))
    for store in houses:
        add_defaults(store)
    User.objects.bulk_create(
        User(username=f"o{store.pk}_{n}", name="演示", store=store, roles=[Role.CARE_SPECIALIST])
        for store in houses
        for n in range(OWNERS)
    )
    first = User.objects.order_by("pk").values_list("pk", flat=True)[0]
    place = f"(n / 96 % {stores})"  # store after store; within one every kind and every end
    who = {
        "store_id": f"{houses[0].pk} + {place}",
        "owner_id": f"{first} + {place} * {OWNERS} + n / 96 / {stores} % {OWNERS}",
    }
    with common.seeding(), common.without_indexes("care_call", "care_attempt"):
        _calls(calls, who, 0, f"({OCTOBER} + n % 31)", "now")
        _calls(calls, who, calls, f"({OCTOBER} - 32 - n % 330)", "old")
        _attempts(calls, who)


def _calls(calls: int, who: dict[str, str], base: int, due: str, cycle: str) -> None:
    """Nine of ten reached in time; what ended badly did so in the way of its kind."""
    bad_end = f"CASE WHEN {KIND} = 'first_service' THEN 'abandoned' ELSE 'overdue' END"
    status = f"CASE WHEN {KIND} = 'first_service' THEN 'failed' ELSE 'lapsed' END"
    birthday = f"{KIND} = 'birthday'"
    common.insert_series(
        "care_call", calls, id=f"{base} + n", **who,
        kind=KIND, customer_id="n", vehicle_id=f"CASE WHEN {birthday} THEN NULL ELSE n END",
        cycle=f"'{cycle}'", event_on=due, due_on=due, opens_on=f"{due} - 20",
        created_on=f"{due} - 20", proof="'{}'", slots_tried="'{}'",
        status=f"CASE WHEN {BAD} THEN {status} ELSE 'reached' END",
        result=f"CASE WHEN {BAD} THEN '' ELSE 'will_come' END",
        end_reason=f"CASE WHEN {BAD} THEN {bad_end} ELSE '' END",
        ended_at=f"(({due}) + time '10:00') AT TIME ZONE 'Asia/Shanghai'",
    )  # fmt: skip


def _attempts(calls: int, who: dict[str, str]) -> None:
    """One of each call that was reached, three of those that were not."""
    for number in range(3):
        columns = who | {
            "call_id": "n",
            "conversation": "gen_random_uuid()",
            "at": f"({OCTOBER} + n % 31 - {number} + time '09:30') AT TIME ZONE 'Asia/Shanghai'",
            "slot": f"'{SLOTS[number]}'",
            "counted": "true",
            "result": f"CASE WHEN {BAD} THEN 'no_answer' ELSE 'will_come' END",
            "by_id": who["owner_id"],
            "number": "''",
            "ticks": "'{}'",
            "note": "''",
        }
        del columns["owner_id"]
        names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO care_attempt ({names}) SELECT {values} "
                f"FROM generate_series(1, {calls}) AS n WHERE {number} = 0 OR {BAD}"
            )


def _detect() -> None:
    detect_until(on=NOW.date(), now=NOW)


def _by_clause() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clause, count(*) FROM penalties_penalty GROUP BY 1 ORDER BY 1")
        found: dict[str, int] = dict(cursor.fetchall())
    assert len(found) == 4, f"{Penalty.objects.count()} proposals of {sorted(found)}"
    return found


def _expected() -> dict[str, int]:
    """Counted by hand, from what was put in."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT clause, count(*) FROM (
                SELECT CASE kind WHEN 'first_service' THEN 'abandoned'
                    WHEN 'birthday' THEN 'birthday' ELSE 'reminder' END AS clause
                FROM care_call WHERE cycle = 'now' AND status IN ('failed', 'lapsed')
                UNION ALL
                SELECT 'first_rate' FROM care_call
                WHERE cycle = 'now' AND kind = 'first_service' GROUP BY owner_id
                HAVING count(*) >= 10
                    AND count(*) FILTER (WHERE status = 'reached') * 100 < 95 * count(*)
            ) AS fact GROUP BY 1 ORDER BY 1"""
        )
        return dict(cursor.fetchall())
