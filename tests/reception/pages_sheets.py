"""Who may open the pages of models, prices and settings."""

from itertools import count

from apps.accounts.choices import Role
from apps.reception.models import CarModel, Trim
from tests.access import Page
from tests.reception.pages_opportunities import SEES, SELLS, of_everybody

KEEPS = {Role.SALES_MANAGER}
NUMBERS = count(1)


def make_model(store, name="", **fields):
    facts = {"brand": "演示", "name": name or f"远行{next(NUMBERS)}", "energy": "fuel"} | fields
    return CarModel.objects.create(store=store, **facts)


def make_trim(store, model=None, name="豪华型", **fields):
    return Trim.objects.create(
        store=store, car_model=model or make_model(store), name=name, **fields
    )


PAGES = {
    "reception:sheet-list": Page(roles=SEES),
    "reception:sheet": Page(roles=SEES, make=make_model),
    "reception:model-new": Page(roles=KEEPS),
    "reception:model-edit": Page(roles=KEEPS, make=make_model),
    "reception:sheet-edit": Page(roles=KEEPS, make=make_model),
    "reception:trim-new": Page(roles=KEEPS, make=make_model),
    "reception:trim-edit": Page(roles=KEEPS, make=make_trim),
    "reception:price-new": Page(roles=KEEPS, make=make_trim),
    "reception:presentation-new": Page(roles=SELLS, make=of_everybody),
    "reception:opportunity-presentations": Page(roles=SEES, make=of_everybody),
    "reception:sales-settings": Page(roles=KEEPS),
    "reception:sales-numbers-new": Page(roles=KEEPS),
}
