"""What is offered to whom (CARE-14, CARE-15): the one statement that claims, and what waits."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from apps.accounts.calendar import Calendar, SlotTimes
from apps.accounts.choices import Role, Slot
from apps.accounts.models import User
from apps.audit.choices import AccessKind
from apps.audit.models import Access
from apps.care import policy
from apps.care.choices import SPECIALISTS, CallKind
from apps.care.models import Call
from apps.care.queries.gone import gone_sql
from apps.core.prepared import prepared
from apps.customers.models import Customer


@dataclass(frozen=True)
class Shift:
    """What decides at one moment which calls of a store may be made, and by whom."""

    moment: datetime  # local time of the store
    calendar: Calendar
    slots: SlotTimes
    present: tuple[int, ...]  # the care specialists on duty today
    insurers: tuple[int, ...]  # the insurance specialists on duty today
    hold_minutes: int
    birthday_minutes: int

    @property
    def day(self) -> date:
        return self.moment.date()

    @cached_property
    def slot(self) -> Slot | None:
        """The call slot that is now, when the store is open (ORG-05)."""
        return self.slots.at(self.moment) if self.calendar.is_open(self.day) else None

    @cached_property
    def is_open(self) -> bool:
        opens = self.calendar.opens_at(self.day)
        return opens is not None and opens <= self.moment.time() < self.calendar.closes

    @property
    def birthdays_until(self) -> datetime | None:
        return policy.birthday_deadline(self.day, self.calendar, self.birthday_minutes)

    @property
    def birthdays_are_called(self) -> bool:
        until = self.birthdays_until
        return until is not None and self.moment.replace(tzinfo=None) < until


# All that a claim must know of its store, in one round trip.
_SHIFT = """
    SELECT store.opens_at, store.weekend_opens_at, store.closes_at,
        (SELECT kind FROM accounts_calendarday WHERE store_id = store.id AND "on" = %(day)s),
        (SELECT array[morning_from, morning_until, afternoon_from, afternoon_until,
                      late_from, late_until]
            FROM accounts_callslots WHERE store_id = store.id AND effective_from <= %(day)s
            ORDER BY effective_from DESC LIMIT 1),
        (SELECT array_agg(array[person.id, duty.on_duty::int,
                (person.roles @> array[%(care)s]::varchar[])::int,
                (person.roles @> array[%(insurance)s]::varchar[])::int])
            FROM accounts_user AS person
            LEFT JOIN accounts_dutyday AS duty ON duty.user_id = person.id AND duty."on" = %(day)s
            WHERE person.store_id = store.id AND person.is_active
                AND person.roles && array[%(care)s, %(insurance)s]::varchar[]),
        policy.hold_minutes, policy.birthday_within_minutes
    FROM accounts_store AS store
    LEFT JOIN LATERAL (
        SELECT hold_minutes, birthday_within_minutes FROM care_carepolicy
        WHERE store_id = store.id AND effective_from <= %(day)s
        ORDER BY effective_from DESC LIMIT 1
    ) AS policy ON true
    WHERE store.id = %(store)s
