"""Names for what the audit pages show: audit itself stands below the things looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.models import Access
from apps.audit.queries import Change, changed, days
from apps.care.models import Call
from apps.core.templatetags.ui import masked
from apps.customers.models import ContactNumber, Customer, Vehicle
from apps.exchange.models import ImportFile

PIECE = 500  # rows that an export reads at once
# What is looked at → by which field the customer is found.
CUSTOMER_OF: dict[str, tuple[Any, str]] = {
    "customers.customer": (Customer.everyone, "pk"),
    "customers.vehicle": (Vehicle.objects, "owner"),
    "customers.contactnumber": (ContactNumber.objects, "customer"),
    "care.call": (Call.objects, "customer"),
}


def things_of(customer: Customer) -> dict[str, list[int]]:
    """Model → pks of everything through which this customer's data is seen."""
    return {
        name: list(rows.filter(**{field: customer.pk}).values_list("pk", flat=True))
        for name, (rows, field) in CUSTOMER_OF.items()
    }


@dataclass(frozen=True)
class Look:
    """One look with the person and the car that it was at."""

    access: Access
    customer: Customer | None
    vehicle: Vehicle | None
    other: str


def with_subjects(rows: Iterable[Access]) -> list[Look]:
    """The looks of a page; one query for each kind of thing."""
    rows = list(rows)
    pks: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        pks[row.model].add(row.object_pk)
    people = Customer.everyone.in_bulk(pks["customers.customer"])
    cars = Vehicle.objects.select_related("owner").in_bulk(pks["customers.vehicle"])
    numbers = ContactNumber.objects.select_related("customer").in_bulk(
        pks["customers.contactnumber"]
    )
    calls = Call.objects.select_related("customer", "vehicle").in_bulk(pks["care.call"])
    files = ImportFile.objects.in_bulk(pks["exchange.importfile"])

    def look(row: Access) -> Look:
        found: Any = None
        if row.model == "customers.customer":
            found = people.get(row.object_pk)
            return Look(row, found, None, "")
        if row.model == "customers.vehicle":
            found = cars.get(row.object_pk)
            return Look(row, found and found.owner, found, "")
        if row.model == "customers.contactnumber":
            found = numbers.get(row.object_pk)
            return Look(row, found and found.customer, None, masked(found.number) if found else "")
        if row.model == "care.call":
            found = calls.get(row.object_pk)
            return Look(row, found and found.customer, found and found.vehicle, "")
        return Look(row, None, None, str(files.get(row.object_pk, row.object_pk)))

    return [look(row) for row in rows]


@dataclass(frozen=True)
class Opened:
    """A person whose data somebody opened: first and last time, and how often."""

    customer: Customer
    first: datetime
    last: datetime
    times: int


_OPENED = """
    WITH looks AS (
        SELECT model, object_pk, min(at) AS first, max(at) AS last, count(*) AS times
        FROM audit_access
        WHERE user_id = %(person)s AND at >= %(start)s AND at < %(end)s
            AND store_id = ANY(%(stores)s)
        GROUP BY 1, 2),
    people AS (
        SELECT object_pk AS customer, first, last, times FROM looks
            WHERE looks.model = 'customers.customer'
        UNION ALL SELECT car.owner_id, first, last, times FROM looks
            JOIN customers_vehicle AS car ON car.id = object_pk
            WHERE looks.model = 'customers.vehicle'
        UNION ALL SELECT number.customer_id, first, last, times FROM looks
            JOIN customers_contactnumber AS number ON number.id = object_pk
            WHERE looks.model = 'customers.contactnumber'
        UNION ALL SELECT call.customer_id, first, last, times FROM looks
            JOIN care_call AS call ON call.id = object_pk WHERE looks.model = 'care.call'),
    found AS (
        SELECT customer, min(first) AS first, max(last) AS last, sum(times)::bigint AS times
        FROM people WHERE customer IS NOT NULL GROUP BY 1)
    SELECT customer, first, last, times FROM found
    WHERE (last, customer) < (%(before)s, %(customer)s)
    ORDER BY last DESC, customer DESC LIMIT %(most)s
"""


def opened(
    user: Any, asked: dict[str, Any], after: str, most: int | None
) -> tuple[list[Opened], str]:
    """The persons whose data one colleague opened in a period, the last one first, and where
    the next page begins (SEC-01). Two queries; cars count for their owner of now.

    ``most`` None: all of them.
    """
    if not asked.get("person"):
        return [], ""
    start, end = days(asked.get("since"), asked.get("until"))
    at, _sep, pk = after.partition("_")
    params = {
        "person": asked["person"].pk,
        "start": start,
        "end": end,
        "stores": user.store_ids,
        "before": at or end,
        "customer": int(pk) if pk.isdecimal() else 2**62,
        "most": None if most is None else most + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, params)
        rows = cursor.fetchall()
    page = rows if most is None else rows[:most]
    people = Customer.everyone.in_bulk([row[0] for row in page])
    lines = [Opened(people[pk], first, last, times) for pk, first, last, times in page]
    following = f"{page[-1][2].isoformat()}_{page[-1][0]}" if len(rows) > len(page) else ""
    return lines, following


@dataclass(frozen=True)
class ChangeOf:
    """One change with the person and the car that the record is about."""

    change: Change
    customer: Customer | None
    vehicle: Vehicle | None


def with_people(changes: list[Change]) -> list[ChangeOf]:
    """The changes of a page. Two queries."""
    people = Customer.everyone.in_bulk(
        {c.about["customer"] for c in changes if "customer" in c.about}
    )
    cars = Vehicle.objects.in_bulk({c.about["vehicle"] for c in changes if "vehicle" in c.about})
    return [
        ChangeOf(c, people.get(c.about.get("customer", 0)), cars.get(c.about.get("vehicle", 0)))
        for c in changes
    ]


def cars_of(pk: int | None) -> list[int]:
    """The cars through which a customer's changes are found."""
    return list(Vehicle.objects.filter(owner=pk).values_list("pk", flat=True)) if pk else []


def all_changes(user: User, asked: dict[str, Any]) -> Iterator[ChangeOf]:
    """Every change that a filter asks for, read page by page."""
    after, cars = "", cars_of(asked.get("customer"))
    while True:
        page = changed(user, asked, cars, after, PIECE)
        yield from with_people(page.changes)
        if not (after := page.next):
            return


def told(change: Change) -> str:
    """What changed, in one cell."""
    return "\n".join(
        _("%(field)s: %(before)s → %(after)s")
        % {"field": field.label, "before": field.before, "after": field.after}
        for field in change.fields
    )
