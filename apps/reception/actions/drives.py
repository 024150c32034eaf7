"""A drive is booked, checked, signed for, driven and judged (REC-05, REC-10).

Whatever takes time of a car or a consultant holds the rows of both first, cars before people,
each in the order of their keys: so nobody waits in a ring and nobody takes a time that another
is just taking. The exclusion constraints are the last wall.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.queries import calendar_of
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, hold, locked
from apps.core.pictures import Kept
from apps.customers.sealing import seal
from apps.reception.actions.opportunities import start_clock
from apps.reception.choices.drive import DriveStatus
from apps.reception.choices.opportunity import WORKED, ClockKind
from apps.reception.models import DemoCar, DriveRoute, Opportunity, TestDrive
from apps.reception.policy import drive as policy
from apps.reception.queries.drives import hours, taken


class NotFree(Refused):
    """The car or the consultant is taken then. The page offers the next free times."""


@action
def book_drive(
    opportunity: Opportunity,
    demo_car: DemoCar,
    *,
    starts_at: datetime,
    minutes: int,
    by: User,
    now: datetime,
    route: DriveRoute | None = None,
    remark: str = "",
) -> TestDrive:
    """Promise a customer a car for a time; his consultant goes along.

    Refused: a purchase that is over, a time that is past, outside opening, too far ahead or taken
    (NotFree), a car that may not be booked or is not insured then. Two for one car at one
    moment: exactly one gets it.
    """
    if {demo_car.store_id, by.store_id, route.store_id if route else by.store_id} != {
        opportunity.store_id
    }:
        raise Refused(_("This car belongs to another store."))
    if opportunity.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    row = TestDrive(
        store_id=opportunity.store_id,
        opportunity=opportunity,
        consultant_id=opportunity.consultant_id,
        route=route,
        made_at=now,
        by=by,
        remark=remark,
    )
    (car,) = _hold([demo_car.pk], row.consultant_id)
    _place(row, car, starts_at, minutes, now)
    row.save()
    return row


@action
def move_drive(
    drive: TestDrive,
    demo_car: DemoCar,
    *,
    starts_at: datetime,
    minutes: int,
    now: datetime,
    route: DriveRoute | None = None,
    remark: str = "",
) -> TestDrive:
    """Another time, car or route. Nothing is given up before it is found.

    Refused as ``book_drive``, when the car has gone out or the drive is over, and another car
    once the agreement for this one is signed.
    """
    if demo_car.store_id != drive.store_id:
        raise Refused(_("This car belongs to another store."))
    held = {car.pk: car for car in _hold([drive.demo_car_id, demo_car.pk], drive.consultant_id)}
    row = locked(drive)
    if row.status != DriveStatus.BOOKED:
        raise Refused(_("The car has gone out or the drive is over: it cannot be moved."))
    if row.signed_at is not None and demo_car.pk != row.demo_car_id:
        raise Refused(_("The agreement for this car is signed. Cancel the drive and book anew."))
    _place(row, held[demo_car.pk], starts_at, minutes, now)
    row.route, row.remark = route, remark
    row.save(update_fields=["demo_car", "starts_at", "ends_at", "route", "remark"])
    return row


@action
def cancel_drive(drive: TestDrive, *, no_show: bool, now: datetime) -> TestDrive:
    """The customer does not want the drive, or did not come: the car is free again.

    Refused: once the car is out, and not coming before the time has come.
    """
    row = locked(drive)
    if no_show and now < row.starts_at:
        raise Refused(_("The time has not come yet: the customer may still come."))
    advance(row, DriveStatus.NO_SHOW if no_show else DriveStatus.CANCELLED)
    row.save(update_fields=["status"])
    return row


@action
def check_licence(
    drive: TestDrive,
    *,
    driver: str,
    licence_class: str,
    number: str,
    valid_until: date | None,
    by: User,
    now: datetime,
) -> TestDrive:
    """The driver's licence was seen: without it no car goes out. Its number is kept sealed.

    Again before the agreement is signed: the new one holds. Refused: a class that is not for
    this car, one that has run out by the day of the drive, a number that cannot be.
    """
    row = locked(drive)
    if row.status != DriveStatus.BOOKED or row.signed_at is not None:
        raise Refused(_("The agreement is signed: the licence can no longer be changed."))
    try:
        number = policy.licence_number(number)
    except ValueError:
        raise Refused(_("This licence number cannot be right: it is the ID number.")) from None
    row.driver, row.licence_class, row.licence_until = driver.strip(), licence_class, valid_until
    _check_driver(row, row.starts_at)
    row.licence_sealed, row.licence_at, row.licence_by = seal(number), now, by
    row.save(
        update_fields=[
            *("driver", "licence_class", "licence_until"),
            *("licence_sealed", "licence_at", "licence_by"),
        ]
    )
    return row


@action
def sign_agreement(drive: TestDrive, signature: bytes, *, now: datetime) -> TestDrive:
    """The driver signs the agreement as it reads now; it is kept with his signature.

    Refused: before the licence was checked, and a second time.
    """
    row = locked(drive)
    if row.status != DriveStatus.BOOKED or row.licence_at is None:
        raise Refused(_("Check the driving licence first."))
    if row.signed_at is not None:
        raise Refused(_("The agreement is signed already."))
    with Kept() as kept:
        row.signature, row.signed_at = kept.add(signature), now
        row.terms = "\n".join(policy.TERMS)
        row.save(update_fields=["signature", "signed_at", "terms"])
    return row


@action
def send_out(drive: TestDrive, *, km: int, now: datetime) -> TestDrive:
    """The car goes out. Earlier or later than booked its time moves along, if it is free.

    Refused: another day, no licence or signature, a car that is still out, that is promised to
    somebody else meanwhile (NotFree) or not insured, fewer kilometres than it had.
    """
    _hold([drive.demo_car_id], drive.consultant_id)
    row = locked(drive)
    if row.signed_at is None:
        raise Refused(_("No car goes out without a checked licence and a signed agreement."))
    car = _held_car(row, drive)
    if timezone.localdate(now) != timezone.localdate(row.starts_at):
        raise Refused(_("This drive is booked for another day. Move it first."))
    _check_driver(row, now)
    _check_car(car, timezone.localdate(now))
    still = TestDrive.objects.filter(demo_car=car, status=DriveStatus.OUT).first()
    if still is not None:
        raise Refused(
            _("The car is still on the road with %(who)s. Take it back first.")
            % {"who": still.consultant}
        )
    if km < car.km:
        raise Refused(_("The car had %(km)s km already. Read the mileage again.") % {"km": car.km})
    length = row.ends_at - row.starts_at
    row.starts_at = min(row.starts_at, now)
    if row.ends_at <= now:
        row.starts_at, row.ends_at = now, now + length
    _check_free(row, car)
    advance(row, DriveStatus.OUT)
    row.out_at, row.out_km = now, km
    row.save(update_fields=["status", "starts_at", "ends_at", "out_at", "out_km"])
    return row


@action
def take_back(drive: TestDrive, *, km: int, now: datetime) -> TestDrive:
    """The car is back; from now on the satisfaction call is promised (REC-10).

    Refused: fewer kilometres than it went out with, or more than one can drive.
    """
    _hold([drive.demo_car_id], drive.consultant_id)
    row = locked(drive)
    car = _held_car(row, drive)
    advance(row, DriveStatus.BACK)
    if not 0 <= km - (row.out_km or 0) <= policy.MOST_KM:
        raise Refused(
            _("The car went out with %(km)s km. Read the mileage again.") % {"km": row.out_km}
        )
    row.back_at, row.back_km = now, km
    row.save(update_fields=["status", "back_at", "back_km"])
    car.km = km
    car.save(update_fields=["km"])
    if row.opportunity.status in WORKED:
        start_clock(row.opportunity, ClockKind.DRIVE_CALL, since=now)
    return row


@action
def note_feedback(drive: TestDrive, *, impression: str, liked: str, disliked: str) -> TestDrive:
    """What the customer says of the car. Again: the new words hold. Refused before it is back."""
    row = locked(drive)
    if row.status != DriveStatus.BACK:
        raise Refused(_("The car is not back yet."))
    row.impression, row.liked, row.disliked = impression, liked, disliked
    row.save(update_fields=["impression", "liked", "disliked"])
    return row


def _place(row: TestDrive, car: DemoCar, starts_at: datetime, minutes: int, now: datetime) -> None:
    """Give ``row`` the car, which is held, for the time; or refuse."""
    on = timezone.localdate(starts_at)
    if starts_at < now:
        raise NotFree(_("That time is past. Choose a coming one."))
    if starts_at - now > policy.FAR_AHEAD:
        raise NotFree(_("That day is too far ahead to be booked."))
    if minutes not in policy.LENGTHS or timezone.localtime(starts_at).minute % 15:
        raise NotFree(_("A drive begins on a quarter of an hour."))
    _check_car(car, on)
    open_ = hours(calendar_of(row.store), on)
    ends_at = starts_at + timedelta(minutes=minutes)
    if open_ is None or starts_at < open_[0] or ends_at > open_[1]:
        raise NotFree(_("The store is closed then."))
    row.demo_car, row.starts_at, row.ends_at = car, starts_at, ends_at
    _check_free(row, car)


def _check_free(row: TestDrive, car: DemoCar) -> None:
    found = taken(car.pk, row.consultant_id, row.starts_at, row.ends_at, without=row.pk)
    if not found:
        return
    other = found[0]
    facts = {
        "what": other.demo_car if other.demo_car_id == car.pk else other.consultant,
        "start": date_format(timezone.localtime(other.starts_at), "H:i"),
        "end": date_format(timezone.localtime(other.ends_at), "H:i"),
    }
    raise NotFree(_("%(what)s is on a test drive from %(start)s to %(end)s.") % facts)


def _check_car(car: DemoCar, on: date) -> None:
    if not car.is_used:
        raise Refused(_("This demonstrator car may not be booked at present."))
    if car.insured_until is not None and car.insured_until < on:
        raise Refused(_("The insurance of this demonstrator car has run out by then."))


def _check_driver(row: TestDrive, moment: datetime) -> None:
    if not policy.may_drive(row.licence_class, automatic=row.demo_car.is_automatic):
        raise Refused(_("A licence of this class is not for this car."))
    if not policy.holds(row.licence_until, timezone.localdate(moment)):
        raise Refused(_("The driving licence has run out by the day of the drive."))


def _held_car(row: TestDrive, seen: TestDrive) -> DemoCar:
    """The car whose row is held; refused when the drive was given another one meanwhile."""
    if row.demo_car_id != seen.demo_car_id:
        raise Refused(_("It was moved to another car meanwhile. Load it again."))
    return row.demo_car


def _hold(cars: Iterable[int], consultant: int) -> list[DemoCar]:
    """Hold the cars and then the consultant until the transaction ends.

    Refused when somebody else holds one of them for longer than 3 seconds.
    """
    rows = DemoCar.objects.select_for_update(no_key=True).filter(pk__in=set(cars))
    people = User.objects.select_for_update(no_key=True).filter(pk=consultant)
    words = _("Somebody is booking this car just now. Try again in a moment.")
    return hold(rows.order_by("pk"), people, words=words)[0]
