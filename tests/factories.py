"""Smallest valid rows. A test names only what it is about."""

from datetime import date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.customers.choices import NumberKind
from apps.customers.models import ContactNumber, Customer, Vehicle
from apps.desk.actions import add_store

TODAY = date(2026, 11, 23)  # a Monday
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)  # in the morning slot
_numbers = count(1)


def make_store(code="S1", name="上海演示店", **fields):
    return add_store(code, name, **fields)


def make_user(username, store, *roles):
    user = User(username=username, name=username, store=store, roles=list(roles))
    user.set_password("x")
    user.save()
    return user


def make_customer(store, name="张伟", phone=None, **fields):
    """A customer with one good number."""
    phone = phone or f"139{next(_numbers):08d}"
    customer = Customer.objects.create(
        store=store, name=name, main_phone=phone, reachable=True, **fields
    )
    ContactNumber.objects.create(
        store=store, customer=customer, number=phone, kind=NumberKind.MOBILE
    )
    return customer


def make_vehicle(store, owner=None, **fields):
    """A car of a (new) customer. ``owner=False`` makes one without."""
    if owner is None:
        owner = make_customer(store)
    fields.setdefault("vin", f"LSGTEST{next(_numbers):010d}")
    return Vehicle.objects.create(store=store, owner=owner or None, **fields)


def make_call(store, **fields):
    if "vehicle" not in fields and fields.get("kind") != CallKind.BIRTHDAY:
        fields["vehicle"] = make_vehicle(store, owner=fields.get("customer"))
    fields.setdefault(
        "customer", getattr(fields.get("vehicle"), "owner", None) or make_customer(store)
    )
    fields.setdefault("kind", CallKind.FIRST_SERVICE)
    fields.setdefault("cycle", "first")
    for day in ("event_on", "opens_on", "due_on", "created_on"):
        fields.setdefault(day, TODAY)
    return Call.objects.create(store=store, **fields)
