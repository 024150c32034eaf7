"""Calls that are really owed, so that the hand-out check (CARE-18) lets them through."""

from datetime import date

from apps.care.choices import CallKind
from tests import factories
from tests.factories import TODAY

BASE = date(2026, 4, 20)
CARS = {
    CallKind.FIRST_SERVICE: {
        "sold_here": True,
        "delivered_on": date(2026, 9, 10),
        "first_service_opens_on": date(2026, 11, 10),
        "first_service_due_on": date(2026, 12, 10),
    },
    CallKind.MAINTENANCE: {"maintenance_due_on": date(2026, 12, 7)},
    CallKind.AT_RISK: {"maintenance_due_on": date(2026, 10, 20)},
    CallKind.CHURN: {"maintenance_due_on": date(2026, 10, 20)},
    CallKind.BIRTHDAY: {},
}
VISITED = {"base_on": BASE, "last_maintenance_on": BASE, "last_visit_on": BASE}


def make_call(store, **fields):
    """A call of its own car, of a (new) customer; ``car`` are fields of the car."""
    kind = CallKind(fields.setdefault("kind", CallKind.FIRST_SERVICE))
    facts = CARS[kind] | (VISITED if kind != CallKind.FIRST_SERVICE else {})
    owner = fields.setdefault("customer", None) or factories.make_customer(
        store, birthday=date(1990, TODAY.month, TODAY.day)
    )
    car = factories.make_vehicle(store, owner=owner, **(facts | fields.pop("car", {})))
    fields["customer"] = owner
    if kind == CallKind.BIRTHDAY:
        fields.setdefault("cycle", "2026")
        if owner.birthday is None:
            owner.birthday = date(1990, TODAY.month, TODAY.day)
            owner.save(update_fields=["birthday"])
    else:
        fields["vehicle"] = car
        if kind != CallKind.FIRST_SERVICE:
            fields.setdefault("cycle", str(BASE))
    return factories.make_call(store, **fields)
