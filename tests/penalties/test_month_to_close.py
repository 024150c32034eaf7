"""Administration is told of a month that is over and not closed (PEN-09); evidence has an order."""

from datetime import date

import pytest
from django.urls import reverse

from apps.accounts.choices import Role
from apps.desk.home import proposal_tiles
from apps.penalties.actions.sheets import close_month
from apps.penalties.models import Penalty
from apps.penalties.queries import evidence
from apps.penalties.queries.sheets import to_close
from tests.factories import make_user
from tests.penalties.pages_life import a_proposal
from tests.penalties.test_detect import at

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, FIRST = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def test_a_month_is_to_be_closed_from_the_day_after_it_until_it_is(store, stranger):
    office = make_user("office", store, Role.ADMINISTRATION)
    a_proposal(stranger.store, stranger, event_on=date(2026, 8, 3))
    assert to_close(store.pk, FIRST) is None  # nothing has happened yet
    a_proposal(store, event_on=date(2026, 10, 10))

    assert to_close(store.pk, date(2026, 10, 31)) is None
    assert to_close(store.pk, NOVEMBER) == OCTOBER
    [tile] = proposal_tiles(office, NOVEMBER)
    assert (tile.number, tile.url) == ("2026-10", reverse("penalties:sheets"))
    close_month(store, OCTOBER, by=office, now=at(NOVEMBER))

    assert (to_close(store.pk, NOVEMBER), proposal_tiles(office, NOVEMBER)) == (None, [])
    assert to_close(store.pk, FIRST) == NOVEMBER


def test_only_who_closes_it_is_told(store):
    a_proposal(store, event_on=date(2026, 10, 10))
    for role in (Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.CARE_SPECIALIST):
        assert proposal_tiles(make_user(role, store, role), date(2026, 10, 12)) == []


def test_evidence_is_told_from_its_beginning_whatever_order_the_database_keeps():
    kept = {"zz": 1, "status": "failed", "due_on": "2026-11-02", "opens_on": "2026-10-01"}
    row = Penalty(evidence=kept | {"kind": "maintenance"})

    words = evidence._headings()
    told = [heading for heading, _value in evidence.lines(row)]

    assert told == [*(words[name] for name in ("kind", "opens_on", "due_on", "status")), "zz"]
