"""The demo showroom: a year of parties at the door and what became of them (REC-01, REC-02).

Who bought a car in that year came in before, was followed, ordered, and fetched it; others left
a card and bought nothing; most looked only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random
from typing import Any

from apps.accounts.choices import Role
from apps.accounts.models import DutyDay, Store, User
from apps.customers.models import Customer, Vehicle
from apps.desk.demo import cars
from apps.desk.demo.copying import Into
from apps.desk.demo.filling import at
from apps.reception.choices.opportunity import WORKED, LostReason, OpportunityStatus
from apps.reception.choices.order import Energy, OrderStatus, StockStatus
from apps.reception.choices.quotation import QuotationStatus
from apps.reception.choices.visit import Purpose, Source, VisitResult
from apps.reception.models import (
    CarModel,
    Opportunity,
    Quotation,
    SalesOrder,
    ShowroomVisit,
    StockCar,
    Trim,
)

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
DAYS = 365
MOST_BUYERS = 10_000
VAT, CENT = Decimal("1.13"), Decimal("0.01")
CARDS, PARTIES = 3, 11  # for each buyer: who left a card and did not buy; parties altogether
HOURS = (9, 10, 10, 10, 11, 11, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17)
SOURCES = (*[Source.WALK_IN] * 9, *[Source.WEB] * 5, *[Source.PHONE] * 3, *[Source.REFERRAL] * 3)
SOURCES += (Source.EXHIBITION, Source.OTHER)
REMARKS = ("", "", "", "", "红外套", "带小孩", "戴眼镜", "一家三口", "开SUV来", "穿西装")
VISIT = (
    *("store_id", "arrived_at", "greet_until", "greeted_at", "greeted_by_id", "party_size"),
    *("first_time", "source", "purpose", "remark", "consultant_id", "taken_at", "customer_id"),
    *("opportunity_id", "left_card", "left_at", "result", "by_id"),
)


@dataclass
class Showroom:
    """Whom the demo draws from, and the parties on their way into the table."""

    store: Store
    host: User
    sellers: Iterator[User]
    rnd: Random
    on: date
    trims: dict[str, list[Trim]]
    visits: Into = field(default_factory=lambda: Into(ShowroomVisit, *VISIT))


def add_showroom(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Nothing where nobody sells."""
    sellers = [person for person in people.values() if Role.SALES_CONSULTANT in person.roles]
    if not sellers or "demo_reception" not in people:
        return
    _duty(store, sellers, on)
    room = Showroom(
        store, people["demo_reception"], cycle(sellers), Random(seed), on, _trims(store)
    )
    first = on - DAY * DAYS
    sold = Vehicle.objects.filter(
        store=store,
        sold_here=True,
        owner__isnull=False,
        delivered_on__gt=first,
        delivered_on__lt=on,
    )
    buyers = list(sold.select_related("owner").order_by("vin")[:MOST_BUYERS])
    _bought(room, buyers)
    _followed(room)
    wanted = CARDS * len(buyers)
    others = Customer.objects.filter(store=store).exclude(pk__in=[car.owner_id for car in buyers])
    _lost(room, list(others.order_by("pk")[:wanted]))
    room.visits.send()
    looked = PARTIES * len(buyers) - room.visits.count
    for _n in range(max(looked, 30)):
        _party(room, _moment(room, room.rnd.randrange(1, DAYS)))
    room.visits.send()


def _duty(store: Store, sellers: list[User], on: date) -> None:
    """A showroom is open at weekends; each consultant has one day of the week off instead."""
    DutyDay.objects.bulk_create(
        DutyDay(store=store, user=person, on=day, on_duty=day.weekday() != place % 4)
        for day in (on + DAY * n for n in range(60))
        for place, person in enumerate(sellers)
        if day.weekday() >= 5 or day.weekday() == place % 4
    )


def _trims(store: Store) -> dict[str, list[Trim]]:
    """The models as they stand on the cars of the archive."""
    found = {}
    for told in cars.MODELS:
        energy = Energy.NEV if told.electric else Energy.FUEL
        facts: dict[str, Any] = {"brand": told.brand, "energy": energy}
        model, _new = CarModel.objects.get_or_create(store=store, name=told.name, defaults=facts)
        found[told.name] = [
            Trim.objects.get_or_create(store=store, car_model=model, name=name)[0]
            for name in told.variants
        ]
    return found


