"""New cars of the store: entered, edited, and given to contracts, each to one (REC-08)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.audit.meanwhile import held, save
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.vins import check_digit_holds, normalise
from apps.reception.choices.order import LIVE, OrderStatus, StockStatus
from apps.reception.models import SalesOrder, StockCar
from apps.reception.policy import order as policy

CAR_FIELDS = ("trim", "colour", "engine_number", "arrived_on", "status")
BY_HAND = (StockStatus.COMING, StockStatus.HERE, StockStatus.GONE)


def hold_car(car: StockCar) -> StockCar:
    """The car as it is now, held: who gives it away at the same time waits."""
    return locked(car)


@action
def enter_car(
    store: Store, *, vin: str, confirmed: bool = False, facts: Mapping[str, Any]
) -> StockCar:
    """A new car comes into the stock. ``confirmed`` takes a VIN whose check digit is wrong.

    Refused: an impossible VIN, one that the stock has already, a configuration of another store.
    """
    vin = _checked(vin, confirmed)
    if StockCar.objects.filter(store=store, vin=vin).exists():
        raise Refused(_("A car with this VIN is in the stock already."))
    car = StockCar(store=store, vin=vin)
    _set(car, facts)
    car.save()
    return car


@action
def change_car(
    car: StockCar, *, vin: str, confirmed: bool = False, facts: Mapping[str, Any]
) -> StockCar:
    """What is known of a car in stock is corrected.

    Refused: a delivered car; VIN, configuration, colour and status of one that a contract has.
    """
    car = hold_car(car)
    if car.status == StockStatus.SOLD:
        raise Refused(_("The car is delivered: it cannot be changed any more."))
    vin = _checked(vin, confirmed or vin == car.vin)
    fixed = {"vin": vin, **{name: facts[name] for name in ("trim", "colour") if name in facts}}
    moved = any(getattr(car, name) != value for name, value in fixed.items())
    goes = facts.get("status", car.status) == StockStatus.GONE
    order = order_of(car)
    if order is not None and (moved or goes):
        raise Refused(
            _("Order %(order)s has this car. Take it from the order first.") % {"order": order},
            links=[("reception:order", order.pk, str(order))],
        )
    if StockCar.objects.filter(store=car.store_id, vin=vin).exclude(pk=car.pk).exists():
        raise Refused(_("A car with this VIN is in the stock already."))
    car.vin = vin
    _set(car, facts)
    car.save(update_fields=["vin", *CAR_FIELDS])
    return car


def _checked(raw: str, confirmed: bool) -> str:
    vin = normalise(raw)
    if not confirmed and not check_digit_holds(vin):
        raise Refused(_("The check digit of this VIN is wrong. Compare it with the car's papers."))
    return vin


def _set(car: StockCar, facts: Mapping[str, Any]) -> None:
    for name in CAR_FIELDS:
        if name in facts:
            setattr(car, name, facts[name])
    if car.status not in BY_HAND:
        raise Refused(_("A car is delivered by its hand-over only."))
    if car.trim.store_id != car.store_id:
        raise Refused(_("This configuration belongs to another store."))


def order_of(car: StockCar) -> SalesOrder | None:
    """The contract that has the car."""
    found: SalesOrder | None = car.orders.exclude(status=OrderStatus.CANCELLED).first()
    return found


@action
def give_car(order: SalesOrder, car: StockCar, *, by: Any, version: int | None) -> SalesOrder:
    """The contract gets this very car (REC-08). The same one again changes nothing.

    Refused: a car that another contract has or that is gone, another configuration or colour
    than ordered, a contract that is delivered or cancelled, who may not change it any more.
    """
    order = held(order, version)
    if order.stock_car_id == car.pk:
        return order
    _may_take(order, by)
    car = hold_car(car)
    _check_fits(order, car)
    order.stock_car = car
    save(order, "stock_car")
    return order


@action
def take_car_back(order: SalesOrder, *, by: Any, version: int | None) -> SalesOrder:
    """The contract has no car any more; another may get it. Twice is once."""
    order = held(order, version)
    if order.stock_car_id is None:
        return order
    _may_take(order, by)
    order.stock_car = None
    save(order, "stock_car")
    return order


def _may_take(order: SalesOrder, by: Any) -> None:
    if order.status not in LIVE:
        raise Refused(_("The order is %(status)s.") % {"status": order.get_status_display()})
    what = "other_car" if order.stock_car_id else "stock_car"
    if not policy.may_change(what, order.status, by.has_perm):
        raise Refused(_("After the deposit only the sales manager gives another car."))


def _check_fits(order: SalesOrder, car: StockCar) -> None:
    if car.store_id != order.store_id or car.status not in (StockStatus.HERE, StockStatus.COMING):
        raise Refused(_("This car is not in stock."))
    other = order_of(car)
    if other is not None:
        raise Refused(
            _("This car is given to order %(order)s already. Choose another.") % {"order": other}
        )
    if car.trim_id != order.trim_id:
        raise Refused(_("The car has another configuration than the order."))
    if order.colour and car.colour and order.colour != car.colour:
        raise Refused(
            _("The order says %(ordered)s, the car is %(colour)s. Change the order first.")
            % {"ordered": order.colour, "colour": car.colour}
        )
