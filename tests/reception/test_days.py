"""A consultant's day, the team's, and what waits for the manager (REC-03, REC-10, REC-11)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.reception.actions import pipeline as keeping
from apps.reception.actions.opportunities import note_contact, start_clock
from apps.reception.models import Opportunity, SalesOrder
from apps.reception.views.opportunities import address
from tests.factories import NOW, TODAY, make_customer
from tests.reception.pages_opportunities import make_opportunity
from tests.reception.pages_sheets import make_trim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def make(store, consultant, name, follow_up_on=None, **fields):
    row = make_opportunity(store, consultant, customer=make_customer(store, name), **fields)
    if follow_up_on:
        Opportunity.objects.filter(pk=row.pk).update(follow_up_on=follow_up_on)
        row.refresh_from_db()
    return row


def mine(client):
    return client.get(reverse("reception:my-day")).context["mine"]


def test_my_day_has_what_ends_first_on_top(client, store, seller, colleague):
    client.force_login(seller)
    for name, since in (
        ("后到期", NOW - HOUR),
        ("已过期", NOW - 3 * DAY),
        ("先到期", NOW - 20 * HOUR),
    ):
        start_clock(make(store, seller, name), "thanks", since=since)
    start_clock(make(store, colleague, "同事的"), "thanks", since=NOW - 9 * DAY)
    make(store, seller, "昨天", TODAY - DAY)
    make(store, seller, "今天", TODAY)
    make(store, seller, "后天", TODAY + 2 * DAY)
    make(store, seller, "以后", TODAY + 9 * DAY)

    day = mine(client)

    assert [c.opportunity.customer.name for c in day.clocks] == ["已过期", "先到期", "后到期"]
    assert [[row.customer.name for row in rows] for rows in (day.overdue, day.today, day.soon)] == [
        *(["昨天"], ["今天"], ["后天"]),
    ]


def test_a_kept_promise_and_a_contact_leave_the_day(client, store, seller):
    client.force_login(seller)
    row = make(store, seller, "昨天", TODAY - DAY)
    start_clock(row, "drive_call", since=NOW)
    note_contact(row, by=seller, now=NOW, how="phone", text="满意")

    assert not mine(client)
    assertContains(client.get(reverse("reception:my-day")), "没有待办")


def test_cars_to_be_handed_over_soon_are_on_my_day(client, store, seller, colleague):
    client.force_login(seller)
    for consultant, name, on in ((seller, "明天", TODAY + DAY), (colleague, "他的", TODAY)):
        row = make(store, consultant, name)
        SalesOrder.objects.create(
            **{"store": store, "opportunity": row, "customer": row.customer, "status": "signed"},
            **{"consultant": consultant, "trim": make_trim(store), "price_amount": 100_000},
            **{"made_at": NOW, "signed_at": NOW, "promised_on": on},
        )
    [order] = mine(client).orders
    assert order.customer.name == "明天"
    for page in (reverse("reception:my-day"), address(order.opportunity)):
        assertContains(client.get(page), reverse("reception:order", args=[order.pk]))


def test_my_day_asks_as_often_for_three_rows_as_for_one(client, store, seller):
    client.force_login(seller)
    counts = []
    for n in range(3):
        start_clock(make(store, seller, f"客{n}", TODAY), "thanks", since=NOW)
        mine(client)
        with CaptureQueriesContext(connection) as asked:
            mine(client)
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_the_manager_sees_who_is_behind_and_with_what(
    client, store, other_store, boss, seller, colleague
):
    client.force_login(boss)
    for n in (1, 2):
        make(store, seller, f"逾期{n}", TODAY - n * DAY)
    start_clock(make(store, colleague, "食言"), "thanks", since=NOW - 2 * DAY)
    make(other_store, None, "外店", TODAY - DAY)

    page = client.get(reverse("reception:team-day"))
    loads = [
        (load.consultant, load.followed, load.overdue, load.since, load.late)
        for load in page.context["loads"]
    ]
    assert loads == [(colleague, 1, 0, None, 1), (seller, 2, 2, TODAY - 2 * DAY, 0)]
    assert [row.customer.name for row in page.context["rows"]] == ["逾期2", "逾期1"]
    assert [clock.opportunity.customer.name for clock in page.context["clocks"]] == ["食言"]
    assertContains(page, f"?consultant={seller.pk}&amp;due=overdue")


def test_what_is_proposed_as_lost_waits_for_the_manager(client, store, other_store, boss, seller):
    client.force_login(boss)
    row, stays = make(store, seller, "放弃"), make(store, seller, "再试")
    for one in (row, stays, make(other_store, None, "外店")):
        keeping.propose_lost(one, reason="price", note="差两千", by=one.consultant, now=NOW)
    waiting = reverse("reception:approval-list")
    page = client.get(waiting)
    assertContains(page, "差两千", count=2)
    assertNotContains(page, "外店")

    back = reverse("reception:lost-send-back", args=[stays.pk])
    assert client.post(back, {"answer": " "}).status_code == 409
    client.post(back, {"answer": "送一次保养"})
    client.post(reverse("reception:lost-approve", args=[row.pk]))
    again = client.post(reverse("reception:lost-approve", args=[row.pk]))

    assert again.status_code == 409
    row.refresh_from_db()
    stays.refresh_from_db()
    assert (row.status, stays.status, stays.lost_answer) == ("lost", "open", "送一次保养")
    assertContains(client.get(waiting), "没有待审批事项")


def test_a_lost_customer_is_taken_up_again_by_the_manager(client, store, boss, seller):
    client.force_login(boss)
    row = make(store, seller, "回心转意")
    keeping.propose_lost(row, reason="price", by=seller, now=NOW)
    keeping.approve_lost(row, by=boss, now=NOW)

    client.post(reverse("reception:opportunity-again", args=[row.pk]), {"level": "h"})

    row.refresh_from_db()
    assert (row.status, row.level) == ("open", "h")


def test_the_consultant_proposes_a_loss_on_its_page(client, store, seller):
    client.force_login(seller)
    row = make(store, seller, "放弃")
    lost = reverse("reception:opportunity-lost", args=[row.pk])

    assert client.post(lost, {"lost_reason": "competitor"}).status_code == 422
    client.post(lost, {"lost_reason": "competitor", "lost_to": "某牌 逐风"})

    row.refresh_from_db()
    assert (row.status, row.lost_to) == ("lost_proposed", "某牌 逐风")
    assertContains(client.get(reverse("reception:opportunity", args=[row.pk])), "某牌 逐风")
