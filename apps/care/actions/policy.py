"""The store's numbers for care, from a day on."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.care.models import CarePolicy
from apps.core.actions import action
from apps.core.errors import Refused


@action
def set_policy(
    store: Store, numbers: dict[str, Any], *, effective_from: date, now: datetime
) -> CarePolicy:
    """New numbers from a coming day on; the row in force until then stays.

    Refused: a day that has begun (its calls are planned and judged by the old numbers), and
    a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = CarePolicy.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=numbers
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row
