"""Delivered cars whose buyers' data are owed."""

from apps.accounts.choices import Role
from apps.delivery.actions import record_delivery
from apps.delivery.models import DsmRecord
from tests.factories import TODAY, make_customer, make_user, make_vehicle

ID_NUMBER = "310101199003070027"
WHOLE = {
    "phone": "13912345678",
    "birthday": TODAY.replace(year=1990),
    "lunar_birth_mmdd": None,
    "id_number": ID_NUMBER,
    "contact_name": "",
    "address": "上海市徐汇区漕溪北路1号",
}


def make_consultant(store, name="gu_wen"):
    return make_user(name, store, Role.SALES_CONSULTANT)


def make_record(store, seller=None, *, delivered_on=TODAY, on=TODAY, buyer=None, **fields):
    """The record of a car delivered on ``delivered_on``; the buyer lacks all but a phone."""
    buyer = buyer or make_customer(store)
    car = make_vehicle(store, buyer)
    record_delivery(car, buyer, delivered_on=delivered_on, on=on, seller=seller)
    record = DsmRecord.objects.get(delivery__vehicle=car)
    if fields:
        DsmRecord.objects.filter(pk=record.pk).update(**fields)
        record.refresh_from_db()
    return record
