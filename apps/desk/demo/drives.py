"""The demo store's test drives and watched receptions (REC-05, REC-09)."""

from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.checklists.queries import in_force
from apps.core.pictures import Kept
from apps.customers.models import Customer
from apps.customers.sealing import seal
from apps.desk.demo.filling import at
from apps.reception.actions import drives
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.actions.self_checks import watch_reception
from apps.reception.choices.drive import DriveStatus, Impression
from apps.reception.choices.opportunity import WORKED, OpportunityStatus
from apps.reception.models import CarModel, DemoCar, DriveRoute, Opportunity, TestDrive
from apps.reception.policy.drive import TERMS
from apps.reception.queries.drives import hours

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's
PAST = 45  # days of drives that are over
CARS = (("沪A1D801", "星夜黑"), ("沪A2D802", "珍珠白"), ("沪AD80333", "极地银"))
ROUTES = (
    ("城市路线", "世纪大道—源深路—张杨路", 6, 20),
    ("高架路线", "内环高架—杨浦大桥往返", 15, 35),
)
LIKED = ("加速平顺", "底盘稳", "隔音好", "空间大", "转向轻", "")
DISLIKED = ("", "", "", "后排略硬", "车机反应慢", "价格偏高")
OFTEN_WEAK = (4, 5, 11, 13, 14)  # places of the points that lack now and then
SELLERS = ("demo_sales", "demo_sales2", "demo_sales3")


