"""Models with prices, loans and schemes: what a quotation needs. A test names only its subject."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from apps.accounts.choices import Role
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.actions.quotations import make_quotation
from apps.reception.choices.quotation import LineKind
from apps.reception.models import CarModel, LoanProduct, Trim, TrimPrice
from apps.reception.policy.quotation import Line
from apps.reception.queries.quotations import Scheme
from tests.factories import NOW, make_customer, make_user

NUMBERS = count(1)
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)


def make_trim(store, guide="113000.00", energy="fuel"):
    name = f"T{next(NUMBERS)}"
    model = CarModel.objects.create(store=store, brand="宏远", name=name, energy=energy)
    trim = Trim.objects.create(store=store, car_model=model, name="舒适版")
    TrimPrice.objects.create(
        store=store, trim=trim, effective_from=LONG_AGO, guide_amount=Decimal(guide)
    )
    return trim


def make_loan(store, annual="0", **fields):
    facts = {"lender": "工商银行", "name": "36期免息", "terms": [12, 36]} | fields
    fields = {"least_down_percent": 20, "effective_from": LONG_AGO} | facts
    return LoanProduct.objects.create(store=store, annual_percent=Decimal(annual), **fields)


def make_seller(store, role=Role.SALES_CONSULTANT):
    return make_user(f"seller{next(NUMBERS)}", store, role)


def make_opportunity(store, seller=None):
    seller = seller or make_seller(store)
    return open_opportunity(make_customer(store), seller, by=seller, now=NOW)


def line(kind, amount, name="", remark=""):
    return Line(LineKind(kind), name, Decimal(amount), remark)


def scheme(trim, *lines, **fields):
    facts = {"valid_until": TODAY + timedelta(days=7)} | fields
    return Scheme(trim=trim, lines=list(lines), **facts)


def make_scheme(store, *lines, opportunity=None, trim=None, by=None, **fields):
    """A quotation, by the consultant of the purchase."""
    wanted = opportunity or make_opportunity(store)
    trim = trim or make_trim(store)
    asked = scheme(trim, *lines, **fields)
    return make_quotation(wanted, asked, now=NOW, by=by or wanted.consultant)
