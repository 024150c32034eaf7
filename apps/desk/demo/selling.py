"""What the demo showroom sells, and the purchases that its consultants follow now (REC-03, 04)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.customers.choices import Gender
from apps.desk.demo import cars, names
from apps.desk.demo.filling import at
from apps.reception.actions import pipeline, sheets
from apps.reception.actions.cards import leave_card
from apps.reception.actions.opportunities import note_contact, start_clock
from apps.reception.choices.opportunity import BuyingPurpose, ClockKind, ContactHow, Level, PayMode
from apps.reception.choices.order import Energy
from apps.reception.choices.presentation import Position
from apps.reception.choices.visit import Source
from apps.reception.models import CarModel, Opportunity, Trim

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PURCHASES = 40
WAITS = {Level.H: 7, Level.A: 15, Level.B: 30, Level.C: 90}
PRICES = {  # of the first configuration; the second costs a little less
    **{"英朗": 119_900, "君威 GS": 213_800, "君越": 235_800, "昂科威S": 229_900, "GL8": 299_900},
    **{"微蓝6": 151_900, "迈锐宝XL": 189_900, "科鲁泽": 109_900, "CT5": 289_700, "XT5": 399_700},
}
SCRIPTS = {
    Position.FRONT: "从左前方45度看整车姿态：展翼式日行灯、全LED大灯，夜间照明距离更远。",
    Position.DRIVER: "请客户坐进驾驶席，帮他调好座椅和后视镜：双联屏、语音控制、座椅加热通风。",
    Position.REAR_SEAT: "请客户坐后排：膝部空间两拳以上，中间地台平，独立出风口和充电口。",
    Position.REAR: "打开后备箱：容积、放倒后排后的平整度、备胎和随车工具的位置。",
    Position.SIDE: "沿车侧讲车身刚性、盲区监测和轮圈，请客户开关一次车门听声音。",
    Position.ENGINE: "打开机舱：动力参数、油耗和保养周期，结合客户每天的用车里程算一笔账。",
}
POINTS = "同级更宽的后排空间\n首任车主整车质保3年或10万公里\n全系标配六气囊和主动刹车"
RIVALS = (
    "同级合资A | 贵约8,000元 | 标配更全、后排更宽 | 品牌保有量更大\n"
    "同级自主B | 便宜约2万元 | 底盘质感、保值率 | 屏幕更大、配置更多"
)
SAID = (
    *("对空间满意，想带家人再来看一次", "在和另一家比价，等月底活动", "贷款方案已发，和爱人商量"),
    *("关心油耗和保养费用，已发资料", "旧车想置换，约周末来评估", "喜欢白色，问现车"),
)
NEEDS = ("空间、后排舒适", "油耗低、保养便宜", "安全配置", "面子，商务接待", "")
PRESENT = ("大众 朗逸 2016款", "本田 飞度 2014款", "别克 凯越 2013款", "", "")
TRIED = "约过两次试驾，优惠已到顾问权限，客户仍选对方"


@dataclass(frozen=True)
class Floor:
    """Whom the demo draws from."""

    store: Store
    sellers: list[User]
    trims: list[Trim]
    rnd: Random
    on: date


def add_purchases(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Models with prices and sheets, and purchases at every stage of being followed. Nothing
    where nobody sells."""
    sellers = [user for user in people.values() if user.has_role(Role.SALES_CONSULTANT)]
    boss = people.get("demo_salesmanager")
    if not sellers or boss is None:
        return
    trims = _models(store, boss, on)
    floor = Floor(store, sellers, trims, Random(seed + 7), on)
    rows = [_purchase(floor, n) for n in range(PURCHASES)]
    _promises(floor, rows[:9])
    _losses(rows[9:13], boss, on)


def _models(store: Store, boss: User, on: date) -> list[Trim]:
    found = []
    for place, told in enumerate(cars.MODELS):
        energy = Energy.NEV if told.electric else Energy.FUEL
        facts: dict[str, Any] = {"brand": told.brand, "energy": energy}
        model, _new = CarModel.objects.get_or_create(store=store, name=told.name, defaults=facts)
        for n, name in enumerate(told.variants):
            trim = Trim.objects.get_or_create(store=store, car_model=model, name=name)[0]
            price = Decimal(PRICES[told.name] - 18_000 * n)
            sheets.set_price(trim, effective_from=on - 200 * DAY, guide_amount=price)
            found.append(trim)
        if place < len(cars.MODELS) - 1:  # the last one has no sheet yet, the one before an old one
            until = on - 3 * DAY if place == len(cars.MODELS) - 2 else on + 45 * DAY
            words = {place.value: text for place, text in SCRIPTS.items()}
            words |= {"selling_points": POINTS, "competitors": RIVALS}
            sheets.keep_sheet(model, words | {"valid_until": until}, by=boss, now=at(on - 60 * DAY))
    return found


