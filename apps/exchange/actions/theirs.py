"""Writing what the DMS says into our records, many at once; the caller holds them (DATA-05).

The same as the actions of customers and delivery do for one record, in sets. Every function
takes differences whose ``customer``, ``vehicle`` and ``order`` are the locked rows.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.customers import actions as customers
from apps.customers.choices import CorrectionStatus, Fate, NumberStatus, ReadingSource
from apps.customers.models import (
    ContactNumber,
    Customer,
    MileageReading,
    NumberCorrection,
    Ownership,
    Vehicle,
)
from apps.customers.naming import initials
from apps.customers.phones import normalise
from apps.customers.queries import StoreNumbers
from apps.delivery.models import Delivery
from apps.exchange.models import Difference
from apps.exchange.queries import ORDER_COLUMNS, holders
from apps.exchange.taking.differences import CONFLICT
from apps.service import actions as service
from apps.service.models import RepairOrder

BATCH = 500  # rows of one UPDATE
Rows = list[Difference]


def take_theirs(rows: Rows, *, by: User, now: datetime) -> dict[int, str]:
    """Take the DMS's side of ``rows``; returns pk → why not, for those that cannot be taken."""
    refused: dict[int, str] = {}
    on = timezone.localdate(now)
    _take_customers([row for row in rows if row.customer], refused, by=by, now=now)
    _take_orders([row for row in rows if row.order], refused)
    of_cars = [row for row in rows if row.vehicle and not row.order]
    _take_owners([row for row in of_cars if row.field == "owner"], on)
    _take_deliveries([r for r in of_cars if r.field in ("delivered_on", "consultant", "buyer")])
    _decide_readings([row for row in of_cars if row.field == "km"], by)
    apart = ("owner", "consultant", "buyer", "km")
    _take_cars([row for row in of_cars if row.field not in apart])
    _refresh(rows, on)
    return refused


