"""Cars, purchases and contracts for tests."""

from decimal import Decimal
from itertools import count

from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.checklists.policy import Said
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.actions.orders import explain_contract
from apps.reception.models import CarModel, SalesOrder, StockCar, Trim, TrimPrice
from apps.reception.queries.orders import contract_lines
from tests.factories import NOW, TODAY, make_customer, make_user

_numbers = count(1)
GUIDE = Decimal(150000)


def person(store, name="seller", *roles):
    """Somebody of the store, made once."""
    username = f"{name}_{store.code}"
    there = User.objects.filter(username=username).first()
    return there or make_user(username, store, *(roles or [Role.SALES_CONSULTANT]))


def boss(store):
    return person(store, "sales_manager", Role.SALES_MANAGER)


def make_trim(store, name="豪华型", guide=GUIDE):
    model, _new = CarModel.objects.get_or_create(store=store, name="昂科威", brand="别克")
    trim, new = Trim.objects.get_or_create(store=store, car_model=model, name=name)
    if new and guide:
        TrimPrice.objects.create(
            store=store, trim=trim, effective_from="2020-01-01", guide_amount=guide
        )
    return trim


def make_car(store, trim=None, **fields):
    fields = {"vin": f"LSGTEST{next(_numbers):010d}", "arrived_on": TODAY} | fields
    return StockCar.objects.create(store=store, trim=trim or make_trim(store), **fields)


def make_opportunity(store, by=None, **fields):
    by = by or person(store)
    return open_opportunity(make_customer(store), by, by=by, now=NOW, **fields)


def make_order(store, by=None, **fields):
    """A contract as it stands, without the way to there."""
    by = by or person(store)
    opportunity = fields.pop("opportunity", None) or make_opportunity(store, by)
    fields = {
        "customer": opportunity.customer,
        "consultant": by,
        "trim": make_trim(store),
        "price_amount": GUIDE,
        "made_at": NOW,
    } | fields
    if fields.get("status", "draft") in ("signed", "deposited", "delivered"):
        fields = {"signed_at": NOW} | fields
    if fields.get("status") in ("deposited", "delivered"):
        paid = {"deposited_at": NOW, "deposit_amount": Decimal(5000), "paid_how": "card"}
        fields = paid | fields
    if fields.get("status") == "delivered":
        fields = {"delivered_at": NOW} | fields
        fields.setdefault("stock_car", make_car(store, status="sold"))
    if fields.get("status") == "cancelled":
        fields = {"cancelled_at": NOW, "cancel_reason": "customer"} | fields
    if fields.get("status") in ("signed", "deposited", "delivered"):
        opportunity.status = "delivered" if fields["status"] == "delivered" else "ordered"
        opportunity.save()
    return SalesOrder.objects.create(store=store, opportunity=opportunity, **fields)


def explained(order, now=NOW):
    """All terms of the contract explained."""
    lines = contract_lines(order, timezone.localdate(now))
    said = {line.item.pk: Said(done=True) for line in lines}
    explain_contract(order, said, by=order.consultant, now=now)
    return order