"""


def shift_of(store_id: int, now: datetime) -> Shift:
    """Hours, slots and who is on duty in the store today. One query.

    The calendar knows today's correction by hand alone: ask ``accounts.queries`` for others.
    """
    moment = timezone.localtime(now)
    care, insurance = SPECIALISTS
    values: dict[str, Any] = {
        "day": moment.date(),
        "store": store_id,
        "care": care,
        "insurance": insurance,
    }
    with connection.cursor() as cursor:
        cursor.execute(prepared(_SHIFT), values)
        opens, weekend, closes, corrected, times, people, hold, birthday = cursor.fetchone()
    calendar = Calendar(opens, weekend, closes, {moment.date(): corrected} if corrected else {})
    usual = calendar.is_working(moment.date())
    here = [row for row in people or () if (usual if row[1] is None else row[1])]
    return Shift(
        moment=moment,
        calendar=calendar,
        slots=_slot_times(times),
        present=tuple(row[0] for row in here if row[2]),
        insurers=tuple(row[0] for row in here if row[3]),
        hold_minutes=hold or 20,
        birthday_minutes=birthday or 120,
    )


def _slot_times(times: list[time] | None) -> SlotTimes:
    if times is None:
        return SlotTimes()
    pairs = zip(times[::2], times[1::2], strict=True)
    return SlotTimes(tuple((slot, *pair) for slot, pair in zip(Slot, pairs, strict=True)))


# The conditions of a way through the queue. ``call`` waits, its customer can be rung.
_WAITS = """call.store_id = %(store)s AND call.status = 'waiting' AND call.paused_on IS NULL
    AND customer.reachable AND call.opens_on <= %(day)s"""
_IN_ORDER = "call.callback_at IS NULL AND call.kind <> 'birthday'"
_LAWFUL = """(call.attempts = 0 OR (call.attempts < 3 AND NOT %(slot)s = ANY (call.slots_tried)
    AND %(day)s IN (call.day1_on, call.day2_on, call.day3_on)))"""
_PROMISED = ("call.callback_at <= %(now)s", "call.callback_at, call.id")
_BIRTHDAY = (
    f"""call.kind = 'birthday' AND call.callback_at IS NULL AND call.due_on = %(day)s
    AND {_LAWFUL}""",
    "call.id",
)
_THIRD_DAY = (f"call.day3_on = %(day)s AND {_IN_ORDER} AND {_LAWFUL}", "call.due_on, call.id")
_DUE = (
    f"call.due_on <= %(day)s AND {_IN_ORDER} AND {_LAWFUL}",
    "call.due_on DESC, call.id DESC",
)
_LATER = (f"call.due_on > %(day)s AND {_IN_ORDER} AND {_LAWFUL}", "call.due_on, call.id")

# Whose: one's own first, then those that nobody who is here answers for (CARE-28). ``{present}``
# are those who may answer for the call, ``{works}`` says which calls are for this person (CARE-09).
_MINE = "call.owner_id = %(by)s"
_ORPHANED = "(call.owner_id IS NULL OR call.owner_id <> ALL ({present}))"
_PROMISED_BY_ME = f"""(call.callback_for_id = %(by)s
    OR (call.callback_for_id IS NULL AND {_MINE}))"""
_PROMISED_BY_ANYONE = """(call.callback_for_id IS NULL
    OR call.callback_for_id <> ALL ({present}))"""
_WHOSE = {"mine": (_MINE, _PROMISED_BY_ME), "orphaned": (_ORPHANED, _PROMISED_BY_ANYONE)}
_MAY_WORK = f"""({{works}} AND CASE WHEN call.callback_for_id IS NOT NULL
        THEN call.callback_for_id = %(by)s OR call.callback_for_id <> ALL ({{present}})
        ELSE call.callback_at IS NOT NULL OR {_MINE} OR {_ORPHANED} END)"""


class Work(StrEnum):
    """Whose calls a person works: the care specialists', the insurance specialists', or both."""

    CARE = "care"
    INSURANCE = "insurance"
    BOTH = "both"

    @classmethod
    def of(cls, person: User) -> "Work":
        if Role.INSURANCE_SPECIALIST not in person.roles:
            return cls.CARE
        return cls.BOTH if Role.CARE_SPECIALIST in person.roles else cls.INSURANCE


_IS_INSURANCE = f"call.kind = '{CallKind.INSURANCE.value}'"
_TEAM = {
    Work.CARE: {"works": f"NOT {_IS_INSURANCE}", "present": "%(present)s::bigint[]"},
    Work.INSURANCE: {"works": _IS_INSURANCE, "present": "%(insurers)s::bigint[]"},
    Work.BOTH: {
        "works": "true",
        "present": f"CASE WHEN {_IS_INSURANCE} THEN %(insurers)s::bigint[] "
        "ELSE %(present)s::bigint[] END",
    },
}

# The call *and* its customer are locked, and what another has locked is passed over: two
# claims at one moment never meet at one customer through two of their calls.
# OFFSET 0: asked of this one customer, never of all that are held, dead rows included.
LOCK = "FOR UPDATE OF call, customer SKIP LOCKED"
_WAY = """SELECT * FROM (
        SELECT call.customer_id, false AS held
        FROM care_call AS call JOIN customers_customer AS customer ON customer.id = call.customer_id
        WHERE {waits} AND {works} AND {whose} AND {which}
            AND NOT EXISTS (SELECT FROM care_call AS held
                WHERE held.customer_id = call.customer_id AND held.status = 'claimed' OFFSET 0)
        ORDER BY {order} LIMIT 1 {lock}
    ) AS way{number}"""
_HELD = """SELECT * FROM (
        SELECT customer_id, true AS held FROM care_call
        WHERE holder_id = %(by)s LIMIT 1
    ) AS held"""  # a holder has claimed
# Each way is an ordered walk along one partial index, and the next way is only tried when
# the one before it had nothing: the cost does not grow with the number of waiting calls.
_CLAIM = """
    WITH first AS MATERIALIZED (SELECT customer_id, held FROM ({ways}) AS ways LIMIT 1)
    UPDATE care_call AS call
    SET status = 'claimed', holder_id = %(by)s, held_at = %(now)s,
        claim = CASE WHEN first.held THEN call.claim ELSE %(claim)s END
    FROM first
    WHERE call.customer_id = first.customer_id AND call.store_id = %(store)s
        AND CASE WHEN first.held THEN call.status = 'claimed' AND call.holder_id = %(by)s
            ELSE call.status = 'waiting' AND call.paused_on IS NULL
                AND call.opens_on <= %(day)s AND {may_work} END
    RETURNING call.*, first.held AS was_held
