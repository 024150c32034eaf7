"""The pages of campaigns: written, counted, approved, watched, stopped (CARE-06)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.care.actions import campaign_sending as sending
from apps.care.actions import campaigns as writing
from apps.care.models import Campaign, CarePolicy
from apps.messaging.models import Message
from apps.messaging.sending import send_due
from tests.care.test_campaigns import DRAFT, write
from tests.factories import NOW, TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten(time_machine, settings, tmp_path):
    time_machine.move_to(NOW, tick=False)
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    settings.SMS_FILE = tmp_path / "sms.jsonl"


@pytest.fixture
def strange(other_store):
    return make_customer(other_store, "陌生", accepts_marketing=True)


def willing(store, name="张伟", **fields):
    return make_customer(store, name, accepts_marketing=True, **fields)


def running(store, by):
    row = writing.submit_campaign(write(store, by, send_on=TODAY, filters={}), by=by, now=NOW)
    writing.approve_campaign(row, by=by, now=NOW)
    sending.start_due(now=NOW)
    return Campaign.objects.get(pk=row.pk)


def typed(**fields):
    return {
        "kind": "holiday",
        "name": "元旦问候",
        "send_on": "2026-11-24",
        "text": "【{store}】{name}{title}：元旦快乐！回复R退订",
    } | {name.replace("who_", "who-"): value for name, value in fields.items()}


def page(name, *rows):
    return reverse(f"care:campaign{name}", args=[row.pk for row in rows])


def test_a_draft_is_written_with_its_audience(client, store, specialist):
    client.force_login(specialist)
    answer = client.post(page("-new"), typed(who_locality="local", who_models=["英朗", "君威"]))

    row = Campaign.objects.get()
    assertRedirects(answer, page("", row), fetch_redirect_response=False)
    assert (row.store, row.written_by, row.send_on) == (store, specialist, DRAFT.send_on)
    assert row.filters == {"locality": "local", "models": ["英朗", "君威"]}
    assertContains(client.get(page("", row)), "英朗、君威")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": "没有退出办法"}, 422),
        ({"name": ""}, 422),
        ({"who_age_from": "9", "who_age_until": "8"}, 422),
        ({"send_on": "2026-11-22"}, 409),
    ],
)
def test_what_cannot_be_sent_is_not_saved(client, specialist, fields, status):
    client.force_login(specialist)
    assert client.post(page("-new"), typed(**fields)).status_code == status
    assert not Campaign.objects.exists()


def test_the_form_counts_and_shows_the_very_words(client, store, specialist, strange):
    owner = willing(store, "张三", phone="13900000001", gender="male")
    make_vehicle(store, owner, model="英朗", plate="沪A12345")
    willing(store, "李四", phone="13900000002")
    client.force_login(specialist)

    words = typed(text="{name}{title}的{plate}，退订回R", who_models=["英朗"])
    answer = client.post(page("-preview"), words)

    assertContains(answer, "张三先生的沪A12345，退订回R")
    assertContains(answer, "139****0001")
    assert answer.context["size"] == 1
    assert client.post(page("-preview"), typed()).context["size"] == 2
    assert not Campaign.objects.exists()


def test_the_form_says_what_is_wrong_with_the_text(client, store, specialist):
    willing(store)
    client.force_login(specialist)
    assertContains(client.post(page("-preview"), typed(text="{km}公里")), "{km}")


@pytest.mark.parametrize("people", [1, 3])
def test_counting_takes_as_many_queries_however_many_there_are(
    client, store, specialist, django_assert_num_queries, people
):
    for _number in range(people):
        make_vehicle(store, willing(store), model="英朗")
    row = write(store, specialist, filters={"models": ["英朗"]})
    client.force_login(specialist)
    client.get(page("-people", row))
    with django_assert_num_queries(7):
        assert client.get(page("-people", row)).context["size"] == people


def test_it_is_submitted_approved_and_begins_by_itself(client, store, specialist, manager):
    willing(store)
    row = write(store, specialist, send_on=TODAY, filters={})
    client.force_login(specialist)
    client.post(page("-submit", row))
    assert client.post(page("-approve", row)).status_code == 403
    client.force_login(manager)
    assert client.post(page("-approve", row)).status_code == 302
    assert client.post(page("-approve", row)).status_code == 409

    assert sending.start_due(now=NOW) == 1
    assert sending.start_due(now=NOW) == 0

    row.refresh_from_db()
    assert (row.status, row.batch.total, row.started_at) == ("running", 1, NOW)
    assert Message.objects.get().batch == row.batch


def test_it_waits_for_its_day_and_does_not_go_out_after_it(store, specialist, manager):
    willing(store)
    row = writing.submit_campaign(write(store, specialist), by=specialist, now=NOW)
    writing.approve_campaign(row, by=manager, now=NOW)
    assert sending.start_due(now=NOW) == 0

    sending.start_due(now=NOW + timedelta(days=2))

    row.refresh_from_db()
    assert (row.status, row.batch) == ("draft", None)
    assert "发送日期已过" in row.sent_back
    assert not Message.objects.exists()


def test_sent_back_with_a_reason(client, store, specialist, manager):
    row = writing.submit_campaign(write(store, specialist), by=specialist, now=NOW)
    client.force_login(manager)
    assert client.post(page("-send-back", row), {"reason": ""}).status_code == 409
    client.post(page("-send-back", row), {"reason": "太长了"})
    assertContains(client.get(page("", row)), "太长了")


def test_progress_is_watched_paused_and_gone_on_with(client, store, manager, strange):
    for _number in range(4):
        willing(store)
    row = running(store, manager)
    send_due(now=NOW, most=1)
    client.force_login(manager)

    answer = client.get(page("-progress", row))
    assert answer.context["progress"]["percent"] == 25
    assertContains(answer, "hx-trigger")
    client.post(page("-pause", row))
    assertNotContains(client.get(page("-progress", row)), "hx-trigger")
    assert send_due(now=NOW) == {}
    assert client.post(page("-pause", row)).status_code == 409
    client.post(page("-resume", row))
    assert send_due(now=NOW) == {"sent": 3}

    assert sending.finish_done(now=NOW) == 1
    row.refresh_from_db()
    assert (row.status, row.ended_at) == ("finished", NOW)
    assert client.get(page("-progress", row)).context["progress"]["percent"] == 100


def test_what_is_on_its_way_is_not_finished(store, manager):
    willing(store)
    running(store, manager)
    assert sending.finish_done(now=NOW) == 0


def test_a_campaign_that_finds_nobody_is_finished_at_once(client, store, manager):
    row = running(store, manager)
    assert sending.finish_done(now=NOW) == 1
    client.force_login(manager)
    assert client.get(page("", row)).context["progress"]["percent"] == 100


def test_called_off_by_the_manager_alone_once_it_has_begun(client, store, specialist, manager):
    willing(store)
    row, draft = running(store, manager), write(store, specialist)
    client.force_login(specialist)
    assert client.post(page("-cancel", row)).status_code == 403
    assert client.post(page("-cancel", draft)).status_code == 302
    client.force_login(manager)
    client.post(page("-cancel", row))
    send_due(now=NOW)

    row.refresh_from_db()
    assert (row.status, row.ended_at) == ("cancelled", NOW)
    assert Message.objects.get().status == "cancelled"


def test_a_number_opens_its_messages(client, store, other_store, manager):
    willing(store, "在内")
    row = running(store, manager)
    willing(store, "在外")
    running(store, manager)
    client.force_login(manager)
    link = f"{reverse('messaging:message-list')}?batch={row.batch_id}&status=queued"
    assertContains(client.get(page("", row)), link.replace("&", "&amp;"))
    names = [message.customer.name for message in client.get(link).context["rows"]]
    assert names == ["在内"]


@pytest.mark.parametrize("campaigns", [1, 3])
def test_the_list_takes_as_many_queries_however_many_there_are(
    client, store, other_store, manager, stranger, django_assert_num_queries, campaigns
):
    willing(store)
    write(other_store, stranger)
    for _number in range(campaigns):
        running(store, manager)
    client.force_login(manager)
    client.get(page("-list"))
    with django_assert_num_queries(9):
        assert len(client.get(page("-list")).context["rows"]) == campaigns


def test_the_list_is_narrowed_and_goes_on(client, store, manager, monkeypatch):
    monkeypatch.setattr("apps.care.views.campaigns.PAGE", 1)
    first = write(store, manager, name="一")
    second = write(store, manager, name="二", kind="weather", send_on=TODAY)
    client.force_login(manager)

    answer = client.get(page("-list"))
    assert (answer.context["rows"], answer.context["next"]) == ([first], f"2026-11-24_{first.pk}")
    answer = client.get(page("-list") + f"?after={answer.context['next']}")
    assert (answer.context["rows"], answer.context["next"]) == ([second], None)
    for query, rows in (
        ("kind=weather", [second]),
        ("kind=greeting", [first]),
        ("status=begun", []),
        ("month=2026-12", []),
    ):
        assert client.get(f"{page('-list')}?{query}").context["rows"] == rows


def test_the_month_meter_counts_what_went_out(client, store, other_store, manager, stranger):
    CarePolicy.objects.filter(store=store).update(campaigns_a_month=2)
    willing(store)
    row = running(store, manager)
    running(other_store, stranger)
    write(store, manager)
    client.force_login(manager)

    meter = client.get(page("-list")).context["meter"]

    assert (meter["done"], meter["wanted"], meter["short"]) == (1, 2, 1)
    assert client.get(f"{page('-list')}?{meter['query']}").context["rows"] == [row]


def test_another_stores_campaign_is_not_there(client, other_store, stranger, manager):
    row = write(other_store, stranger)
    client.force_login(manager)
    for name in ("", "-edit", "-people"):
        assert client.get(page(name, row)).status_code == 404
    assert client.post(page("-submit", row)).status_code == 404
    row.refresh_from_db()
    assert row.status == "draft"
