"""Two records side by side, field by field, for whoever decides whether they are one (CUS-04)."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.care.models import Attempt, Call
from apps.core.templatetags.ui import masked
from apps.customers.models import ContactNumber, Customer, Vehicle
from apps.service.models import RepairOrder

FIELDS = (
    "name",
    "kind",
    "gender",
    "main_phone",
    "birthday",
    "lunar_birth_mmdd",
    "id_number",
    "contact_name",
    "email",
    "address",
    "locality",
    "preferred_channel",
    "preferred_slot",
)
EMPTY = (None, "", "unknown")
MOST = 10


@dataclass(frozen=True)
class Line:
    """One field of both: what is shown, and of whom its value is proposed to be taken."""

    name: str
    label: str
    shown: tuple[str, str]
    proposed: int  # pk of the record
    differs: bool  # there is something to choose


@dataclass
class Side:
    """One of the two records with what hangs on it."""

    customer: Customer
    numbers: list[ContactNumber]
    cars: list[Vehicle]
    calls: list[Call]
    visits: list[RepairOrder]
    tries: list[Attempt]

    @property
    def fullness(self) -> int:
        filled = sum(_value(self.customer, name) not in EMPTY for name in FIELDS)
        return filled + 2 * (len(self.cars) + len(self.visits) + len(self.tries))


def lines(one: Customer, other: Customer, keep: int) -> list[Line]:
    """The fields that at least one of the two has. Proposed is what the record ``keep`` says,
    else what the other one says."""
    found = []
    for name in FIELDS:
        values = _value(one, name), _value(other, name)
        if all(value in EMPTY for value in values):
            continue
        said = {one.pk: values[0], other.pk: values[1]}
        [second] = said.keys() - {keep}
        proposed = second if said[keep] in EMPTY else keep
        differs = values[0] != values[1]
        shown = _shown(one, name), _shown(other, name)
        found.append(Line(name, _label(name), shown, proposed, differs))
    return found


def sides(*customers: Customer) -> list[Side]:
    """The rows about each: five queries."""
    return [_side(customer) for customer in customers]


def _side(customer: Customer) -> Side:
    visits = RepairOrder.objects.filter(vehicle__owner=customer).select_related("vehicle")
    tries = Attempt.objects.filter(call__customer=customer).select_related("call", "by")
    calls = Call.objects.filter(customer=customer).open()
    return Side(
        customer,
        list(customer.numbers.all()[:MOST]),
        list(customer.vehicles.all()[:MOST]),
        list(calls.select_related("vehicle", "owner", "holder")[:MOST]),
        list(visits.order_by("-out_on", "-pk")[:3]),
        list(tries.order_by("-at")[:3]),
    )


def kept_by_default(both: list[Side]) -> int:
    """The fuller record; of equally full ones the older."""
    fullest = max(both, key=lambda side: (side.fullness, -side.customer.pk))
    return int(fullest.customer.pk)


def _value(customer: Customer, name: str) -> Any:
    return getattr(customer, "id_number_hash" if name == "id_number" else name)


def _label(name: str) -> str:
    if name == "id_number":
        return _("ID number")
    return str(Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _shown(customer: Customer, name: str) -> str:
    """As it is shown elsewhere: phones masked, ID numbers not at all (SEC-01)."""
    value = _value(customer, name)
    if value in EMPTY:
        return ""
    if name == "id_number":
        return _("kept encrypted")
    if name == "main_phone":
        return str(masked(value))
    if name == "birthday":
        return date_format(value, "Y-m-d")
    display = getattr(customer, f"get_{name}_display", None)
    return str(display() if display else value)
