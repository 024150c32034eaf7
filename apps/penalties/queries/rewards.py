"""The reward for satisfaction with the delivery (PEN-09): off until a store turns its rule on.

It only gives: a score is never a reason for a deduction (SSI-10).
"""

from collections.abc import Collection
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.penalties.choices import Clause
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.queries.spans import COLUMNS, months_over
from apps.ssi.figures.buyers import deliveries_by_consultant

PLACES = Decimal("0.01")


def rewards(stores: Collection[int], first: date, last: date, now: datetime) -> list[Any]:
    """Consultants whose mean of the delivery in a whole month reaches the store's line, with
    answers enough. As the pages of the scores count it (REP-08); final when the month is over."""
    found = []
    for month, end in months_over(first, last, now):
        for store in _stores_that_reward(stores, end):
            numbers = PenaltyPolicy.objects.in_force(store, end) or PenaltyPolicy()
            for one in deliveries_by_consultant(store, month, end):
                enough = one.answers >= numbers.reward_answers
                if not enough or one.total < numbers.reward_points * one.answers:
                    continue
                evidence = {
                    "month": f"{month:%Y-%m}",
                    "points": str(one.mean.quantize(PLACES, ROUND_HALF_UP)),
                    "points_from": numbers.reward_points,
                    "answers": one.answers,
                    "answers_least": numbers.reward_answers,
                    "marked": one.marked,
                    "factor": one.factor,
                }
                fact = f"{month:%Y-%m}/{one.consultant}"
                values = (store, fact, end, one.consultant, evidence)
                found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def _stores_that_reward(stores: Collection[int], on: date) -> list[int]:
    rules = Rule.objects.standing().filter(
        store__in=stores, clause=Clause.REWARD, effective_from__lte=on
    )
    latest = rules.order_by("store_id", "-effective_from").distinct("store_id")
    return [rule.store_id for rule in latest if rule.is_on]
