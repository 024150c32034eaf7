"""A quick response goes with its customer: merged, erased, told (CUS-04, SEC-02)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.choices import Role
from apps.complaints import people
from apps.complaints.choices import Step
from apps.complaints.models import QuickResponse, StepTaken
from apps.core.journal import Journal
from apps.core.timeline import newest
from tests.complaints.pages import a_response
from tests.factories import NOW, make_customer, make_user

pytestmark = pytest.mark.django_db


def test_it_follows_its_customer_through_a_merge_and_back(store, manager):
    row, kept = a_response(store), make_customer(store)
    gone, other = row.customer, a_response(store)
    journal = Journal(by=manager, now=NOW)

    people.repoint(gone, kept, journal)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.customer, other.customer == kept) == (kept, False)


def test_what_is_open_is_dropped_when_its_customer_is_erased(store, manager):
    rows = {status: a_response(store, status=status) for status in ("approve", "handle", "dropped")}
    stays = a_response(store)
    before = rows["dropped"].ended_at

    people.close([row.customer_id for row in rows.values()], by=manager, now=NOW)

    for row in (*rows.values(), stays):
        row.refresh_from_db()
    assert {name: (row.status, row.due_at) for name, row in rows.items()} == dict.fromkeys(
        rows, (Step.DROPPED, None)
    )
    assert rows["dropped"].ended_at == before
    assert stays.status == Step.APPROVE
    assert not StepTaken.objects.exists()  # nobody took a step: the erasure says who and why


def test_the_time_line_tells_when_it_was_made_and_when_it_was_ended(store):
    row = a_response(store, status="close", text="交车慢")
    ended_at = NOW + timedelta(hours=5)
    QuickResponse.objects.filter(pk=row.pk).update(
        status="closed", due_at=None, ended_at=ended_at, measure="致歉"
    )
    a_response(store)

    told = newest(people.timeline(row.customer), limit=5)

    assert [(entry.at, entry.title, entry.detail) for entry in told] == [
        (ended_at, "快速回复单 · 已结案", "致歉"),
        (NOW, "快速回复单 · 客户投诉", "交车慢"),
    ]


@pytest.mark.parametrize(
    ("role", "linked", "told"),
    [
        (Role.SALES_CONSULTANT, True, True),
        (Role.SERVICE_ADVISOR, False, False),
        (Role.CARE_MANAGER, True, True),
        (Role.INSURANCE_SPECIALIST, False, False),
    ],
)
def test_the_customers_page_links_what_the_person_may_open(client, store, role, linked, told):
    row = a_response(store)
    client.force_login(make_user("somebody", store, role))
    page = reverse("complaints:response", args=[row.pk])

    line = client.get(reverse("desk:customer-timeline", args=[row.customer_id])).content.decode()
    shown = client.get(reverse("desk:customer", args=[row.customer_id])).content.decode()

    assert (page in line, page in shown) == (linked, told)
    assert "快速回复单" in line
