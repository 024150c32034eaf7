"""The demo's hand-overs: some done in the last weeks, those of today and tomorrow in every state
of their preparation, paid orders that wait for a time (DEL-01…09)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from apps.accounts.calendar import Calendar
from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.checklists.queries import in_force
from apps.customers.actions import add_customer
from apps.customers.models import Customer
from apps.delivery import actions
from apps.delivery.choices.hand_over import BY_HAND, LISTS, Step
from apps.delivery.models import HandOver
from apps.desk.demo import cars, names
from apps.desk.demo.filling import at
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.choices.order import Energy, OrderStatus
from apps.reception.models import CarModel, Opportunity, SalesOrder, StockCar, Trim

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DONE = ((21, 58), (17, 63), (14, 26), (10, 71), (8, 55), (6, 95), (4, 61), (3, 66), (1, 59))
SERIAL = 8_000_000  # VINs of new cars: beyond those of the archive
PRICE = Decimal(189_900)


@dataclass
class Hall:
    """Whom and what the demo hands over with."""

    store: Store
    people: dict[str, User]
    sellers: list[User]
    calendar: Calendar
    rnd: Random
    on: date
    sold: int = 0


def add_hand_overs(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Nothing where nobody sells."""
    sellers = [user for user in people.values() if user.has_role(Role.SALES_CONSULTANT)]
    if not sellers or "demo_advisor" not in people:
        return
    hall = Hall(store, people, sellers, calendar_of(store), Random(seed + 11), on)
    for ago, minutes in DONE:
        _done(hall, _open(hall, on - ago * DAY), minutes)
    today, tomorrow = _open(hall, on), _open(hall, on + DAY)
    _prepared(hall, _planned(hall, today, 10, is_vip=True, agreed_how="phone"))
    late = _prepared(hall, _planned(hall, today, 14, agreed_how="phone"), but=("plate", "gift"))
    if today == on:
        told = "牌照下午一点到店，交车改到两点后，客户同意"
        actions.tell_customer(late, told, now=at(on, 8))
    _prepared(hall, _planned(hall, today, 15, agreed_how="here"), but=("washing", "area"))
    _prepared(hall, _planned(hall, tomorrow, 10, agreed_how="message"), but=("area",))
    _prepared(hall, _planned(hall, tomorrow, 11), but=("pdi", "papers", "washing", "area"))
    _planned(hall, tomorrow, 15)
    for _n in range(3):
        _order(hall, tomorrow + 3 * DAY)


def _open(hall: Hall, day: date) -> date:
    while not hall.calendar.is_open(day):
        day += DAY
    return day


def _order(hall: Hall, promised: date) -> SalesOrder:
    """A paid order of a new buyer, two weeks old, with its car."""
    store, n = hall.store, hall.sold
    hall.sold += 1
    seller, made = hall.sellers[n % len(hall.sellers)], at(promised - 14 * DAY, 11)
    customer = _buyer(hall, seller, made, n)
    car = _new_car(hall, promised, n)
    shared: dict[str, Any] = {"store": store, "customer": customer, "consultant": seller}
    wanted = Opportunity.objects.create(
        **shared,
        source="walk_in",
        status=OpportunityStatus.ORDERED,
        level="h",
        car_model=car.trim.car_model,
        trim=car.trim,
        opened_at=made - 9 * DAY,
        opened_by=seller,
        contacted_at=made,
    )
    return SalesOrder.objects.create(
        **shared,
        opportunity=wanted,
        status=OrderStatus.DEPOSITED,
        trim=car.trim,
        colour=car.colour,
        price_amount=PRICE,
        deposit_amount=Decimal(10_000),
        made_at=made,
        signed_at=made + HOUR,
        deposited_at=made + 2 * HOUR,
        promised_on=promised,
        stock_car=car,
    )


def _buyer(hall: Hall, seller: User, made: datetime, n: int) -> Customer:
    """Every fifth has no address yet: there is something to complete (DEL-06)."""
    rnd = hall.rnd
    female = rnd.random() < 0.4
    return add_customer(
        hall.store,
        name=names.full_name(rnd, female),
        gender="female" if female else "male",
        phone=f"1971{n:07d}",
        birthday=date(1975 + n % 25, 1 + n % 12, 1 + n % 28),
        address="" if n % 5 == 4 else f"中山北路{800 + n}弄{n + 1}号",
        by=seller,
        now=made,
    )


