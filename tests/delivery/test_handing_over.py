"""The hand-over is signed, frozen, and everything follows from it (DEL-03…05, 07, 08)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction

from apps.accounts.choices import Role
from apps.checklists.models import ChecklistAnswer, ChecklistRun
from apps.checklists.policy import Said
from apps.core.errors import Refused
from apps.core.pictures import picture_path
from apps.customers.models import Ownership, Vehicle
from apps.delivery import actions
from apps.delivery.models import Delivery, HandOver, HandOverPhoto, HandOverStep
from apps.desk.pictures import pictures_kept
from apps.reception.actions.orders import mark_delivered
from apps.reception.models import SalesOrder
from tests.delivery.keys import (
    make_finished,
    make_hand_over,
    make_order,
    make_running,
    make_sheet,
    person,
    picture,
)
from tests.factories import NOW, TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def finish(row, sheet=None, **fields):
    fields = {"signature": picture("black"), "now": LATER, "by": row.consultant} | fields
    return actions.finish(row, sheet or make_sheet(row.store), **fields)


def counts():
    return (
        Vehicle.objects.count(),
        Delivery.objects.count(),
        HandOverStep.objects.count(),
        HandOverPhoto.objects.count(),
        ChecklistRun.objects.exclude(kind="pdi").count(),
    )


def test_a_signed_hand_over_puts_the_car_into_the_archive_and_ends_the_order(store):
    row = make_hand_over(store)
    facts = {"plate": "沪AD12345", "registered_on": date(2026, 11, 20)}
    actions.keep_papers(row, facts | {"insurer": "人保", "insured_until": date(2027, 11, 19)})
    row = finish(
        make_running(store, row), photos=[picture()], sheet=make_sheet(store, no_photo=False)
    )

    car, order = Vehicle.objects.get(), SalesOrder.objects.get()
    assert order.vehicle == car
    assert (row.status, row.vehicle, row.finished_at) == ("finished", car, LATER)
    assert (car.vin, car.owner, car.plate) == (order.stock_car.vin, order.customer, "沪AD12345")
    assert (car.brand, car.model, car.variant, car.colour) == (
        *("别克", "君威"),
        *("28T 豪华型", "珍珠白"),
    )
    assert (car.warranty_months, car.warranty_km) == (36, 100000)
    assert (car.insurer, car.insured_until) == ("人保", date(2027, 11, 19))
    assert car.inspection_due_on == date(2028, 11, 20)
    assert (car.sold_here, car.delivered_on) == (True, TODAY)
    assert (car.first_service_opens_on, car.first_service_due_on) == (
        date(2027, 1, 23),
        date(2027, 2, 23),
    )
    delivery = Delivery.objects.get()
    assert (delivery.customer, delivery.consultant) == (order.customer, str(row.consultant))
    assert (order.status, order.delivered_at, order.stock_car.status) == (
        *("delivered", LATER),
        "sold",
    )
    assert order.opportunity.status == "delivered"
    assert counts() == (1, 1, 6, 1, 3)


def test_a_car_that_an_import_brought_before_is_the_same_car(store, other_store):
    order = make_order(store)
    vin = order.stock_car.vin
    make_vehicle(other_store, vin=vin)
    there = make_vehicle(store, make_customer(store, "库存"), vin=vin, colour="银")

    make_finished(store, make_hand_over(store, order=order))

    there.refresh_from_db()
    assert (there.owner, there.colour, there.sold_here) == (order.customer, "珍珠白", True)
    assert Vehicle.objects.filter(store=store).count() == 1
    assert [one.customer for one in Ownership.objects.filter(vehicle=there, until_on=None)] == [
        order.customer
    ]


@pytest.mark.parametrize("lacking", ["signature", "advisor", "care", "photo", "point", "photos"])
def test_nothing_unfinished_is_signed_and_nothing_is_written(store, lacking):
    row = make_running(store)
    sheet, more = make_sheet(store), {}
    if lacking == "signature":
        more["signature"] = None
    elif lacking in ("advisor", "care"):
        sheet = make_sheet(store, **{lacking: None})
    elif lacking == "photo":
        sheet = make_sheet(store, no_photo=False)
    elif lacking == "photos":
        more["photos"] = [picture()] * 7
    else:
        said = {kind: dict(points) for kind, points in sheet.said.items()}
        said["hand_papers"][min(said["hand_papers"])] = Said(False)
        sheet = make_sheet(store, said=said)

    with pytest.raises(Refused):
        finish(row, sheet, **more)

    row.refresh_from_db()
    assert (row.status, row.signature) == ("running", None)
    assert counts() == (0, 0, 0, 0, 0)
    assert SalesOrder.objects.get().status == "deposited"
    assert not picture_path("").exists() or not list(picture_path("").glob("*"))


def test_a_vip_is_handed_over_with_a_manager(store):
    row = make_running(store, is_vip=True)
    with pytest.raises(Refused):
        finish(row)
    chief = person(store, "chief", Role.SALES_MANAGER)
    assert finish(row, make_sheet(store, manager=chief)).manager == chief


def test_no_hand_over_that_does_not_run_is_signed(store):
    row = make_hand_over(store)
    with pytest.raises(Refused):
        finish(row)
    done = make_finished(store, row)
    with pytest.raises(Refused):
        finish(done)
    assert counts() == (1, 1, 6, 0, 3)


@pytest.mark.parametrize("status", ["draft", "signed"])
def test_no_delivery_before_the_order_is_paid(store, status):
    order = make_order(store, status=status)
    car = make_vehicle(store, order.customer, vin=order.stock_car.vin)
    with pytest.raises(Refused):
        mark_delivered(order, car, now=NOW)
    order.refresh_from_db()
    assert (order.status, order.stock_car.status) == (status, "here")


def test_no_order_is_delivered_with_another_car(store):
    for order in (make_order(store), make_order(store, car=False)):
        with pytest.raises(Refused):
            mark_delivered(order, make_vehicle(store), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: HandOver.objects.filter(pk=row.pk).update(remark="改"),
        lambda row: HandOver.objects.filter(pk=row.pk).update(status="running"),
        lambda row: row.steps.update(planned_minutes=1),
        lambda row: row.photos.all().delete(),
        lambda row: HandOver.objects.filter(pk=row.pk).delete(),
        lambda row: ChecklistRun.objects.filter(subject=str(row.pk)).update(missing=1),
        lambda row: ChecklistAnswer.objects.filter(run__subject=str(row.pk)).update(done=False),
        lambda row: ChecklistAnswer.objects.filter(run__subject=str(row.pk)).delete(),
    ],
)
def test_what_was_signed_changes_no_more_whoever_tries(store, change):
    row = make_running(store)
    row = finish(row, make_sheet(store, no_photo=False), photos=[picture()])
    with pytest.raises(InternalError), transaction.atomic():
        change(row)


def test_the_actions_refuse_what_is_signed_in_words(store):
    row = make_finished(store)
    for act in (
        lambda: actions.keep_papers(row, {"insurer": "人保"}),
        lambda: actions.mark_ready(row, "gift", False, now=NOW, by=row.consultant),
        lambda: actions.agree_time(row, "phone", now=NOW, by=row.consultant),
        lambda: actions.cancel(row, "错了"),
        lambda: actions.start(row, now=NOW),
    ):
        with pytest.raises(Refused):
            act()


def test_the_pictures_are_kept_and_known_to_the_sweep(store):
    row = finish(make_running(store), make_sheet(store, no_photo=False), photos=[picture()])
    names = {row.signature, row.photos.get().stored}
    assert {name for (name,) in pictures_kept()} == names
    assert all(picture_path(name).exists() for name in names)
    assert row.order.price_amount == Decimal("189900.00")
