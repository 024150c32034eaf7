"""Who answers for a month's greetings, and what is proposed when they are too few (PEN-03)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.accounts.models import Store
from apps.care.models import Campaign
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from apps.messaging.models import Batch
from apps.penalties.actions.detect import detect_clause
from apps.penalties.actions.rules import name_greeter
from apps.penalties.choices import Clause
from apps.penalties.models import GreetingDuty, Penalty
from apps.penalties.queries.greetings import months_of
from tests.factories import NOW, SHANGHAI, TODAY, make_user

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
END = date(2026, 11, 30)
OVER = datetime(2026, 12, 1, 0, 20, tzinfo=SHANGHAI)


@pytest.fixture
def specialist(store):
    return make_user("greets", store, Role.CARE_SPECIALIST)


def campaign(store, on, *, kind="holiday", status="finished"):
    boss = make_user(f"boss{Campaign.objects.count()}_{store.code}", store, Role.CARE_MANAGER)
    started = {}
    if status not in ("draft", "submitted", "approved", "cancelled"):
        started = {
            "batch": Batch.objects.create(store=store, name="问候", made_at=NOW),
            "started_at": NOW,
            "decided_by": boss,
            "decided_at": NOW,
        }
    return Campaign.objects.create(
        store=store,
        kind=kind,
        name="问候",
        text="【{store}】{name}：节日快乐！回复R退订",
        send_on=on,
        status=status,
        written_at=NOW,
        **started,
    )


def found(store, now=OVER, first=NOVEMBER, last=DECEMBER):
    detect_clause(Clause.GREETINGS, [store.pk], first=first, last=last, now=now)
    rows = Penalty.objects.exclude(status="withdrawn").order_by("event_on")
    return list(rows.values_list("fact", "person__username", "event_on", "amount"))


@pytest.mark.parametrize(("sent", "proposed"), [(2, True), (3, False)])
def test_fewer_than_three_in_a_month_is_one_proposal_for_who_was_named(
    store, other_store, specialist, manager, sent, proposed
):
    name_greeter(store, NOVEMBER, specialist, by=manager, now=NOW)
    for n in range(sent):
        campaign(store, NOVEMBER if n else END, kind="weather" if n else "holiday")
    campaign(store, OCTOBER + timedelta(days=30))
    campaign(store, DECEMBER)
    campaign(store, TODAY, status="draft")
    campaign(other_store, TODAY)

    assert found(store) == ([("2026-11", "greets", END, 50)] if proposed else [])
    assert found(store) == ([("2026-11", "greets", END, 50)] if proposed else [])
    if proposed:
        evidence = Penalty.objects.get().evidence
        sent_out = Campaign.objects.filter(
            store=store, send_on__range=(NOVEMBER, END), status="finished"
        )
        assert evidence == {
            "month": "2026-11",
            "done": 2,
            "wanted": 3,
            "campaigns": list(sent_out.order_by("send_on", "pk").values_list("pk", flat=True)),
        }


def test_a_month_that_is_not_over_and_one_that_nobody_was_named_for_is_no_fact(
    store, other_store, stranger, specialist, manager
):
    name_greeter(other_store, NOVEMBER, stranger, by=stranger, now=NOW)
    assert found(store) == []
    name_greeter(store, NOVEMBER, specialist, by=manager, now=NOW)

    last_minute = datetime(2026, 11, 30, 23, 59, tzinfo=SHANGHAI)
    assert found(store, now=last_minute) == []
    assert found(store) == [("2026-11", "greets", END, 50)]


def test_late_evidence_withdraws_it(store, specialist, manager):
    name_greeter(store, NOVEMBER, specialist, by=manager, now=NOW)
    assert len(found(store)) == 1
    for _n in range(3):
        campaign(store, TODAY)

    assert found(store) == []
    assert Penalty.objects.get().status == "withdrawn"


def test_another_is_named_until_the_month_is_over_and_nobody_afterwards(
    store, specialist, stranger, manager
):
    gone = make_user("gone", store, Role.CARE_SPECIALIST)
    gone.is_active = False
    gone.save()
    other = make_user("other", store, Role.CARE_SPECIALIST)
    name_greeter(store, NOVEMBER, specialist, by=manager, now=NOW)
    last_minute = datetime(2026, 11, 30, 23, 59, tzinfo=SHANGHAI)
    name_greeter(store, TODAY, other, by=manager, now=last_minute)

    for month, person, now in (
        (NOVEMBER, specialist, OVER),
        (DECEMBER, stranger, NOW),
        (DECEMBER, gone, NOW),
    ):
        with pytest.raises(Refused):
            name_greeter(store, month, person, by=manager, now=now)

    row = GreetingDuty.objects.get()
    assert (row.month, row.person, row.named_by) == (NOVEMBER, other, manager)


@time_machine.travel(NOW, tick=False)
def test_the_care_manager_names_by_the_page_and_everybody_reads(
    client, store, specialist, stranger, manager
):
    client.force_login(manager)
    there, new = reverse("penalties:greetings"), reverse("penalties:greeting-new")
    assertContains(client.get(there), "本月问候尚未指定负责人")
    form = client.get(new).context["form"]
    assert [value for value, _label in form.fields["month"].choices] == ["2026-11-01", "2026-12-01"]
    assert stranger not in form.fields["person"].queryset

    typed = {"month": "2026-11-01", "person": specialist.pk}
    assertRedirects(client.post(new, typed), there)
    for wrong in ({"month": "2026-10-01"}, {"person": stranger.pk}, {"person": ""}):
        assert client.post(new, typed | wrong).status_code == 422, wrong

    row = GreetingDuty.objects.get()
    assert (row.store, row.month, row.person) == (store, NOVEMBER, specialist)
    client.force_login(specialist)
    page = client.get(there)
    assertNotContains(page, "尚未指定负责人")
    assertNotContains(page, new)


@pytest.mark.parametrize("rows", [1, 3])
@time_machine.travel(NOW, tick=False)
def test_the_page_counts_each_month(
    client, store, other_store, specialist, manager, rows, django_assert_num_queries
):
    Store.objects.update(opened_on=date(2020, 1, 1))
    store.refresh_from_db()
    for n in range(rows):
        month = date(2026, 11 - n, 1)
        GreetingDuty.objects.create(store=store, month=month, person=specialist, named_by=manager)
        for _n in range(n + 1):
            campaign(store, month)
    campaign(other_store, NOVEMBER)
    client.force_login(manager)

    with django_assert_num_queries(11):
        page = client.get(reverse("penalties:greetings"))

    lines = page.context["lines"]
    assert [line.month for line in lines[:2]] == [DECEMBER, NOVEMBER]
    assert [(line.done, line.short) for line in lines[1 : rows + 1]] == [
        (n + 1, 2 - n) for n in range(rows)
    ]
    assert len(lines) == 14
    assertContains(page, "month=2026-11&amp;store=")
    listing = LISTINGS["penalties:greetings"]
    assert len(list(listing.lines(listing.rows(manager, {}, TODAY)))) == 15
    assert months_of(other_store, TODAY)[1].done == 1
    store.opened_on = TODAY  # a new store is not short of greetings before it was there
    assert [line.month for line in months_of(store, TODAY)] == [DECEMBER, NOVEMBER]
