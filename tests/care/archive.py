"""Archives drawn by a seed, and their rows: what the planning oracle is asked about."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from lunardate import LunarDate

from apps.care.models import Call
from apps.customers.choices import CareKind, Fate, ReadingSource
from apps.customers.models import Customer, ElsewhereService, MileageReading, StopContact, Vehicle
from apps.service.choices import AppointmentStatus
from apps.service.models import Appointment, RepairOrder
from tests.factories import SHANGHAI
from tests.service.workshop import make_bay, make_technician

DAY = timedelta(days=1)
LEAP_DAYS = (date(2016, 2, 29), date(2020, 2, 29), date(2024, 2, 29))
KINDS = ("first_service", "maintenance", "maintenance", "maintenance", "repair", "accident")
_numbers = count(1)


@dataclass
class Visit:
    """An order: settled, how many days inside, and handed back here or imported history."""

    out_on: date
    stay: int
    kind: str
    km: int | None = None
    closed_on: date | None = None  # made here: handed back
    number: str = ""


@dataclass
class Car:
    """Everything that is known of one car and its owner, whatever the day."""

    sold_here: bool = True
    delivered_on: date | None = None
    registered_on: date | None = None
    warranty_months: int | None = None
    warranty_km: int | None = None
    insured_until: date | None = None
    visits: list[Visit] = field(default_factory=list)
    came_on: date | None = None  # and is not out yet
    readings: list[tuple[date, int]] = field(default_factory=list)
    elsewhere_on: date | None = None
    missed_on: date | None = None  # an appointment
    awaited_again: bool = False
    fate: str = Fate.IN_USE
    stops: set[str] = field(default_factory=set)
    stops_ended: bool = False
    refuses: bool = False
    company: bool = False
    has_owner: bool = True
    birthday: date | None = None
    lunar_birthday: int | None = None
    earlier: tuple[str, int] | None = None  # (status, days ago) of a churn call, same last visit

    def has(self, kind: str) -> bool:
        return kind in self.stops and not self.stops_ended


def months_later(day, months):
    """Calendar months, clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def draw(seed, day, cars):
    """So many cars around ``day``: many of them near the days on which something begins."""
    rnd = Random(seed)
    return [_car(rnd, day) for _ in range(cars)]


def _car(rnd, day):
    def seldom(n=8):
        return rnd.randrange(n) == 0

    def ago():
        return day - rnd.choice((rnd.randint(-20, 420), rnd.randint(60, 230))) * DAY

    def near(months):
        """So many months before a day that is near the one that is planned."""
        return months_later(day + rnd.randint(-40, 70) * DAY, -months)

    car = Car(sold_here=not seldom(), has_owner=not seldom(10), refuses=seldom(10))
    car.delivered_on = rnd.choice((None, ago(), day - rnd.randint(55, 130) * DAY, near(36)))
    car.warranty_months = rnd.choice((None, None, 12, 24, 36, 60))
    car.warranty_km = rnd.choice((None, None, 12_000, 30_000, 60_000))
    if rnd.randrange(3) == 0:
        car.delivered_on = near(car.warranty_months or 36)
    car.registered_on = rnd.choice((None, near(12 * rnd.randint(1, 14)), ago()))
    car.insured_until = rnd.choice((None, near(12 * rnd.randint(-1, 4)), ago()))
    if seldom():
        car.delivered_on = car.registered_on = car.insured_until = rnd.choice(LEAP_DAYS)
    car.visits = [_visit(rnd, day, ago(), car) for _ in range(rnd.randrange(4))]
    car.came_on = day - rnd.randint(-5, 5) * DAY if seldom() else None
    shown = {ago(): rnd.randrange(31) * 900 for _ in range(rnd.randrange(4))}
    car.readings = sorted(shown.items())
    car.elsewhere_on = ago() if seldom(3) else None
    if seldom(5):
        car.missed_on, car.awaited_again = day - rnd.randint(-2, 34) * DAY, seldom(3)
    car.fate = rnd.choice((*[Fate.IN_USE] * 9, Fate.SOLD_ON, Fate.SCRAPPED))
    car.stops = set(rnd.sample(CareKind.values, rnd.randrange(4))) if seldom(4) else set()
    car.stops_ended, car.company = seldom(2), seldom()
    _born(rnd, car, day)
    if seldom(3):
        car.earlier = (rnd.choice(("waiting", "reached", "failed")), rnd.randint(80, 100))
    return car


def _visit(rnd, day, out_on, car):
    made_here = car.has_owner and rnd.randrange(3) == 0
    if made_here and rnd.randrange(2):
        out_on = day - rnd.randint(-1, 13) * DAY
    km = rnd.choice((None, rnd.randrange(31) * 900))
    closed_on = out_on + rnd.randrange(2) * DAY if made_here else None
    return Visit(out_on, rnd.randrange(5), rnd.choice(KINDS), km, closed_on)


