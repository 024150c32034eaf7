"""Demonstrator cars and drives for tests: booked, signed for, out, back."""

from datetime import date, timedelta
from io import BytesIO
from itertools import count

from PIL import Image

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.checklists.queries import in_force
from apps.reception.actions import drives
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.actions.self_checks import watch_reception
from apps.reception.models import CarModel, DemoCar, DriveRoute
from tests.factories import NOW, make_customer, make_user

NUMBERS = count(1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ID_NUMBER = "11010519491231002X"  # the example of GB 11643
LICENCE = {"driver": "张伟", "licence_class": "c1", "number": ID_NUMBER}
LICENCE |= {"valid_until": date(2030, 1, 1)}


def picture(colour="black"):
    """A JPEG of one colour: black is a signature, white is none."""
    written = BytesIO()
    Image.new("RGB", (80, 60), colour).save(written, "JPEG")
    return written.getvalue()


def seller_of(store, name="seller"):
    username = f"{name}_{store.code}"
    there = User.objects.filter(username=username).first()
    return there or make_user(username, store, Role.SALES_CONSULTANT)


def make_model(store, name="君越"):
    return CarModel.objects.get_or_create(store=store, brand="别克", name=name)[0]


def make_demo_car(store, **fields):
    fields.setdefault("plate", f"沪A{next(NUMBERS):05d}")
    fields.setdefault("car_model", make_model(store))
    return DemoCar.objects.create(store=store, **fields)


def make_route(store, **fields):
    facts = {"name": f"路线{next(NUMBERS)}", "km": 8, "minutes": 25} | fields
    return DriveRoute.objects.create(store=store, **facts)


def make_wanted(store, consultant=None, customer=None):
    by = consultant or seller_of(store)
    return open_opportunity(customer or make_customer(store), by, by=by, now=NOW)


def make_drive(store, opportunity=None, car=None, starts_at=NOW + HOUR, minutes=30, **fields):
    """With a car and a consultant of its own unless they are named."""
    if opportunity is None:
        opportunity = make_wanted(store, make_user(f"s{next(NUMBERS)}", store, "sales_consultant"))
    fields = {"by": opportunity.consultant, "now": NOW} | fields
    car = car or make_demo_car(store)
    return drives.book_drive(opportunity, car, starts_at=starts_at, minutes=minutes, **fields)


def checked(store, row=None, **changes):
    row = row or make_drive(store)
    return drives.check_licence(row, **(LICENCE | changes), by=row.consultant, now=NOW)


def signed(store, row=None):
    return drives.sign_agreement(checked(store, row), picture(), now=NOW)


def out(store, row=None, km=100):
    row = signed(store, row)
    return drives.send_out(row, km=km, now=row.starts_at)


def back(store, row=None, km=112):
    row = out(store, row)
    return drives.take_back(row, km=km, now=row.starts_at + 25 * MINUTE)


def points_of(store):
    return list(in_force(store, ChecklistKind.SELF_CHECK, NOW.date()).items.all())


def make_check(store, consultant=None, lacking=(1,), unseen=(), now=NOW, by=None, **fields):
    """A reception in which the points ``lacking`` (1 to 16) lacked and ``unseen`` were not seen."""
    by = by or User.objects.filter(username=f"boss_{store.code}").first()
    by = by or make_user(f"boss_{store.code}", store, Role.SALES_MANAGER)
    said = {
        item.pk: Said(item.place not in lacking)
        for item in points_of(store)
        if item.place not in unseen
    }
    return watch_reception(consultant or seller_of(store), said, by=by, now=now, **fields)
