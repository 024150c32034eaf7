"""Facts become proposals, by themselves (PEN-06): repeatable, in any order, on many machines.

The facts of a clause and a span of days are put into a table of this transaction, and beside
them the rule they are judged by and the proposal that is there already; three statements then
bring the proposals in line: what is no fact any more is withdrawn with the reason, what nobody
has decided yet follows its fact, and what is new is proposed. What somebody has decided is left
alone. The evidence is told in full only of what is written: a run that finds nothing new reads
the facts and writes nothing.
"""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.dates import add_months
from apps.penalties.choices import UNDECIDED, Clause, PenaltyStatus
from apps.penalties.policy import REWARDS
from apps.penalties.queries.facts import FACTS
from apps.penalties.queries.tries import COUNTED, TOLD

COLUMNS = "store_id bigint, fact text, event_on date, person_id bigint, evidence jsonb"
FOUND = """CREATE TEMP TABLE penalties_found (store_id, fact, event_on, person_id, evidence)
    ON COMMIT DROP AS """
# the rule of the day of the fact; a clause not in use then judges nothing. For a reward nobody
# has anything to explain: the time for that is over at once
JUDGED = f"""
    CREATE TEMP TABLE penalties_judged ON COMMIT DROP AS
    SELECT found.*, rule.id AS rule_id, rule.low_amount, person.department_id,
        CASE WHEN %(is_reward)s THEN -1 ELSE coalesce(numbers.explain_days, 3) END AS explain_days,
        row.id AS penalty_id,
        row.status = ANY(%(open)s) AND (row.status = %(withdrawn)s
            OR (row.rule_id, row.event_on, row.person_id, {COUNTED})
            IS DISTINCT FROM (rule.id, found.event_on, found.person_id, found.evidence)) AS differs
    FROM penalties_found AS found
    JOIN accounts_user AS person ON person.id = found.person_id
    JOIN LATERAL (SELECT * FROM penalties_rule
        WHERE store_id = found.store_id AND clause = %(clause)s
            AND effective_from <= found.event_on AND withdrawn_at IS NULL
        ORDER BY effective_from DESC LIMIT 1) AS rule ON rule.is_on
    LEFT JOIN LATERAL (SELECT explain_days FROM penalties_penaltypolicy
        WHERE store_id = found.store_id AND effective_from <= %(today)s AND withdrawn_at IS NULL
        ORDER BY effective_from DESC LIMIT 1) AS numbers ON true
    LEFT JOIN penalties_penalty AS row ON row.store_id = found.store_id
        AND row.clause = %(clause)s AND row.fact = found.fact
"""
WITHDRAW = """
    UPDATE penalties_penalty AS row SET status = %(withdrawn)s, reason = %(why)s
    WHERE row.store_id = ANY(%(stores)s) AND row.clause = %(clause)s
        AND row.status = ANY(%(undecided)s) AND row.event_on BETWEEN %(first)s AND %(last)s
        AND NOT EXISTS (SELECT FROM penalties_judged WHERE penalty_id = row.id)
"""
FOLLOW = f"""
    UPDATE penalties_penalty AS row SET rule_id = judged.rule_id, event_on = judged.event_on,
        person_id = judged.person_id, department_id = judged.department_id,
        evidence = {TOLD}, amount = judged.low_amount,
        status = CASE WHEN row.status = %(withdrawn)s THEN %(proposed)s ELSE row.status END,
        reason = ''
    FROM penalties_judged AS judged
    WHERE row.id = judged.penalty_id AND judged.differs AND row.status = ANY(%(open)s)
"""
PROPOSE = f"""
    INSERT INTO penalties_penalty (store_id, clause, rule_id, fact, event_on, person_id,
        department_id, evidence, amount, is_reward, status, detected_at, explain_until)
    SELECT store_id, %(clause)s, rule_id, fact, event_on, person_id, department_id, {TOLD},
        low_amount, %(is_reward)s, %(proposed)s, %(now)s, %(today)s::date + explain_days
    FROM penalties_judged AS judged WHERE penalty_id IS NULL
    ON CONFLICT (store_id, clause, fact) DO NOTHING
"""
GONE = "事实已更正，不再成立"  # kept with the row: read by the person, whatever the page's language


def detect(
    *, first: date, last: date, now: datetime, stores: Collection[Store] | None = None
) -> dict[str, int]:
    """Every clause over the days from ``first`` to ``last``; clause → how many were proposed.

    Each clause is a transaction of its own, held by one run at a time. Twice, late, in any
    order or at once: the same proposals.
    """
    ids = [store.pk for store in (Store.objects.all() if stores is None else stores)]
    return {
        clause.value: detect_clause(clause, ids, first=first, last=last, now=now)
        for clause in FACTS
    }


def detect_until(
    *, on: date, now: datetime, stores: Collection[Store] | None = None
) -> dict[str, int]:
    """What the clock starts: the month of ``on`` up to that day, and the whole month before, whose
    rates are final only now and whose last calls may have been put right."""
    first = add_months(on.replace(day=1), -1)
    return detect(first=first, last=on, now=now, stores=stores)


@action
def detect_clause(
    clause: Clause, stores: list[int], *, first: date, last: date, now: datetime
) -> int:
    """One clause: see the module. Returns how many proposals are new."""
    values: dict[str, Any] = {
        **{"clause": clause.value, "stores": stores, "first": first, "last": last, "now": now},
        **{"today": timezone.localdate(now), "why": GONE, "is_reward": clause in REWARDS},
        **{"proposed": PenaltyStatus.PROPOSED.value, "withdrawn": PenaltyStatus.WITHDRAWN.value},
        "undecided": [status.value for status in UNDECIDED],
        "open": [PenaltyStatus.WITHDRAWN.value, *(status.value for status in UNDECIDED)],
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"penalties.{clause.value}"])
        _find(cursor, FACTS[clause](stores, first, last, now))
        cursor.execute("ANALYZE penalties_found")
        cursor.execute(JUDGED, values)
        cursor.execute("ANALYZE penalties_judged")
        cursor.execute(WITHDRAW, values)
        cursor.execute(FOLLOW, values)
        cursor.execute(PROPOSE, values)
        new = cursor.rowcount
        cursor.execute("DROP TABLE penalties_found, penalties_judged")
    return int(new)


def _find(cursor: Any, facts: Any) -> None:
    """The facts into the table: by one statement, or the few that Python counted."""
    if isinstance(facts, list):
        select = f"SELECT * FROM jsonb_to_recordset(%s) AS found ({COLUMNS})"
        cursor.execute(FOUND + select, [json.dumps(facts, default=str)])
        return
    select, params = facts.query.sql_with_params()
    cursor.execute(FOUND + select, params)
