"""What must be ready the day before, and its traffic light (DEL-02, DEL-08)."""

from datetime import time, timedelta

import pytest

from apps.accounts.choices import Role
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.checklists.policy import Said
from apps.core.errors import Refused
from apps.delivery import actions
from apps.delivery.choices.hand_over import BY_HAND, Light, ReadyPoint
from apps.delivery.policy.hand_over import light, odd_length, spans
from apps.delivery.queries import hand_overs
from tests.delivery.keys import (
    TOMORROW,
    all_done,
    at,
    make_hand_over,
    make_order,
    make_ready,
    make_running,
    person,
    seller,
)
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
ALL = set(ReadyPoint.values)


@pytest.mark.parametrize(
    ("done", "now", "shown"),
    [
        (ALL, at("17:00", TODAY), Light.GREEN),
        (ALL - {"gift"}, at("15:59", TODAY), Light.AMBER),
        (ALL - {"gift"}, at("16:00", TODAY), Light.RED),
        (set(), at("09:00", TOMORROW), Light.RED),
    ],
)
def test_red_from_four_o_clock_of_the_day_before(done, now, shown):
    assert light(done, TOMORROW, time(16), now) == shown


def test_a_hand_over_is_ready_when_every_point_is_done_and_not_before(store):
    row = make_hand_over(store)
    by = seller(store)
    for point in BY_HAND:
        row = actions.mark_ready(row, point, True, now=NOW, by=by)
        assert row.status == "planned"
    said = all_done(store, ChecklistKind.PDI)
    first = min(said)

    actions.check_car(row, said | {first: Said(False, remark="漆面划痕")}, now=NOW, by=by)
    row.refresh_from_db()
    assert row.status == "planned"
    with pytest.raises(Refused):
        actions.start(row, now=NOW)

    actions.check_car(row, said, now=NOW, by=person(store, "fitter", Role.WORKSHOP))
    row.refresh_from_db()
    assert row.status == "prepared"
    assert ChecklistRun.objects.get(kind="pdi").subject == row.order.stock_car.vin


def test_a_point_undone_takes_the_readiness_back(store):
    row = make_ready(store)
    actions.mark_ready(row, "fuel", False, now=NOW, by=row.consultant)
    row.refresh_from_db()
    assert row.status == "planned"
    with pytest.raises(Refused):
        actions.mark_ready(row, "pdi", True, now=NOW, by=row.consultant)


def test_a_car_that_was_changed_is_to_be_checked_anew(store):
    row = make_ready(store)
    other = make_order(store).stock_car
    other.orders.update(stock_car=None)
    row.order.stock_car = other
    row.order.save(update_fields=["stock_car"])
    with pytest.raises(Refused):
        actions.start(row, now=NOW)
    row.refresh_from_db()
    assert row.started_at is None


def test_without_a_car_there_is_nothing_to_check(store):
    row = make_hand_over(store, order=make_order(store, car=False))
    with pytest.raises(Refused):
        actions.check_car(row, {}, now=NOW, by=row.consultant)
    assert not ChecklistRun.objects.exists()


def test_papers_are_checked_and_kept(store):
    row = make_hand_over(store)
    facts = {"plate": "沪a·12345", "insurer": "平安", "insured_until": TODAY}
    assert actions.keep_papers(row, facts).plate == "沪A12345"
    with pytest.raises(Refused):
        actions.keep_papers(row, {"plate": "12345"})
    row.refresh_from_db()
    assert (row.plate, row.insurer) == ("沪A12345", "平安")


def test_what_the_customer_was_told_is_kept_with_its_time(store):
    row = make_hand_over(store)
    with pytest.raises(Refused):
        actions.tell_customer(row, "  ", now=NOW)
    actions.tell_customer(row, "牌照下午到，改为三点", now=NOW)
    row.refresh_from_db()
    assert (row.told_at, row.told) == (NOW, "牌照下午到，改为三点")


def test_what_has_begun_is_not_prepared_any_more(store):
    row = make_running(store)
    with pytest.raises(Refused):
        actions.mark_ready(row, "fuel", False, now=NOW, by=row.consultant)
    assert row.ready.count() == 6


def test_steps_follow_one_another_and_the_tablets_clock_is_bounded():
    start, now = at("10:00"), at("11:00")
    early, late = start - timedelta(hours=2), now + timedelta(hours=5)
    told = {"welcome": at("10:06"), "functions": at("10:40"), "service": early, "ceremony": late}

    found = spans(told, start, now)

    assert [(one.step, one.minutes) for one in found] == [
        ("welcome", 0),
        ("papers", 0),
        ("functions", 0),
        ("service", 0),
        ("introduce", 60),
        ("ceremony", 0),
    ]
    told = {"welcome": at("10:06"), "functions": at("10:40"), "ceremony": at("10:58")}
    assert [one.minutes for one in spans(told, start, now)] == [6, 34, 0, 18, 0, 0]


@pytest.mark.parametrize(
    ("minutes", "word"), [(29, "short"), (30, ""), (60, ""), (90, ""), (91, "long")]
)
def test_under_a_half_is_short_and_over_one_and_a_half_is_long(minutes, word):
    assert odd_length(minutes, 60) == word


def test_the_plan_is_read_in_as_many_queries_for_one_as_for_three(
    store, other_store, django_assert_num_queries
):
    manager = person(store, "manager", Role.SALES_MANAGER)
    make_hand_over(other_store)
    make_ready(store)

    def read():
        return hand_overs.rows_of(hand_overs.on_day(manager, store, TOMORROW), manager, NOW)

    with django_assert_num_queries(4):
        (row,) = read()
    assert (row.light, row.missing, row.opens) == (Light.GREEN, [], True)
    make_hand_over(store, "13:00")
    make_hand_over(store, "15:00")
    with django_assert_num_queries(4):
        rows = read()
    assert [len(one.missing) for one in rows] == [0, 7, 7]


def test_a_consultant_opens_his_own_only_and_sees_no_name_of_the_others(store, client):
    mine, other = make_hand_over(store), seller(store, "other")
    hers = make_hand_over(store, order=make_order(store, consultant=other))
    client.force_login(seller(store))

    assert client.get(f"/delivery/hand-overs/{mine.pk}/").status_code == 200
    assert client.get(f"/delivery/hand-overs/{hers.pk}/").status_code == 404
    assert (
        client.post(f"/delivery/hand-overs/{hers.pk}/point/", {"point": "gift"}).status_code == 404
    )
    shown = client.get("/delivery/plan/", {"day": str(TOMORROW)}).content.decode()
    assert "客户" in shown and f"/delivery/hand-overs/{mine.pk}/" in shown
    assert f"/delivery/hand-overs/{hers.pk}/" not in shown
