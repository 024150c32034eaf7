"""Records that may be one customer: found, and said to be two (CUS-04)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.moves import advance, locked
from apps.customers import doubles
from apps.customers.choices import DuplicateStatus
from apps.customers.models import Customer, Duplicate


@action
def find_duplicates(
    store_id: int,
    ids: Iterable[int] | None = None,
    *,
    holders: QuerySet[Any, Any] | None = None,
    now: datetime,
) -> int:
    """Propose the pairs of a store that bear a sign (of these records, None: of all).

    Returns how many are to be decided anew. A pair that a person dismissed comes back only with
    a strong sign that was not there before. Twice changes nothing.
    """
    return doubles.find(store_id, ids, holders=holders, now=now)


@action
def dismiss_duplicate(pair: Duplicate, *, by: User, now: datetime) -> Duplicate:
    """They are two people: the pair is proposed no more. Refused when it was decided already."""
    pair = locked(pair)
    advance(pair, DuplicateStatus.DISMISSED)
    pair.decided_by, pair.decided_at = by, now
    pair.save(update_fields=["status", "decided_by", "decided_at"])
    return pair


@action
def tell_apart(customer: Customer, others: Iterable[int], *, by: User, now: datetime) -> int:
    """Who entered ``customer`` saw these records and said: somebody else. Returns how many pairs.

    What other signs there are between them is proposed as ever.
    """
    find_duplicates(customer.store_id, [customer.pk], now=now)
    told = Duplicate.objects.filter(store=customer.store_id, status=DuplicateStatus.OPEN)
    first = told.filter(low__in=list(others), high=customer)
    second = told.filter(high__in=list(others), low=customer)
    return (first | second).update(status=DuplicateStatus.DISMISSED, decided_by=by, decided_at=now)
