"""The lists of calls: mine, the team's, the failed ones; giving them away (CARE-04, CARE-28)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role, Slot
from apps.accounts.models import DutyDay
from apps.care.actions import endings
from apps.care.actions.reassign import reassign
from apps.care.choices import CallKind, CallStatus, ChurnGroup, EndReason, Result
from apps.care.models import Attempt, Call
from apps.care.queries import lists
from apps.core.errors import Refused
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message
from tests.factories import NOW, TODAY, make_call, make_customer, make_user, make_vehicle

DAY = timedelta(days=1)
HELD = {"status": CallStatus.CLAIMED, "held_at": NOW}


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def call_of(store, name, **fields):
    return make_call(store, customer=make_customer(store, name), **fields)


def ended(store, name, status=CallStatus.FAILED, **fields):
    return call_of(store, name, status=status, ended_at=NOW, **fields)


def dialled(call, by, **fields):
    fields = {"at": NOW, "slot": Slot.MORNING, "counted": True, "result": Result.NO_ANSWER} | fields
    return Attempt.objects.create(store=call.store, call=call, by=by, **fields)


def test_my_calls_stand_in_the_order_of_urgency(store, specialist, other_specialist):
    """Colleagues' calls are not mine, but a call-back that they promised for me is."""
    mine = {"owner": specialist}
    overdue = call_of(store, "昨天", due_on=TODAY - DAY, **mine)
    older = call_of(store, "前天", due_on=TODAY - 2 * DAY, **mine)
    due = call_of(store, "今天", **mine)
    later = call_of(store, "明天", due_on=TODAY + DAY, **mine)
    paused = call_of(store, "空号", paused_on=TODAY, **mine)
    promised = call_of(
        store, "三点", owner=other_specialist, callback_at=NOW, callback_for=specialist
    )
    call_of(store, "同事", owner=other_specialist)
    call_of(store, "同事约", callback_at=NOW, callback_for=other_specialist, **mine)
    ended(store, "已完成", CallStatus.REACHED, **mine)

    found = lists.mine(specialist, TODAY)

    assert found == lists.MyCalls([promised], [overdue, older], [due], [later], [paused])


def test_my_calls_page_masks_and_shows_nothing_of_another_store(
    client, store, other_store, specialist
):
    make_call(store, customer=make_customer(store, "张三丰", "13912345678"), owner=specialist)
    call_of(other_store, "他店客户", owner=specialist)
    client.force_login(specialist)
    response = client.get(reverse("care:my-calls"))
    assertContains(response, "139****5678")
    assertNotContains(response, "13912345678")
    assertNotContains(response, "他店客户")


def test_without_calls_my_page_says_so(client, store, specialist):
    client.force_login(specialist)
    assertContains(client.get(reverse("care:my-calls")), "您没有未完成的任务")


@pytest.mark.parametrize("page", ["my-calls", "calls", "failed"])
def test_a_list_costs_the_same_however_long(
    client, store, other_store, manager, specialist, page, django_assert_max_num_queries
):
    fields = {"status": CallStatus.FAILED, "ended_at": NOW} if page == "failed" else {}
    client.force_login(specialist if page == "my-calls" else manager)
    client.get(reverse(f"care:{page}"))  # the first page of a session writes the session
    costs = []
    for rows in (1, 3):
        for place in [store] * (rows - len(costs)) + [other_store]:
            call = call_of(place, "张伟", owner=specialist, attempts=1, **fields)
            dialled(call, specialist)
        with django_assert_max_num_queries(16) as asked:
            response = client.get(reverse(f"care:{page}"))
        assertContains(response, "张伟</a>", count=rows)
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", {"逾期", "今日", "约定", "等号", "占用", "流失"}),
        ("state=overdue", {"逾期"}),
        ("state=today", {"今日", "占用"}),
        ("state=promised", {"约定"}),
        ("state=paused", {"等号"}),
        ("state=held", {"占用"}),
        ("state=reached", {"接通"}),
        ("kind=churn", {"流失"}),
        ("group=local_in", {"流失"}),
        ("group=local_out", set()),
        ("made_up=yes", {"逾期"}),
        ("made_up=no&state=overdue", set()),
        ("due_from=2026-11-24", {"流失"}),
        ("due_until=2026-11-22", {"逾期"}),
        (
            "state=nonsense&kind=nonsense&due_from=nonsense",
            {"逾期", "今日", "约定", "等号", "占用", "流失"},
        ),
    ],
)
def test_the_teams_list_can_be_narrowed(
    client, store, other_store, manager, specialist, asked, names
):
    call_of(store, "逾期", due_on=TODAY - DAY, made_up=True)
    call_of(store, "今日")
    call_of(store, "约定", callback_at=NOW)
    call_of(store, "等号", paused_on=TODAY)
    call_of(store, "占用", holder=specialist, claim=uuid4(), **HELD)
    ended(store, "接通", CallStatus.REACHED, result=Result.BOOKED)
    call_of(
        store,
        "流失",
        kind=CallKind.CHURN,
        churn_group=ChurnGroup.LOCAL_IN,
        due_on=TODAY + DAY,
    )
    call_of(other_store, "他店")
    client.force_login(manager)
    response = client.get(f"{reverse('care:calls')}?{asked}")
    assert {call.customer.name for call in response.context["calls"]} == names