def _born(rnd, car, day):
    car.birthday = rnd.choice(
        (None, date(1988, day.month, min(day.day, 28)), date(1992, 2, 29), date(1990, 6, 17))
    )
    if rnd.randrange(4) == 0:
        lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
        of_month = rnd.choice((lunar.day, 29, 30, 1))
        car.lunar_birthday = rnd.choice((lunar.month, lunar.month % 12 + 1)) * 100 + of_month


# The rows


def settle(store, archive, day, by):
    """Write down the rows of these cars; return the cars in the order of ``archive``."""
    owners = Customer.objects.bulk_create(_owner(store, car) for car in archive if car.has_owner)
    theirs = iter(owners)
    rows = Vehicle.objects.bulk_create(
        Vehicle(
            store=store,
            owner=next(theirs) if car.has_owner else None,
            vin=f"LSGTEST{next(_numbers):010d}",
            **{name: getattr(car, name) for name in _OF_THE_CAR},
        )
        for car in archive
    )
    pairs = list(zip(archive, rows, strict=True))
    RepairOrder.objects.bulk_create(o for car, row in pairs for o in _orders(car, row))
    MileageReading.objects.bulk_create(
        MileageReading(store=store, vehicle=row, on=on, km=km, source=ReadingSource.IMPORT)
        for car, row in pairs
        for on, km in {(v.out_on, v.km) for v in car.visits if v.km is not None} | {*car.readings}
    )
    now = datetime.combine(day, time(9), SHANGHAI)
    ElsewhereService.objects.bulk_create(
        ElsewhereService(
            store=store, vehicle=row, on=car.elsewhere_on, shop="路边店", recorded_at=now,
            recorded_by=by,
        )
        for car, row in pairs
        if car.elsewhere_on
    )  # fmt: skip
    owned = [(car, row) for car, row in pairs if car.has_owner]
    StopContact.objects.bulk_create(
        StopContact(
            store=store, customer=row.owner, vehicle=None if kind == "birthday" else row,
            kind=kind, reason="—", by=by, at=now, ended_at=now if car.stops_ended else None,
        )
        for car, row in owned
        for kind in car.stops
    )  # fmt: skip
    _appointments(store, owned)
    return rows


_OF_THE_CAR = (
    *("sold_here", "delivered_on", "registered_on", "warranty_months", "warranty_km"),
    *("insured_until", "fate"),
)


def _owner(store, car):
    return Customer(
        store=store,
        name="张伟",
        main_phone=f"139{next(_numbers):08d}",
        reachable=True,
        kind="company" if car.company else "person",
        birthday=car.birthday,
        lunar_birth_mmdd=car.lunar_birthday,
        refuses_service=car.refuses,
    )


def _orders(car, row):
    for visit in car.visits:
        order = RepairOrder(
            store=row.store, vehicle=row, number=f"R{next(_numbers)}", kind=visit.kind,
            in_on=visit.out_on - visit.stay * DAY, out_on=visit.out_on,
        )  # fmt: skip
        visit.number = order.number
        if visit.closed_on:
            order.status, order.customer, order.outcome = "closed", row.owner, "done"
            order.opened_at = datetime.combine(order.in_on, time(9), SHANGHAI)
            order.settled_at = datetime.combine(visit.out_on, time(16), SHANGHAI)
            order.amount, order.paid_how = 500, "cash"
            order.closed_at = datetime.combine(visit.closed_on, time(17), SHANGHAI)
        yield order
    if car.came_on:
        yield RepairOrder(
            store=row.store, vehicle=row, number=f"R{next(_numbers)}", kind="repair",
            in_on=car.came_on,
        )  # fmt: skip


def _appointments(store, owned):
    """Those missed, and of some cars another one, in a year when nothing else is booked."""
    bay, technician = make_bay(store), make_technician(store)
    free = count()

    def appointment(car, row, status, at):
        return Appointment(
            store=store, customer=row.owner, vehicle=row, kind="maintenance", source="phone",
            status=status, on=at.date(), starts_at=at, ends_at=at + timedelta(minutes=1),
            skill="quick", bay=bay, technician=technician, made_at=at,
        )  # fmt: skip

    rows = []
    for car, row in owned:
        if car.missed_on:
            at = datetime.combine(car.missed_on, time(9), SHANGHAI)
            rows.append(appointment(car, row, AppointmentStatus.NO_SHOW, at))
        if car.missed_on and car.awaited_again:
            at = datetime(2031, 1, 1, 8, tzinfo=SHANGHAI) + timedelta(minutes=next(free))
            rows.append(appointment(car, row, AppointmentStatus.CONFIRMED, at))
    Appointment.objects.bulk_create(rows)


def called_before(row, last_seen_on, day, status, ago):
    """The call of an earlier month about the same last visit."""
    now = datetime.combine(day, time(9), SHANGHAI)
    return Call(
        store=row.store, customer=row.owner, vehicle=row, kind="churn", status=status,
        cycle=f"{last_seen_on}/{day.replace(day=1) - DAY:%Y-%m}",
        event_on=day, opens_on=day, due_on=day, created_on=day,
        ended_at=None if status == "waiting" else now - ago * DAY,
    )  # fmt: skip
