"""The rows of a figure as a file: those that the page shows at that moment, not those of the end of
the day (REP-08, DATA-03)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.choices import Role
from apps.desk import exporting
from tests.delivery.dsm import make_consultant, make_record
from tests.desk.test_exports import export, rows_of
from tests.factories import SHANGHAI, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 12)
LIMIT = datetime.combine(TODAY, time(9, 30), tzinfo=SHANGHAI)
ASKED = "figure=dsm_in_time&month=2026-11&what=all"


@pytest.mark.parametrize(
    ("now", "rows"), [(LIMIT, 1), (LIMIT + timedelta(seconds=1), 2), (LIMIT.replace(hour=23), 2)]
)
def test_a_limit_that_is_still_to_come_today_accuses_nobody_in_the_file_either(
    client, store, other_store, now, rows
):
    seller = make_consultant(store)
    yesterday = TODAY - timedelta(days=1)
    in_time = {"status": "entered", "entered_at": LIMIT - timedelta(days=1)}
    make_record(store, seller, delivered_on=yesterday, on=yesterday, **in_time)
    make_record(store, seller, delivered_on=yesterday, on=yesterday)
    make_record(other_store, delivered_on=yesterday, on=yesterday)
    with time_machine.travel(now, tick=False):
        client.force_login(make_user("general", store, Role.GENERAL_MANAGER))
        page = client.get(f"{reverse('reports:rows')}?{ASKED}")

        assert len(page.context["rows"]) == rows
        assert len(rows_of(export(client, "reports:rows", query=ASKED))) == 1 + rows


def test_a_file_that_the_worker_writes_later_shows_what_was_so_when_it_was_asked_for(store):
    """The list is asked with the moment of the asking, whenever it is written."""
    found = {}
    listing = exporting.LISTINGS["reports:rows"]
    assert listing.at is not None
    general = make_user("general", store, Role.GENERAL_MANAGER)
    seller = make_consultant(store)
    yesterday = TODAY - timedelta(days=1)
    make_record(store, seller, delivered_on=yesterday, on=yesterday)
    for now in (LIMIT, LIMIT + timedelta(seconds=1)):
        wanted = {"figure": "dsm_in_time", "month": "2026-11", "what": "all"}
        found[now] = len(list(listing.asked(general, wanted, now.astimezone(UTC))))
    assert found == {LIMIT: 0, LIMIT + timedelta(seconds=1): 1}
