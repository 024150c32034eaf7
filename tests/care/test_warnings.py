"""Warned before, not after: limits of today, rates near their line (CARE-23)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import DayKind, Role
from apps.accounts.models import CalendarDay
from apps.care.actions.warn import acknowledge, warn
from apps.care.choices import CallKind, CallStatus
from apps.care.figures import near
from apps.care.models import Call, CarePolicy, Notice
from apps.care.queries import warnings
from apps.care.warned import saving, warned
from tests.factories import NOW, SHANGHAI, TODAY, make_call, make_customer, make_user, make_vehicle

DAY = timedelta(days=1)
URL = reverse("care:warnings")
LATER = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def reached(store, owner, **fields):
    return make_call(store, status=CallStatus.REACHED, ended_at=NOW, owner=owner, **fields)


def limits_of(user):
    return {name: n for name, _label, n in warned(user, TODAY).limits}


def test_what_reaches_its_limit_today_is_counted_once_a_limit(store, specialist, other_store):
    make_call(store, owner=specialist)
    make_call(store, owner=specialist, kind="birthday", cycle="2026")
    make_call(store, owner=specialist, due_on=LATER, day3_on=TODAY)
    make_call(store, owner=specialist, due_on=LATER, callback_at=at(16))
    make_call(store, owner=specialist, due_on=LATER, callback_at=at(9, day=TODAY + DAY))
    make_call(store, owner=specialist, paused_on=TODAY)
    make_call(store, owner=specialist, due_on=TODAY - DAY)
    reached(store, specialist)
    make_call(other_store)
    assert limits_of(specialist) == {"third_day": 1, "birthday": 1, "due": 1, "promised": 1}


def test_a_specialist_is_warned_of_own_calls_and_of_call_backs_promised_for_him(
    store, specialist, other_specialist, manager
):
    make_call(store, owner=specialist)
    make_call(store, owner=other_specialist, callback_at=at(16), callback_for=specialist)
    make_call(store, owner=other_specialist)
    assert limits_of(specialist) == {"third_day": 0, "birthday": 0, "due": 1, "promised": 1}
    assert limits_of(other_specialist) == {"third_day": 0, "birthday": 0, "due": 1, "promised": 0}
    assert limits_of(manager) == {"third_day": 0, "birthday": 0, "due": 2, "promised": 1}
    people = {
        str(p): {name: n for name, _label, n in counts}
        for p, counts, _ in warned(manager, TODAY).people
    }
    assert people["li_na"] == {"third_day": 0, "birthday": 0, "due": 1, "promised": 1}


def a_month(store, owner, *, done, missed, left, **fields):
    car = make_vehicle(store)
    kind = fields.pop("kind", CallKind.FIRST_SERVICE)
    states = [
        *[{"status": CallStatus.REACHED, "ended_at": NOW, "due_on": TODAY}] * done,
        *[{"due_on": TODAY - DAY}] * missed,
        *[{"due_on": LATER}] * left,
    ]
    same = dict.fromkeys(("event_on", "opens_on", "created_on"), TODAY)
    same |= {"store": store, "customer": car.owner, "vehicle": car, "owner": owner, "kind": kind}
    Call.objects.bulk_create(Call(cycle=f"{n}", **same | s) for n, s in enumerate(states))


@pytest.mark.parametrize(
    ("done", "missed", "left", "slack", "warns", "lost"),
    [
        (30, 0, 10, 2, True, False),  # 95 % of 40 are 38
        (30, 2, 8, 0, True, False),
        (30, 3, 7, -1, True, True),
        (40, 0, 0, 2, False, False),  # nothing left that could be saved
        (30, 3, 0, -2, False, True),
    ],
)
def test_a_rate_is_near_its_line_when_few_of_the_calls_left_may_be_missed(
    store, specialist, other_store, done, missed, left, slack, warns, lost
):
    a_month(store, specialist, done=done, missed=missed, left=left)
    a_month(other_store, None, done=0, missed=9, left=1)
    first = near.rates(store, CarePolicy(rate_line=95), TODAY).store[0]
    assert (first.slack, bool(first), first.lost) == (slack, warns, lost)


def test_a_rate_far_from_its_line_warns_nobody(store, specialist):
    a_month(store, specialist, done=0, missed=0, left=6)
    assert not near.rates(store, CarePolicy(rate_line=1), TODAY).store[0].lost
    a_month(store, specialist, done=60, missed=0, left=60)
    first = near.rates(store, CarePolicy(rate_line=90), TODAY).store[0]
    assert (first.slack, bool(first)) == (12, False)


def test_the_calls_that_would_save_a_rate_are_exactly_those_still_to_be_made(
    store, specialist, other_specialist, manager, stranger, other_store
):
    a_month(store, specialist, done=1, missed=1, left=2)
    a_month(store, other_specialist, done=0, missed=0, left=1)
    make_call(store, owner=specialist, due_on=LATER, made_up=True)
    make_call(store, owner=specialist, due_on=LATER, kind="maintenance", cycle="2026-05-01")
    make_call(other_store, due_on=LATER)
    own = list(saving(specialist, "first_service", None, TODAY))
    assert [call.due_on for call in own] == [LATER, LATER]
    assert {call.owner for call in own} == {specialist}
    # a specialist asks for nobody else's
    assert list(saving(specialist, "first_service", other_specialist.pk, TODAY)) == own
    assert saving(manager, "first_service", None, TODAY).count() == 3
    assert list(saving(manager, "first_service", specialist.pk, TODAY)) == own
    [(kind, rate)] = [r for r in warned(manager, TODAY).rates if r[0] == CallKind.FIRST_SERVICE]
    assert rate.counts["open"] == 3


# The notices of the day


@pytest.fixture
def people(store, specialist, manager, other_store):
    make_call(store, owner=specialist)
    make_user("sells", store, Role.SALES_CONSULTANT)
    User = type(specialist)
    User.objects.filter(store=other_store).delete()
    return specialist, manager


def told():
    rows = Notice.objects.order_by("pk").values_list("user__username", "turn", "limits")
    return [(name, turn, limits) for name, turn, limits in rows]


def test_at_ten_and_at_three_each_specialist_and_manager_gets_one_notice(people):
    assert warn(now=at(9, 59)) == 0
    assert warn(now=at(10)) == 2
    assert warn(now=at(10, 1)) == 0
    assert told() == [("li_na", "first", {"due": 1}), ("manager", "first", {"due": 1})]
    assert warn(now=at(15)) == 2
    assert warn(now=at(15, 30)) == 0
    assert told()[2:] == [("li_na", "again", {"due": 1}), ("manager", "again", {"due": 1})]


def test_after_an_outage_only_the_last_warning_is_written(people):
    assert warn(now=at(16)) == 2
    assert {turn for _name, turn, _limits in told()} == {"again"}


def test_the_store_chooses_the_times_and_a_closed_store_warns_nobody(people, store):
    CarePolicy.objects.create(
        store=store, effective_from=TODAY, warn_first_at="11:00", warn_again_at="16:00"
    )
    assert warn(now=at(10, 30)) == 0
    assert warn(now=at(11)) == 2
    CalendarDay.objects.create(store=store, on=TODAY + DAY, kind=DayKind.CLOSED)
    assert warn(now=at(11, day=TODAY + DAY)) == 0


def test_a_notice_with_nothing_in_it_need_not_be_acknowledged(store, specialist):
    warn(now=at(10))
    [notice] = Notice.objects.all()
    assert (notice.limits, notice.rates, notice.seen_at) == ({}, {}, at(10))
    assert warnings.to_acknowledge(specialist, TODAY) is None


def test_a_notice_keeps_the_rates_of_its_moment(store, specialist):
    a_month(store, specialist, done=3, missed=1, left=2)
    warn(now=at(10))
    [notice] = Notice.objects.all()
    assert notice.rates["first_service"]["reminded"] == 3
    assert notice.rates["first_service"]["open"] == 2
    assert notice.rates["first_service"]["line"] == 95
    assert notice.seen_at is None


def test_acknowledging_takes_the_earlier_ones_along_and_twice_changes_nothing(people):
    specialist, manager = people
    warn(now=at(10))
    warn(now=at(15))
    last = warnings.to_acknowledge(specialist, TODAY)
    assert last.turn == "again"
    assert acknowledge(last, by=specialist, now=at(15, 5)) == 2
    assert acknowledge(last, by=specialist, now=at(15, 6)) == 0
    assert warnings.to_acknowledge(specialist, TODAY) is None
    assert warnings.to_acknowledge(manager, TODAY) is not None


def test_the_bar_stands_on_the_home_page_until_it_is_acknowledged(people, client):
    specialist, _manager = people
    warn(now=at(10))
    client.force_login(specialist)
    notice = warnings.to_acknowledge(specialist, TODAY)
    seen = reverse("care:notice-seen", args=[notice.pk])
    assertContains(client.get(reverse("desk:home")), seen)
    assertRedirects(client.post(seen, {"back": reverse("desk:home")}), reverse("desk:home"))
    assertNotContains(client.get(reverse("desk:home")), seen)
    notice.refresh_from_db()
    assert notice.seen_at == NOW


def test_nobody_acknowledges_for_another(people, client, stranger):
    specialist, manager = people
    warn(now=at(10))
    notice = warnings.to_acknowledge(specialist, TODAY)
    for other in (manager, stranger):
        client.force_login(other)
        assert client.post(reverse("care:notice-seen", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.seen_at is None


def test_every_number_of_the_page_opens_its_calls(client, store, specialist, manager, other_store):
    make_call(store, owner=specialist, customer=make_customer(store, "今天到期"))
    make_call(store, owner=specialist, due_on=LATER, callback_at=at(16))
    make_call(other_store, customer=make_customer(other_store, "他店客户"))
    client.force_login(manager)
    page = client.get(f"{URL}?what=due&person={specialist.pk}")
    assert [call.customer.name for call in page.context["calls"]] == ["今天到期"]
    assertContains(page, "今天到期")
    assert len(client.get(f"{URL}?what=promised").context["calls"]) == 1
    assert len(client.get(f"{URL}?kind=first_service").context["calls"]) == 2
    assertNotContains(client.get(f"{URL}?what=due"), "他店客户")
    assert "calls" not in client.get(f"{URL}?what=nonsense").context


def test_an_empty_day_says_so(client, specialist):
    client.force_login(specialist)
    assert not client.get(URL).context["warned"]


@pytest.mark.parametrize("rows", [1, 3])
def test_people_and_calls_cost_no_queries_of_their_own(
    client, store, manager, rows, django_assert_num_queries
):
    for n in range(rows):
        make_call(store, owner=make_user(f"one{n}", store, Role.CARE_SPECIALIST))
    client.force_login(manager)
    client.get(URL)
    with django_assert_num_queries(9):
        client.get(f"{URL}?what=due")
