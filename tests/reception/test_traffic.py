"""The register of parties and what it says over time (REC-01, REC-02)."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.reception.actions import door
from apps.reception.choices.visit import Source, Stage
from apps.reception.figures.traffic import NOBODY, STAGES, Count, parties, traffic
from apps.reception.models import CarModel, SalesOrder, ShowroomVisit, StockCar, Trim
from apps.reception.views.traffic import funnel
from tests.factories import NOW, SHANGHAI, TODAY, make_customer
from tests.reception.quoting import make_scheme
from tests.reception.showroom import host, make_party, seller, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


@pytest.fixture
def head(client, store):
    """The sales manager, signed in."""
    client.force_login(seller(store, "head", Role.SALES_MANAGER))
    return client


def order(visit, status="signed"):
    store = visit.store
    model, _new = CarModel.objects.get_or_create(store=store, brand="别克", name="君越")
    trim, _new = Trim.objects.get_or_create(store=store, car_model=model, name="豪华型")
    car = StockCar.objects.create(store=store, vin=f"LSG{visit.pk:014d}", trim=trim)
    step = {} if status == "draft" else {"signed_at": NOW}
    if status == "cancelled":
        step |= {"cancelled_at": NOW, "cancel_reason": "customer"}
    return SalesOrder.objects.create(
        **step,
        **{"store": store, "opportunity": visit.opportunity, "customer": visit.customer},
        **{"consultant": visit.opportunity.consultant, "trim": trim, "price_amount": 100000},
        **{"made_at": NOW, "status": status, "stock_car": car, "delivered_at": NOW},
    )


def with_card(visit, consultant, now=NOW):
    visit = take(visit, consultant, now, reason="wished")
    return door.leave_card(visit, make_customer(visit.store), by=consultant, now=now)


def test_the_funnel_counts_a_purchase_once_at_its_first_party(store, other_store, first):
    make_party(store)
    asked, ordered, keys = (with_card(make_party(store), first) for _n in range(3))
    make_scheme(store, opportunity=asked.opportunity)
    make_scheme(store, opportunity=asked.opportunity)
    order(ordered)
    order(keys, "delivered")
    make_party(store, NOW + HOUR, customer=keys.customer)  # comes back for the keys
    order(with_card(make_party(other_store), seller(other_store)))

    found = traffic([store.pk], {})

    assert found.whole.parties == 5
    assert found.whole.stages == {"card": 3, "order": 2, "delivery": 1} | {
        stage: int(stage == "quotation") for stage in STAGES if stage in ("drive", "quotation")
    }
    assert found.whole.of_parties(2) == 40.0
    assert set(parties([store.pk], {"stage": "order"})) == {ordered, keys}
    assert set(parties([store.pk], {"stage": "card"})) == {asked, ordered, keys}


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_an_order_that_is_not_signed_or_was_cancelled_is_none(store, first, status):
    order(with_card(make_party(store), first), status)
    assert traffic([store.pk], {}).whole.stages["order"] == 0


def test_every_number_counts_what_the_register_shows_for_it(store, other_store, first, second):
    rnd, by = Random(7), host(store)
    for _n in range(120):
        came = NOW - rnd.randrange(40) * DAY + rnd.randrange(-120, 400) * MINUTE
        visit = make_party(
            store, came, by=by, source=rnd.choice(Source.values), party_size=rnd.randint(1, 4)
        )
        if rnd.random() < 0.8:
            door.greet(visit, by=by, now=came + timedelta(seconds=rnd.randrange(60)))
        who = rnd.choice([None, first, second])
        if who and rnd.random() < 0.6:
            with_card(visit, who, came + MINUTE)
        elif who:
            take(visit, who, came + MINUTE, reason="wished")
    make_party(other_store)
    asked = {"since": TODAY - 30 * DAY, "until": TODAY}

    found = traffic([store.pk], asked)

    def rows(**more):
        return parties([store.pk], asked | more)

    assert 60 < found.whole.parties == rows().count() < 120
    assert found.whole.late == rows(late=True).count()
    assert found.whole.in_time == sum(not v.greeted_late and bool(v.greeted_at) for v in rows())
    assert found.whole.people == sum(visit.party_size for visit in rows())
    for stage in STAGES:
        assert found.whole.stages[stage] == rows(stage=stage).count()
    for source, count in found.sources.items():
        assert count.parties == rows(source=source).count()
        assert count.stages["card"] == rows(source=source, stage="card").count()
    for pk, count in found.consultants.items():
        assert count.parties == rows(consultant=pk or NOBODY).count()
    for (day, hour), count in found.hours.items():
        assert count.parties == rows(weekday=day, hour=hour).count()
    came = Counter(timezone.localdate(visit.arrived_at) for visit in rows())
    assert {day: count.parties for day, count in found.days.items()} == dict(came)
    for side in (found.by_hour(), found.by_weekday(), found.by_month(), found.sources):
        assert sum(side.values(), Count()) == found.whole


def test_days_and_hours_are_those_of_the_store(store):
    make_party(store, datetime(2026, 11, 1, 0, 30, tzinfo=SHANGHAI))  # a Sunday; UTC: October
    make_party(store, datetime(2026, 10, 31, 23, 30, tzinfo=SHANGHAI))

    found = traffic([store.pk], {"since": date(2026, 11, 1), "until": date(2026, 11, 1)})

    assert list(found.days) == [date(2026, 11, 1)]
    assert list(found.hours) == [(7, 0)]
    assert list(traffic([store.pk], {}).by_month()) == [date(2026, 10, 1), date(2026, 11, 1)]


def test_of_nothing_there_are_no_rates(store):
    found = traffic([store.pk], {})
    assert (found.whole, found.days, found.whole.in_time_rate) == (Count(), {}, None)


def test_the_analysis_is_one_query(store, first, django_assert_num_queries):
    with_card(make_party(store), first)
    with django_assert_num_queries(1):
        traffic([store.pk], {"since": TODAY, "until": TODAY, "first": True})


def test_the_page_links_every_number_to_its_parties(head, store, other_store, first):
    visit = with_card(make_party(store, source="web"), first)
    make_party(store)
    make_party(other_store, source="web")

    page = head.get(url("traffic"))

    assert page.context["whole"].parties == 2
    card = next(row for row in page.context["funnel"] if row["n"] == 1)
    assert (card["of_all"], card["step"]) == (50.0, 50.0)
    assertContains(page, card["url"].replace("&", "&amp;"))
    assert head.get(card["url"]).context["rows"] == [visit]
    web = next(row for row in page.context["sources"] if row["label"] == Source.WEB.label)
    assert head.get(web["url"]).context["rows"] == [visit]
    assert head.get(web["stages"][0][2]).context["rows"] == [visit]
    nobody = next(row for row in page.context["consultants"] if row["label"] == "无人接待")
    assert len(head.get(nobody["url"]).context["rows"]) == 1
    week = page.context["weeks"]
    assert (week["hours"], len(week["days"])) == ([10], 1)
    assert len(head.get(week["days"][0]["cells"][0]["url"]).context["rows"]) == 2


def test_many_days_are_drawn_by_month_within_the_time_asked_for(head, store):
    for n in range(3):
        make_party(store, NOW - n * 30 * DAY)

    page = head.get(url("traffic"), {"since": "2026-09-10", "until": "2026-11-23"})

    chart = page.context["over_time"]
    assert chart["days"] == ["2026-09", "2026-10", "2026-11"]
    assert chart["series"][0]["values"] == [1, 1, 1]
    assert "since=2026-09-10&until=2026-09-30" in chart["links"][0]
    assert "since=2026-11-01&until=2026-11-23" in chart["links"][2]


def test_bad_days_are_told_and_left_out(head, store):
    make_party(store)
    page = head.get(url("traffic"), {"since": "yesterday", "consultant": "9999999999999"})
    assert page.status_code == 200
    assert page.context["whole"].parties == 1
    assert head.get(url("traffic"), {"since": "2026-12-31"}).status_code == 200
    assert head.get(url("visit-list"), {"hour": "99", "stage": "moon"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    head, store, first, rows, django_assert_num_queries
):
    for n in range(rows):
        with_card(make_party(store, NOW - n * DAY, source=Source.values[n]), first)
    with django_assert_num_queries(10):
        assert head.get(url("traffic")).context["whole"].parties == rows


def test_the_register_is_filtered_and_shows_how_long_the_greeting_took(reception, store, first):
    late = door.greet(make_party(store), by=first, now=NOW + MINUTE)
    make_party(store, NOW + MINUTE, source="web", greeted=True)
    page = reception.get(url("visit-list"), {"late": "on"})
    assert page.context["rows"] == [late]
    assertContains(page, "60 秒后")
    assert len(reception.get(url("visit-list"), {"source": "web"}).context["rows"]) == 1
    assert len(reception.get(url("visit-list"), {"since": "2026-11-24"}).context["rows"]) == 0
    assertContains(reception.get(url("visit-list"), {"weekday": "1", "hour": "10"}), "10:00–11:00")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_costs_the_same_for_one_and_for_three(
    reception, store, other_store, first, rows, django_assert_num_queries
):
    for n in range(rows):
        with_card(make_party(store, NOW - n * HOUR), first)
    make_party(other_store)
    with django_assert_num_queries(9):
        page = reception.get(url("visit-list"))
    assert len(page.context["rows"]) == rows


def test_the_register_goes_on_where_the_page_ended(reception, store, host):
    visits = ShowroomVisit.objects.bulk_create(
        ShowroomVisit(store=store, arrived_at=NOW, greet_until=NOW, by=host) for _n in range(51)
    )
    page = reception.get(url("visit-list"))
    rest = reception.get(url("visit-list"), {"after": page.context["next"]})
    assert rest.context["rows"] == visits[:1]


def test_on_paper_the_register_is_in_the_order_of_coming(reception, store):
    second, first = make_party(store), make_party(store, NOW - HOUR, remark="红外套")
    page = reception.get(url("visit-print"))
    assert page.context["rows"] == [first, second]
    assertContains(page, "红外套")
    assert reception.get(url("visit-print"), {"source": "web"}).context["rows"] == []


def test_a_consultant_has_no_link_to_anothers_purchase(client, store, first, second):
    visit = with_card(make_party(store), first)
    client.force_login(second)
    page = client.get(url("visit-list"))
    assertContains(page, str(visit.customer))
    assertNotContains(page, f"/reception/opportunities/{visit.opportunity_id}/")


def test_register_and_analysis_are_taken_out_as_shown(head, store, first):
    with_card(make_party(store, source="web"), first)
    make_party(store, source="phone", remark="=1+1")
    asked = {"format": "csv", "reason": "周会", "query": "source=web"}

    answer = head.post(reverse("desk:export", args=["reception:visit-list"]), asked)
    lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 2
    assert "网络咨询" in lines[1]

    answer = head.post(reverse("desk:export", args=["reception:traffic"]), asked | {"query": ""})
    text = b"".join(answer).decode()
    assert "网络咨询,1,1" in text.replace('"', "")


def test_a_quotation_comes_after_the_card_whether_somebody_drove_or_not():
    stages = {Stage.CARD: 10, Stage.DRIVE: 4, Stage.QUOTATION: 8, Stage.ORDER: 2}
    whole = SimpleNamespace(parties=20, stages=stages, of_parties=lambda n: n * 5.0)

    steps = [row["step"] for row in funnel(whole, lambda **_more: "")[1:]]

    assert steps == [50.0, 40.0, 80.0, 25.0]
