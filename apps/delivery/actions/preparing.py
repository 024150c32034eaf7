"""What must be ready before the customer comes (DEL-02, DEL-08)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.checklists import actions as checklists
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.checklists.policy import Said
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.actions.people import plate as plate_of
from apps.delivery.choices.hand_over import BY_HAND, COMING, HandOverStatus, ReadyPoint
from apps.delivery.models import HandOver, Readiness
from apps.delivery.queries.hand_overs import checked_cars

PAPERS = ("plate", "registered_on", "insurer", "insured_until")


def keep_status(row: HandOver) -> HandOver:
    """Ready exactly when every point is done (DEL-02)."""
    done = set(row.ready.values_list("point", flat=True))
    if row.pk and checked_cars([row]):
        done.add(ReadyPoint.PDI)
    to = HandOverStatus.PREPARED if done >= set(ReadyPoint) else HandOverStatus.PLANNED
    if row.status != to:
        advance(row, to)
        row.save(update_fields=["status"])
    return row


def _coming(hand_over: HandOver) -> HandOver:
    row = locked(hand_over)
    if row.status not in COMING:
        raise Refused(_("This hand-over has begun or is over."))
    return row


@action
def mark_ready(hand_over: HandOver, point: str, done: bool, *, now: datetime, by: User) -> HandOver:
    """A point of the preparation is done, or is not after all. Twice: the first counts.

    Refused: the PDI, which its checklist says, and a hand-over that has begun.
    """
    if point not in BY_HAND:
        raise Refused(_("The PDI is done when its checklist is without a missing point."))
    row = _coming(hand_over)
    if done:
        Readiness.objects.get_or_create(hand_over=row, point=point, defaults={"by": by, "at": now})
    else:
        for ready in row.ready.filter(point=point):
            ready.delete()
    return keep_status(row)


@action
def keep_papers(hand_over: HandOver, facts: Mapping[str, Any]) -> HandOver:
    """Plate, registration and insurance, as they go into the archive (DEL-07).

    Refused: a plate that cannot be one, and what was signed.
    """
    row = locked(hand_over)
    if row.status in (HandOverStatus.FINISHED, HandOverStatus.CANCELLED):
        raise Refused(_("This hand-over is over."))
    for name in PAPERS:
        if name in facts:
            setattr(row, name, facts[name])
    row.plate = plate_of(row.plate)
    row.save(update_fields=list(PAPERS))
    return row


@action
def tell_customer(hand_over: HandOver, told: str, *, now: datetime) -> HandOver:
    """What the customer was told of a preparation that is late (DEL-08). Refused without a word."""
    if not told.strip():
        raise Refused(_("Write what the customer was told."))
    row = _coming(hand_over)
    row.told_at, row.told = now, told.strip()[:200]
    row.save(update_fields=["told_at", "told"])
    return row


@action
def check_car(
    hand_over: HandOver, said: Mapping[int, Said], *, now: datetime, by: User
) -> ChecklistRun:
    """The PDI as workshop and sales see it: about the car, whatever hand-over it is for (DEL-02).

    Refused: no car given to the order yet, a hand-over that has begun.
    """
    row = _coming(hand_over)
    car = row.order.stock_car
    if car is None:
        raise Refused(_("The order has no car yet. Give it one first."))
    run = checklists.go_through(
        row.store,
        ChecklistKind.PDI,
        said,
        on=timezone.localdate(now),
        people=1,
        by=by,
        now=now,
        subject=car.vin,
    )
    keep_status(row)
    return run
