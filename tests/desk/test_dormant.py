"""After the retention period a customer who was not in touch is made anonymous (SEC-02)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.care.models import Call
from apps.customers.models import Consent, Customer, Erasure, PrivacyPolicy, RightsRequest
from apps.delivery.models import Delivery
from apps.desk import dormant as module
from apps.desk.dormant import dormant, erase_dormant
from apps.messaging.models import Message, Reply
from apps.reception.models import Opportunity, ShowroomVisit
from apps.service.models import RepairOrder
from tests.factories import NOW, SHANGHAI, TODAY, make_call, make_customer, make_vehicle

LAST = date(2021, 11, 23)  # five years before today: still in touch
LONG_AGO = datetime(2015, 1, 1, tzinfo=SHANGHAI)


def an_old_one(store, last=LAST - timedelta(days=1), name="张伟", **car):
    """Known since long ago, whose car was here last on ``last``."""
    person = make_customer(store, name)
    Customer.objects.filter(pk=person.pk).update(created_at=LONG_AGO)
    make_vehicle(store, person, last_visit_on=last, plate="沪A12345", **car)
    return person


def found(store, on=TODAY):
    return set(dormant(store, on).values_list("pk", flat=True))


def test_it_begins_on_the_day_after_five_years(store, other_store):
    gone = an_old_one(store)
    an_old_one(store, last=LAST)
    an_old_one(other_store)

    assert found(store) == {gone.pk}


def test_the_policy_of_the_day_decides(store):
    person = an_old_one(store, last=date(2023, 11, 22))
    assert found(store) == set()

    PrivacyPolicy.objects.create(store=store, effective_from=TODAY, dormant_years=3)

    assert found(store) == {person.pk}
    assert found(store, TODAY - timedelta(days=1)) == set()


def contact_of(kind, person, by):
    car, at = person.vehicles.get(), datetime(2021, 11, 23, 9, tzinfo=SHANGHAI)
    about = {"store": person.store, "customer": person}
    if kind == "visit":
        order = {"kind": "repair", "out_on": LAST, "in_on": LAST}
        RepairOrder.objects.create(**about, vehicle=car, number="1", **order)
    elif kind == "delivery":
        Delivery.objects.create(**about, vehicle=car, delivered_on=LAST)
    elif kind == "showroom":
        ShowroomVisit.objects.create(**about, arrived_at=at, greet_until=at, by=by)
    elif kind == "purchase":
        wanted = {"source": "web", "status": "lost", "lost_reason": "price", "opened_at": at}
        Opportunity.objects.create(**about, **wanted, consultant=by, opened_by=by)
    elif kind == "conversation":
        make_call(person.store, customer=person, vehicle=car, status="reached", ended_at=at)
    elif kind == "reply":
        sent = a_message(person, at)
        Reply.objects.create(**about, message=sent, number="1", at=at, provider_id="1")
    elif kind == "consent":
        Consent.objects.create(**about, purpose="service", state="given", at=at, by=by)
    elif kind == "request":
        said = {"kind": "access", "how": "phone", "asked_on": LAST, "due_on": LAST}
        RightsRequest.objects.create(**about, **said, taken_by=by, taken_at=at)


def a_message(person, at):
    return Message.objects.create(
        **{"store": person.store, "customer": person, "channel": "sms", "purpose": "service"},
        **{"key": "maintenance", "to": "1", "text": "x", "dedupe_key": "1"},
        **{"not_before": at, "queued_at": at, "status": "sent", "sent_at": at},
    )


KINDS = ["visit", "delivery", "showroom", "purchase", "conversation", "reply", "consent", "request"]


@pytest.mark.parametrize("kind", KINDS)
def test_who_was_in_touch_since_is_not_dormant(store, specialist, kind):
    person = an_old_one(store)

    contact_of(kind, person, specialist)

    assert found(store) == set()


def test_what_was_only_sent_and_a_call_that_nobody_answered_is_no_contact(store):
    person = an_old_one(store)
    a_message(person, NOW)
    make_call(store, customer=person, status="failed", ended_at=NOW)

    assert found(store) == {person.pk}


def test_a_record_is_on_the_list_for_a_month_before_it_goes(store):
    person = make_customer(store)
    make_vehicle(store, person, last_visit_on=date(2015, 1, 1))
    today = timezone.localdate()

    assert found(store, today) == set()
    assert found(store, today + timedelta(days=30)) == set()
    assert found(store, today + timedelta(days=31)) == {person.pk}


def test_who_has_no_car_is_dormant_as_long_after_he_was_entered(store):
    person = make_customer(store)
    moment = datetime(2021, 11, 22, 23, 59, tzinfo=SHANGHAI)
    Customer.objects.filter(pk=person.pk).update(created_at=moment)

    assert found(store) == {person.pk}
    Customer.objects.filter(pk=person.pk).update(created_at=moment + timedelta(minutes=1))
    assert found(store) == set()


def test_the_dormant_are_made_anonymous_some_a_night(store, other_store, monkeypatch):
    people = [an_old_one(store) for _ in range(3)]
    stranger = an_old_one(other_store)
    monkeypatch.setattr(module, "A_NIGHT", 2)

    assert erase_dormant(store, now=NOW) == 2
    assert erase_dormant(store, now=NOW) == 1
    assert erase_dormant(store, now=NOW) == 0

    names = Customer.objects.filter(pk__in=[p.pk for p in people]).values_list("name", flat=True)
    assert set(names) == {"已删除"}
    assert set(Erasure.objects.values_list("why", "by")) == {("dormant", None)}
    stranger.refresh_from_db()
    assert stranger.name == "张伟"


def test_whom_something_still_needs_waits(store, specialist):
    waits, goes = an_old_one(store), an_old_one(store)
    call = make_call(store, customer=waits, vehicle=waits.vehicles.get())
    claimed = {"status": "claimed", "holder": specialist, "held_at": NOW}
    Call.objects.filter(pk=call.pk).update(claim="00000000-0000-0000-0000-000000000001", **claimed)

    assert erase_dormant(store, now=NOW) == 1

    waits.refresh_from_db()
    goes.refresh_from_db()
    assert (waits.name, goes.name) == ("张伟", "已删除")


def test_the_page_shows_who_is_next_and_takes_numbers_from_tomorrow_on(client, store, manager):
    next_one = an_old_one(store, last=timezone.localdate().replace(year=2000))
    client.force_login(manager)
    today = timezone.localdate()

    page = client.get(reverse("desk:privacy"))
    assert [row.pk for row in page.context["coming"]] == [next_one.pk]

    new = reverse("desk:privacy-new")
    numbers = {"request_days": 10, "dormant_years": 3}
    late = client.post(new, numbers | {"effective_from": today.isoformat()})
    wrong = client.post(new, numbers | {"effective_from": "2036-01-01", "request_days": 0})
    good = client.post(new, numbers | {"effective_from": (today + timedelta(days=1)).isoformat()})

    assert (late.status_code, wrong.status_code, good.status_code) == (409, 422, 302)
    row = PrivacyPolicy.objects.in_force(store, today + timedelta(days=1))
    assert (row.request_days, row.dormant_years) == (10, 3)
    assert PrivacyPolicy.objects.in_force(store, today).request_days == 15