def reject_readings(rows: Rows, *, by: User, now: datetime) -> None:
    """Ours are kept: what the DMS read otherwise was read wrong, and that stays (CUS-07)."""
    if not rows:
        return
    store, on = rows[0].store_id, timezone.localdate(now)
    limits = StoreNumbers([store], on).limits(store)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE customers_mileagereading AS m SET decided = FALSE, decided_by_id = %(by)s
              FROM unnest(%(cars)s::bigint[], %(ours)s::text[]) AS d (car, reading)
              JOIN customers_mileagereading AS r
                ON r.vehicle_id = d.car AND r."on" || ' ' || r.km = d.reading
             WHERE {CONFLICT}""",
            {
                "by": by.pk,
                "cars": [row.vehicle_id for row in rows],
                "ours": [row.ours for row in rows],
                "km_per_day": limits.km_per_day,
                "slack_km": limits.slack_km,
            },
        )
    _refresh(rows, on)


def _value(model: Any, name: str, text: str) -> Any:
    return model._meta.get_field(name).to_python(text)


def _take_customers(rows: Rows, refused: dict[int, str], *, by: User, now: datetime) -> None:
    refused |= _numbers([row for row in rows if row.field == "main_phone"], by=by, now=now)
    touched: set[str] = set()
    changed: dict[int, Customer] = {}
    for row in rows:
        if row.pk in refused or row.customer is None:
            continue
        values = {row.field: _value(Customer, row.field, row.theirs)}
        if row.field == "name":
            values["initials"] = initials(row.theirs)
        elif row.field == "id_number_hash":
            values["id_number_sealed"] = row.theirs_sealed
        elif row.field == "main_phone":
            values["reachable"] = True
        for name, value in values.items():
            setattr(row.customer, name, value)
        touched.update(values)
        changed[row.customer.pk] = row.customer
    if changed:
        Customer.objects.bulk_update(changed.values(), sorted(touched), batch_size=BATCH)
        store = rows[0].store_id
        customers.find_duplicates(store, list(changed), holders=holders(store), now=now)


def _numbers(rows: Rows, *, by: User, now: datetime) -> dict[int, str]:
    """The DMS's numbers stand beside ours, or are put there. One found bad is not rung first.

    Who has a good number again needs no correction any more (CUS-03).
    """
    found = ContactNumber.objects.filter(customer__in=[row.customer_id for row in rows])
    known = {(n.customer_id, n.number): n.status for n in found}
    refused, missing = {}, []
    for row in rows:
        status = known.get((row.customer_id or 0, row.theirs))
        if status is None:
            phone = normalise(row.theirs)
            missing.append(
                ContactNumber(
                    store_id=row.store_id,
                    customer=row.customer,
                    number=phone.number,
                    kind=phone.kind,
                    region=phone.region,
                )
            )
        elif status != NumberStatus.GOOD:
            refused[row.pk] = _("%(name)s: the number of the DMS was found empty or wrong.") % {
                "name": row.customer
            }
    ContactNumber.objects.bulk_create(missing)
    NumberCorrection.objects.filter(
        customer__in=[row.customer_id for row in rows if row.pk not in refused],
        status=CorrectionStatus.OPEN,
    ).update(status=CorrectionStatus.DONE, done_by=by, done_at=now)
    return refused


def _take_cars(rows: Rows) -> None:
    for row in rows:
        setattr(row.vehicle, row.field, _value(Vehicle, row.field, row.theirs))
    if rows:
        cars = {row.vehicle_id: row.vehicle for row in rows if row.vehicle}
        fields = sorted({row.field for row in rows})
        Vehicle.objects.bulk_update(cars.values(), fields, batch_size=BATCH)


def _take_owners(rows: Rows, on: date) -> None:
    """As ``customers.actions.change_owner``: who had the car stays in its history (CUS-02)."""
    if not rows:
        return
    cars = [row.vehicle for row in rows if row.vehicle]
    present = Ownership.objects.filter(vehicle__in=cars, until_on=None)
    known = set(present.values_list("vehicle_id", flat=True))
    present.update(until_on=on)
    owners = [
        Ownership(store_id=c.store_id, vehicle=c, customer_id=c.owner_id, until_on=on)
        for c in cars
        if c.owner_id and c.pk not in known
    ]
    for row in rows:
        car, owner = row.vehicle, row.theirs_customer_id
        if car is None or owner is None:
            continue
        owners.append(
            Ownership(
                store_id=car.store_id,
                vehicle=car,
                customer_id=owner,
                from_on=on,
            )
        )
        car.owner_id = owner
        car.fate = Fate.IN_USE if car.fate == Fate.SOLD_ON else car.fate
    Ownership.objects.bulk_create(owners)
    Vehicle.objects.bulk_update(cars, ["owner", "fate"], batch_size=BATCH)


def _take_deliveries(rows: Rows) -> None:
    columns = {"buyer": "customer_id"}
    changed: dict[int, Delivery] = {}
    for row in rows:
        delivery = getattr(row.vehicle, "delivery", None)
        if delivery is not None:
            value = row.theirs_customer_id if row.field == "buyer" else row.theirs
            setattr(delivery, columns.get(row.field, row.field), value)
            changed[delivery.pk] = delivery
    if changed:
        fields = ["delivered_on", "consultant", "customer"]
        Delivery.objects.bulk_update(changed.values(), fields, batch_size=BATCH)


def _take_orders(rows: Rows, refused: dict[int, str]) -> None:
    """Fields of one order are taken together: its days must still follow each other."""
    cars = dict(
        Vehicle.objects.filter(
            store__in={row.store_id for row in rows},
            vin__in=[row.theirs for row in rows if row.field == "vin"],
        ).values_list("vin", "pk")
    )
    orders: dict[int, RepairOrder] = {}
    before: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        order = row.order
        if order is None:
            continue
        before.setdefault(order.pk, (order.vehicle_id, order.out_on, order.km))
        if row.field == "vin":
            order.vehicle_id = cars[row.theirs]
        else:
            name = ORDER_COLUMNS.get(row.field, row.field)
            setattr(order, name, _value(RepairOrder, name, row.theirs))
        orders[order.pk] = order
    for order in list(orders.values()):
        if order.in_on and order.out_on and order.in_on > order.out_on:
            del orders[order.pk]
            why = _("Order %(number)s: take both days, the car cannot leave before it came in.")
            of_it = [row.pk for row in rows if row.order_id == order.pk]
            refused |= dict.fromkeys(of_it, why % {"number": order.number})
    if orders:
        names = ["vehicle", "kind", "in_on", "out_on", "km", "amount", "advisor"]
        RepairOrder.objects.bulk_update(orders.values(), names, batch_size=BATCH)
        _move_readings([before[pk] for pk in orders], list(orders.values()))


def _move_readings(before: list[tuple[Any, ...]], orders: list[RepairOrder]) -> None:
    """What the odometer showed at a visit goes along with the visit, unless it was decided."""
    cars, days, kms = map(list, zip(*before, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM customers_mileagereading AS m
             USING unnest(%s::bigint[], %s::date[], %s::integer[]) AS o (car, "on", km)
             WHERE m.vehicle_id = o.car AND m."on" = o."on" AND m.km = o.km
               AND m.source = 'visit' AND m.decided IS NULL
               AND NOT EXISTS (SELECT FROM service_repairorder AS r WHERE r.out_on = m."on"
                                  AND r.vehicle_id = m.vehicle_id AND r.km = m.km)""",
            [cars, days, kms],
        )
    MileageReading.objects.bulk_create(
        [
            MileageReading(
                store_id=order.store_id,
                vehicle_id=order.vehicle_id,
                on=order.out_on,
                km=order.km,
                source=ReadingSource.VISIT,
            )
            for order in orders
            if order.out_on and order.km is not None
        ],
        ignore_conflicts=True,
    )


def _decide_readings(rows: Rows, by: User) -> None:
    """The DMS read the odometer right, we did not: as if a person had said both (CUS-07)."""
    _write_decisions(
        [(row.vehicle_id, row.theirs, True) for row in rows]
        + [(row.vehicle_id, row.ours, False) for row in rows],
        by,
    )


def _write_decisions(decisions: list[tuple[int | None, str, bool]], by: User) -> None:
    if not decisions:
        return
    cars, readings, right = map(list, zip(*decisions, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE customers_mileagereading AS m SET decided = d.is_right, decided_by_id = %s
              FROM unnest(%s::bigint[], %s::text[], %s::boolean[]) AS d (car, reading, is_right)
             WHERE m.vehicle_id = d.car AND m."on" || ' ' || m.km = d.reading""",
            [by.pk, cars, readings, right],
        )


def _refresh(rows: Rows, on: date) -> None:
    """What is derived from the facts of these cars (CUS-07, CARE-27)."""
    cars = {row.vehicle_id for row in rows if row.vehicle_id}
    cars |= {row.order.vehicle_id for row in rows if row.order}
    of_visits = [row for row in rows if row.order or row.field == "delivered_on"]
    if of_visits:
        service.refresh_visits(sorted(cars), on=on)
    customers.refresh_cars(sorted(cars), on=on)
    of = ((r.customer_id, r.ours_customer_id, r.theirs_customer_id) for r in rows)
    customers.keep_gaps(people={pk for pks in of for pk in pks if pk}, on=on)
