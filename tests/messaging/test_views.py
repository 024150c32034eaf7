"""The pages of the outbox."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.core.timeline import newest
from apps.messaging import people
from apps.messaging.choices import MessageStatus
from apps.messaging.models import MessagePolicy, MessageTemplate
from tests.factories import make_customer
from tests.messaging.pages import make_message

LIST = "/messaging/messages/"
TEXT = {
    "key": "birthday",
    "channel": "sms",
    "purpose": "service",
    "effective_from": "2026-11-24",
    "subject": "",
    "text": "{name}{title}，生日快乐！",
}


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def foreign(other_store):
    return make_message(other_store, customer=make_customer(other_store, "他店客户"))


def test_the_list_shows_who_what_and_what_became_of_it(client, store, specialist, foreign):
    make_message(store, customer=make_customer(store, "张三丰", "13912345678"))
    client.force_login(specialist)

    response = client.get(LIST)

    assertContains(response, "张三丰")
    assertContains(response, "139****5678")
    assertContains(response, "无应答")
    assertNotContains(response, "13912345678")
    assertNotContains(response, "他店客户")


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("status=unknown", 1),
        ("status=sent", 0),
        ("channel=sms", 1),
        ("channel=email", 0),
        ("key=birthday", 1),
        ("key=maintenance", 0),
        ("day=2026-11-23", 1),
        ("day=2026-11-22", 0),
        ("status=nonsense&day=nonsense", 1),
    ],
)
def test_the_list_can_be_narrowed(client, store, specialist, question, rows):
    make_message(store, customer=make_customer(store, "张三丰"))
    client.force_login(specialist)
    assertContains(client.get(f"{LIST}?{question}"), "张三丰：今天是您的生日", count=rows)


@pytest.mark.parametrize("page", ["message-list", "unknown-list"])
def test_a_list_costs_the_same_however_long(
    client, store, manager, foreign, page, django_assert_max_num_queries
):
    client.force_login(manager)
    client.get(LIST)  # the first page of a session writes the session
    costs = []
    for rows in (1, 3):
        for _ in range(rows - len(costs)):
            make_message(store)
        with django_assert_max_num_queries(12) as asked:
            response = client.get(reverse(f"messaging:{page}"))
        assertContains(response, "张伟：今天是您的生日", count=rows)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_next_page_goes_on_after_the_last_row(client, store, specialist, monkeypatch):
    monkeypatch.setattr("apps.messaging.views.PAGE", 2)
    oldest, *_ = [make_message(store, customer=make_customer(store, f"第{n}位")) for n in "123"]
    client.force_login(specialist)

    first = client.get(LIST)
    second = client.get(f"{LIST}?after={first.context['next']}")

    assert [m.customer.name for m in first.context["rows"]] == ["第3位", "第2位"]
    assert list(second.context["rows"]) == [oldest]
    assert second.context["next"] is None


def test_a_person_settles_what_is_in_doubt_once(client, store, manager):
    message = make_message(store)
    client.force_login(manager)
    url = reverse("messaging:message-settle", args=[message.pk])
    data = {"decision": "sent", "form_token": uuid4()}

    for _double_click in range(2):
        assertRedirects(client.post(url, data), reverse("messaging:unknown-list"))
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT

    refusal = client.post(url, {"decision": "again", "form_token": uuid4()})
    assertContains(refusal, "无需确认", status_code=409)
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_a_decision_that_is_none_changes_nothing(client, store, manager):
    message = make_message(store)
    client.force_login(manager)
    url = reverse("messaging:message-settle", args=[message.pk])
    assert client.post(url, {"decision": "perhaps"}).status_code == 422
    message.refresh_from_db()
    assert message.status == MessageStatus.UNKNOWN


def test_a_new_text_holds_from_its_day_and_the_old_one_stays(client, store, manager):
    client.force_login(manager)
    old = MessageTemplate.objects.get(store=store, key="birthday").text

    response = client.post(reverse("messaging:template-new"), TEXT)

    assertRedirects(response, reverse("messaging:template-list"))
    rows = MessageTemplate.objects.filter(store=store, key="birthday")
    assert set(rows.values_list("effective_from", "text")) == {
        (date(2000, 1, 1), old),
        (date(2026, 11, 24), TEXT["text"]),
    }
    page = client.get(reverse("messaging:template-list"))
    assertContains(page, "自2026-11-24起生效")
    assertContains(page, "张三丰先生，生日快乐！")


def test_a_text_is_looked_at_before_it_is_saved(client, store, manager):
    client.force_login(manager)
    response = client.post(reverse("messaging:template-new"), TEXT | {"preview": "1"})
    assertContains(response, "张三丰先生，生日快乐！")
    assert MessageTemplate.objects.filter(store=store, key="birthday").count() == 1


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"text": "{nmae}，生日快乐"}, 422, "{nmae}"),
        ({"text": "{name，生日快乐"}, 422, "不成对"),
        ({"purpose": "marketing"}, 422, "退订"),
        ({"effective_from": "2026-11-23"}, 409, "明天"),
        ({"channel": "email"}, 409, "主题"),
    ],
)
def test_a_text_that_cannot_be_is_refused_in_words(client, store, manager, change, status, words):
    client.force_login(manager)
    response = client.post(reverse("messaging:template-new"), TEXT | change)
    assertContains(response, words, status_code=status)
    assert MessageTemplate.objects.filter(store=store, key="birthday").count() == 1


def test_marketing_that_says_how_to_refuse_is_taken(client, store, manager):
    client.force_login(manager)
    data = TEXT | {"purpose": "marketing", "text": "{name}，活动邀请。回复R退订"}
    assert client.post(reverse("messaging:template-new"), data).status_code == 302


def test_a_second_text_for_one_day_is_refused(client, store, manager):
    client.force_login(manager)
    client.post(reverse("messaging:template-new"), TEXT)
    response = client.post(reverse("messaging:template-new"), TEXT | {"text": "另一条"})
    assertContains(response, "该日已有", status_code=409)
    assert not MessageTemplate.objects.filter(text="另一条").exists()


def test_a_text_is_copied_only_from_ones_own_store(client, store, other_store, manager):
    client.force_login(manager)
    MessageTemplate.objects.filter(store=other_store).update(text="他店话")
    theirs = MessageTemplate.objects.filter(store=other_store).first()
    mine = MessageTemplate.objects.get(store=store, key="birthday")
    url = reverse("messaging:template-new")
    assertNotContains(client.get(f"{url}?copy={theirs.pk}"), "他店话")
    assertContains(client.get(f"{url}?copy={mine.pk}"), "祝您生日快乐")


def test_quiet_hours_change_from_a_coming_day(client, store, manager):
    client.force_login(manager)
    url = reverse("messaging:quiet-hours")
    data = {"quiet_from": "20:00", "quiet_until": "09:00", "effective_from": "2026-11-24"}

    assert client.post(url, data | {"effective_from": "2026-11-23"}).status_code == 409
    assert client.post(url, data | {"quiet_from": "25:00"}).status_code == 422
    assert MessagePolicy.objects.filter(store=store).count() == 1

    assertRedirects(client.post(url, data), reverse("messaging:template-list"))
    row = MessagePolicy.objects.get(store=store, effective_from="2026-11-24")
    assert f"{row.quiet_from:%H:%M}–{row.quiet_until:%H:%M}" == "20:00–09:00"


def test_the_time_line_has_the_customers_messages_newest_first(store, now):
    customer = make_customer(store, "张三丰")
    make_message(store)
    sent = make_message(store, customer=customer, status=MessageStatus.SENT, sent_at=now)

    [entry] = newest(people.timeline(customer), limit=10)

    assert (entry.at, entry.kind, entry.detail) == (now, "message", sent.text)
    assert entry.at - sent.queued_at == timedelta(0)