def _purchase(floor: Floor, n: int) -> Opportunity:
    """The ``n``-th: its next day is over, today, or to come; it was spoken about before."""
    rnd, on = floor.rnd, floor.on
    level = rnd.choice((Level.H, Level.A, Level.A, Level.B, Level.B, Level.C))
    wait = WAITS[level]
    due = rnd.choice((-5, -3, -2, -1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6))
    spoken = on + DAY * (due - wait)
    opened = _moment(rnd, spoken - DAY * rnd.randint(1, 12))
    seller = floor.sellers[n % len(floor.sellers)]
    row = leave_card(_person(rnd, n), seller, by=seller, now=opened, level=level, **_needs(floor))
    times = sorted(_moment(rnd, opened.date() + DAY * rnd.randint(0, 8)) for _n in range(n % 3))
    for when in (*(t for t in times if opened < t < _moment(rnd, spoken, 9)), _moment(rnd, spoken)):
        how = rnd.choice((ContactHow.PHONE, ContactHow.PHONE, ContactHow.MESSAGE))
        note_contact(row, by=seller, now=when, how=how, level=level, text=rnd.choice(SAID))
    if n % 2:
        _shown(row, seller, opened + HOUR, rnd)
    row.refresh_from_db()
    return row


def _shown(row: Opportunity, seller: User, when: datetime, rnd: Random) -> None:
    places = rnd.sample(Position.values, rnd.randint(4, 6))
    compared = rnd.choice(("同级合资A", "同级自主B", ""))
    facts: dict[str, Any] = {"positions": places, "compared_with": compared, "by": seller}
    if row.car_model is not None:
        sheets.present(row, row.car_model, **facts, now=when)


def _needs(floor: Floor) -> dict[str, Any]:
    rnd, trim = floor.rnd, floor.rnd.choice(floor.trims)
    price = Decimal(PRICES[trim.car_model.name])
    return {
        "car_model": trim.car_model,
        "trim": trim if rnd.random() < 0.7 else None,
        "colour": rnd.choice((*cars.COLOURS, "")),
        "source": rnd.choice((Source.WALK_IN, Source.WALK_IN, Source.PHONE, Source.REFERRAL)),
        "purpose": rnd.choice(BuyingPurpose.values),
        "budget_amount": price.quantize(Decimal(10_000)) if rnd.random() < 0.6 else None,
        "pay_mode": rnd.choice(PayMode.values),
        "current_car": rnd.choice(PRESENT),
        "needs": rnd.choice(NEEDS),
    }


def _person(rnd: Random, n: int) -> dict[str, str]:
    gender = rnd.choice((Gender.MALE, Gender.FEMALE))
    given = rnd.choice(names.MALE if gender == Gender.MALE else names.FEMALE)
    surname = rnd.choice(names.SURNAMES)
    return {"name": surname + given, "gender": gender, "phone": f"198{rnd.randint(0, 9)}{n:07d}"}


def _promises(floor: Floor, rows: list[Opportunity]) -> None:
    """Thanks, calls after a test drive, answers: some are late, some run out today."""
    kinds = (ClockKind.THANKS, ClockKind.DRIVE_CALL, ClockKind.ENQUIRY)
    hours = {ClockKind.THANKS: 24, ClockKind.DRIVE_CALL: 72, ClockKind.ENQUIRY: 24}
    for n, row in enumerate(rows):
        ends = at(floor.on, 9) + HOUR * (4 * n - 8)
        kind = kinds[n % 3]
        start_clock(row, kind, since=ends - HOUR * hours[kind])


def _losses(rows: list[Opportunity], boss: User, on: date) -> None:
    """Two wait for the manager, one was sent back, one is lost."""
    for n, row in enumerate(rows):
        reason, to = (("competitor", "同级自主B"), ("price", ""))[n % 2]
        when = at(on - DAY, 11 + n)
        pipeline.propose_lost(
            row, reason=reason, lost_to=to, note=TRIED, by=row.consultant, now=when
        )
        if n == 2:
            pipeline.send_back_lost(row, "请约客户再试驾一次，可送首次保养", by=boss, now=at(on, 8))
        elif n == 3:
            pipeline.approve_lost(row, by=boss, now=at(on, 8))


def _moment(rnd: Random, day: date, hour: int = 0) -> datetime:
    moment: datetime = at(day, hour or rnd.randint(10, 16))
    return moment
