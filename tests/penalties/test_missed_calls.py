"""The evidence of a month's rate leads to the calls that were not reminded (PEN-02, PEN-06)."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.penalties.actions.detect import detect_clause
from apps.penalties.choices import Clause
from apps.penalties.models import Penalty
from tests.factories import SHANGHAI, make_call, make_user

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
NOW = datetime(2026, 11, 1, 8, tzinfo=SHANGHAI)
DUE = date(2026, 10, 10)


def a_call(store, owner, status="lapsed"):
    at = datetime(2026, 10, 10, 10, tzinfo=SHANGHAI)
    return make_call(store, owner=owner, due_on=DUE, event_on=DUE, status=status, ended_at=at)


@pytest.fixture
def proposal(store, other_store, specialist, other_specialist):
    """Of ten calls two were not reminded; a colleague's and a stranger's were not either."""
    missed = [a_call(store, specialist) for _ in range(2)]
    for _ in range(8):
        a_call(store, specialist, status="reached")
    a_call(store, other_specialist)
    a_call(other_store, make_user("stranger", other_store, Role.CARE_SPECIALIST))
    detect_clause(Clause.FIRST_RATE, [store.pk], first=FIRST, last=LAST, now=NOW)
    return Penalty.objects.get(), missed


def test_the_evidence_names_the_calls_and_who_may_see_them_finds_them(
    client, store, proposal, specialist, manager
):
    row, missed = proposal
    assert row.evidence["calls"] == [call.pk for call in missed]
    there = reverse("penalties:proposal-calls", args=[row.pk])

    for person in (specialist, manager):
        client.force_login(person)
        assertContains(client.get(reverse("penalties:proposal", args=[row.pk])), there)
        page = client.get(there)
        assert list(page.context["calls"]) == missed
        for call in missed:
            assertContains(page, reverse("care:call", args=[call.pk]))


def test_administration_sees_the_proposal_and_no_customers(client, store, proposal):
    row, _missed = proposal
    there = reverse("penalties:proposal-calls", args=[row.pk])
    client.force_login(make_user("office", store, Role.ADMINISTRATION))

    assertNotContains(client.get(reverse("penalties:proposal", args=[row.pk])), there)
    assert client.get(there).status_code == 403


def test_a_colleague_and_a_stranger_see_nothing(client, proposal, other_specialist):
    row, _missed = proposal
    there = reverse("penalties:proposal-calls", args=[row.pk])
    client.force_login(other_specialist)
    assert client.get(there).status_code == 403
    client.force_login(other_specialist.__class__.objects.get(username="stranger"))
    assert client.get(there).status_code == 404


def test_a_proposal_without_calls_has_no_such_page(client, store, proposal, manager):
    row, _missed = proposal
    Penalty.objects.filter(pk=row.pk).update(evidence={"month": "2026-10"})
    client.force_login(manager)
    assert client.get(reverse("penalties:proposal-calls", args=[row.pk])).status_code == 404