def _new_car(hall: Hall, promised: date, n: int) -> StockCar:
    """The ``n``th car, of any model, in the house five days before it is promised."""
    rnd, store = hall.rnd, hall.store
    told = rnd.choice(cars.MODELS)
    model = CarModel.objects.get_or_create(
        store=store,
        name=told.name,
        defaults={
            "brand": told.brand,
            "energy": Energy.NEV if told.electric else Energy.FUEL,
        },
    )[0]
    name = rnd.choice(told.variants)
    trim = Trim.objects.get_or_create(store=store, car_model=model, name=name)[0]
    return StockCar.objects.create(
        store=store,
        vin=cars.vin(told.descriptor, promised.year, SERIAL + n),
        trim=trim,
        colour=rnd.choice(cars.COLOURS),
        engine_number=f"L{rnd.randrange(10_000_000, 99_999_999)}",
        arrived_on=promised - 5 * DAY,
    )


def _planned(hall: Hall, day: date, hour: int, **fields: Any) -> HandOver:
    order = _order(hall, day)
    now = at(day - 3 * DAY, 10)
    return actions.plan(
        order,
        starts_at=at(day, hour),
        consultant=order.consultant,
        now=now,
        by=order.consultant,
        **fields,
    )


def _prepared(hall: Hall, row: HandOver, but: tuple[str, ...] = ()) -> HandOver:
    """The day before everything is done, but these."""
    now = min(at(row.on - DAY, 15), at(hall.on, 8))
    fitter = hall.people.get("demo_tech1") or row.consultant
    if "pdi" not in but:
        said = _all(hall, ChecklistKind.PDI, now.date())
        actions.check_car(row, said, now=now, by=fitter)
    for point in BY_HAND:
        if point not in but:
            actions.mark_ready(row, point, True, now=now, by=row.consultant)
    if "papers" not in but:
        insured = {"insurer": hall.rnd.choice(cars.INSURERS), "insured_until": row.on + 364 * DAY}
        actions.keep_papers(row, insured | {"registered_on": row.on - DAY})
    return HandOver.objects.get(pk=row.pk)


def _all(hall: Hall, kind: str, on: date) -> dict[int, Said]:
    template = in_force(hall.store, kind, on)
    return {item.pk: Said(True) for item in template.items.all()} if template else {}


def _done(hall: Hall, day: date, minutes: int) -> None:
    """Signed after so many minutes, each step by its share."""
    if day >= hall.on:
        return
    row = _planned(hall, day, 10, agreed_how="phone")
    row = actions.start(_prepared(hall, row), now=at(day, 10))
    start, end = at(day, 10), at(day, 10) + minutes * MINUTE
    shares = (0.08, 0.33, 0.68, 0.85, 0.93, 1.0)
    ended: dict[str, datetime] = {
        step.value: start + minutes * MINUTE * share
        for step, share in zip(Step, shares, strict=True)
    }
    sheet = actions.Sheet(
        said={kind: _all(hall, kind, day) for kind in LISTS.values()},
        ended=ended,
        advisor=hall.people["demo_advisor"],
        care=hall.people["demo_care1"],
    )
    actions.finish(
        row,
        sheet,
        photos=[_picture(hall.rnd)],
        signature=signature(hall.rnd),
        now=end,
        by=row.consultant,
    )


def _jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()


def signature(rnd: Random) -> bytes:
    """A line as of a pen."""
    sheet = Image.new("RGB", (480, 160), "white")
    pen = ImageDraw.Draw(sheet)
    points = [(40 + 20 * n, 80 + rnd.randint(-45, 45)) for n in range(20)]
    pen.line(points, fill="#111111", width=4, joint="curve")
    return _jpeg(sheet)


def _picture(rnd: Random) -> bytes:
    """A car of one colour before a wall."""
    picture = Image.new("RGB", (800, 500), "#dfe6ee")
    pen = ImageDraw.Draw(picture)
    colour = rnd.choice(("#b3202c", "#f4f4f4", "#23406e", "#3c3c3c", "#c9a227"))
    pen.rectangle((0, 400, 800, 500), fill="#9aa5b1")
    pen.polygon([(250, 280), (330, 190), (520, 190), (610, 280)], fill="#4b5a6b")
    pen.rounded_rectangle((140, 270, 680, 390), 40, fill=colour, outline="#222222", width=3)
    for x in (240, 560):
        pen.ellipse((x - 48, 345, x + 48, 441), fill="#1c1c1c")
        pen.ellipse((x - 20, 373, x + 20, 413), fill="#b8bec6")
    return _jpeg(picture)
