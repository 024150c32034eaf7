"""New cars in stock, and contracts on their way to the hand-over (REC-08)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.models import Store, User
from apps.checklists.policy import Said
from apps.customers import sealing
from apps.desk.demo import cars
from apps.desk.demo.filling import at
from apps.reception.actions import orders, papers, stock
from apps.reception.choices.order import LoanStatus, OrderStatus, StockStatus
from apps.reception.choices.quotation import QuotationStatus
from apps.reception.models import LoanApplication, Quotation, SalesOrder, StockCar
from apps.reception.queries.orders import contract_lines
from apps.reception.queries.quotations import prices_on

DAY = timedelta(days=1)
FIRST_VIN = 9_000_000  # the archive counts from 0
COLOURS = ("珍珠白", "曜石黑", "星空灰")
FINANCED = 300  # of the cars delivered last: those with a loan are among them
USED: dict[str, Any] = {"plate": "沪B62K18", "vin": "LSVAM4187C2184841", "model": "朗逸"}
USED |= {"registered_on": date(2018, 5, 1), "km": 86_000, "condition": "fair"}
USED |= {"papers": ["registration", "permit", "free"], "findings": "左后门补漆，内饰良好"}


def add_contracts(store: Store, on: date) -> int:
    """One of each scheme that was chosen; how many. Nothing without them."""
    _stock(store, on)
    _financed(store)
    chosen = Quotation.objects.filter(store=store, status=QuotationStatus.ACCEPTED)
    rows = list(
        chosen.filter(opportunity__status="open")
        .select_related("opportunity__consultant", "opportunity__customer", "store", "trim")
        .order_by("pk")
    )
    for n, row in enumerate(rows):
        _contract(row, n, on)
    return len(rows)


def _stock(store: Store, on: date) -> None:
    """Three of each configuration that has a price; every third is still coming."""
    described = {model.name: model.descriptor for model in cars.MODELS}
    number = FIRST_VIN
    for price in prices_on(store, on):
        descriptor = described.get(price.trim.car_model.name)
        for colour in COLOURS if descriptor else ():
            number += 1
            coming = number % 3 == 0
            StockCar.objects.create(
                store=store,
                vin=cars.vin(str(descriptor), on.year, number),
                trim=price.trim,
                colour=colour,
                engine_number=f"L{number}",
                status=StockStatus.COMING if coming else StockStatus.HERE,
                arrived_on=None if coming else on - (number % 90) * DAY,
            )


def _financed(store: Store) -> None:
    """Two of five cars that were delivered last were bought with a loan (REP-10)."""
    sold = SalesOrder.objects.filter(store=store, status=OrderStatus.DELIVERED)
    LoanApplication.objects.bulk_create(
        LoanApplication(
            **{"store": store, "order": order, "status": LoanStatus.PAID_OUT, "months": 36},
            **{"lender": "工商银行", "amount": (order.price_amount / 2).quantize(Decimal(1000))},
            **{"papers": ["id_card", "income", "statements"], "by_id": order.consultant_id},
            **{"made_at": order.made_at, "submitted_at": order.made_at},
            **{"decided_at": order.signed_at, "paid_out_at": order.delivered_at},
        )
        for n, order in enumerate(sold.order_by("-delivered_at", "pk")[:FINANCED])
        if n % 5 < 2
    )


def _contract(row: Quotation, n: int, on: date) -> None:
    """Each a step further than the one before."""
    by, now = row.opportunity.consultant, at(on, 9)
    facts = {"promised_on": on + (5 + n) * DAY, "deposit_amount": Decimal(5000)}
    order = orders.order_quoted(row, facts, by=by, now=now)
    lines = contract_lines(order, on)
    told = lines[: len(lines) // 2] if n % 6 == 1 else lines if n % 6 else []
    said = {line.item.pk: Said(done=True) for line in told}
    if said:
        orders.explain_contract(order, said, by=by, now=now)
    if n % 6 < 2:
        return
    order = orders.sign(order, copy_given=n % 6 != 2, version=None, now=now)
    _papers(order, by, n, on)
    if n % 6 > 2:
        orders.take_deposit(
            order, amount=Decimal(5000), paid_how="wechat", version=None, now=at(on, 10)
        )
        car = StockCar.objects.filter(store=row.store, trim=row.trim, orders=None).first()
        if car is not None and row.colour in ("", car.colour):
            stock.give_car(order, car, by=by, version=None)


def _papers(order: SalesOrder, by: User, n: int, on: date) -> None:
    sealed = order.customer.id_number_sealed
    number = sealing.open(sealed) if sealed else _id_number(n)
    seen: dict[str, Any] = {"checks": ["original", "name", "copy"], "by": by, "now": at(on, 9)}
    papers.note_paper(order, "id_card", number=number, valid_until=None, **seen)
    if n % 6 == 2:
        papers.verify_trade_in(order, USED, by=by)
        papers.value_trade_in(order, Decimal(52000), agreed=n % 2 == 0, by=by, now=at(on, 10))
    loan = order.loans.first()
    if loan is not None:
        terms = {"papers": ["id_card", "income", "statements"]}
        loan = papers.change_loan(loan, terms, by=by, version=loan.version)
        papers.move_loan(loan, LoanStatus.SUBMITTED, by=by, version=None, now=at(on, 10))


def _id_number(n: int) -> str:
    """One whose last sign is right (GB 11643)."""
    head = f"31010119880808{n % 1000:03d}"
    total = sum(int(digit) * w for digit, w in zip(head, sealing.WEIGHTS, strict=True))
    return f"{head}{'10X98765432'[total % 11]}"
