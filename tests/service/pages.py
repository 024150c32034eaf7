"""Who may open the pages of the workshop."""

from itertools import count

from apps.accounts.choices import Role
from apps.service.choices import AppointmentSource
from tests.access import Page
from tests.factories import make_vehicle
from tests.service import workshop

RUNS = {Role.SERVICE_SUPERVISOR, Role.SERVICE_MANAGER}
RECEIVES = RUNS | {Role.SERVICE_ADVISOR, Role.RECEPTIONIST}
BOOKS = RECEIVES | {Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST, Role.CARE_MANAGER}
SEES = BOOKS | {Role.WORKSHOP, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}


NUMBERS = count(1)


def make_appointment(store, **fields):
    """In a bay and by a technician of its own, so that there may be many at one time."""
    name = f"{next(NUMBERS)}"
    bay, technician = workshop.make_bay(store, name), workshop.make_technician(store, name)
    return workshop.make_appointment(store, bay=bay.pk, technician=technician.pk, **fields)


def from_care(store):
    return make_appointment(store, source=AppointmentSource.CARE)


DRAG = {"starts_at": "2036-01-01T10:00", "minutes": "60", "version": "1"}

PAGES = {
    "service:appointment-list": Page(roles=SEES),
    "service:handover-list": Page(roles=SEES),
    "service:appointment": Page(roles=SEES, make=make_appointment),
    "service:appointment-find": Page(roles=BOOKS),
    "service:appointment-new": Page(roles=BOOKS, make=make_vehicle),
    "service:free-times": Page(roles=BOOKS, make=make_vehicle),
    "service:appointment-move": Page(roles=BOOKS, make=make_appointment),
    "service:appointment-edit": Page(roles=BOOKS, make=make_appointment),
    "service:board": Page(roles=SEES),
    "service:board-feed": Page(roles=SEES),
    "service:wall": Page(roles=SEES),
    "service:board-move": Page("post", BOOKS, make_appointment, DRAG),
    "service:appointment-confirm": Page("post", BOOKS, make_appointment),
    "service:appointment-cancel": Page("post", BOOKS, make_appointment, {"reason": "customer"}),
    "service:appointment-print": Page(roles=SEES, make=make_appointment),
    "service:appointment-new-link": Page("post", BOOKS, make_appointment),
    "service:appointment-arrive": Page("post", RECEIVES, make_appointment),
    "service:appointment-no-show": Page("post", RECEIVES, make_appointment),
    "service:appointment-accept": Page("post", RUNS, from_care),
}