def test_the_teams_list_can_be_narrowed_to_one_owner(client, store, manager, specialist):
    call_of(store, "我的", owner=specialist)
    call_of(store, "无人")
    client.force_login(manager)
    response = client.get(f"{reverse('care:calls')}?specialist={specialist.pk}")
    assert [call.customer.name for call in response.context["calls"]] == ["我的"]


@pytest.mark.parametrize(
    ("state", "order"), [("open", ["甲", "乙", "丙", "丁"]), ("reached", ["丁", "丙", "乙", "甲"])]
)
def test_pages_go_on_where_the_last_one_ended(client, store, manager, monkeypatch, state, order):
    """Two calls share the day at the border of the page."""
    monkeypatch.setattr("apps.care.views.lists.PAGE", 2)
    for name, due in zip("甲乙丙丁", [0, 1, 1, 2], strict=True):
        fields = {"due_on": TODAY + due * DAY}
        if state == "open":
            call_of(store, name, **fields)
        else:
            ended(store, name, CallStatus.REACHED, **fields)
    client.force_login(manager)
    url = reverse("care:calls") + (f"?state={state}&" if state != "open" else "?")

    first = client.get(url)
    second = client.get(f"{url}after={first.context['next']}")

    names = [c.customer.name for page in (first, second) for c in page.context["calls"]]
    assert names == order
    assert second.context["next"] == ""


def test_the_failed_list_shows_attempts_reason_and_the_message_sent_instead(
    client, store, manager, specialist, now
):
    call = call_of(store, "张三丰", attempts=3, owner=specialist)
    dialled(call, specialist)
    dialled(call, specialist, slot=Slot.LATE, result=Result.BUSY, at=now + timedelta(hours=6))
    endings.fail_after_three(call, now=now)
    call.save()
    Message.objects.update(status=MessageStatus.SENT, sent_at=now)
    client.force_login(manager)

    response = client.get(reverse("care:failed"))

    [line] = response.context["lines"]
    assert (line.call, line.message) == (call, Message.objects.get())
    assert [attempt.result for attempt in line.attempts] == [Result.NO_ANSWER, Result.BUSY]
    for words in ("三次未接通", "无人接听", "占线", "已发送"):
        assertContains(response, words)


def test_the_failed_list_can_be_narrowed_and_paged(
    client, store, other_store, manager, monkeypatch
):
    three = ended(store, "三次", end_reason=EndReason.THREE_ATTEMPTS)
    left = ended(store, "未跟", end_reason=EndReason.ABANDONED, kind=CallKind.MAINTENANCE)
    ended(other_store, "他店", end_reason=EndReason.ABANDONED)
    call_of(store, "未完")
    client.force_login(manager)

    def asked(question):
        response = client.get(f"{reverse('care:failed')}?{question}")
        return [line.call for line in response.context["lines"]]

    assert asked("") == [left, three]
    assert asked("reason=abandoned") == [left]
    assert asked("kind=first_service") == [three]
    assert asked("since=2026-11-24") == []
    assert asked("since=2026-11-23") == [left, three]
    monkeypatch.setattr("apps.care.views.lists.PAGE", 1)
    assert asked("") == [left]
    assert asked(f"after={left.pk}") == [three]


