"""A car is taken in at the door, with how it looked (SVC-07, SVC-15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.core.pictures import Kept
from apps.customers.models import Vehicle
from apps.service.actions.orders import open_order
from apps.service.choices import MarkKind
from apps.service.models import CheckIn, Mark, Photo
from apps.service.models.check_in import DRAWING
from apps.service.queries.check_in import whose_turn

MOST_MARKS = 60
MOST_PHOTOS = 20


@dataclass(frozen=True)
class Spot:
    """A mark as it was tapped: per mille of the drawing's width and height. ``since``: the day on
    which an earlier visit saw it first; None: seen now."""

    kind: str
    x: int
    y: int
    note: str = ""
    since: date | None = None


@action
def check_in(
    vehicle: Vehicle,
    opening: Mapping[str, Any],
    seen: Mapping[str, Any],
    *,
    marks: Sequence[Spot] = (),
    photos: Sequence[bytes] = (),
    signature: bytes | None = None,
    turn_reason: str = "",
    now: datetime,
    by: User,
) -> CheckIn:
    """Take the car in and open its repair order.

    ``opening``: what ``open_order`` is told (advisor, kind, km …). ``seen``: the columns of
    ``CheckIn`` that were filled in. ``photos`` and ``signature`` are pictures that
    ``core.pictures.read_picture`` gave. Refused: what ``open_order`` refuses, no signature of a
    customer who was there, another advisor than the one whose turn it is without the reason.
    """
    with_customer = not seen["in_hurry"]
    if with_customer and signature is None:
        raise Refused(_("The customer has not signed. Let him sign, or say that he is in a hurry."))
    turn = whose_turn(vehicle.store, now)
    reason = _reason(opening, turn, turn_reason)
    order = open_order(vehicle, **opening, now=now, by=by)
    with Kept() as kept:
        row = CheckIn.objects.create(
            store_id=vehicle.store_id,
            order=order,
            by=by,
            at=now,
            turn_of=turn,
            turn_reason=reason,
            signature=kept.add(signature) if with_customer and signature else None,
            walked_by=by if with_customer else None,
            walked_at=now if with_customer else None,
            **seen,
        )
        _keep_seen(row, marks, photos, kept, now)
    return row


def _reason(opening: Mapping[str, Any], turn: User | None, reason: str) -> str:
    """Why not the one whose turn it is; "" when it is."""
    advisor, appointment = opening["advisor"], opening.get("appointment")
    if turn is None or turn == advisor:
        return ""
    if appointment is not None and appointment.advisor_id == advisor.pk:
        return "appointed"
    if not reason:
        raise Refused(
            _("It is the turn of %(advisor)s. Choose him, or say why another one takes the car.")
            % {"advisor": turn}
        )
    return reason


def _keep_seen(
    row: CheckIn, marks: Sequence[Spot], photos: Sequence[bytes], kept: Kept, now: datetime
) -> None:
    if len(marks) > MOST_MARKS or row.photos.count() + len(photos) > MOST_PHOTOS:
        raise Refused(
            _("At most %(marks)s marks and %(photos)s photos of a car.")
            % {"marks": MOST_MARKS, "photos": MOST_PHOTOS}
        )
    today = timezone.localdate(now)
    for spot in marks:
        inside = 0 <= spot.x <= DRAWING and 0 <= spot.y <= DRAWING
        if not inside or spot.kind not in MarkKind.values:
            raise Refused(_("A mark is not on the car. Set it again."))
    Mark.objects.bulk_create(
        Mark(
            check_in=row,
            kind=spot.kind,
            x=spot.x,
            y=spot.y,
            note=spot.note[:60],
            since=min(spot.since or today, today),
        )
        for spot in marks
    )
    Photo.objects.bulk_create(
        Photo(check_in=row, stored=kept.add(photo), at=now) for photo in photos
    )


@action
def walk_around(
    row: CheckIn,
    *,
    marks: Sequence[Spot] = (),
    photos: Sequence[bytes] = (),
    now: datetime,
    by: User,
) -> CheckIn:
    """The walk-around that a customer in a hurry did not wait for is done in the workshop.

    Refused when it was done already.
    """
    row = locked(row)
    if row.walked_at is not None:
        raise Refused(_("The walk-around was done already."))
    row.walked_by, row.walked_at = by, now
    row.save(update_fields=["walked_by", "walked_at"])
    with Kept() as kept:
        _keep_seen(row, marks, photos, kept, now)
    return row


@action
def report_walk(row: CheckIn, *, now: datetime) -> CheckIn:
    """The customer was told what the walk-around without him showed. Twice: the first counts."""
    row = locked(row)
    if row.walked_at is None:
        raise Refused(_("The walk-around has not been done yet."))
    if row.reported_at is None:
        row.reported_at = now
        row.save(update_fields=["reported_at"])
    return row