def _moment(room: Showroom, ago: int) -> datetime:
    """On a weekend twice as many come."""
    day = room.on - DAY * ago
    if day.weekday() < 5 and ago > 7 and room.rnd.random() < 0.3:
        day += DAY * (5 - day.weekday())
    return _hour(room, day)


def _hour(room: Showroom, day: date) -> datetime:
    return at(day, room.rnd.choice(HOURS)) + room.rnd.randrange(60) * MINUTE


def _bought(room: Showroom, buyers: list[Vehicle]) -> None:
    plans = [_plan(room, car) for car in buyers]
    Opportunity.objects.bulk_create([plan["wanted"] for plan in plans], batch_size=2000)
    for plan in plans:
        same = {name: plan[name] for name in ("wanted", "seller")}
        same["source"] = plan["wanted"].source
        opened, ordered, given = plan["wanted"].opened_at, plan["ordered"], plan["given"]
        at_once = ordered == opened
        result = VisitResult.ORDERED if at_once else VisitResult.QUOTED
        _party(room, opened, **same, result=result, card=True)
        if not at_once:
            _party(room, ordered, **same, purpose=Purpose.ORDER, result=VisitResult.ORDERED)
        _party(room, given, **same, purpose=Purpose.DELIVERY, result=VisitResult.DELIVERED)
    Quotation.objects.bulk_create(
        [_offer(plan["wanted"], plan["price"], plan["ordered"]) for plan in plans], batch_size=2000
    )
    stock = [plan["stock"] for plan in plans]
    StockCar.objects.bulk_create(stock, batch_size=2000)
    SalesOrder.objects.bulk_create([_order(room, plan) for plan in plans], batch_size=2000)


def _plan(room: Showroom, car: Any) -> dict[str, Any]:
    """How somebody came to the car that he has."""
    rnd = room.rnd
    seller, trims = next(room.sellers), room.trims[car.model]
    trim = next((one for one in trims if one.name == car.variant), trims[0])
    ordered = _hour(room, car.delivered_on - rnd.randint(3, 25) * DAY)
    given = _hour(room, car.delivered_on)
    wanted = _purchase(room, car.owner, seller, ordered - rnd.randint(0, 20) * DAY, trim)
    wanted.status, wanted.closed_at = OpportunityStatus.DELIVERED, given
    arrived = min(ordered.date(), car.delivered_on - 2 * DAY)
    facts: dict[str, Any] = {"vin": car.vin, "trim": trim, "colour": car.colour}
    facts |= {"engine_number": car.engine_number, "arrived_on": arrived}
    stock = StockCar(store=room.store, status=StockStatus.SOLD, **facts)
    told = {"wanted": wanted, "seller": seller, "ordered": ordered, "given": given}
    return told | {"stock": stock, "price": Decimal(rnd.randrange(900, 3500) * 100)}


def _offer(wanted: Opportunity, price: Decimal, chosen_at: datetime | None) -> Quotation:
    """What the car was offered for; ``chosen_at``: None for somebody who did not buy."""
    facts: dict[str, Any] = {"trim": wanted.trim, "made_by": wanted.consultant}
    facts |= {"guide_amount": price, "invoice_amount": price, "total_amount": price}
    facts |= {"tax_base_amount": (price / VAT).quantize(CENT), "tax_relief_amount": 0}
    facts |= {"given_amount": 0, "energy": wanted.car_model.energy if wanted.car_model else ""}
    opened = wanted.opened_at
    return Quotation(
        store=wanted.store,
        opportunity=wanted,
        place=1,
        name="全款",
        status=QuotationStatus.ACCEPTED if chosen_at else QuotationStatus.WITHDRAWN,
        accepted_at=chosen_at,
        made_at=opened,
        valid_until=opened.date() + 7 * DAY,
        **facts,
    )


