"""The list and the page of purchases, as people use them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.customers.models import Customer
from apps.reception.actions import pipeline as keeping
from apps.reception.actions.opportunities import start_clock
from apps.reception.models import CarModel, Opportunity, Trim
from apps.reception.queries import pipeline
from apps.reception.views.opportunities import PAGE
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.reception.pages_opportunities import make_opportunity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


@pytest.fixture
def listing():
    return reverse("reception:opportunity-list")


@pytest.fixture
def selling(client, seller):
    client.force_login(seller)
    return client


def names(response):
    return [row.customer.name for row in response.context["rows"]]


def make(store, consultant, name, **fields):
    stored = {k: fields.pop(k) for k in ("follow_up_on", "opened_at") if k in fields}
    row = make_opportunity(store, consultant, customer=make_customer(store, name), **fields)
    if stored:
        Opportunity.objects.filter(pk=row.pk).update(**stored)
    return row


def test_a_consultant_sees_his_own_by_their_next_day(selling, store, other_store, seller, listing):
    make(store, seller, "四季", level="c")
    make(store, seller, "本周", level="h")
    make(store, make_user("other", store, Role.SALES_CONSULTANT), "同事的")
    make_opportunity(other_store)

    assert names(selling.get(listing)) == ["本周", "四季"]


def test_the_manager_asks_for_one_consultants_overdue_ones(client, store, boss, seller, listing):
    client.force_login(boss)
    late = make(store, seller, "逾期", follow_up_on=TODAY - DAY)
    make(store, seller, "今天", follow_up_on=TODAY)
    make(store, boss, "经理的", follow_up_on=TODAY - DAY)

    asked = {"consultant": seller.pk, "due": "overdue"}
    assert list(client.get(listing, asked).context["rows"]) == [late]
    assert names(client.get(listing, {"due": "today"})) == ["今天"]
    assert len(names(client.get(listing, {"due": "week"}))) == 3


def test_a_consultant_cannot_ask_for_a_colleagues(selling, store, seller, colleague, listing):
    make(store, colleague, "同事的")
    assert names(selling.get(listing, {"consultant": colleague.pk})) == []


def test_the_filter_takes_names_phones_levels_models_and_states(selling, store, seller, listing):
    model = CarModel.objects.create(store=store, brand="演示", name="远行")
    first = make(store, seller, "张三丰", level="h", car_model=model, source="web")
    make(store, seller, "李四", level="a")
    lost = make(store, seller, "王五", level="a")
    keeping.propose_lost(lost, reason="price", by=seller, now=NOW)
    keeping.approve_lost(lost, by=seller, now=NOW)

    def asked(**fields):
        return names(selling.get(listing, fields))

    assert asked(text="三丰") == ["张三丰"]
    assert asked(text=first.customer.main_phone[-4:]) == ["张三丰"]
    assert asked(level="a") == ["李四"]
    assert asked(car_model=model.pk) == ["张三丰"]
    assert asked(source="web") == ["张三丰"]
    assert asked(status="lost") == ["王五"]
    assert sorted(asked(status="all")) == ["张三丰", "李四", "王五"]
    assert asked(text="没有这个人") == []


def test_a_promise_that_is_over_is_found_and_said(selling, store, seller, listing):
    late = make(store, seller, "食言")
    start_clock(late, "thanks", since=NOW - 2 * DAY)
    make(store, seller, "守信")

    page = selling.get(listing, {"due": "clock"})
    assert names(page) == ["食言"]
    assertContains(page, "已超时 1")


@pytest.mark.parametrize("asked", [{}, {"status": "all"}])
def test_the_list_goes_on_where_it_ended(selling, store, seller, listing, asked):
    customer = make_customer(store)
    seen = Opportunity.objects.bulk_create(
        Opportunity(
            **{"store": store, "customer": customer, "consultant": seller, "source": "walk_in"},
            **{"opened_at": NOW - n % 7 * DAY, "opened_by": seller},
            follow_up_on=TODAY + n % 5 * DAY,
        )
        for n in range(PAGE + 20)
    )
    first = selling.get(listing, asked)
    second = selling.get(listing, asked | {"after": first.context["next"]})
    rows = [*first.context["rows"], *second.context["rows"]]

    assert [len(first.context["rows"]), len(second.context["rows"])] == [PAGE, 20]
    assert second.context["next"] == ""
    keys = (
        [(-row.opened_at.timestamp(), -row.pk) for row in rows]
        if asked
        else [(row.follow_up_on, row.pk) for row in rows]
    )
    assert keys == sorted(keys)
    assert {row.pk for row in rows} == {row.pk for row in seen}
    assert len(selling.get(listing, asked | {"after": "nonsense"}).context["rows"]) == PAGE


def test_the_list_asks_as_often_for_three_rows_as_for_one(selling, store, seller, listing):
    counts = []
    for n in range(3):
        row = make(store, seller, f"客{n}")
        start_clock(row, "thanks", since=NOW)
        selling.get(listing)
        with CaptureQueriesContext(connection) as asked:
            selling.get(listing)
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_a_colleagues_purchase_does_not_exist_for_a_consultant(selling, store, colleague):
    row = make(store, colleague, "同事的")
    for name in ("opportunity", "opportunity-edit", "opportunity-lost"):
        assert selling.get(reverse(f"reception:{name}", args=[row.pk])).status_code == 404
    contact = reverse("reception:opportunity-contact", args=[row.pk])
    assert selling.post(contact, {"how": "phone", "level": "a"}).status_code == 404
    assert not row.contacts.exists()


def test_a_contact_is_noted_and_what_is_missing_is_said(selling, store, seller):
    row = make(store, seller, "客")
    start_clock(row, "thanks", since=NOW)
    contact = reverse("reception:opportunity-contact", args=[row.pk])
    said = {"how": "phone", "level": "a", "reached": "on"}

    assert selling.post(contact, said).status_code == 422
    assert not row.contacts.exists()
    assert selling.post(contact, said | {"text": "周六来看车"}).status_code == 302
    page = selling.get(reverse("reception:opportunity", args=[row.pk]))
    assertContains(page, "周六来看车")
    assert not row.clocks.filter(done_at=None).exists()


def test_a_day_too_late_is_refused_on_the_page_and_keeps_what_was_typed(selling, store, seller):
    row = make(store, seller, "客")
    answer = selling.post(
        reverse("reception:opportunity-contact", args=[row.pk]),
        {"how": "phone", "level": "h", "reached": "on", "text": "月底", "next_on": TODAY + 9 * DAY},
    )
    assert answer.status_code == 409
    assertContains(answer, "月底", status_code=409)
    assert not row.contacts.exists()


def test_a_closed_purchase_has_no_forms(selling, store, seller, boss):
    row = make(store, seller, "客")
    keeping.propose_lost(row, reason="price", by=seller, now=NOW)
    keeping.approve_lost(row, by=boss, now=NOW)

    page = selling.get(reverse("reception:opportunity", args=[row.pk]))
    assertNotContains(page, reverse("reception:opportunity-contact", args=[row.pk]))
    assertNotContains(page, reverse("reception:opportunity-lost", args=[row.pk]))


def test_the_card_offers_models_and_configurations_of_the_store(
    selling, store, other_store, seller
):
    for of in (store, other_store):
        model = CarModel.objects.create(store=of, brand=of.code, name="远行")
        Trim.objects.create(store=of, car_model=model, name=f"{of.code}型")
    Trim.objects.create(
        store=store, car_model=CarModel.objects.get(store=store), name="停售", is_sold=False
    )
    trim = Trim.objects.get(name="S1型")
    row = make(store, seller, "客")
    edit = reverse("reception:opportunity-edit", args=[row.pk])

    page = selling.get(edit)
    assertContains(page, "S1型")
    assertNotContains(page, "S2型")
    assertNotContains(page, "停售")
    told = {"wanted": f"t{trim.pk}", "source": "web", "pay_mode": "loan", "budget_amount": "200000"}
    assert selling.post(edit, told).status_code == 302
    row.refresh_from_db()
    assert (row.trim, row.car_model, row.pay_mode) == (trim, trim.car_model, "loan")
    assert selling.get(edit).context["form"].initial["wanted"] == f"t{trim.pk}"
    assert selling.post(edit, told | {"budget_amount": "-1"}).status_code == 422
    strange = Trim.objects.get(name="S2型")
    assert selling.post(edit, told | {"wanted": f"t{strange.pk}"}).status_code == 422


def test_a_new_purchase_of_a_known_customer_is_found_first(selling, store, seller):
    known = make_customer(store, "老客户")
    busy = make(store, seller, "老朋友")
    page = selling.get(reverse("reception:opportunity-find"), {"q": "老"})
    assertContains(page, reverse("reception:opportunity-new", args=[known.pk]))
    assertContains(page, reverse("reception:opportunity", args=[busy.pk]))

    new = reverse("reception:opportunity-new", args=[known.pk])
    told = {"level": "h", "source": "referral", "pay_mode": "cash"}
    selling.post(new, told)
    row = known.opportunities.get()
    assert (row.consultant, row.level, row.source) == (seller, "h", "referral")
    assert selling.post(new, told).status_code == 409
    assert known.opportunities.count() == 1


def test_the_manager_opens_one_for_a_consultant(client, store, boss, seller):
    client.force_login(boss)
    known = make_customer(store, "老客户")
    told = {"level": "h", "source": "web", "pay_mode": "cash", "consultant": seller.pk}
    client.post(reverse("reception:opportunity-new", args=[known.pk]), told)
    assert known.opportunities.get().consultant == seller


def test_a_card_of_somebody_who_is_known_is_doubted_once(selling, store, seller):
    known = make_customer(store, "老客户", "13912345678")
    card = reverse("reception:opportunity-card")
    told = {"name": "新人", "phone": "139 1234 5678", "gender": "male"}
    told |= {"level": "h", "source": "web", "pay_mode": "cash"}

    doubted = selling.post(card, told)
    assertContains(doubted, reverse("reception:opportunity-new", args=[known.pk]), status_code=409)
    assert Customer.objects.count() == 1
    assert selling.post(card, told | {"another": "1"}).status_code == 302
    assert Opportunity.objects.get().customer.name == "新人"
    assert selling.post(card, told | {"phone": "12", "name": "坏"}).status_code == 409


def test_the_manager_gives_a_purchase_away(client, store, other_store, boss, seller, colleague):
    client.force_login(boss)
    stranger = make_user("far", other_store, Role.SALES_CONSULTANT)
    row = make(store, seller, "客")
    give = reverse("reception:opportunity-give", args=[row.pk])

    assert client.post(give, {"to": stranger.pk}).status_code == 422
    assert client.post(give, {"to": colleague.pk}).status_code == 302
    row.refresh_from_db()
    assert row.consultant == colleague


def test_promises_of_closed_purchases_are_not_shown(store, seller):
    row = make(store, seller, "客")
    start_clock(row, "thanks", since=NOW)
    keeping.propose_lost(row, reason="price", by=seller, now=NOW)
    keeping.approve_lost(row, by=seller, now=NOW)
    row.refresh_from_db()

    assert pipeline.with_clocks([row])[0].clock is None


def test_a_broken_promise_of_a_lost_purchase_is_not_asked_about(selling, store, seller, listing):
    row = make(store, seller, "客")
    start_clock(row, "thanks", since=NOW - 2 * DAY)
    keeping.propose_lost(row, reason="price", by=seller, now=NOW)
    keeping.approve_lost(row, by=seller, now=NOW)

    assert names(selling.get(listing, {"due": "clock", "status": "all"})) == []
