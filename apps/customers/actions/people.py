"""Customers and cars: entered, edited, sold, scrapped (CUS-01, CUS-02)."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers import sealing
from apps.customers.actions.doubles import tell_apart
from apps.customers.actions.gaps import keep_gaps
from apps.customers.actions.numbers import add_number
from apps.customers.actions.refresh import refresh_cars
from apps.customers.choices import Fate, Locality
from apps.customers.models import Customer, Ownership, Vehicle
from apps.customers.naming import initials
from apps.customers.vins import check_digit_holds, normalise

# What a person may enter, in the order of the page.
CUSTOMER_FIELDS = (
    "kind",
    "name",
    "gender",
    "contact_name",
    "birthday",
    "lunar_birth_mmdd",
    "email",
    "address",
    "locality",
    "preferred_channel",
    "preferred_slot",
)
VEHICLE_FIELDS = (
    "plate",
    "brand",
    "model",
    "variant",
    "colour",
    "engine_number",
    "registered_on",
    "warranty_months",
    "warranty_km",
    "insurer",
    "insured_until",
    "inspection_due_on",
)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    r"[A-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳使领]"
)


@action
def add_customer(
    store: Store,
    *,
    by: User,
    now: datetime,
    phone: str = "",
    id_number: str = "",
    told_apart: Iterable[int] = (),
    **fields: Any,
) -> Customer:
    """A new customer, with the first number if there is one.

    ``told_apart``: records that look alike and were said to be other people (CUS-04).
    Refused: no name, a number or an ID number that cannot be.
    """
    customer = Customer(store=store, recorded_by=by)
    _set(customer, fields, CUSTOMER_FIELDS)
    customer.name = customer.name.strip()
    if not customer.name:
        raise Refused(_("Enter the customer's name."))
    customer.initials = initials(customer.name)
    customer.locality_by_hand = fields.get("locality", Locality.UNKNOWN) != Locality.UNKNOWN
    _seal(customer, id_number)
    customer.save()
    if phone.strip():
        add_number(customer, phone, by=by, now=now)
        customer.refresh_from_db()
    keep_gaps(people=[customer.pk], on=timezone.localdate(now))
    if told_apart:
        tell_apart(customer, told_apart, by=by, now=now)
    return customer


@action
def change_customer(
    customer: Customer, *, by: User, id_number: str | None = None, **fields: Any
) -> Customer:
    """Correct what is known of a customer; an ``id_number`` of None leaves the sealed one.

    A locality that a person chose is no longer proposed (CUS-01).
    """
    customer = locked(customer)
    chosen = "locality" in fields and fields["locality"] != customer.locality
    _set(customer, fields, CUSTOMER_FIELDS)
    customer.name = customer.name.strip()
    if not customer.name:
        raise Refused(_("Enter the customer's name."))
    customer.initials = initials(customer.name)
    customer.locality_by_hand = customer.locality_by_hand or chosen
    if id_number is not None:
        _seal(customer, id_number)
    customer.save(
        update_fields=[
            *fields,
            "name",
            "initials",
            "locality_by_hand",
            "id_number_sealed",
            "id_number_hash",
        ]
    )
    keep_gaps(people=[customer.pk])
    return customer


@action
def add_vehicle(
    store: Store,
    *,
    vin: str,
    owner: Customer | None,
    on: date,
    by: User | None = None,
    confirmed: bool = False,
    **fields: Any,
) -> Vehicle:
    """A new car of the archive. ``confirmed`` takes a VIN whose check digit is wrong (CUS-02).

    Refused: an impossible VIN or plate, a VIN that the store has already.
    """
    vin = normalise(vin)
    if not confirmed and not check_digit_holds(vin):
        raise Refused(_("The check digit of this VIN is wrong. Compare it with the car's papers."))
    if Vehicle.objects.filter(store=store, vin=vin).exists():
        raise Refused(_("A car with this VIN is in the archive already."))
    vehicle = Vehicle(store=store, vin=vin, owner=owner, recorded_by=by)
    _set(vehicle, {**fields, "plate": plate(fields.get("plate", ""))}, VEHICLE_FIELDS)
    vehicle.save()
    if owner is not None:
        Ownership.objects.create(store=store, vehicle=vehicle, customer=owner, from_on=on)
    refresh_cars([vehicle.pk], on=on)
    vehicle.refresh_from_db()
    return vehicle


@action
def change_vehicle(vehicle: Vehicle, *, by: User, on: date, **fields: Any) -> Vehicle:
    """Correct what is known of a car; another model brings its own schedule (CARE-03)."""
    vehicle = locked(vehicle)
    _set(vehicle, fields, VEHICLE_FIELDS)
    vehicle.plate = plate(vehicle.plate)
    vehicle.save(update_fields=[*fields, "plate"])
    refresh_cars([vehicle.pk], on=on)
    vehicle.refresh_from_db()
    return vehicle


@action
def set_fate(vehicle: Vehicle, fate: str, *, by: User, on: date) -> Vehicle:
    """The car drives, was sold on or scrapped (CARE-18). Said again it changes nothing."""
    if fate not in Fate.values:
        raise Refused(_("Say what became of the car."))
    vehicle = locked(vehicle)
    vehicle.fate = fate
    vehicle.save(update_fields=["fate"])
    keep_gaps(cars=[vehicle.pk], on=on)
    return vehicle


@action
def change_owner(
    vehicle: Vehicle, customer: Customer | None, *, by: User | None, on: date
) -> Vehicle:
    """The car has another owner from ``on``, or none that is known; who had it stays (CUS-02).

    A car that was sold on drives again for a known owner. The same owner again changes
    nothing. Refused: a customer of another store.
    """
    vehicle = locked(vehicle)
    if customer is not None and customer.store_id != vehicle.store_id:
        raise Refused(_("This customer belongs to another store."))
    new_owner, old_owner = customer and customer.pk, vehicle.owner_id
    if new_owner == old_owner:
        return vehicle
    ended = Ownership.objects.filter(vehicle=vehicle, until_on=None).update(until_on=on)
    if not ended and vehicle.owner_id:
        Ownership.objects.create(
            store_id=vehicle.store_id, vehicle=vehicle, customer_id=vehicle.owner_id, until_on=on
        )
    if customer is not None:
        Ownership.objects.create(
            store_id=vehicle.store_id, vehicle=vehicle, customer=customer, from_on=on
        )
    vehicle.owner = customer
    if customer is not None and vehicle.fate == Fate.SOLD_ON:
        vehicle.fate = Fate.IN_USE
    vehicle.save(update_fields=["owner", "fate"])
    keep_gaps(people=[old_owner] if old_owner else [], cars=[vehicle.pk], on=on)
    return vehicle


def plate(raw: str) -> str:
    """The plate in capitals without spaces and dots; "" stays. Refused when it cannot be one."""
    text = re.sub(r"[\s·.\-]", "", raw or "").upper()
    if text and not PLATE.fullmatch(text):
        raise Refused(_("This is not a plate number, as 沪A12345 or 沪AD12345."))
    return text


def _set(row: Customer | Vehicle, values: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = set(values).difference(allowed)
    if unknown:
        raise TypeError(f"not to be set here: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)


def _seal(customer: Customer, id_number: str) -> None:
    number = "".join(id_number.split()).upper()
    if number and not sealing.id_number_holds(number):
        raise Refused(_("This ID number cannot be right: check its 18 characters."))
    customer.id_number_sealed = sealing.seal(number)
    customer.id_number_hash = sealing.hash(number)
