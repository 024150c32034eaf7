"""Random archives around a month: what is known as plain values, and its rows in the database.

Most things lie a day, or a second, on either side of the edge that a figure asks about.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from random import Random
from typing import Any

from apps.care.models import Attempt, Call
from apps.customers.models import Customer, MaintenanceCycle, StopContact, Vehicle
from apps.delivery.models import Delivery, DsmRecord
from apps.messaging.models import Message
from apps.reception.models import LoanApplication, Opportunity, SalesOrder, StockCar
from apps.service.models import Appointment, RepairOrder
from apps.ssi.models import Response, SurveyModel
from tests.factories import SHANGHAI
from tests.reception.sold import make_trim, person
from tests.service.workshop import make_bay, make_technician
from tests.ssi.made import BUYERS, LOST

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
HALF_A_YEAR = 180 * DAY
KINDS = ("first_service", "maintenance", "repair", "accident", "other")
_numbers = count(1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Car:
    here: bool
    sold_here: bool
    delivered_on: date | None
    owner: bool
    refuses: bool
    stop: str  # of contact: "", the kind, or "ended"
    fate: str
    visits: list[tuple[str, date | None]]  # kind, settled on
    pk: int = 0

    @property
    def maintained(self) -> list[date]:
        days = {on for kind, on in self.visits if on and kind in KINDS[:2]}
        return sorted(days)


@dataclass
class Cycle:
    car: Car
    base_on: date
    ended_on: date | None
    pk: int = 0

    @property
    def event_on(self) -> date:
        return self.base_on + HALF_A_YEAR


@dataclass
class ACall:
    here: bool
    kind: str
    due_on: date
    made_up: bool
    status: str
    why: str
    ended_at: datetime | None
    attempts: int
    message: str  # of the fallback: "" is none
    came_on: date | None
    pk: int = 0


@dataclass
class Booked:
    here: bool
    on: date
    status: str
    pk: int = 0


@dataclass
class Opened:
    here: bool
    in_on: date
    made_here: bool
    booked: Booked | None
    pk: int = 0


@dataclass
class Sold:
    here: bool
    status: str
    delivered_at: datetime
    insurance: Decimal
    accessories: Decimal
    loan: str
    pk: int = 0


@dataclass
class Record:
    here: bool
    due_at: datetime
    entered_at: datetime | None
    sent_back: bool
    accepted: bool
    checked: bool
    pk: int = 0


@dataclass
class Answered:
    here: bool
    model: str  # "new", "old" or "lost"
    on: date | None  # None: begun, not finished
    score: Decimal | None
    pk: int = 0


@dataclass
class Archive:
    """Everything that is known of the month of ``first`` at ``now``, of two stores."""

    first: date
    now: datetime
    cars: list[Car] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    calls: list[ACall] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    sold: list[Sold] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)

    @property
    def last(self) -> date:
        return months_later(self.first, 1) - DAY

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()


def draw(seed: int, first: date, now: datetime) -> Archive:
    rnd = Random(seed)
    it = Archive(first, now)
    it.cars = [_car(rnd, it, n) for n in range(42)]
    it.cycles = [cycle for car in it.cars for cycle in _cycles(car)]
    it.calls = [_call(rnd, it) for _ in range(50)]
    it.booked = [_booked(rnd, it) for _ in range(24)]
    it.opened = [_opened(rnd, it) for _ in range(20)]
    free = [one for one in it.booked if one.status == "arrived"]
    for one in it.opened:
        fitting = [booked for booked in free if booked.here == one.here]
        if one.made_here and fitting and rnd.random() < 0.6:
            one.booked = fitting[0]
            free.remove(fitting[0])
    it.sold = [_sold(rnd, it) for _ in range(20)]
    it.records = [_record(rnd, it) for _ in range(24)]
    it.answered = [_answered(rnd, it) for _ in range(16)]
    return it


def _here(rnd: Random) -> bool:
    return rnd.random() < 0.85


def _near(rnd: Random, it: Archive) -> date:
    """A day of the month, or one or two beside its ends."""
    edges = (it.first - DAY, it.first, it.last, it.last + DAY)
    inside = it.first + DAY * rnd.randrange(28)
    return rnd.choice((*edges, inside, inside, inside))


def _car(rnd: Random, it: Archive, n: int) -> Car:
    car = Car(
        here=_here(rnd),
        sold_here=n % 3 == 0 or rnd.random() < 0.5,
        delivered_on=None,
        owner=rnd.random() > 0.05,
        refuses=rnd.random() < 0.08,
        stop=rnd.choice(("first_service", "maintenance", "ended", *("",) * 20)),
        fate=rnd.choice(("sold_on", "scrapped", *("in_use",) * 12)),
        visits=[],
    )
    (_first_service, _maintained, _away)[n % 3](rnd, it, car)
    car.visits = [(kind, on) for kind, on in car.visits if on is None or on <= it.today]
    return car


def _first_service(rnd: Random, it: Archive, car: Car) -> None:
    """Its time of the first service is over about the month."""
    car.delivered_on = months_later(it.first, -3) + DAY * rnd.randrange(-3, 35)
    due = months_later(car.delivered_on, 3)
    if rnd.random() < 0.7:
        back_on = due + DAY * rnd.choice((-20, -1, 0, 30, 31, 31, 32, 33))
        car.visits.append((rnd.choice((*KINDS, *KINDS[:2])), back_on))
    if rnd.random() < 0.1:
        car.visits.append((KINDS[0], None))  # in the workshop


def _maintained(rnd: Random, it: Archive, car: Car) -> None:
    """A maintenance is due about the month."""
    event_on = _near(rnd, it)
    base_on = event_on - HALF_A_YEAR
    car.delivered_on = base_on - DAY * rnd.choice((0, 200, 700))
    car.visits.append((KINDS[1], base_on))
    if rnd.random() < 0.8:
        after = DAY * rnd.choice((-32, -31, -30, -29, 0, 12, 29, 30, 31, 32))
        car.visits.append((rnd.choice((*KINDS[:3], KINDS[1])), event_on + after))


def _away(rnd: Random, it: Archive, car: Car) -> None:
    """Not seen for about as long as a lost car."""
    on = min(it.last, it.today)
    base_on = on - HALF_A_YEAR - DAY * rnd.choice((-40, 28, 29, 30, 31, 90))
    car.delivered_on = rnd.choice((base_on, base_on - 300 * DAY))
    if rnd.random() < 0.8:
        car.visits.append((KINDS[1], base_on))
    if rnd.random() < 0.7:
        days = rnd.choice((1, 88, 89, 90, 91, 200, 359, 360, 361))
        car.visits.append((KINDS[2], on - DAY * days))
    if rnd.random() < 0.2:
        car.visits.append((KINDS[3], on + DAY))  # after the day that is asked about


def _cycles(car: Car) -> list[Cycle]:
    """From each maintenance, or the delivery here, to the next."""
    bases = set(car.maintained)
    if car.sold_here and car.delivered_on:
        bases.add(car.delivered_on)
    days = sorted(bases)
    ends: list[date | None] = [*days[1:], None]
    return [Cycle(car, base_on, ended_on) for base_on, ended_on in zip(days, ends, strict=False)]


NEVER_OWED = ("stopped", "car_gone", "new_owner", "not_owed", "merged")


def _call(rnd: Random, it: Archive) -> ACall:
    due_on = _near(rnd, it)
    status = rnd.choice(
        ("reached", "reached", "failed", "failed", "failed", "lapsed", "waiting", "withdrawn")
    )
    why = {
        "failed": ("three_attempts", "three_attempts", "three_attempts", "abandoned"),
        "lapsed": ("overdue",),
        "withdrawn": (*NEVER_OWED, "visited", "visited", "visited"),
    }.get(status, ("",))
    ended_at = None
    if status != "waiting":
        over = midnight(due_on + DAY)  # the first moment that is too late
        ended_at = rnd.choice((over - SECOND, over - SECOND, over, over - 5 * DAY, over + 2 * DAY))
    return ACall(
        here=_here(rnd),
        kind=rnd.choice(("first_service", "maintenance", "first_service", "warranty")),
        due_on=due_on,
        made_up=rnd.random() < 0.12,
        status=status,
        why=rnd.choice(why),
        ended_at=ended_at,
        attempts=rnd.choice((3, 3, 3, 2)) if status == "failed" else 0,
        message=rnd.choice(("sent", "queued", "unknown", "failed", "cancelled", "", "sent", "sent"))
        if status == "failed"
        else "",
        came_on=due_on + DAY * rnd.choice((-1, 0, 1)) if rnd.random() < 0.6 else None,
    )


def _booked(rnd: Random, it: Archive) -> Booked:
    on = rnd.choice((_near(rnd, it), _near(rnd, it), it.today - DAY, it.today, it.today + DAY))
    coming = ("pending", "confirmed", "cancelled")
    over = (*coming, "arrived", "arrived", "arrived", "no_show")
    return Booked(_here(rnd), on, rnd.choice(over if on <= it.today else coming))


def _opened(rnd: Random, it: Archive) -> Opened:
    return Opened(_here(rnd), _near(rnd, it), rnd.random() < 0.8, None)


def _sold(rnd: Random, it: Archive) -> Sold:
    begins, over = midnight(it.first), midnight(it.last + DAY)
    inside = begins + DAY * rnd.randrange(28)
    money = (Decimal(0), Decimal("0.01"), Decimal(5800))
    return Sold(
        here=_here(rnd),
        status=rnd.choice(("delivered", "delivered", "delivered", "deposited", "cancelled")),
        delivered_at=rnd.choice(
            (begins - SECOND, begins, over - SECOND, over, inside, inside, inside)
        ),
        insurance=rnd.choice(money),
        accessories=rnd.choice(money),
        loan=rnd.choice(("", "preparing", "submitted", "approved", "paid_out", "refused")),
    )


def _record(rnd: Random, it: Archive) -> Record:
    begins, over = midnight(it.first), midnight(it.last + DAY)
    due_at = rnd.choice(
        (begins - SECOND, begins, over - SECOND, over, it.now - SECOND, it.now, it.now + SECOND)
        + (begins + DAY * rnd.randrange(28) + timedelta(hours=9.5),) * 6
    )
    entered = rnd.choice((None, due_at - DAY, due_at, due_at, due_at + SECOND, due_at + DAY))
    if entered and entered > it.now:
        entered = None
    accepted = rnd.random() < 0.15
    checked = accepted or (entered is not None and rnd.random() < 0.5)
    return Record(_here(rnd), due_at, entered, rnd.random() < 0.2, accepted, checked)


def _answered(rnd: Random, it: Archive) -> Answered:
    return Answered(
        here=_here(rnd),
        model=rnd.choice(("new", "new", "old", "lost")),
        on=_near(rnd, it) if rnd.random() < 0.9 else None,
        score=Decimal(rnd.randrange(10_000, 100_001)) / 100 if rnd.random() < 0.9 else None,
    )


@dataclass
class Place:
    """A store with what its rows hang on."""

    store: Any
    user: Any
    bay: Any
    technician: Any
    trim: Any
    customer: Any
    car: Any
    models: dict[str, Any]


def place(store: Any) -> Place:
    customer = Customer.objects.create(store=store, name="李四", main_phone="13900000001")
    rows = SurveyModel.objects.filter(store=store)
    old = rows.filter(of_buyers=True).exclude(code=BUYERS).earliest("pk")
    SurveyModel.objects.filter(pk=old.pk).update(effective_from=date(1999, 1, 1))
    return Place(
        store,
        person(store),
        make_bay(store),
        make_technician(store),
        make_trim(store),
        customer,
        Vehicle.objects.create(store=store, vin=f"NEUTRAL{next(_numbers):010d}"),
        {"new": rows.get(code=BUYERS), "old": old, "lost": rows.get(code=LOST)},
    )


def save(it: Archive, here: Place, there: Place) -> None:
    """Every row of the archive, kind by kind; each value gets the pk of its row."""
    of = partial(_place, here, there)
    _save_cars(it, of)
    _save_calls(it, of)
    _save_workshop(it, of)
    _save_sales(it, of)
    _save_records(it, of)
    _save_answers(it, of)


def _place(here: Place, there: Place, one: Any) -> Place:
    return here if one.here else there


def _kept(values: list[Any], rows: list[Any]) -> list[Any]:
    """The rows are written, and each value knows its own."""
    made = type(rows[0]).objects.bulk_create(rows) if rows else []
    for value, row in zip(values, made, strict=True):
        value.pk = row.pk
    return made


def _save_cars(it: Archive, of: Any) -> None:
    owners = Customer.objects.bulk_create(
        Customer(store=of(car).store, name="张伟", refuses_service=car.refuses) for car in it.cars
    )
    due = {id(cycle.car): cycle.event_on for cycle in it.cycles}  # the latest one
    rows = [
        Vehicle(
            store=of(car).store,
            owner=owner if car.owner else None,
            vin=f"ARCHIVE{next(_numbers):010d}",
            sold_here=car.sold_here,
            delivered_on=car.delivered_on,
            fate=car.fate,
            first_service_due_on=car.delivered_on and months_later(car.delivered_on, 3),
            last_visit_on=max((on for _kind, on in car.visits if on), default=None),
            maintenance_due_on=due.get(id(car)),
        )
        for car, owner in zip(it.cars, owners, strict=True)
    ]
    made = _kept(it.cars, rows)
    StopContact.objects.bulk_create(
        StopContact(
            **{"store": row.store, "customer": row.owner, "vehicle": row, "reason": "x"},
            **{
                "by": of(car).user,
                "at": it.now,
                "ended_at": it.now if car.stop == "ended" else None,
            },
            kind="first_service" if car.stop == "ended" else car.stop,
        )
        for car, row in zip(it.cars, made, strict=True)
        if car.stop and row.owner
    )
    RepairOrder.objects.bulk_create(
        RepairOrder(
            **{"store": row.store, "vehicle": row, "kind": kind, "out_on": on},
            number=f"A{next(_numbers)}",
        )
        for car, row in zip(it.cars, made, strict=True)
        for kind, on in car.visits
    )
    _kept(
        it.cycles,
        [
            MaintenanceCycle(
                **{"store": of(cycle.car).store, "vehicle_id": cycle.car.pk},
                **{"base_on": cycle.base_on, "event_on": cycle.event_on},
                ended_on=cycle.ended_on,
                ended_by="A" if cycle.ended_on else "",
            )
            for cycle in it.cycles
        ],
    )


def _save_calls(it: Archive, of: Any) -> None:
    rows = [
        Call(
            store=of(call).store,
            customer=of(call).customer,
            vehicle=of(call).car,
            kind=call.kind,
            cycle=f"c{next(_numbers)}",
            **dict.fromkeys(("event_on", "due_on"), call.due_on),
            **dict.fromkeys(("opens_on", "created_on"), call.due_on - 30 * DAY),
            made_up=call.made_up,
            status=call.status,
            end_reason=call.why,
            ended_at=call.ended_at,
            attempts=call.attempts,
            proof={"in_on": call.came_on.isoformat()} if call.came_on else {},
        )
        for call in it.calls
    ]
    made = _kept(it.calls, rows)
    Attempt.objects.bulk_create(
        Attempt(
            **{"store": row.store, "call": row, "at": call.ended_at, "slot": slot},
            **{"counted": True, "result": "no_answer", "by": of(call).user},
        )
        for call, row in zip(it.calls, made, strict=True)
        for slot in ("morning", "afternoon", "late")[: call.attempts]
    )
    Message.objects.bulk_create(
        Message(
            **{"store": row.store, "customer": row.customer, "channel": "sms", "to": "139"},
            **{"purpose": "service", "key": "first_service", "text": "…", "status": call.message},
            **{"not_before": it.now, "queued_at": it.now},
            dedupe_key=f"fallback:{row.pk}:{row.event_on}",
        )
        for call, row in zip(it.calls, made, strict=True)
        if call.message
    )


def _save_workshop(it: Archive, of: Any) -> None:
    rows = []
    for n, booked in enumerate(it.booked):
        starts = midnight(booked.on) + timedelta(minutes=n * 20)  # no two at one time
        rows.append(
            Appointment(
                **{"store": of(booked).store, "customer": of(booked).customer},
                **{"vehicle": of(booked).car, "kind": "repair", "skill": "quick"},
                **{"bay": of(booked).bay, "technician": of(booked).technician, "source": "phone"},
                **{"on": booked.on, "starts_at": starts, "made_at": starts - DAY},
                ends_at=starts + timedelta(minutes=20),
                status=booked.status,
                cancel_reason="customer" if booked.status == "cancelled" else "",
            )
        )
    _kept(it.booked, rows)
    rows = []
    for one in it.opened:
        at = midnight(one.in_on) + timedelta(hours=10)
        made_here: dict[str, Any] = {
            **{"status": "closed", "opened_at": at, "customer": of(one).customer},
            **{"closed_at": at, "settled_at": at, "outcome": "done", "amount": 0},
            **{"paid_how": "nothing", "appointment_id": one.booked.pk if one.booked else None},
        }
        rows.append(
            RepairOrder(
                **{"store": of(one).store, "vehicle": of(one).car, "kind": "repair"},
                **{"in_on": one.in_on, "out_on": one.in_on, "number": f"B{next(_numbers)}"},
                **(made_here if one.made_here else {}),
            )
        )
    _kept(it.opened, rows)


def _save_sales(it: Archive, of: Any) -> None:
    wanted = Opportunity.objects.bulk_create(
        Opportunity(
            **{"store": of(sold).store, "customer": of(sold).customer, "source": "walk_in"},
            **{"consultant": of(sold).user, "opened_by": of(sold).user, "opened_at": it.now},
            status="delivered" if sold.status == "delivered" else "ordered",
        )
        for sold in it.sold
    )
    cars = StockCar.objects.bulk_create(
        StockCar(store=of(sold).store, vin=f"STOCK{next(_numbers):012d}", trim=of(sold).trim)
        for sold in it.sold
    )
    rows = []
    for sold, opportunity, car in zip(it.sold, wanted, cars, strict=True):
        gone = sold.status == "cancelled"
        rows.append(
            SalesOrder(
                **{"store": of(sold).store, "opportunity": opportunity, "status": sold.status},
                **{"customer": of(sold).customer, "consultant": of(sold).user},
                **{"trim": of(sold).trim, "price_amount": 150_000, "stock_car": car},
                **{"made_at": it.now, "signed_at": it.now, "delivered_at": sold.delivered_at},
                insurance_amount=sold.insurance,
                accessories_amount=sold.accessories,
                cancelled_at=it.now if gone else None,
                cancel_reason="customer" if gone else "",
            )
        )
    made = _kept(it.sold, rows)
    LoanApplication.objects.bulk_create(
        LoanApplication(
            **{"store": row.store, "order": row, "status": sold.loan, "lender": "工行"},
            **{"amount": 1000, "months": 36, "by": row.consultant, "made_at": it.now},
        )
        for sold, row in zip(it.sold, made, strict=True)
        if sold.loan
    )


def _handed_over(it: Archive, of: Any, values: list[Any]) -> list[Delivery]:
    """A delivery for each; its car has no owner, so that it stands in no figure of cars."""
    cars = Vehicle.objects.bulk_create(
        Vehicle(store=of(value).store, vin=f"GIVEN{next(_numbers):012d}") for value in values
    )
    return Delivery.objects.bulk_create(
        Delivery(
            **{"store": car.store, "vehicle": car, "customer": of(value).customer},
            delivered_on=it.first,
        )
        for value, car in zip(values, cars, strict=True)
    )


def _save_records(it: Archive, of: Any) -> None:
    rows = []
    for record, given in zip(it.records, _handed_over(it, of, it.records), strict=True):
        status = "checked" if record.checked else "entered" if record.entered_at else "open"
        rows.append(
            DsmRecord(
                **{"store": given.store, "delivery": given, "consultant": of(record).user},
                **{"due_at": record.due_at, "entered_at": record.entered_at, "status": status},
                checked_at=it.now if record.checked else None,
                sent_back_at=it.now if record.sent_back else None,
                sent_back_why="x" if record.sent_back else "",
                accepted_why="x" if record.accepted else "",
            )
        )
    _kept(it.records, rows)


def _save_answers(it: Archive, of: Any) -> None:
    bought = [one for one in it.answered if one.model != "lost"]
    given = dict(zip(map(id, bought), _handed_over(it, of, bought), strict=True))
    lost = [one for one in it.answered if one.model == "lost"]
    wanted = dict(
        zip(
            map(id, lost),
            Opportunity.objects.bulk_create(
                Opportunity(
                    **{"store": of(one).store, "customer": of(one).customer, "source": "walk_in"},
                    **{"consultant": of(one).user, "opened_by": of(one).user, "opened_at": it.now},
                    **{"status": "lost", "lost_reason": "price"},
                )
                for one in lost
            ),
            strict=True,
        )
    )
    rows = []
    for one in it.answered:
        ended = midnight(one.on) + timedelta(hours=10) if one.on else None
        rows.append(
            Response(
                **{"store": of(one).store, "model": of(one).models[one.model]},
                **{"customer": of(one).customer, "delivery": given.get(id(one))},
                opportunity=wanted.get(id(one)),
                round="lost" if one.model == "lost" else "first",
                status="done" if ended else "open",
                on=one.on,
                started_at=(ended or it.now) - timedelta(minutes=5),
                ended_at=ended,
                score=one.score if ended else None,
            )
        )
    _kept(it.answered, rows)
