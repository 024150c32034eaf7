"""Loans that lenders offer, and schemes of the purchases that are talked about (REC-07)."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from apps.accounts.models import Store, User
from apps.desk.demo.filling import at
from apps.reception.actions import lending
from apps.reception.actions import quotations as acts
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.quotation import Approval, LineKind
from apps.reception.models import LoanProduct, Opportunity, Quotation, TrimPrice
from apps.reception.policy.quotation import Line
from apps.reception.queries.quotations import Scheme, prices_on

MOST = 24  # purchases that get schemes
DAY = timedelta(days=1)
LOANS: tuple[dict[str, Any], ...] = (
    {"lender": "品牌汽车金融", "name": "36期免息", "annual_percent": Decimal(0)}
    | {"terms": [12, 24, 36], "least_down_percent": Decimal(30), "most_amount": Decimal(120000)},
    {"lender": "工商银行", "name": "低息车贷", "annual_percent": Decimal("3.50")}
    | {"terms": [12, 24, 36, 60], "least_down_percent": Decimal(20)},
    {"lender": "招商银行", "name": "零首付车贷", "annual_percent": Decimal("5.88")}
    | {"terms": [24, 36, 60], "least_down_percent": Decimal(0)},
)
REASONS = ("同城竞品店报价更低", "老客户增购，推荐过两位朋友", "库存车，已在库 90 天以上")


def add_quotations(store: Store, people: dict[str, User], seed: int, on: date) -> int:
    """For open purchases whose car has a price; how many schemes. Nothing without them."""
    random, prices = Random(seed), prices_on(store, on)
    for facts in LOANS:
        lending.add_loan(store, facts | {"effective_from": on - 200 * DAY})
    rows = Opportunity.objects.filter(store=store, status__in=WORKED).order_by("-opened_at", "pk")
    purchases = list(rows.select_related("consultant", "customer", "store")[:MOST])
    if not prices:
        return 0
    made = [_quote(one, prices, n, random, on) for n, one in enumerate(purchases)]
    _decide([row for rows in made for row in rows], people.get("demo_salesmanager"), on)
    return sum(len(rows) for rows in made)


def _quote(
    purchase: Opportunity, prices: list[TrimPrice], n: int, random: Random, on: date
) -> list[Quotation]:
    """Cash and, for most, a loan or two; some over the limit; the first explained."""
    wanted = [one for one in prices if one.trim_id == purchase.trim_id]
    wanted += [one for one in prices if one.trim.car_model_id == purchase.car_model_id]
    price = (wanted or prices)[0]
    off = Decimal(6 if n % 5 == 1 else random.choice((0, 1, 2, 3)))
    lines = _lines(price, off, random)
    told: dict[str, Any] = {"trim": price.trim, "lines": lines, "valid_until": on + 7 * DAY}
    told |= {"colour": purchase.colour, "reason": REASONS[n % 3] if off > 3 else ""}
    schemes = [Scheme(**told, name="全款")]
    loans = list(LoanProduct.objects.filter(store=purchase.store, name__in=_names()))
    for loan in loans[: n % 3]:
        down = max(loan.least_down_percent, Decimal(40))
        if loan.most_amount and price.guide_amount * (100 - down) / 100 > loan.most_amount:
            continue  # too dear a car for this loan
        schemes.append(Scheme(**told, name=loan.name, loan=loan, months=36, down_percent=down))
    when = max(purchase.opened_at, at(on - DAY, 9 + n % 8))
    by = purchase.consultant
    made = [acts.make_quotation(purchase, scheme, now=when, by=by) for scheme in schemes]
    if n % 2 == 0:
        ticks = list(made[0].lines.values_list("pk", flat=True))
        acts.explain_lines(made[0], ticks, version=1, now=when, by=by)
        if n % 4 == 0 and made[0].is_settled:
            acts.accept(made[0], version=1, now=when, by=by)
    return made


def _names() -> list[str]:
    return [facts["name"] for facts in LOANS]


def _lines(price: TrimPrice, percent: Decimal, random: Random) -> list[Line]:
    discount = (price.guide_amount * percent / 100).quantize(Decimal(100))
    return [
        *([Line(LineKind.DISCOUNT, "现金优惠", discount)] if discount else []),
        Line(LineKind.INSURANCE, "交强险", Decimal(950)),
        Line(LineKind.INSURANCE, "商业险", Decimal(random.randint(38, 62) * 100)),
        Line(LineKind.REGISTRATION, "上牌费", Decimal(500)),
        *([Line(LineKind.ACCESSORY, "全车膜", Decimal(2680))] if random.random() < 0.5 else []),
        *([Line(LineKind.TRADE_IN, "旧车", Decimal(30000))] if random.random() < 0.2 else []),
    ]


def _decide(rows: list[Quotation], boss: User | None, on: date) -> None:
    """The manager has decided on every second request; the others wait."""
    waiting = [row for row in rows if row.approval == Approval.WAITING]
    for n, row in enumerate(waiting):
        if boss is not None and n % 2:
            yes = n % 4 == 1
            words = "同意" if yes else "最多让 4%"
            now, version = at(on, 8), row.version
            acts.decide_discount(row, approved=yes, words=words, version=version, now=now, by=boss)
