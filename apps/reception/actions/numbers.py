"""The numbers of the showroom."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.checklists import actions as checklists
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Point
from apps.core.actions import action
from apps.core.errors import Refused
from apps.reception.choices.self_check import POINTS
from apps.reception.models import PurchaseTax, SalesNumbers
from apps.reception.policy import contract
from apps.reception.policy.tax import BY_LAW


@action
def add_defaults(store: Store) -> None:
    """The default numbers of a new store, the purchase tax by law (REC), and its lists: what is
    explained of a contract (REC-08), what is watched of a reception (REC-09)."""
    SalesNumbers.objects.get_or_create(store=store, effective_from=store.opened_on)
    for day, numbers in BY_LAW:
        PurchaseTax.objects.get_or_create(store=store, effective_from=day, defaults=numbers)
    lists = {ChecklistKind.CONTRACT: contract.POINTS, ChecklistKind.SELF_CHECK: POINTS}
    for kind, points in lists.items():
        checklists.add_default(store, kind, [Point(text) for text in points])


@action
def set_numbers(
    store: Store, numbers: Mapping[str, Any], *, effective_from: date, now: datetime
) -> SalesNumbers:
    """New numbers from a coming day on; clocks and days that were set keep the old ones.

    Refused: a day that has begun, and a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = SalesNumbers.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=dict(numbers)
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row
