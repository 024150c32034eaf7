"""A customer card of somebody new: the person and the purchase at once (REC-03)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.models import Opportunity


@action
def leave_card(
    person: Mapping[str, Any],
    consultant: User,
    *,
    by: User,
    now: datetime,
    told_apart: Sequence[int] = (),
    **needs: Any,
) -> Opportunity:
    """Enter the customer (``name``, ``phone``, ``gender``) and open the purchase, both or neither.

    ``told_apart``: customers of whom the person is said to be another. Refused as the two are.
    """
    if consultant.store is None:
        raise Refused()
    customer = customers.add_customer(
        consultant.store, by=by, now=now, told_apart=told_apart, **person
    )
    return open_opportunity(customer, consultant, by=by, now=now, **needs)
