"""The store's numbers of the workshop, its bays and its people (SVC-02)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.service.models import Capacity

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The numbers of the workshop that a new store starts with."""
    Capacity.objects.create(store=store, effective_from=FROM_THE_START)


@action
def set_capacity(
    store: Store, numbers: dict[str, Any], *, effective_from: date, now: datetime
) -> Capacity:
    """New numbers from a coming day on; what was booked before stays as it is.

    Refused: a day that has begun, and a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = Capacity.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=numbers
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row