def add_drives(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Nothing where nobody sells cars."""
    if "demo_salesmanager" not in people:
        return
    rnd = Random(seed)
    sellers = [people[name] for name in SELLERS if name in people]
    cars, routes = _fleet(store, on)
    for seller in sellers:
        _driven(store, seller, cars, routes, rnd, on)
    for number, seller in enumerate(sellers):
        _today(store, seller, cars, routes[0], number, on)
    _watched(store, people["demo_salesmanager"], sellers, rnd, on)


def _fleet(store: Store, on: date) -> tuple[list[DemoCar], list[DriveRoute]]:
    models = list(CarModel.objects.filter(store=store, is_sold=True)[: len(CARS)])
    if not models:
        models = [CarModel.objects.create(store=store, brand="别克", name="君越")]
    cars = DemoCar.objects.bulk_create(
        DemoCar(
            **{"store": store, "plate": plate, "colour": colour, "km": 3000 + 1200 * n},
            **{"car_model": models[n % len(models)], "insured_until": on + (20 + 90 * n) * DAY},
        )
        for n, (plate, colour) in enumerate(CARS)
    )
    routes = DriveRoute.objects.bulk_create(
        DriveRoute(store=store, name=name, way=way, km=km, minutes=minutes)
        for name, way, km, minutes in ROUTES
    )
    return cars, routes


def _wanted(store: Store, seller: User, most: int, on: date) -> list[Opportunity]:
    """His purchases of late; some are opened when there are too few."""
    kept = (*WORKED, OpportunityStatus.ORDERED)
    own = Opportunity.objects.filter(store=store, consultant=seller, status__in=kept)
    found = list(own.select_related("customer").order_by("-opened_at")[:most])
    free = Customer.objects.filter(store=store, reachable=True, opportunities=None)
    for customer in free.order_by("-pk")[: max(0, most - len(found))]:
        found.append(open_opportunity(customer, seller, by=seller, now=at(on - PAST * DAY, 9)))
    return found


def _driven(
    store: Store,
    seller: User,
    cars: list[DemoCar],
    routes: list[DriveRoute],
    rnd: Random,
    on: date,
) -> None:
    """Drives that are over: each of a purchase, not before it was opened."""
    signature = Kept().add(_scribble(rnd))
    calendar = calendar_of(store)
    made = []
    for number, wanted in enumerate(_wanted(store, seller, 12, on)):
        day = max(on - rnd.randint(1, PAST) * DAY, wanted.opened_at.date())
        if day >= on or hours(calendar, day) is None:
            continue
        car, out_km = cars[number % len(cars)], 1000 + 20 * number
        start = at(day, 10 + number % 6)
        made.append(
            TestDrive(
                **{"store": store, "opportunity": wanted, "consultant": seller, "by": seller},
                **{"demo_car": car, "route": rnd.choice(routes), "made_at": start - DAY},
                **{"starts_at": start, "ends_at": start + 30 * MINUTE},
                **{"status": DriveStatus.BACK, "driver": wanted.customer.name},
                **{"licence_class": "c1", "licence_until": date(2031, 6, 30)},
                **{"licence_sealed": seal(ID_NUMBER), "licence_at": start, "licence_by": seller},
                **{"terms": "\n".join(TERMS), "signature": signature, "signed_at": start},
                **{"out_at": start + 3 * MINUTE, "out_km": out_km},
                **{"back_at": start + 28 * MINUTE, "back_km": out_km + rnd.randint(6, 16)},
                impression=rnd.choice([*Impression.values, Impression.PLEASED]),
                liked=rnd.choice(LIKED),
                disliked=rnd.choice(DISLIKED),
            )
        )
    TestDrive.objects.bulk_create(made)


def _today(
    store: Store, seller: User, cars: list[DemoCar], route: DriveRoute, number: int, on: date
) -> None:
    """This morning back, on the road, or booked; and one tomorrow."""
    calendar = calendar_of(store)
    rows = [one for one in _wanted(store, seller, 14, on) if one.status in WORKED][-2:]
    morning = at(on, 9)
    for wanted, day in zip(rows, (on, on + DAY), strict=False):
        if hours(calendar, day) is None:
            continue
        start = at(day, 10 + 2 * number)
        drive = drives.book_drive(
            wanted, cars[number], starts_at=start, minutes=30, by=seller, now=morning, route=route
        )
        if day == on and number < 2:
            _under_way(drive, seller, start, back=number == 0)


def _under_way(drive: TestDrive, seller: User, start: datetime, *, back: bool) -> None:
    """Checked and signed for; driven and back with a word, when it was the morning's."""
    drives.check_licence(
        drive,
        driver=drive.opportunity.customer.name,
        licence_class="c1",
        number=ID_NUMBER,
        valid_until=date(2031, 6, 30),
        by=seller,
        now=start,
    )
    if not back:
        return
    drive = drives.sign_agreement(drive, _scribble(Random(1)), now=start)
    drive = drives.send_out(drive, km=drive.demo_car.km, now=start)
    drive = drives.take_back(drive, km=drive.demo_car.km + 9, now=start + 25 * MINUTE)
    drives.note_feedback(drive, impression=Impression.DELIGHTED, liked="加速平顺", disliked="")


def _scribble(rnd: Random) -> bytes:
    """Something like a signature."""
    sheet = Image.new("RGB", (480, 160), "white")
    points = [(40 + 18 * n, 80 + rnd.randint(-50, 50)) for n in range(22)]
    ImageDraw.Draw(sheet).line(points, fill="black", width=4, joint="curve")
    written = BytesIO()
    sheet.save(written, "JPEG", quality=82)
    return written.getvalue()


def _watched(store: Store, boss: User, sellers: list[User], rnd: Random, on: date) -> None:
    """Two receptions a week and consultant, over two months."""
    for ago in range(58, 0, -4):
        moment = at(on - ago * DAY, 15)
        template = in_force(store, ChecklistKind.SELF_CHECK, moment.date())
        if template is None:
            return
        for number, seller in enumerate(sellers):
            lack = 0.15 + 0.12 * number
            said = {
                item.pk: Said(not (item.place in OFTEN_WEAK and rnd.random() < lack * 2))
                for item in template.items.all()
                if rnd.random() > 0.1
            }
            watch_reception(seller, said, by=boss, now=moment + number * MINUTE)