def test_calls_are_given_to_a_colleague_with_the_customers_others(
    store, manager, specialist, other_specialist, now
):
    customer = make_customer(store)
    chosen = make_call(store, customer=customer, owner=specialist)
    along = make_call(
        store,
        customer=customer,
        kind=CallKind.BIRTHDAY,
        owner=specialist,
        callback_at=now,
        callback_for=specialist,
    )
    for_anyone = make_call(store, customer=customer, owner=specialist, cycle="x", callback_at=now)
    over = make_call(
        store, customer=customer, owner=specialist, cycle="y", status="reached", ended_at=now
    )
    others = make_call(store, owner=specialist)

    assert reassign([chosen.pk], to=other_specialist, by=manager, now=now) == 3
    assert reassign([chosen.pk], to=other_specialist, by=manager, now=now) == 0

    rows = dict(Call.objects.values_list("pk", "owner"))
    assert {pk for pk, owner in rows.items() if owner == other_specialist.pk} == {
        chosen.pk,
        along.pk,
        for_anyone.pk,
    }
    assert rows[over.pk] == rows[others.pk] == specialist.pk
    promises = dict(Call.objects.values_list("pk", "callback_for"))
    assert (promises[along.pk], promises[for_anyone.pk]) == (other_specialist.pk, None)


def test_calls_are_given_only_to_who_is_on_duty(store, manager, specialist, other_specialist, now):
    call = make_call(store, owner=specialist)
    DutyDay.objects.create(store=store, user=other_specialist, on=TODAY, on_duty=False)
    advisor = make_user("advisor", store, Role.SERVICE_ADVISOR)
    for person in (other_specialist, advisor, manager):
        with pytest.raises(Refused, match="不在岗"):
            reassign([call.pk], to=person, by=manager, now=now)
    call.refresh_from_db()
    assert call.owner == specialist


def test_an_ended_or_foreign_call_stops_the_whole_giving(
    store, other_store, manager, specialist, other_specialist, now
):
    call = make_call(store, owner=specialist)
    over = ended(store, "已完成", owner=specialist)
    foreign = make_call(other_store)
    for bad in (over, foreign):
        with pytest.raises(Refused, match="已结束"):
            reassign([call.pk, bad.pk], to=other_specialist, by=manager, now=now)
    call.refresh_from_db()
    foreign.refresh_from_db()
    assert (call.owner, foreign.owner) == (specialist, None)


def test_the_manager_gives_ticked_calls_and_comes_back_to_the_list(
    client, store, manager, specialist, other_specialist
):
    calls = [call_of(store, name, owner=specialist) for name in ("甲", "乙", "丙")]
    client.force_login(manager)
    back = reverse("care:calls") + "?kind=first_service"
    data = {
        "calls": [calls[0].pk, calls[1].pk],
        "to": other_specialist.pk,
        "back": back,
        "form_token": uuid4(),
    }

    for _double_click in range(2):
        assertRedirects(client.post(reverse("care:call-reassign"), data), back)

    owners = [Call.objects.get(pk=call.pk).owner for call in calls]
    assert owners == [other_specialist, other_specialist, specialist]


@pytest.mark.parametrize(
    ("chosen", "status"), [([], 409), (["nonsense"], 422), (["999999999"], 409)]
)
def test_a_giving_without_calls_is_refused_in_words(
    client, store, manager, other_specialist, chosen, status
):
    client.force_login(manager)
    data = {"calls": chosen, "to": other_specialist.pk}
    response = client.post(reverse("care:call-reassign"), data)
    assertContains(response, 'role="alert"', status_code=status)


def test_a_giving_to_another_stores_specialist_is_invalid(
    client, store, other_store, manager, specialist
):
    call = make_call(store, owner=specialist)
    theirs = make_user("theirs", other_store, Role.CARE_SPECIALIST)
    client.force_login(manager)
    data = {"calls": [call.pk], "to": theirs.pk}
    assert client.post(reverse("care:call-reassign"), data).status_code == 422
    call.refresh_from_db()
    assert call.owner == specialist


def test_the_way_back_leads_only_into_this_site(client, store, manager, other_specialist):
    call = make_call(store)
    client.force_login(manager)
    data = {"calls": [call.pk], "to": other_specialist.pk, "back": "https://elsewhere.invalid/"}
    response = client.post(reverse("care:call-reassign"), data)
    assertRedirects(response, reverse("care:calls"))


def test_who_only_watches_has_no_boxes_to_tick(client, store, specialist):
    make_call(store)
    client.force_login(make_user("general", store, Role.GENERAL_MANAGER))
    assertNotContains(client.get(reverse("care:calls")), 'type="checkbox"')


def test_a_car_is_named_on_the_line(client, store, manager):
    make_call(store, vehicle=make_vehicle(store, plate="沪A12345", model="英朗"))
    client.force_login(manager)
    response = client.get(reverse("care:calls"))
    assertContains(response, "沪A12345")
    assertContains(response, "英朗")
