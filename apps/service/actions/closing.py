"""What is owed is settled, the car is handed back, and what follows from it (SVC-10, SVC-12)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance
from apps.customers import actions as customers
from apps.customers.choices import ReadingSource
from apps.service.actions.order_lines import issue_approved
from apps.service.actions.orders import held_order, note_stage, save_order
from apps.service.actions.visits import refresh_visits
from apps.service.choices import HAND_BACK, HandBackPoint, Outcome, PaidHow, Stage
from apps.service.models import Capacity, RepairOrder
from apps.service.queries.orders import owed_amount

SETTLED = ("settled_at", "settled_by", "discount_amount", "paid_how", "amount")


@action
def settle(
    order: RepairOrder,
    *,
    discount_amount: Decimal,
    paid_how: str,
    now: datetime,
    by: User,
    version: int | None,
    any_discount: bool = False,
) -> RepairOrder:
    """What the customer pays: the approved lines less the discount (SVC-10).

    Approved parts that still lie in the stock are issued now. Refused: a car that is not ready,
    a discount over what an advisor may give (``any_discount``: a manager) or over the sum, a
    second settlement before the first was taken back.
    """
    row = held_order(order, version)
    if row.status != Stage.READY:
        raise Refused(_("The car is not ready yet: it is settled when the work is checked."))
    if row.settled_at is not None:
        raise Refused(_("The order is settled already."))
    issue_approved(row, now=now)
    owed = owed_amount(row)
    _check_discount(row, owed, discount_amount, now, any_discount)
    left = owed - discount_amount
    if paid_how not in PaidHow.values or (paid_how == PaidHow.NOTHING) != (left == 0):
        raise Refused(_("Choose how it was paid; nothing to pay only when nothing is owed."))
    row.settled_at, row.settled_by, row.paid_how = now, by, paid_how
    row.discount_amount, row.amount = discount_amount, left
    save_order(row, *SETTLED)
    return row


def _check_discount(
    row: RepairOrder, owed: Decimal, discount: Decimal, now: datetime, any_discount: bool
) -> None:
    if not 0 <= discount <= owed:
        raise Refused(_("The discount lies between nothing and what is owed."))
    numbers = Capacity.objects.in_force(row.store_id, timezone.localdate(now)) or Capacity()
    most = (owed * numbers.discount_percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if discount > most and not any_discount:
        raise Refused(
            _("An advisor may give a discount of %(most)s at most. Ask the service manager.")
            % {"most": f"¥{most:,}"}
        )


@action
def unsettle(order: RepairOrder, *, version: int | None) -> RepairOrder:
    """The settlement was wrong: its lines and its discount are open again. Issued stays issued."""
    row = held_order(order, version)
    if row.settled_at is None:
        raise Refused(_("The order is not settled."))
    row.settled_at, row.settled_by, row.paid_how = None, None, ""
    row.amount, row.discount_amount = None, Decimal(0)
    save_order(row, *SETTLED)
    return row


@action
def hand_back(
    order: RepairOrder,
    points: Iterable[str],
    *,
    now: datetime,
    by: User,
    version: int | None,
) -> RepairOrder:
    """The customer drives off: the order is closed and is a visit of its settlement day (SVC-12).

    In the same transaction its mileage is a reading of that day and the car's columns follow:
    last visit, maintenance dates, not in the workshop. The calls that it answers end by care's
    next sweep, minutes later. Refused: not settled, a point of the hand-back that is not done.
    Two at once: one closes, the other is told that it is closed.
    """
    row = held_order(order, version)
    if row.settled_at is None:
        raise Refused(_("Settle the order first."))
    wanted, ticked = HAND_BACK[Outcome(row.outcome)], set(points)
    done = [point for point in wanted if point in ticked]
    if missing := [str(HandBackPoint(point).label) for point in wanted if point not in done]:
        raise Refused(_("Not done yet: %(lines)s.") % {"lines": "、".join(missing)})
    customers.hold_cars([row.vehicle_id])
    today = timezone.localdate(now)
    advance(row, Stage.CLOSED)
    row.out_on, row.closed_at, row.closed_by = timezone.localdate(row.settled_at), now, by
    row.points = done
    save_order(row, "status", "out_on", "closed_at", "closed_by", "points")
    note_stage(row, at=now, by=by)
    refresh_visits([row.vehicle_id], on=today)
    if row.km is not None:
        customers.record_reading(
            row.vehicle, row.km, on=row.out_on, source=ReadingSource.VISIT, by=by, today=today
        )
    customers.refresh_cars([row.vehicle_id], on=today)
    return row
