"""Who may open the pages of the check-in."""

from io import BytesIO

from PIL import Image

from apps.service import actions
from tests.access import Page
from tests.factories import NOW, make_vehicle
from tests.service.garage import person
from tests.service.pages import RECEIVES, SEES

SEEN = {"has_book": True, "fuel": 4, "is_protected": True, "in_hurry": False}


def picture(colour="navy", size=(80, 60)):
    """A JPEG of one colour."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


def make_check_in(store, vehicle=None, *, opening=None, seen=None, **fields):
    """A car taken in by its advisor, with a signature when the customer was there."""
    advisor = person(store)
    told = {"advisor": advisor, "kind": "maintenance", "km": 20000} | (opening or {})
    facts = SEEN | (seen or {})
    fields = {
        "signature": picture("black"),
        "turn_reason": "wished",
        "now": NOW,
        "by": advisor,
    } | fields
    return actions.check_in(vehicle or make_vehicle(store), told, facts, **fields)


def in_a_hurry(store):
    return make_check_in(store, seen={"in_hurry": True}, signature=None)


def walked(store):
    row = in_a_hurry(store)
    return actions.walk_around(row, now=NOW, by=person(store))


def with_photo(store):
    row = make_check_in(store, photos=[picture()])
    return row.pk, row.photos.get().stored


PAGES = {
    "service:check-in-list": Page(roles=RECEIVES),
    "service:check-in-new": Page(roles=RECEIVES, make=make_vehicle),
    "service:check-in": Page(roles=SEES, make=make_check_in),
    "service:check-in-walk": Page(roles=RECEIVES, make=in_a_hurry),
    "service:check-in-report": Page("post", RECEIVES, walked),
    "service:check-in-picture": Page(roles=SEES, make=with_photo),
}
