"""A car goes through the workshop and is handed back, with what follows from it (SVC-09…12)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.customers.models import MileageReading
from apps.desk import invariants
from apps.service import actions
from apps.service.choices import HAND_BACK, LineState, Stage
from apps.service.models import Capacity, QualityCheck
from apps.service.queries.days import parts_state
from tests.factories import NOW, TODAY, make_vehicle
from tests.service.garage import (
    HOUR,
    agree,
    check,
    hand_back,
    make_closed,
    make_order,
    make_ready,
    person,
    propose,
    settle,
    stage,
    start,
    work_off,
)
from tests.service.workshop import (
    make_appointment,
    make_bay,
    make_operation,
    make_part,
    make_technician,
    needs,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(order, act, *said):
    """``act`` is refused and the order is as it was."""
    before = type(order).objects.values().get(pk=order.pk)
    with pytest.raises(Refused) as refusal:
        act()
    assert type(order).objects.values().get(pk=order.pk) == before
    for word in said:
        assert word in str(refusal.value)


def test_work_begins_when_a_technician_is_there_and_the_customer_agreed(store, other_store):
    order = make_order(store)
    propose(order)
    refused(order, lambda: stage(order, Stage.IN_WORK), "派工")
    refused(
        order,
        lambda: actions.dispatch(
            order, technician=make_technician(other_store), bay=None, version=None
        ),
    )
    technician, bay = make_technician(store), make_bay(store)
    actions.dispatch(order, technician=technician, bay=bay, version=None)
    refused(order, lambda: stage(order, Stage.IN_WORK), "客户还未确认")
    agree(order)

    row = stage(order, Stage.IN_WORK, now=NOW + HOUR, note="开始")

    assert (row.status, row.technician, row.bay) == (Stage.IN_WORK, technician, bay)
    assert row.work.get().technician == technician
    said = [(one.stage, one.at, one.note) for one in row.stages.all()]
    assert said == [("waiting", NOW, ""), ("in_work", NOW + HOUR, "开始")]


def test_what_was_added_after_the_customer_agreed_is_not_done_before_he_confirms(store):
    order = make_order(store)
    propose(order)
    start(agree(order))
    extra = propose(order, name="更换皮带", recommended=True)

    refused(
        order,
        lambda: actions.finish_work(order, extra, now=NOW, version=None),
        "客户未确认该项目",
    )
    stage(order, Stage.WAITING_APPROVAL)
    agree(order, lines=[f"w{extra.pk}"], how="phone")
    stage(order, Stage.IN_WORK)
    actions.finish_work(order, extra, now=NOW, version=None)

    extra.refresh_from_db()
    assert (extra.done_at, extra.decided_how) == (NOW, "phone")
    refused(order, lambda: agree(order, LineState.DECLINED, lines=[f"w{extra.pk}"]))


def test_the_check_comes_when_all_is_answered_and_done_and_a_failed_one_is_rework(store):
    order = make_order(store)
    propose(order)
    start(agree(order))
    open_line = propose(order, name="更换皮带")
    refused(order, lambda: stage(order, Stage.QUALITY_CHECK), "更换皮带")
    agree(order, LineState.DECLINED, lines=[f"w{open_line.pk}"])
    refused(order, lambda: stage(order, Stage.QUALITY_CHECK), "检查底盘")
    work_off(order)

    refused(order, lambda: check(order, passed=False), "不合格")
    refused(order, lambda: check(order, by=order.work.first().technician.user), "质检")
    row = check(order, passed=False, findings="螺丝未紧")
    assert (row.status, row.outcome) == (Stage.IN_WORK, "")
    stage(order, Stage.QUALITY_CHECK)
    row = check(order, wash=True)
    assert (row.status, row.outcome) == (Stage.WASHING, "done")
    row = stage(order, Stage.READY)

    assert row.status == Stage.READY
    found = list(QualityCheck.objects.values_list("passed", "findings"))
    assert found == [(False, "螺丝未紧"), (True, "")]
    assert row.stages.get(note="螺丝未紧").stage == Stage.IN_WORK


@pytest.mark.parametrize("to", [Stage.READY, Stage.CLOSED, Stage.WASHING, "nonsense"])
def test_no_stage_is_jumped(store, to):
    order = start(agree_to(store))

    refused(order, lambda: stage(order, to))


def agree_to(store):
    order = make_order(store)
    propose(order)
    return agree(order)


def test_parts_leave_the_stock_once_whoever_kept_them(store):
    oil, filter_ = make_operation(store), make_part(store, stock=5)
    needs(oil, filter_, 2)
    booked = make_appointment(store, "14:00", operations=[oil])
    order = make_order(store, booked.vehicle, appointment=booked)
    agree(order)
    actions.issue_parts(order, version=None, now=NOW, by=person(store))
    refused(order, lambda: actions.issue_parts(order, version=None, now=NOW, by=person(store)))
    start(order)
    work_off(order)
    check(order)
    settle(order)
    hand_back(order)

    filter_.refresh_from_db()
    assert filter_.stock == 3
    assert parts_state([filter_], TODAY) == ({filter_.pk: 3}, {})


def test_parts_that_are_not_there_are_not_issued_and_come_back_when_not_used(store):
    oil, filter_ = make_operation(store), make_part(store, stock=1)
    needs(oil, filter_, 2)
    order = make_order(store)
    propose(order, oil)
    agree(order)
    refused(
        order,
        lambda: actions.issue_parts(order, version=None, now=NOW, by=person(store)),
        "机油滤清器",
    )
    filter_.stock = 2
    filter_.save()
    actions.issue_parts(order, version=None, now=NOW, by=person(store))
    refused(
        order,
        lambda: actions.not_agree(order, reason="贵", now=NOW, by=person(store), version=None),
        "退库",
    )

    actions.return_part(order, order.parts.get(), version=None)

    filter_.refresh_from_db()
    assert (filter_.stock, order.parts.get().issued_at) == (2, None)


def test_a_settlement_is_the_agreed_lines_less_the_discount(store):
    oil, filter_ = make_operation(store), make_part(store)
    needs(oil, filter_, 2)
    order = make_ready(store, operations=[oil])
    someone = person(store)

    refused(order, lambda: settle(order, discount_amount=Decimal("21.61")), "21.60")
    refused(order, lambda: settle(order, discount_amount=Decimal("-1")))
    refused(order, lambda: settle(order, paid_how="nothing"))
    refused(order, lambda: settle(order, paid_how="shells"))
    row = settle(order, discount_amount=Decimal("21.60"), paid_how="card")

    assert (row.amount, row.discount_amount) == (Decimal("194.40"), Decimal("21.60"))
    assert (row.settled_at, row.settled_by, row.paid_how) == (NOW, someone, "card")
    filter_.refresh_from_db()
    assert filter_.stock == 3  # issued with the settlement at the latest
    refused(order, lambda: settle(order))
    refused(order, lambda: propose(order), "撤销结算")
    actions.unsettle(order, version=None)
    row = settle(order, discount_amount=Decimal("216"), paid_how="nothing", any_discount=True)
    assert (row.amount, row.discount_amount) == (Decimal(0), Decimal(216))
    filter_.refresh_from_db()
    assert filter_.stock == 3


def test_the_limit_of_the_discount_is_the_stores_number_of_the_day(store):
    Capacity.objects.create(store=store, effective_from=TODAY, discount_percent=50)
    order = make_ready(store)

    refused(order, lambda: settle(order, discount_amount=Decimal("40.01")), "40.00")
    assert settle(order, discount_amount=Decimal("40.00")).amount == Decimal("40.00")


def test_a_car_that_is_not_ready_is_not_settled_and_rework_takes_the_settlement_back(store):
    order = start(agree_to(store))
    refused(order, lambda: settle(order))
    work_off(order)
    check(order)
    settle(order)

    row = stage(order, Stage.IN_WORK, note="有划痕")

    assert (row.settled_at, row.amount, row.paid_how) == (None, None, "")


def test_handing_back_is_a_visit_with_its_reading_and_the_dates_move(store):
    car = make_vehicle(store, sold_here=True, delivered_on=TODAY - 200 * DAY)
    order = make_ready(store, car, km=8000)
    refused(order, lambda: hand_back(order), "请先结算")
    settle(order)
    points = HAND_BACK["done"]
    for missing in points:
        refused(order, lambda: hand_back(order, points=set(points) - {missing}), str(missing.label))  # noqa: B023

    row = hand_back(order, now=NOW + HOUR)

    assert (row.status, row.out_on, row.closed_at) == (Stage.CLOSED, TODAY, NOW + HOUR)
    assert row.points == list(points)
    car.refresh_from_db()
    assert (car.in_workshop, car.last_visit_on, car.last_maintenance_on) == (False, TODAY, TODAY)
    assert (car.base_on, car.base_km, car.last_km) == (TODAY, 8000, 8000)
    assert car.maintenance_due_on.isoformat() == "2027-05-23"
    assert list(MileageReading.objects.values_list("on", "km")) == [(TODAY, 8000)]
    assert row.stages.last().stage == Stage.CLOSED
    refused(order, lambda: hand_back(order), "工单已关闭")
    assert invariants.broken() == {}


def test_a_visit_is_of_the_day_of_its_settlement_though_the_car_is_fetched_later(store):
    car = make_vehicle(store)
    order = make_ready(store, car, km=8000, now=NOW - 2 * DAY, promised_at=None)
    settle(order, now=NOW - DAY)
    car.refresh_from_db()
    assert car.in_workshop

    row = hand_back(order)

    car.refresh_from_db()
    assert (row.in_on, row.out_on, car.last_visit_on) == (TODAY - 2 * DAY, TODAY - DAY, TODAY - DAY)
    assert (car.base_km, car.in_workshop) == (8000, False)
    kept = list(MileageReading.objects.order_by("on").values_list("on", "accepted"))
    assert kept == [(TODAY - 2 * DAY, True), (TODAY - DAY, True)]


def test_who_does_not_agree_gets_his_car_as_it_was_and_pays_what_was_done(store):
    order = make_order(store)
    done, other = propose(order, name="故障检查"), propose(order, name="更换变速箱")
    start(agree(order))
    actions.finish_work(order, done, now=NOW, version=None)
    refused(
        order,
        lambda: actions.not_agree(order, reason=" ", now=NOW, by=person(store), version=None),
    )

    row = actions.not_agree(order, reason="太贵", now=NOW, by=person(store), version=None)

    assert (row.status, row.outcome) == (Stage.READY, "not_agreed")
    assert row.stages.last().note == "太贵"
    other.refresh_from_db()
    assert other.state == LineState.DECLINED
    refused(order, lambda: stage(order, Stage.IN_WORK), "不再施工")
    assert settle(order).amount == Decimal("80.00")
    refused(order, lambda: hand_back(order, points=HAND_BACK["done"]), "恢复原状")
    assert hand_back(order).status == Stage.CLOSED


def test_a_closed_order_stays_as_it_is(store):
    order = make_closed(store)
    now, by = NOW, person(store)

    refused(order, lambda: propose(order))
    refused(order, lambda: stage(order, Stage.IN_WORK))
    refused(order, lambda: actions.change_order(order, {"diagnosis": "x"}, version=None, now=now))
    refused(order, lambda: actions.not_agree(order, reason="x", now=now, by=by, version=None))
    refused(order, lambda: actions.unsettle(order, version=None))
    again = make_order(store, order.vehicle)
    assert again.number == "W261123-002"


def test_who_checks_may_be_another_technician(store):
    order = work_off(start(agree_to(store)))

    row = check(order, by=person(store, "checker", Role.WORKSHOP))

    assert row.checks.get().by.username == "checker_S1"
