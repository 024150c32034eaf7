"""What the reception writes down beside orders (SVC-13)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.models import Vehicle
from apps.service.choices import IN_HOUSE
from apps.service.models import Overnight, RepairOrder, Rescue

RESCUE = (
    *("called_at", "caller", "phone", "plate", "place", "trouble", "went", "left_at", "back_at"),
    *("result", "cost_amount", "remark"),
)


@action
def enter_rescue(store: Store, facts: Mapping[str, Any], *, by: User, now: datetime) -> Rescue:
    """A call for help outside. A plate that is known leads to its car. Refused: not yet called."""
    return _kept(Rescue(store=store, by=by), facts, now)


@action
def change_rescue(rescue: Rescue, facts: Mapping[str, Any], *, now: datetime) -> Rescue:
    """Who went, when they were back, what came of it, what it cost."""
    return _kept(locked(rescue), facts, now)


def _kept(row: Rescue, facts: Mapping[str, Any], now: datetime) -> Rescue:
    for name in RESCUE:
        if name in facts:
            setattr(row, name, facts[name])
    if row.called_at > now:
        raise Refused(_("The call lies in the future."))
    if row.left_at and row.left_at < row.called_at:
        raise Refused(_("Nobody can set off before the call."))
    if row.left_at and row.back_at and row.back_at < row.left_at:
        raise Refused(_("Nobody can be back before setting off."))
    if "plate" in facts:
        row.plate = facts["plate"].replace(" ", "").upper()
        cars = Vehicle.objects.filter(store=row.store, plate=row.plate).exclude(plate="")
        row.vehicle = cars.order_by("-pk").first()
    row.save()
    return row


@action
def note_night(
    order: RepairOrder, *, on: date, reason: str, key_place: str, by: User, now: datetime
) -> Overnight:
    """Why the car stays tonight, and where its key is. Again: the new words hold.

    Refused: another day than today, a car that has been handed back.
    """
    if on != timezone.localdate(now):
        raise Refused(_("Only tonight can be entered."))
    if locked(order).status not in IN_HOUSE:
        raise Refused(_("This car has been handed back."))
    row, _new = Overnight.objects.update_or_create(
        order=order,
        on=on,
        defaults={"store": order.store, "reason": reason, "key_place": key_place, "by": by},
    )
    return row