"""
# In the same statement: which of these calls have lost their reason (CARE-18), and the access
# row of the others, one for each claim of a customer; being given the same again is none.
_COLUMNS = [field.attname for field in Call._meta.concrete_fields if field.name != "proof"]
_CLAIM_JUDGED = f"""
    WITH claimed AS ({{claim}}), gone (id) AS ({{gone}}), noted AS (
        INSERT INTO {Access._meta.db_table} (store_id, user_id, at, kind, model, object_pk, reason)
        SELECT store_id, %(by)s, %(now)s, '{AccessKind.CLAIM.value}',
            '{Customer._meta.label_lower}', customer_id, ''
        FROM claimed WHERE NOT was_held AND id NOT IN (SELECT id FROM gone) LIMIT 1)
    SELECT {", ".join(_COLUMNS)}, id IN (SELECT id FROM gone) FROM claimed
"""


def claim(by: User, shift: Shift, *, now: datetime, claim: UUID, lock: str = LOCK) -> list[Call]:
    """Claim in one statement; the calls as they are now, none when nothing is offered.

    ``is_gone``: the reason has gone (CARE-18). The access row of the others is written. Who
    still holds a customer gets that one again: nobody hoards. Only who has nothing of their
    own asks a second time, for what nobody who is here answers for (CARE-28).
    """
    ways = bool(shift.is_open or shift.slot), bool(shift.slot), shift.birthdays_are_called
    values = _values(by, shift, now) | {"claim": claim}
    calls: list[Call] = []
    work = Work.of(by)
    with connection.cursor() as cursor:
        for whose in ("mine", "orphaned"):
            cursor.execute(prepared(_claim_sql(whose, work, *ways, shift.day, lock)), values)
            for *row, is_gone in cursor.fetchall():
                calls.append(call := Call.from_db(connection.alias, _COLUMNS, row))
                call.is_gone = is_gone  # type: ignore[attr-defined]
            if calls:
                break
    return calls


@lru_cache(maxsize=96)
def _claim_sql(
    whose: str, work: Work, promised: bool, in_slot: bool, birthdays: bool, day: date, lock: str
) -> str:
    """In a slot all ways, else promised call-backs while the store is open."""
    team = _TEAM[work]
    owned, promised_to = (text.format(**team) for text in _WHOSE[whose])
    ways = []
    if promised:
        ways.append((promised_to, *_PROMISED))
    if in_slot and birthdays and work != Work.INSURANCE:
        ways.append((owned, *_BIRTHDAY))
    if in_slot:
        ways += [(owned, *way) for way in (_THIRD_DAY, _DUE, _LATER)]
    fixed = {"waits": _WAITS, "works": team["works"], "lock": lock}
    parts = [
        _WAY.format(whose=by, which=which, order=order, number=number, **fixed)
        for number, (by, which, order) in enumerate(ways)
    ]
    may_work = _MAY_WORK.format(**team)
    claim = _CLAIM.format(ways=" UNION ALL ".join([_HELD, *parts]), may_work=may_work)
    return _CLAIM_JUDGED.format(claim=claim, gone=gone_sql(day, of="claimed"))


def _values(by: User, shift: Shift, now: datetime) -> dict[str, Any]:
    return {
        "store": by.store_id,
        "by": by.pk,
        "present": list(shift.present),
        "insurers": list(shift.insurers),
        "day": shift.day,
        "slot": shift.slot or "",
        "now": now,
    }


@dataclass(frozen=True)
class Waiting:
    """What waits for a person now. Counts end at ``MOST``: more is shown as *1000+*."""

    mine: int  # all that I answer for
    mine_now: int  # of these may be made in this slot
    mine_last_day: int  # of these on their third day
    mine_paused: int  # wait for a good number
    others_now: int  # nobody who is here answers for them


MOST = 1000
_COUNTS = f"""
    SELECT count(*) FILTER (WHERE ready), count(*) FILTER (WHERE ready AND {_LAWFUL}),
        count(*) FILTER (WHERE ready AND day3_on = %(day)s),
        count(*) FILTER (WHERE paused_on IS NOT NULL),
        (SELECT count(*) FROM (
            SELECT FROM care_call AS call
            JOIN customers_customer AS customer ON customer.id = call.customer_id
            WHERE {_WAITS} AND {{works}} AND {_ORPHANED} AND call.callback_at IS NULL
                AND {_LAWFUL}
            LIMIT {MOST}) AS others)
    FROM (
        SELECT call.*, customer.reachable AND call.paused_on IS NULL AND call.callback_at IS NULL
            AND (call.kind <> 'birthday' OR call.due_on = %(day)s) AS ready
        FROM care_call AS call JOIN customers_customer AS customer ON customer.id = call.customer_id
        WHERE call.store_id = %(store)s AND call.status = 'waiting' AND {{works}} AND {_MINE}
            AND call.opens_on <= %(day)s
        LIMIT {MOST}
    ) AS call
"""


def waiting_for(by: User, shift: Shift, *, now: datetime) -> Waiting:
    """Counted in one query with the very conditions of the claim."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(**_TEAM[Work.of(by)]), _values(by, shift, now))
        return Waiting(*cursor.fetchone())
