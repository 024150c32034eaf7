"""Who may open the pages that change the archive."""

from datetime import date

from apps.accounts.choices import Role
from apps.customers import actions
from apps.customers.choices import CareKind, NumberStatus, ReadingSource
from apps.customers.models import MileageReading
from tests.access import Page
from tests.factories import NOW, make_customer, make_user, make_vehicle

KEEPS = {
    Role.RECEPTIONIST,
    Role.SALES_CONSULTANT,
    Role.SALES_MANAGER,
    Role.SERVICE_ADVISOR,
    Role.SERVICE_SUPERVISOR,
    Role.SERVICE_MANAGER,
    Role.CARE_SPECIALIST,
    Role.CARE_MANAGER,
    Role.INSURANCE_SPECIALIST,
}
SERVICE = {Role.SERVICE_ADVISOR, Role.SERVICE_SUPERVISOR, Role.SERVICE_MANAGER}
SALES = {Role.SALES_CONSULTANT, Role.SALES_MANAGER}
STOPS = {Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST, Role.CARE_MANAGER}
REVIEWS = SERVICE | {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
SCHEDULES = {Role.SERVICE_MANAGER, Role.CARE_MANAGER, Role.SYSTEM_ADMINISTRATOR}


def a_number(store):
    return make_customer(store).numbers.get()


def a_stop(store):
    by = make_user(f"stopper_of_{store.code}", store, Role.CARE_SPECIALIST)
    return actions.stop_contact(
        make_customer(store), None, CareKind.BIRTHDAY, "本人要求", by=by, now=NOW
    )


def a_correction(store):
    """Asked of sales: the customer was never serviced here."""
    by = make_user(f"caller_of_{store.code}", store, Role.CARE_SPECIALIST)
    return actions.mark_number(a_number(store), NumberStatus.EMPTY, by=by, now=NOW)


def a_reading(store):
    return MileageReading.objects.create(
        store=store,
        vehicle=make_vehicle(store),
        on=date(2026, 10, 1),
        km=99999,
        source=ReadingSource.IMPORT,
        accepted=False,
    )


PAGES = {
    "customers:customer-new": Page(roles=KEEPS),
    "customers:customer-edit": Page(roles=KEEPS, make=make_customer),
    "customers:number-new": Page(roles=KEEPS, make=make_customer),
    "customers:number-mark": Page(roles=KEEPS, make=a_number),
    "customers:number-show": Page("post", roles=KEEPS, make=a_number, data={"reason": "核对"}),
    "customers:stop-new": Page(roles=STOPS, make=make_customer),
    "customers:stop-end": Page("post", roles=STOPS, make=a_stop),
    "customers:consent-new": Page(roles=STOPS, make=make_customer),
    "customers:vehicle-new": Page(roles=KEEPS, make=make_customer),
    "customers:vehicle-edit": Page(roles=KEEPS, make=make_vehicle),
    "customers:vehicle-fate": Page(roles=KEEPS, make=make_vehicle),
    "customers:vehicle-owner": Page(roles=KEEPS, make=make_vehicle),
    "customers:reading-new": Page(roles=REVIEWS, make=make_vehicle),
    "customers:correction-list": Page(roles=SALES | SERVICE),
    "customers:correction-done": Page(roles=SALES, make=a_correction),
    "customers:reading-list": Page(roles=REVIEWS),
    "customers:reading-decide": Page("post", roles=REVIEWS, make=a_reading, data={"accept": "0"}),
    "customers:schedule-list": Page(roles=SCHEDULES),
    "customers:schedule-new": Page(roles=SCHEDULES),
}