def _order(room: Showroom, plan: dict[str, Any]) -> SalesOrder:
    wanted, stock, ordered, given = (plan[n] for n in ("wanted", "stock", "ordered", "given"))
    facts: dict[str, Any] = {"opportunity": wanted, "customer": wanted.customer}
    facts |= {"consultant": plan["seller"], "trim": stock.trim, "colour": stock.colour}
    facts |= {"made_at": ordered, "signed_at": ordered, "promised_on": given.date()}
    of_ten = int(plan["price"]) // 100 % 10  # seven of ten are insured here (REP-10)
    facts["insurance_amount"] = Decimal(5200) if of_ten < 7 else Decimal(0)
    facts["accessories_amount"] = Decimal(2680) if of_ten % 2 else Decimal(0)
    return SalesOrder(
        store=room.store,
        stock_car=stock,
        status=OrderStatus.DELIVERED,
        delivered_at=given,
        price_amount=plan["price"],
        **facts,
    )


def _lost(room: Showroom, customers: list[Customer]) -> None:
    rnd, plans = room.rnd, []
    for customer in customers:
        opened, seller = _moment(room, rnd.randrange(40, DAYS)), next(room.sellers)
        trim = rnd.choice(rnd.choice(list(room.trims.values())))
        wanted = _purchase(room, customer, seller, opened, trim)
        wanted.status, wanted.lost_reason = OpportunityStatus.LOST, rnd.choice(LostReason.values)
        wanted.closed_at = opened + rnd.randint(7, 38) * DAY
        plans.append((wanted, seller))
    Opportunity.objects.bulk_create([wanted for wanted, _seller in plans], batch_size=2000)
    Quotation.objects.bulk_create(
        [
            _offer(wanted, Decimal(rnd.randrange(900, 3500) * 100), None)
            for wanted, _seller in plans
            if rnd.random() < 0.4
        ],
        batch_size=2000,
    )
    for wanted, seller in plans:
        same: dict[str, Any] = {"wanted": wanted, "seller": seller, "source": wanted.source}
        _party(room, wanted.opened_at, **same, result=VisitResult.CARD, card=True)
        if rnd.random() < 0.3:
            again = wanted.opened_at + rnd.randint(2, 7) * DAY
            _party(room, again, **same, purpose=Purpose.NEGOTIATE, result=VisitResult.QUOTED)


def _followed(room: Showroom) -> None:
    """Those who are followed now came in when their card was opened."""
    now = at(room.on, 0)
    rows = Opportunity.objects.filter(store=room.store, status__in=WORKED, opened_at__lt=now)
    for wanted in rows.select_related("consultant").order_by("opened_at", "pk"):
        told: dict[str, Any] = {"wanted": wanted, "seller": wanted.consultant}
        told["source"] = wanted.source
        _party(room, wanted.opened_at, **told, result=VisitResult.CARD, card=True)


def _purchase(
    room: Showroom, customer: Any, seller: User, opened: datetime, trim: Trim
) -> Opportunity:
    facts: dict[str, Any] = {"customer": customer, "consultant": seller, "opened_by": seller}
    facts |= {"source": room.rnd.choice(SOURCES), "level": room.rnd.choice("habc")}
    facts |= {"car_model": trim.car_model, "trim": trim}
    return Opportunity(store=room.store, opened_at=opened, contacted_at=opened, **facts)


def _party(
    room: Showroom,
    came: datetime,
    *,
    wanted: Opportunity | None = None,
    seller: User | None = None,
    source: str = "",
    purpose: str = Purpose.LOOK,
    result: str = VisitResult.LOOKED,
    card: bool = False,
) -> None:
    """Most are greeted in time; of those who only look some are taken by nobody."""
    rnd = room.rnd
    waited = (rnd.randint(4, 28) if rnd.random() < 0.88 else rnd.randint(31, 240)) * SECOND
    if seller is None and rnd.random() < 0.85:
        seller = next(room.sellers)
    stayed = rnd.randint(35, 130) if wanted else rnd.randint(6, 45)
    room.visits.add(
        *(room.store.pk, came, came + 30 * SECOND, came + waited, (seller or room.host).pk),
        *(rnd.choice((1, 1, 2, 2, 2, 3, 4)), card or wanted is None, source or rnd.choice(SOURCES)),
        *(purpose, "" if wanted else rnd.choice(REMARKS), seller and seller.pk),
        *(came + waited + MINUTE if seller else None, wanted and wanted.customer_id),
        *(wanted and wanted.pk, card, came + waited + stayed * MINUTE, result, room.host.pk),
    )
