"""Parts on their way, and the appointments that wait for them (SVC-06)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.core.errors import Refused
from apps.service import policy
from apps.service.actions import supplies
from apps.service.choices import Cover
from apps.service.models import AppointmentPart, Part, PartSupply
from apps.service.queries import parts as stock
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY
from tests.service.workshop import make_appointment, make_operation, make_part, needs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def order(part, by, quantity=2, on=TODAY + DAY, **fields):
    fields = {"kind": "order", "now": NOW} | fields
    return supplies.order_part(part, quantity=quantity, expected_on=on, by=by, **fields)


def covered(stock_, coming, *wanted):
    """``wanted``: (day, pieces) → (how, not ordered, day it waits for) in their order."""
    needs_ = [policy.Need(n, TODAY + d * DAY, pieces) for n, (d, pieces) in enumerate(wanted)]
    supplies_ = [(TODAY + d * DAY, pieces) for d, pieces in coming]
    found = {need.who: got for need, got in policy.cover(stock_, supplies_, needs_, TODAY)}
    days = {n: got.on and (got.on - TODAY).days for n, got in found.items()}
    return [(found[n].how.value, found[n].short, days[n]) for n in range(len(wanted))]


@pytest.mark.parametrize(
    ("pieces", "coming", "wanted", "expected"),
    [
        (2, [], [(1, 2)], [("stock", 0, None)]),
        (1, [], [(1, 2)], [("missing", 1, None)]),
        (1, [(1, 5)], [(1, 2)], [("coming", 0, 1)]),
        (1, [(2, 5)], [(1, 2)], [("late", 0, 2)]),
        (0, [(-1, 5)], [(1, 2)], [("late", 0, -1)]),
        # the nearest visit has the pieces that lie there, whoever booked first
        (1, [(3, 1)], [(5, 1), (2, 1)], [("coming", 0, 3), ("stock", 0, None)]),
        (0, [(1, 1), (4, 1)], [(2, 2)], [("late", 0, 4)]),
        (0, [(1, 1)], [(2, 3)], [("missing", 2, 1)]),
    ],
)
def test_pieces_go_to_the_nearest_visit_first(pieces, coming, wanted, expected):
    assert covered(pieces, coming, *wanted) == expected


def test_a_supply_that_comes_lies_in_stock_once(store, head):
    part = make_part(store, stock=1)
    supply = order(part, head)

    supplies.receive_supply(supply, now=NOW)
    supplies.receive_supply(supply, now=NOW)

    assert Part.objects.get().stock == 3
    assert PartSupply.objects.get().arrived_on == TODAY


def test_what_came_or_was_cancelled_stays_so(store, head):
    part = make_part(store, stock=1)
    come, cancelled = order(part, head), order(part, head)
    supplies.receive_supply(come, now=NOW)
    supplies.cancel_supply(cancelled)
    supplies.cancel_supply(cancelled)

    for function, row, more in (
        (supplies.cancel_supply, come, {}),
        (supplies.postpone_supply, come, {"expected_on": TODAY, "now": NOW}),
        (supplies.postpone_supply, cancelled, {"expected_on": TODAY, "now": NOW}),
        (supplies.receive_supply, cancelled, {"now": NOW}),
    ):
        with pytest.raises(Refused):
            function(row, **more)
    assert Part.objects.get().stock == 3
    assert sorted(PartSupply.objects.values_list("cancelled", "arrived_on")) == [
        (False, TODAY),
        (True, None),
    ]


def test_a_day_gone_by_and_a_part_out_of_use_are_refused(store, head):
    part, old = make_part(store), make_part(store, "B", active=False)
    supply = order(part, head)

    for refused in (
        lambda: order(part, head, on=TODAY - DAY),
        lambda: order(old, head),
        lambda: supplies.postpone_supply(supply, expected_on=TODAY - DAY, now=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    assert PartSupply.objects.get().expected_on == TODAY + DAY


def test_late_and_missing_parts_stand_with_their_appointments_the_nearest_first(
    staff, head, store, other_store
):
    oil, part = make_operation(store), make_part(store, stock=3)
    needs(oil, part)
    rows = [make_appointment(store, on=TODAY + n * DAY, operations=[oil]) for n in (3, 1, 2)]
    theirs = make_operation(other_store)
    needs(theirs, their_part := make_part(other_store, stock=1))
    make_appointment(other_store, operations=[theirs])
    Part.objects.filter(pk__in=[part.pk, their_part.pk]).update(stock=0)
    supply = order(part, head, quantity=1, on=TODAY)
    order(part, head, quantity=1, on=TODAY + 4 * DAY)

    def shown():
        found = staff.get(url("parts-short")).context["rows"]
        return [(one.appointment.pk, one.lines[0][1].how, one.lines[0][1].short) for one in found]

    assert shown() == [(rows[2].pk, Cover.LATE, 0), (rows[0].pk, Cover.MISSING, 1)]
    supplies.cancel_supply(supply)
    assert shown() == [
        (rows[1].pk, Cover.LATE, 0),
        (rows[2].pk, Cover.MISSING, 1),
        (rows[0].pk, Cover.MISSING, 1),
    ]
    page = staff.get(url("parts-short"))
    assertContains(page, f"{url('supply-new', part.pk)}?quantity=1")
    assertContains(page, url("appointment-move", rows[2].pk))
    assertContains(page, "139****")
    Part.objects.filter(pk=part.pk).update(stock=3)
    assert shown() == []


@pytest.mark.parametrize("rows", [1, 3])
def test_short_parts_cost_the_same_for_one_appointment_and_for_three(
    staff, store, rows, django_assert_num_queries
):
    for n in range(rows):
        oil = make_operation(store, f"O{n}")
        needs(oil, make_part(store, f"A-{n}", stock=1))
        make_appointment(store, f"{11 + n}:00", operations=[oil])
    Part.objects.update(stock=0)

    with django_assert_num_queries(11):
        page = staff.get(url("parts-short"))

    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_supplies_cost_the_same_for_one_and_for_three(
    staff, head, store, other_store, rows, django_assert_num_queries
):
    part = make_part(store)
    for n in range(rows):
        order(part, head, on=TODAY + n * DAY)
    order(make_part(other_store), head, on=TODAY)
    supplies.cancel_supply(order(part, head))

    with django_assert_num_queries(8):
        page = staff.get(url("supply-list"))

    assert [row.expected_on for row in page.context["rows"]] == [
        TODAY + n * DAY for n in range(rows)
    ]


def test_a_part_is_ordered_put_off_and_received_through_the_pages(staff, store):
    part = make_part(store, stock=0)
    asked = {"kind": "transfer", "quantity": "4", "expected_on": "2026-11-25", "note": "苏州店"}

    assertRedirects(staff.post(url("supply-new", part.pk), asked), url("part", part.pk))
    supply = PartSupply.objects.get()
    assertContains(staff.get(url("part", part.pk)), "苏州店")
    staff.post(url("supply-postpone", supply.pk), {"expected_on": "2026-11-27"})
    supply.refresh_from_db()
    assert (supply.expected_on, supply.by.username) == (TODAY + 4 * DAY, "head")
    with time_machine.travel(NOW + 5 * DAY, tick=False):
        staff.force_login(supply.by)
        assertContains(staff.get(url("supply-list")), "已逾期")
    staff.force_login(supply.by)
    assertRedirects(staff.post(url("supply-receive", supply.pk)), url("part", part.pk))
    part.refresh_from_db()
    assert part.stock == 4
    assertContains(staff.post(url("supply-cancel", supply.pk)), "已到货", status_code=409)
    past = staff.post(url("supply-new", part.pk), asked | {"expected_on": "2026-11-22"})
    assert past.status_code == 409
    assert staff.post(url("supply-new", part.pk), asked | {"quantity": "0"}).status_code == 422
    assert PartSupply.objects.count() == 1
    assertNotContains(staff.get(url("supply-list")), "苏州店")


def receive_twice(store, by):
    """The second is known to wait for the first, if anything makes it wait."""
    part = make_part(store, stock=0)
    supply = order(part, by)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            supplies.receive_supply(supply, now=NOW)
            other = pool.submit(closing, supplies.receive_supply, supply, now=NOW)
            wait_until_someone_waits_for_a_lock()
        other.result()
    return Part.objects.get().stock


@pytest.mark.django_db(transaction=True)
def test_of_two_who_receive_one_supply_it_lies_in_stock_once(store, head):
    assert receive_twice(store, head) == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_lie_there_twice(store, head, monkeypatch):
    monkeypatch.setattr(supplies, "locked", lambda row: PartSupply.objects.get(pk=row.pk))

    assert receive_twice(store, head) == 4


def test_pieces_are_kept_for_the_appointment_while_they_are_awaited(store, head):
    oil, part = make_operation(store), make_part(store, stock=1)
    needs(oil, part)
    row = make_appointment(store, operations=[oil])
    assert stock.short(store, TODAY) == []
    AppointmentPart.objects.update(quantity=3)

    found = stock.short(store, TODAY)

    assert [(one.appointment.pk, one.lines[0][1].short) for one in found] == [(row.pk, 2)]
