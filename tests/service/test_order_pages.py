"""The pages of an order and of the workshop: what is shown, refused, kept (SVC-08…10, SVC-15)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.desk.exporting import LISTINGS
from apps.service import actions
from apps.service.choices import LineState
from apps.service.models import RepairOrder
from tests.factories import NOW, TODAY, make_call, make_customer, make_user, make_vehicle
from tests.service import garage
from tests.service.workshop import at, make_appointment, make_operation, make_part, needs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def advisor(store):
    return make_user("wang", store, Role.SERVICE_ADVISOR)


@pytest.fixture
def staff(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def car(store):
    return make_vehicle(
        store, owner=make_customer(store, "张三丰", "13912342345"), plate="沪A12345"
    )


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def test_an_order_and_its_appointment_lead_to_each_other(staff, store):
    booked = make_appointment(store, "14:00", operations=[make_operation(store)])
    door = f"{url('check-in-new', booked.vehicle_id)}?appointment={booked.pk}"
    assertContains(staff.get(url("appointment", booked.pk)), door)
    actions.arrive(booked, now=NOW)
    assertContains(staff.get(url("appointment", booked.pk)), door)  # here, but not taken in

    order = garage.make_order(store, booked.vehicle, appointment=booked)

    page = staff.get(url("appointment", booked.pk))
    assertContains(page, url("order", order.pk))
    assertNotContains(page, door)
    assertContains(staff.get(url("order", order.pk)), url("appointment", booked.pk))


def test_work_and_parts_are_found_and_put_on_the_order(staff, store, other_store):
    oil, part = make_operation(store), make_part(store)
    needs(oil, part)
    theirs = make_operation(other_store, name="别家保养")
    order = garage.make_order(store)

    found = staff.get(url("order-add", order.pk), {"q": "机油"}, headers=HTMX)
    assertContains(found, "机油保养")
    assertContains(found, "机油滤清器")
    assertNotContains(found, "<html")
    assertNotContains(staff.get(url("order-add", order.pk)), "别家保养")
    staff.post(url("order-add", order.pk), {"operation": oil.pk, "version": 1, "recommended": 1})
    staff.post(url("order-add", order.pk), {"part": part.pk, "quantity": 2, "version": 2})
    own = {"name": "检查底盘", "minutes": 30, "price_amount": "80", "version": 3}
    staff.post(url("order-add", order.pk), own)

    lines = list(order.work.values_list("name", "price_amount", "recommended"))
    assert lines == [("机油保养", Decimal(120), True), ("检查底盘", Decimal(80), False)]
    assert sorted(order.parts.values_list("quantity", flat=True)) == [1, 2]
    stale = staff.post(url("order-add", order.pk), own | {"version": 3})
    assert stale.status_code == 409
    assert staff.post(url("order-add", order.pk), own | {"price_amount": "x"}).status_code == 422
    assert staff.post(url("order-add", order.pk), {"operation": theirs.pk}).status_code == 404
    assert order.work.count() == 2


def test_a_car_goes_all_the_way_by_the_buttons_of_its_page(staff, store):
    oil, part = make_operation(store), make_part(store)
    needs(oil, part)
    order = garage.make_order(store, km=8000)
    work = garage.propose(order, oil)
    technician, bay = garage.technician_of(store), garage.store_bay(store)

    def press(name, **data):
        page = staff.get(url("order", order.pk))
        data["version"] = page.context["row"].version
        answer = staff.post(url(name, order.pk), data)
        assertRedirects(answer, url("order", order.pk), msg_prefix=name)

    press("order-answer", how="signed", **{f"w{work.pk}": "approved"})
    press("order-dispatch", technician=technician.pk, bay=bay.pk)
    press("order-issue")
    press("order-stage", to="in_work", note="开工")
    press("order-work-done", line=f"w{work.pk}")
    press("order-stage", to="quality_check")
    press("order-check", passed="no", findings="漏油")
    press("order-stage", to="quality_check")
    press("order-check", passed="yes", wash="on")
    press("order-stage", to="ready")
    press("order-settle", discount_amount="8", paid_how="alipay")
    press("order-unsettle")
    press("order-settle", discount_amount="10", paid_how="alipay")
    points = ["checked", "told", "work_explained", "cost_explained", "seen_off"]
    press("order-hand-back", points=points)

    order.refresh_from_db()
    assert (order.status, order.amount, order.out_on) == ("closed", Decimal(158), TODAY)
    page = staff.get(url("order", order.pk))
    for word in ("漏油", "开工", "已交车", "¥158"):
        assertContains(page, word)
    assertNotContains(page, '<button class="btn btn-primary"')
    sheet = staff.get(url("order-sheet", order.pk))
    for word in ("机油保养", "机油滤清器", "¥168", "¥158", "支付宝", "139"):
        assertContains(sheet, word)


def test_only_a_manager_gives_more_than_the_limit(client, store):
    order = garage.make_ready(store)
    data = {"discount_amount": "80", "paid_how": "nothing", "version": order.version}
    for role, status in ((Role.SERVICE_ADVISOR, 409), (Role.SERVICE_MANAGER, 302)):
        client.force_login(make_user(role, store, role))
        assert client.post(url("order-settle", order.pk), data).status_code == status
    order.refresh_from_db()
    assert (order.amount, order.discount_amount) == (Decimal(0), Decimal(80))


def test_the_second_tab_is_told_what_changed_and_keeps_what_was_typed(staff, store, advisor):
    order = garage.make_order(store)
    actions.change_order(order, {"diagnosis": "刹车片磨损"}, version=1, now=NOW)
    told = {"kind": "repair", "advisor_user": advisor.pk, "complaints": "异响", "version": 1}

    page = staff.post(url("order-edit", order.pk), told)

    assertContains(page, "诊断", status_code=409)
    assertContains(page, "刹车片磨损", status_code=409)
    assertContains(page, "异响", status_code=409)
    order.refresh_from_db()
    assert (order.complaints, order.diagnosis) == ("", "刹车片磨损")
    assert page.context["form"]["version"].value() == 2  # read and saved again, it is meant
    press = staff.post(url("order-dispatch", order.pk), {"version": 1})
    assert press.status_code == 409


def test_the_workshop_shows_late_cars_first_in_words_and_nobody_elses(staff, store, other_store):
    late = garage.make_order(store, promised_at=at("08:00"), now=NOW - 3 * HOUR)
    soon = garage.make_order(store, promised_at=at("11:00"))
    never = garage.make_order(store, promised_at=None)
    fetched = garage.make_ready(store, promised_at=at("08:30"), now=NOW - 3 * HOUR)
    garage.make_closed(store)
    garage.make_order(other_store)

    page = staff.get(url("workshop"))

    assert [row.pk for row in page.context["rows"]] == [late.pk, fetched.pk, soon.pk, never.pk]
    assertContains(page, "超时 2", count=1)
    assert page.context["late"] == 1

    def shown(**asked):
        return [row.pk for row in staff.get(url("workshop"), asked).context["rows"]]

    assert shown(stage="late") == [late.pk]
    assert shown(stage="ready") == [fetched.pk]
    assert shown(advisor_user=soon.advisor_user_id) == [late.pk, fetched.pk, soon.pk, never.pk]
    assert shown(technician=fetched.technician_id) == [fetched.pk]
    assert shown(stage="x", technician="y") == [late.pk, fetched.pk, soon.pk, never.pk]
    part = staff.get(url("workshop"), {"stage": "ready"}, headers=HTMX)
    assertNotContains(part, "<html")
    assertContains(part, 'hx-get="/service/workshop/?stage=ready"')


@pytest.mark.parametrize("rows", [1, 3])
def test_the_workshop_costs_the_same_for_one_car_and_for_three(
    staff, store, rows, django_assert_num_queries
):
    for _n in range(rows):
        garage.start(garage.agree(propose(store)))

    with django_assert_num_queries(11):
        page = staff.get(url("workshop"))

    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("lines", [1, 3])
def test_an_order_costs_the_same_for_one_line_and_for_three(
    staff, store, lines, django_assert_num_queries
):
    part = make_part(store)
    order = garage.make_order(store)
    for n in range(lines):
        operation = make_operation(store, f"O{n}")
        needs(operation, part)
        garage.propose(order, operation)
    garage.agree(order)

    with django_assert_num_queries(18):
        staff.get(url("order", order.pk))


def propose(store):
    order = garage.make_order(store)
    garage.propose(order)
    return order


def test_the_list_of_the_house_can_be_taken_out_as_a_file(staff, store, other_store, advisor):
    order = garage.make_order(store, promised_at=at("08:00"), now=NOW - 3 * HOUR)
    garage.make_order(other_store)
    listing = LISTINGS["service:workshop"]

    lines = list(listing.lines(listing.rows(advisor, {}, TODAY)))

    assert [line[0] for line in lines] == ["工单", order.number]
    assert lines[1][3] == "是"


def test_work_put_off_is_shown_at_the_next_visit_at_the_booking_and_on_the_call(
    client, staff, store, car
):
    order = garage.make_order(store, car)
    brakes = garage.propose(order, make_operation(store, name="更换前制动片"))
    garage.agree(order, LineState.PUT_OFF, lines=[f"w{brakes.pk}"])
    actions.not_agree(order, reason="下次", now=NOW, by=garage.person(store), version=None)
    garage.settle(order, paid_how="nothing")
    garage.hand_back(order)
    assertContains(staff.get(url("check-in-new", car.pk)), "更换前制动片")
    assertContains(staff.get(url("appointment-new", car.pk)), "以往未做的项目")
    second = garage.make_order(store, car)
    page = staff.get(url("order", second.pk))
    assertContains(page, "再次建议")
    again = {"operation": brakes.operation_id, "version": 1, "back": "order", "recommended": "1"}
    assertRedirects(staff.post(url("order-add", second.pk), again), url("order", second.pk))
    assert second.work.get().recommended

    client.force_login(make_user("care", store, Role.CARE_SPECIALIST))
    call = make_call(store, customer=car.owner, vehicle=car)
    assertContains(client.get(reverse("care:call", args=[call.pk])), "机油保养", count=0)
    assertNotContains(client.get(reverse("care:call", args=[call.pk])), "再次建议")


def test_imported_history_has_no_page_and_another_stores_order_neither(staff, store, other_store):
    imported = RepairOrder.objects.create(
        store=store, number="D1", vehicle=make_vehicle(store), kind="repair", out_on=TODAY
    )
    theirs = garage.make_order(other_store)

    for order in (imported, theirs):
        assert staff.get(url("order", order.pk)).status_code == 404
        assert staff.post(url("order-stage", order.pk), {"to": "in_work"}).status_code == 404


def test_a_group_manager_reads_and_can_do_nothing(client, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)
    order = garage.make_order(other_store)

    page = client.get(url("order", order.pk))

    assertContains(page, order.number)
    assertNotContains(page, '<form method="post" action="/service/')
    assertContains(client.get(url("workshop")), order.number)
