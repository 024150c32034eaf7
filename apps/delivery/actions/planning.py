"""The hand-over of a paid order gets its time, area and people (DEL-01, DEL-04)."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, hold, locked
from apps.delivery.actions.preparing import keep_status
from apps.delivery.choices.hand_over import COMING, OF_THE_DAY, HandOverStatus
from apps.delivery.models import DeliveryArea, HandOver
from apps.delivery.policy import hand_over as policy
from apps.delivery.queries.hand_overs import hours_of, minute, moment, taken_on
from apps.delivery.queries.numbers import numbers_of
from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder

STEP = 5  # minutes


class NotFree(Refused):
    """Area or consultant is taken then. The page offers the times that are free."""


@action
def plan(
    order: SalesOrder,
    *,
    starts_at: datetime,
    consultant: User,
    now: datetime,
    by: User,
    area: DeliveryArea | None = None,
    is_vip: bool = False,
    agreed_how: str = "",
    remark: str = "",
) -> HandOver:
    """Give the order's hand-over a time, or another one; without ``area`` the first free one.

    A new time takes back that the customer agreed and that the area is ready. Refused: an order
    that is not paid, a time that is past, outside opening or taken (NotFree), a hand-over that
    runs or is over. Two for the last area at one moment: exactly one gets it.
    """
    order = locked(order)
    if order.status != OrderStatus.DEPOSITED:
        raise Refused(_("A car is handed over when its order is signed and the deposit is paid."))
    if consultant.store_id != order.store_id:
        raise Refused(_("This consultant belongs to another store."))
    areas = held_areas(order.store)
    row = HandOver.objects.filter(order=order).select_for_update().first()
    if row is not None and row.status not in (*COMING, HandOverStatus.CANCELLED):
        raise Refused(_("This hand-over has begun: it is not moved any more."))
    minutes = numbers_of(order.store, timezone.localdate(starts_at)).minutes
    free = _free(order.store, areas, starts_at, minutes, consultant, area, now, row)
    row = row or HandOver(store_id=order.store_id, order=order)
    _place(row, free, starts_at, minutes)
    row.consultant, row.is_vip, row.remark = consultant, is_vip, remark
    row.made_by, row.made_at = by, now
    if row.status == HandOverStatus.CANCELLED:
        advance(row, HandOverStatus.PLANNED)
        row.cancelled = ""
    if agreed_how and not row.agreed_how:
        row.agreed_how, row.agreed_at, row.agreed_by = agreed_how, now, by
    row.save()
    return keep_status(row)


def _place(row: HandOver, area: int, starts_at: datetime, minutes: int) -> None:
    """Time and area. What held for the ones before does not hold for new ones."""
    if (row.area_id, row.starts_at) != (area, starts_at):
        row.agreed_how, row.agreed_at, row.agreed_by = "", None, None
        row.told_at, row.told = None, ""
        if row.pk:
            row.ready.filter(point__in=OF_THE_DAY).delete()
    row.area_id, row.on, row.starts_at = area, timezone.localdate(starts_at), starts_at
    row.ends_at, row.planned_minutes = starts_at + timedelta(minutes=minutes), minutes


def held_areas(store: Store) -> list[int]:
    """Hold the store's areas until the transaction ends: who plans, plans alone.

    Refused when somebody else holds them for longer than 3 seconds.
    """
    areas = DeliveryArea.objects.filter(store=store, active=True).order_by("pk")
    words = _("Others are planning hand-overs just now. Try again in a moment.")
    hold(areas.select_for_update(), words=words)
    return list(areas.order_by("place", "pk").values_list("pk", flat=True))


def _free(
    store: Store,
    areas: list[int],
    starts_at: datetime,
    minutes: int,
    consultant: User,
    area: DeliveryArea | None,
    now: datetime,
    row: HandOver | None,
) -> int:
    """The area for that time, or NotFree with why not."""
    if not areas:
        raise Refused(_("The store has no delivery area yet. The sales manager enters one."))
    if starts_at < now:
        raise NotFree(_("That time is past. Choose a coming one."))
    if minute(starts_at) % STEP or starts_at != moment(
        on := timezone.localdate(starts_at), start := minute(starts_at)
    ):
        raise NotFree(_("Choose a time in steps of 5 minutes."))
    hours = hours_of(store, on)
    if hours is None or start < hours[0] or start + minutes > hours[1]:
        raise NotFree(_("The time is outside the opening hours."))
    taken = taken_on(store, on, without=row.pk if row else None)
    found = policy.place_at(
        areas, taken, consultant.pk, start, minutes, area.pk if area is not None else None
    )
    if found is None:
        raise NotFree(
            _("%(consultant)s or the delivery area is taken then. Choose one of the free times.")
            % {"consultant": consultant}
        )
    return found


@action
def agree_time(hand_over: HandOver, how: str, *, now: datetime, by: User) -> HandOver:
    """The customer said that the time suits him (DEL-01). Twice: the last counts.

    Refused when the hand-over has begun or is over.
    """
    row = _coming(hand_over)
    row.agreed_how, row.agreed_at, row.agreed_by = how, now, by
    row.save(update_fields=["agreed_how", "agreed_at", "agreed_by"])
    return row


@action
def cancel(hand_over: HandOver, reason: str) -> HandOver:
    """The time is given up; the order waits for another one. Refused without a reason, and when
    the hand-over has begun."""
    if not reason.strip():
        raise Refused(_("Say why the hand-over is cancelled."))
    row = _coming(hand_over)
    advance(row, HandOverStatus.CANCELLED)
    row.cancelled = reason.strip()[:200]
    row.save(update_fields=["status", "cancelled"])
    return row


def _coming(hand_over: HandOver) -> HandOver:
    row = locked(hand_over)
    if row.status not in COMING:
        raise Refused(_("This hand-over has begun or is over."))
    return row
