"""The month's list, the churn groups, what each did today (CARE-03, CARE-11, CARE-17)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role, Slot
from apps.care.choices import CallKind, CallStatus, ChurnGroup, NotReturning, Result
from apps.care.models import Attempt, CarePolicy
from apps.care.queries import boards, month
from apps.customers.choices import Fate
from apps.customers.models import StopContact
from tests.factories import (
    NOW,
    SHANGHAI,
    TODAY,
    make_call,
    make_customer,
    make_user,
    make_vehicle,
)

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
URL = {name: reverse(f"care:{name}") for name in ("month", "churn", "today")}


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def coming(store, kind, first=FIRST, last=LAST, today=TODAY):
    rows = month.coming(store, kind, first, last, today=today)
    return [] if rows is None else list(rows.order_by("opens", "pk"))


def new_car(store, opens, **fields):
    """A car delivered here whose first-service call opens on a day."""
    fields = {
        "sold_here": True,
        "first_service_opens_on": opens,
        "first_service_due_on": opens + 31 * DAY,
    } | fields
    return make_vehicle(store, **fields)


def driven_car(store, due, **fields):
    """A car whose maintenance is due on a day and opens 21 days before."""
    fields = {
        "maintenance_due_on": due,
        "maintenance_opens_on": due - 21 * DAY,
        "last_maintenance_on": due - 180 * DAY,
    } | fields
    return make_vehicle(store, **fields)


def test_first_services_of_the_month_are_those_that_open_in_it(store, other_store):
    new_car(store, date(2026, 11, 30))
    first = new_car(store, FIRST)
    last = new_car(store, LAST)
    new_car(store, date(2027, 1, 1))
    new_car(other_store, FIRST)
    new_car(store, FIRST, last_maintenance_on=TODAY)
    new_car(store, FIRST, fate=Fate.SCRAPPED)
    new_car(store, FIRST, owner=False)
    new_car(store, FIRST, owner=make_customer(store, refuses_service=True))
    assert coming(store, CallKind.FIRST_SERVICE) == [first, last]


def test_a_stop_for_the_kind_takes_a_car_off_the_list(store, manager):
    car = new_car(store, FIRST)
    StopContact.objects.create(
        store=store, customer=car.owner, vehicle=car, kind="first_service", by=manager, at=NOW
    )
    assert coming(store, CallKind.FIRST_SERVICE) == []


def test_what_opens_up_to_today_is_no_longer_coming(store):
    new_car(store, TODAY)
    tomorrow = new_car(store, TODAY + DAY)
    november = (date(2026, 11, 1), date(2026, 11, 30))
    assert coming(store, CallKind.FIRST_SERVICE, *november) == [tomorrow]
    assert coming(store, CallKind.FIRST_SERVICE, date(2026, 10, 1), date(2026, 10, 31)) == []


def test_maintenance_of_the_month_comes_with_its_due_day(store):
    driven_car(store, FIRST + 20 * DAY)  # opens on 30 November
    car = driven_car(store, FIRST + 21 * DAY)
    [row] = coming(store, CallKind.MAINTENANCE)
    assert (row, row.opens, row.due) == (car, FIRST, FIRST + 14 * DAY)


def test_a_new_car_is_sheltered_until_its_first_service_time_is_over(store):
    car = new_car(
        store,
        date(2026, 10, 10),
        first_service_due_on=date(2026, 12, 10),
        maintenance_due_on=date(2026, 12, 25),
        maintenance_opens_on=date(2026, 12, 4),
    )
    [row] = coming(store, CallKind.MAINTENANCE)
    assert (row, row.opens) == (car, date(2026, 12, 11))


def test_at_risk_and_churn_are_what_comes_if_the_car_stays_away(store):
    due = date(2026, 12, 10)
    soon = driven_car(store, due, last_visit_on=due - 180 * DAY)
    assert [(row, row.opens) for row in coming(store, CallKind.AT_RISK)] == [(soon, due + DAY)]
    january = (date(2027, 1, 1), date(2027, 1, 31))
    assert [(row, row.opens) for row in coming(store, CallKind.CHURN, *january)] == [
        (soon, due + 30 * DAY)
    ]
    assert coming(store, CallKind.CHURN) == []


def test_birthdays_of_the_month_leave_out_closed_days(store):
    """25 December 2026 is a Friday; 1 January is a holiday, on which an SMS goes out."""
    friday = make_customer(store, birthday=date(1990, 12, 25))
    holiday = make_customer(store, birthday=date(1990, 1, 1))
    for person in (friday, holiday):
        make_vehicle(store, owner=person)
    make_customer(store, birthday=date(1990, 12, 25))  # without a car
    [row] = coming(store, CallKind.BIRTHDAY)
    assert (row["pk"], row["opens"]) == (friday.pk, date(2026, 12, 25))
    assert coming(store, CallKind.BIRTHDAY, date(2027, 1, 1), date(2027, 1, 31)) == []


def test_the_months_page_counts_and_opens_its_rows(client, store, other_store, specialist):
    new_car(store, FIRST, owner=make_customer(store, "张三丰", "13912345678"), plate="沪A12345")
    new_car(other_store, FIRST, owner=make_customer(other_store, "他店客户"))
    make_call(store, customer=make_customer(store, "李四"), opens_on=TODAY)
    client.force_login(specialist)

    page = client.get(f"{URL['month']}?month=2026-12&kind=first_service&part=coming")

    assert [(k["made"], k["coming"]) for k in page.context["kinds"]] == [(0, 1)] + [(0, 0)] * (
        len(CallKind) - 1
    )
    for words in ("沪A12345", "张三丰", "139****5678", "2027-01-01"):
        assertContains(page, words)
    assertNotContains(page, "他店客户")
    page = client.get(f"{URL['month']}?kind=first_service&part=made")
    assert [(k["made"], k["coming"]) for k in page.context["kinds"]] == [(1, 0)] + [(0, 0)] * (
        len(CallKind) - 1
    )
    assertContains(page, "李四")


@pytest.mark.parametrize("question", ["month=nonsense", "month=2026-13&kind=nonsense"])
def test_a_month_that_is_none_is_this_one(client, store, specialist, question):
    client.force_login(specialist)
    assert client.get(f"{URL['month']}?{question}").context["first"] == date(2026, 11, 1)


def lost(store, group, status=CallStatus.WAITING, **fields):
    ended = {} if status == CallStatus.WAITING else {"ended_at": NOW}
    fields = {"kind": CallKind.CHURN, "churn_group": group, "status": status} | ended | fields
    return make_call(store, **fields)


def test_the_churn_board_has_six_groups_and_those_at_risk(store, other_store, manager):
    lost(store, ChurnGroup.LOCAL_IN)
    lost(store, ChurnGroup.LOCAL_OUT, CallStatus.REACHED, result=Result.BOOKED)
    lost(store, ChurnGroup.LOCAL_OUT, CallStatus.REACHED, result=Result.NOT_NEEDED)
    lost(store, ChurnGroup.NON_LOCAL_IN, CallStatus.FAILED)
    lost(store, ChurnGroup.NON_LOCAL_OUT, CallStatus.WITHDRAWN)
    lost(store, "", kind=CallKind.AT_RISK)
    lost(store, ChurnGroup.LOCAL_IN, opens_on=date(2026, 10, 31))
    lost(other_store, ChurnGroup.LOCAL_IN)

    board = boards.churn_board(manager, TODAY)

    assert {row: tuple(board[row].values()) for row in board} == {
        # found, open, reached, coming, not reached, withdrawn
        "local": (3, 1, 2, 1, 0, 0),
        "local_in": (1, 1, 0, 0, 0, 0),
        "local_out": (2, 0, 2, 1, 0, 0),
        "non_local": (2, 0, 0, 0, 1, 1),
        "non_local_in": (1, 0, 0, 0, 1, 0),
        "non_local_out": (1, 0, 0, 0, 0, 1),
        "at_risk": (1, 1, 0, 0, 0, 0),
    }


def test_each_number_of_the_churn_board_opens_exactly_its_rows(store, other_store, manager):
    for group in ChurnGroup.values:
        for status in (CallStatus.WAITING, CallStatus.REACHED, CallStatus.LAPSED):
            lost(store, group, status, result=Result.BOOKED)
            lost(other_store, group, status)
    board = boards.churn_board(manager, TODAY)
    for row, cells in board.items():
        for column, count in cells.items():
            assert len(boards.churn_rows(manager, TODAY, row, column)) == count


def test_the_churn_page_shows_reason_and_measure(client, store, specialist):
    call = lost(
        store,
        ChurnGroup.LOCAL_IN,
        CallStatus.REACHED,
        result=Result.WILL_COME,
        not_returning=NotReturning.PRICE,
    )
    dialled(call, specialist, result=Result.WILL_COME, note="送一次免费检测")
    client.force_login(specialist)
    page = client.get(f"{URL['churn']}?row=local&column=reached")
    for words in ("嫌价格高", "会来", "送一次免费检测"):
        assertContains(page, words)
    assert page.context["reasons"] == [(NotReturning.PRICE.label, 1)]
    assertContains(client.get(f"{URL['churn']}?month=2026-10"), "没有流失")


def dialled(call, by, **fields):
    fields = {"at": NOW, "slot": Slot.MORNING, "counted": False, "result": Result.REFUSES} | fields
    return Attempt.objects.create(store=call.store, call=call, by=by, **fields)


def test_today_counts_what_each_did_and_what_is_left(
    store, other_store, manager, specialist, other_specialist
):
    """One dialling about two calls is one; yesterday and midnight are other days."""
    call = make_call(store, owner=specialist)
    birthday = make_call(store, kind=CallKind.BIRTHDAY, owner=other_specialist)
    first = dialled(call, specialist, result=Result.BOOKED)
    dialled(birthday, specialist, result=Result.GREETED, conversation=first.conversation)
    dialled(call, specialist, result=Result.NO_ANSWER)
    dialled(call, specialist, result=Result.EMPTY_NUMBER)
    dialled(call, specialist, result=Result.SPOKEN_TO)
    dialled(call, specialist, at=NOW - DAY)
    dialled(call, specialist, at=datetime(2026, 11, 24, tzinfo=SHANGHAI))
    dialled(make_call(other_store), specialist)
    make_call(store, owner=specialist, due_on=TODAY + DAY)
    make_call(store, owner=specialist, paused_on=TODAY)

    one, two = boards.today_board(manager, TODAY)

    assert (one.person, one.dialled, one.left) == (specialist, 3, 1)
    assert one.done == {"reached": 2, "booked": 1, "not_reached": 1, "bad_number": 1}
    assert one.kinds == {"first_service": 3, "birthday": 1}
    assert (two.person, two.dialled, two.left, two.share) == (other_specialist, 0, 1, 0)


def test_each_number_of_today_opens_exactly_its_rows(client, store, manager, specialist):
    call = make_call(store, customer=make_customer(store, "张三丰"), owner=specialist)
    dialled(call, specialist, result=Result.BOOKED, note="周六上午")
    dialled(call, specialist, result=Result.NO_ANSWER)
    client.force_login(manager)

    def asked(question):
        return client.get(f"{URL['today']}?person={specialist.pk}{question}")

    assertContains(asked("&what=booked"), "周六上午", count=1)
    assert len(asked("").context["attempts"]) == 2
    assert len(asked("&kind=birthday").context["attempts"]) == 0
    assert list(asked("&what=left").context["calls"]) == [call]
    assert len(asked("&day=2026-11-22").context["attempts"]) == 0


def test_today_knows_nobody_of_another_store(client, store, stranger, manager):
    client.force_login(manager)
    assert client.get(f"{URL['today']}?person={stranger.pk}").status_code == 404


@pytest.mark.parametrize("name", ["month", "churn", "today"])
def test_a_board_costs_the_same_however_long(
    client, store, manager, specialist, name, django_assert_max_num_queries
):
    question = {
        "month": "?kind=churn&part=made",
        "churn": "?row=local&column=found",
        "today": f"?person={specialist.pk}",
    }[name]
    client.force_login(manager)
    client.get(URL[name])  # the first page of a session writes the session
    costs = []
    for rows in (1, 3):
        for _ in range(rows - len(costs)):
            call = lost(
                store, ChurnGroup.LOCAL_IN, owner=specialist, customer=make_customer(store, "张伟")
            )
            dialled(call, specialist)
        with django_assert_max_num_queries(24) as asked:
            assertContains(client.get(URL[name] + question), "张伟</a>", count=rows)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_month_follows_the_numbers_in_force(store):
    CarePolicy.objects.create(store=store, effective_from=FIRST, maintenance_lead_days=10)
    driven_car(store, FIRST + 21 * DAY)
    [row] = coming(store, CallKind.MAINTENANCE)
    assert row.due == FIRST + 11 * DAY


def test_who_reads_several_stores_chooses_the_store_of_the_month(client, store, other_store):
    make_call(store)
    make_call(other_store)
    make_call(other_store)
    person = make_user("group", store, Role.GROUP_MANAGER)
    person.reads.add(other_store)
    client.force_login(person)

    first = client.get(URL["month"]).context
    other = client.get(f"{URL['month']}?store={other_store.pk}").context

    assert (first["store"], first["together"]["made"]) == (store, 1)
    assert (other["store"], other["together"]["made"]) == (other_store, 2)


def test_the_month_of_a_store_that_one_does_not_read_is_not_found(client, store, other_store):
    client.force_login(make_user("group", store, Role.GROUP_MANAGER))

    assert client.get(f"{URL['month']}?store={other_store.pk}").status_code == 404


def test_the_board_of_the_day_sums_up_the_people(client, store, manager, specialist):
    other = make_user("second", store, Role.CARE_SPECIALIST)
    for person in (specialist, specialist, other):
        call = make_call(store, owner=person, due_on=TODAY)
        Attempt.objects.create(
            store=store, call=call, at=NOW, counted=False, result=Result.BOOKED, by=person
        )
    client.force_login(manager)

    together = client.get(URL["today"]).context["together"]

    assert together == {"dialled": 3, "done": [3, 3, 0, 0], "left": 3, "kinds": [3]}
