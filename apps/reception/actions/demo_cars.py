"""Which cars customers may drive, and on which ways (REC-05)."""

from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.actions.people import plate
from apps.customers.vins import normalise
from apps.reception.choices.drive import HOLDING
from apps.reception.models import DemoCar, DriveRoute, TestDrive

CAR = (
    *("plate", "car_model", "trim", "vin", "colour", "is_automatic", "km", "insured_until"),
    *("is_used", "remark"),
)
ROUTE = ("name", "way", "km", "minutes", "is_used")


@action
def keep_demo_car(store: Store, car: DemoCar | None, **facts: Any) -> DemoCar:
    """A demonstrator car entered, or changed.

    Refused: a plate that cannot be or that another one has, a model of another store, a trim of
    another model, and out of use while drives are booked.
    """
    row = locked(car) if car is not None else DemoCar(store=store)
    for name in CAR:
        if name in facts:
            setattr(row, name, facts[name])
    row.plate = plate(row.plate)
    if facts.get("vin"):
        row.vin = normalise(row.vin)
    if not row.plate:
        raise Refused(_("Enter the plate."))
    same = DemoCar.objects.filter(store=store, plate=row.plate).exclude(pk=row.pk)
    if same.exists():
        raise Refused(_("There is a demonstrator car with this plate already."))
    if row.car_model.store_id != store.pk:
        raise Refused(_("This model belongs to another store."))
    if row.trim is not None and row.trim.car_model_id != row.car_model_id:
        raise Refused(_("This configuration belongs to another model."))
    if not row.is_used and TestDrive.objects.filter(demo_car=row, status__in=HOLDING).exists():
        raise Refused(_("Drives are booked with this car. Move or cancel them first."))
    row.save()
    return row


@action
def keep_route(store: Store, route: DriveRoute | None, **facts: Any) -> DriveRoute:
    """A route entered, or changed. Refused: a name that another one has."""
    row = locked(route) if route is not None else DriveRoute(store=store)
    for name in ROUTE:
        if name in facts:
            setattr(row, name, facts[name])
    if DriveRoute.objects.filter(store=store, name=row.name).exclude(pk=row.pk).exists():
        raise Refused(_("There is a route of this name already."))
    row.save()
    return row
