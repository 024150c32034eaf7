"""A small workshop: two bays, two technicians, an oil change with its filter."""

from datetime import datetime, time
from decimal import Decimal

from apps.accounts.choices import Role
from apps.service.actions import book
from apps.service.actions.booking import Wish
from apps.service.choices import AppointmentSource, RepairKind, Skill
from apps.service.models import Bay, Operation, OperationPart, Part, Technician
from tests.factories import NOW, SHANGHAI, TODAY, make_user, make_vehicle

EVERYTHING = list(Skill.values)


def make_bay(store, name="1", skills=EVERYTHING, **fields):
    return Bay.objects.create(store=store, name=name, skills=skills, **fields)


def make_technician(store, name="ji_shi", skills=EVERYTHING, **fields):
    user = make_user(f"{name}_{store.code}", store, Role.WORKSHOP)
    return Technician.objects.create(store=store, user=user, skills=skills, **fields)


def make_operation(store, code="OIL", minutes=60, **fields):
    fields = {
        "name": "机油保养",
        "kind": RepairKind.MAINTENANCE,
        "skill": Skill.QUICK,
        "price_amount": Decimal("120.00"),
    } | fields
    return Operation.objects.create(store=store, code=code, minutes=minutes, **fields)


def make_part(store, number="19347180", stock=5, **fields):
    fields = {"name": "机油滤清器", "price_amount": Decimal("48.00")} | fields
    return Part.objects.create(store=store, number=number, stock=stock, **fields)


def needs(operation, part, quantity=1):
    return OperationPart.objects.create(operation=operation, part=part, quantity=quantity)


def at(clock, on=TODAY):
    return datetime.combine(on, time.fromisoformat(clock), tzinfo=SHANGHAI)


def make_appointment(store, clock="14:00", on=TODAY, operations=(), **fields):
    """Booked in a bay and by a technician that are made when the store has none."""
    if not Bay.objects.filter(store=store).exists():
        make_bay(store)
    if not Technician.objects.filter(store=store).exists():
        make_technician(store)
    vehicle = fields.pop("vehicle", None) or make_vehicle(store)
    fields = {"source": AppointmentSource.PHONE, "now": NOW, "by": None} | fields
    return book(vehicle, Wish(operations=operations), starts_at=at(clock, on), **fields)
