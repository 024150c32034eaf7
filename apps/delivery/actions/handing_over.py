"""The hand-over itself: begun, signed, and everything that follows from it (DEL-03…05, 07, 08)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.checklists import actions as checklists
from apps.checklists.policy import Said
from apps.core.actions import action
from apps.core.dates import add_months
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.core.pictures import Kept
from apps.customers.actions.people import add_vehicle, change_owner, change_vehicle
from apps.customers.models import Vehicle
from apps.delivery.actions.deliveries import record_delivery
from apps.delivery.actions.preparing import keep_status
from apps.delivery.choices.hand_over import COMING, LISTS, HandOverStatus
from apps.delivery.models import HandOver, HandOverPhoto, HandOverStep
from apps.delivery.policy import hand_over as policy
from apps.delivery.queries.numbers import numbers_of
from apps.reception.actions.orders import mark_delivered

MOST_PHOTOS = 6


@dataclass(frozen=True)
class Sheet:
    """What was done on the tablet. ``said``: kind of list → point → what was said of it.
    ``ended``: step → when it ended, as the tablet's clock says."""

    said: Mapping[str, Mapping[int, Said]] = field(default_factory=dict)
    ended: Mapping[str, datetime] = field(default_factory=dict)
    advisor: User | None = None
    care: User | None = None
    manager: User | None = None
    no_photo: bool = False


@action
def start(hand_over: HandOver, *, now: datetime) -> HandOver:
    """The customer is here; the time box runs (DEL-08). Twice: the first counts.

    Refused: a point of the preparation that is missing (DEL-02), an order without a car.
    """
    row = locked(hand_over)
    if row.status == HandOverStatus.RUNNING:
        return row
    if row.status in COMING:
        row = keep_status(row)
    if row.status != HandOverStatus.PREPARED:
        raise Refused(_("Not everything is ready: the hand-over cannot begin."))
    advance(row, HandOverStatus.RUNNING)
    row.started_at = now
    row.planned_minutes = numbers_of(row.store, row.on).minutes
    row.save(update_fields=["status", "started_at", "planned_minutes"])
    return row


@action
def finish(
    hand_over: HandOver,
    sheet: Sheet,
    *,
    photos: Sequence[bytes] = (),
    signature: bytes | None,
    now: datetime,
    by: User,
) -> HandOver:
    """The customer signs (DEL-05); the record is frozen, and what follows follows (DEL-07): the
    car is in the archive with owner, warranty, insurance and inspection, the delivery is
    recorded, the order delivered.

    ``photos`` and ``signature`` are pictures that ``core.pictures.read_picture`` gave. Refused,
    and nothing written: a hand-over that does not run, no signature, a point of a list that is
    missing, nobody introduced, no manager at a VIP, no photo without the customer's word.
    """
    row = locked(hand_over)
    if row.status != HandOverStatus.RUNNING:
        raise Refused(_("This hand-over does not run: it was not begun, or is signed already."))
    _complete(row, sheet, photos, signature)
    today = timezone.localdate(now)
    _sign_lists(row, sheet, now=now, by=by)
    row.vehicle = _into_the_archive(row, by=by, on=today)
    name = str(row.consultant)[:40]
    record_delivery(
        row.vehicle,
        row.order.customer,
        delivered_on=today,
        on=today,
        consultant=name,
        seller=row.consultant,
    )
    mark_delivered(row.order, row.vehicle, now=now)
    _write_steps(row, sheet, now)
    _keep_signed(row, sheet, photos, signature, now)
    return row


def _keep_signed(
    row: HandOver,
    sheet: Sheet,
    photos: Sequence[bytes],
    signature: bytes | None,
    now: datetime,
) -> None:
    """Photos, signature and people; from here on nothing of it changes."""
    with Kept() as kept:
        HandOverPhoto.objects.bulk_create(
            HandOverPhoto(hand_over=row, stored=kept.add(photo), at=now) for photo in photos
        )
        row.signature = kept.add(signature) if signature else None
        row.advisor, row.care, row.manager = sheet.advisor, sheet.care, sheet.manager
        row.no_photo, row.finished_at = sheet.no_photo, now
        advance(row, HandOverStatus.FINISHED)
        row.save()


def _sign_lists(row: HandOver, sheet: Sheet, *, now: datetime, by: User) -> None:
    """Every list is gone through, complete, and signed with the sheet."""
    for kind in LISTS.values():
        run = checklists.go_through(
            row.store,
            kind,
            sheet.said.get(kind, {}),
            on=timezone.localdate(now),
            people=1,
            by=by,
            now=now,
            subject=str(row.pk),
        )
        checklists.seal(run, now=now)


def _complete(
    row: HandOver, sheet: Sheet, photos: Sequence[bytes], signature: bytes | None
) -> None:
    if sheet.advisor is None or sheet.care is None:
        raise Refused(_("Say which service advisor and which care specialist were introduced."))
    if row.is_vip and sheet.manager is None:
        raise Refused(_("A VIP or fleet customer is handed over with a manager. Say which one."))
    if not photos and not sheet.no_photo:
        raise Refused(_("Take a photo of the ceremony, or say that the customer wants none."))
    if len(photos) > MOST_PHOTOS:
        raise Refused(_("At most %(most)s photos of a hand-over.") % {"most": MOST_PHOTOS})
    if signature is None:
        raise Refused(_("The customer has not signed."))


def _write_steps(row: HandOver, sheet: Sheet, now: datetime) -> None:
    planned = numbers_of(row.store, row.on).planned
    found = policy.spans(sheet.ended, row.started_at or now, now)
    HandOverStep.objects.bulk_create(
        HandOverStep(
            hand_over=row,
            step=span.step,
            place=place,
            planned_minutes=planned[span.step],
            started_at=span.started_at,
            ended_at=span.ended_at,
        )
        for place, span in enumerate(found, 1)
    )


def _into_the_archive(row: HandOver, *, by: User, on: date) -> Vehicle:
    """The car with its owner: a new one, or the one that an import brought before (DEL-07)."""
    stock, customer = row.order.stock_car, row.order.customer
    if stock is None:
        raise Refused(_("The order has no car yet. Give it one first."))
    facts = {name: value for name, value in _facts(row, on).items() if value}
    there = Vehicle.objects.filter(store=row.store, vin=stock.vin).first()
    if there is None:
        return add_vehicle(
            row.store, vin=stock.vin, owner=customer, on=on, by=by, confirmed=True, **facts
        )
    change_owner(there, customer, by=by, on=on)
    return change_vehicle(there, by=by, on=on, **facts)


def _facts(row: HandOver, on: date) -> dict[str, Any]:
    """The columns of the archive that the hand-over knows."""
    numbers, order = numbers_of(row.store, on), row.order
    stock, car = order.stock_car, order.trim.car_model
    return {
        "plate": row.plate,
        "brand": car.brand,
        "model": car.name,
        "variant": order.trim.name,
        "colour": (stock.colour if stock else "")[:20] or order.colour[:20],
        "engine_number": stock.engine_number if stock else "",
        "registered_on": row.registered_on,
        "warranty_months": numbers.warranty_months,
        "warranty_km": numbers.warranty_km,
        "insurer": row.insurer,
        "insured_until": row.insured_until,
        "inspection_due_on": add_months(row.registered_on or on, numbers.inspection_months),
    }
