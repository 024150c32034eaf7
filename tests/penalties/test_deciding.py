"""Who decides on what, the month's sum, issuing and the monthly sheet (PEN-08…10)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import Department
from apps.core.errors import Refused
from apps.penalties.actions import life, sheets
from apps.penalties.exports import LISTINGS
from apps.penalties.models import Correction, MonthSheet
from apps.penalties.queries.proposals import asked, month_sums, to_decide, to_issue
from apps.penalties.queries.sheets import by_department, by_person, coming, entries_of
from tests.factories import SHANGHAI, make_user
from tests.penalties.pages_life import a_proposal

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
DECISIONS, SHEETS = reverse("penalties:decisions"), reverse("penalties:sheets")
ISSUE = reverse("penalties:issue-list")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_this_day")]


@pytest.fixture
def on_this_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cast(store):
    roles = (Role.CARE_SPECIALIST, Role.CARE_MANAGER, Role.GENERAL_MANAGER, Role.ADMINISTRATION)
    return {role: make_user(role, store, role) for role in roles}


def url(name, row):
    return reverse(f"penalties:proposal{name}", args=[row.pk])


def test_each_has_what_is_his_to_decide(store, cast, stranger):
    chief, general = cast[Role.CARE_MANAGER], cast[Role.GENERAL_MANAGER]
    ripe = a_proposal(store, explain_until=TODAY - DAY)
    explained = a_proposal(store, status="explained")
    a_proposal(store, explain_until=TODAY)  # may still be explained
    of_chief = a_proposal(store, chief, "explained")
    appealed = a_proposal(store, status="appealed", decided_by=chief)
    a_proposal(store, status="appealed", decided_by=general)  # a second person answers
    a_proposal(store, status="confirmed")

    assert set(to_decide(chief, TODAY)) == {ripe, explained}
    assert set(to_decide(general, TODAY)) == {of_chief, appealed}
    assert not to_decide(cast[Role.ADMINISTRATION], TODAY).exists()
    assert not to_decide(stranger, TODAY).exists()


def test_a_care_manager_does_not_decide_on_another_one(store, cast):
    row = a_proposal(store, make_user("second", store, Role.CARE_MANAGER), "explained")

    with pytest.raises(Refused):
        life.waive(row, reason="x", by=cast[Role.CARE_MANAGER], now=NOW)
    life.waive(row, reason="x", by=cast[Role.GENERAL_MANAGER], now=NOW)

    row.refresh_from_db()
    assert row.status == "waived"


def test_confirmed_on_its_page_within_the_range(client, store, cast):
    row = a_proposal(store, status="explained")
    client.force_login(cast[Role.CARE_MANAGER])
    assert client.post(url("-confirm", row), {"amount": "120"}).status_code == 409
    assert client.post(url("-confirm", row), {"amount": "viel"}).status_code == 422
    assert client.post(url("-confirm", row), {"amount": "80"}).status_code == 409  # no reason
    row.refresh_from_db()
    assert (row.status, row.amount) == ("explained", 50)

    sent = {"amount": "80", "reason": "第二次"}
    assertRedirects(client.post(url("-confirm", row), sent), url("", row))

    row.refresh_from_db()
    assert (row.status, row.amount, row.reason) == ("confirmed", 80, "第二次")


def test_the_person_appeals_and_the_general_manager_answers(client, store, cast):
    person = cast[Role.CARE_SPECIALIST]
    row = a_proposal(store, person, "confirmed", decided_by=cast[Role.CARE_MANAGER])
    client.force_login(person)
    assertRedirects(client.post(url("-appeal", row), {"text": "不公平"}), url("", row))
    client.force_login(cast[Role.GENERAL_MANAGER])
    assertContains(client.get(DECISIONS), "不公平")

    client.post(url("-answer", row), {"upheld": "yes", "reason": "系统停机"})

    row.refresh_from_db()
    assert (row.status, row.appeal_reason) == ("waived", "系统停机")


def test_a_month_above_the_limit_is_warned_of(client, store, cast):
    person = cast[Role.CARE_SPECIALIST]
    rows = [
        a_proposal(store, person, "explained", event_on=date(2026, 11, day), amount=250)
        for day in (1, 30)
    ]
    a_proposal(store, person, "waived", event_on=date(2026, 11, 2), amount=900)
    a_proposal(store, person, "proposed", event_on=date(2026, 11, 2), amount=900, is_reward=True)
    before = a_proposal(store, person, "explained", event_on=date(2026, 10, 31))
    sums = month_sums([*rows, before])
    assert [(sums[row.pk].amount, sums[row.pk].too_much) for row in (rows[0], before)] == [
        (500, False),
        (50, False),
    ]
    a_proposal(store, person, "explained", event_on=date(2026, 11, 3), amount="0.01")

    one = month_sums(rows)[rows[0].pk]

    assert (one.amount, one.limit, one.too_much) == (Decimal("500.01"), 500, True)
    client.force_login(cast[Role.CARE_MANAGER])
    assertContains(client.get(DECISIONS), "500.01")


def test_the_filter_narrows_to_a_person_and_a_month(store, cast):
    chief, person = cast[Role.CARE_MANAGER], cast[Role.CARE_SPECIALIST]
    one = a_proposal(store, person, event_on=date(2026, 11, 30))
    a_proposal(store, person, event_on=date(2026, 12, 1))
    a_proposal(store, event_on=date(2026, 11, 30))

    wanted = {"status": "all", "person": person, "month": NOVEMBER}

    assert list(asked(chief, wanted, TODAY)) == [one]
    assert list(asked(chief, {"status": "issued"}, TODAY)) == []


@pytest.mark.parametrize("address", [DECISIONS, f"{DECISIONS}?status=all", ISSUE])
def test_three_rows_cost_as_many_queries_as_one(client, store, cast, address):
    roles = [Role.CARE_MANAGER, Role.ADMINISTRATION]
    client.force_login(make_user("both", store, *roles))
    client.get(address)
    counts = []
    for rows in (1, 2):
        for _n in range(rows):
            a_proposal(store, status="explained")
            a_proposal(store, status="signed")
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_administration_issues_what_is_signed_but_not_its_own(client, store, cast, stranger):
    office = cast[Role.ADMINISTRATION]
    row, own = a_proposal(store, status="signed"), a_proposal(store, office, "signed")
    assert list(to_issue(office, TODAY)) == [row]
    assert not to_issue(stranger, TODAY).exists()
    client.force_login(office)

    assertRedirects(client.post(url("-issue", row)), ISSUE)
    assert client.post(url("-issue", own)).status_code == 409

    row.refresh_from_db()
    own.refresh_from_db()
    assert (row.status, row.issued_by, own.status) == ("issued", office, "signed")


def test_the_month_is_closed_with_its_sums_and_exported(client, store, cast, stranger):
    care = Department.objects.get(store=store, kind=DepartmentKind.CARE)
    person, office = cast[Role.CARE_SPECIALIST], cast[Role.ADMINISTRATION]
    other = make_user("other", store)
    a_proposal(store, person, "issued", department=care, amount=50)
    a_proposal(store, person, "issued", department=care, amount=100, is_reward=True)
    a_proposal(store, other, "issued", department=care, amount=20)
    a_proposal(store, other, "signed", department=care)
    a_proposal(store, other, "explained", department=care)
    a_proposal(stranger.store, stranger, "issued", amount=77)
    told = coming(store, TODAY)
    assert (told.month, told.is_over, told.lines, told.left, told.undecided) == (
        *(OCTOBER, True, 3, 1, 1),
    )
    client.force_login(office)

    client.post(reverse("penalties:sheets-close"), {"month": "2026-10"})

    lines = list(entries_of(store, OCTOBER))
    assert [(one.who, one.taken, one.given, one.amount) for one in by_person(lines)] == [
        (person, -50, 100, 50),
        (other, -20, 0, -20),
    ]
    assert [(one.who, one.amount, one.lines) for one in by_department(lines)] == [(care, 30, 3)]
    page = client.get(SHEETS)
    assertContains(page, "2026-10")
    assert (coming(store, TODAY).month, coming(store, TODAY).is_over) == (NOVEMBER, False)
    listing = LISTINGS["penalties:sheets"]
    taken = list(listing.lines(listing.rows(office, {}, TODAY)))
    assert [line[6] for line in taken[1:]] == [-50, 100, -20]


def test_a_month_that_is_not_over_is_refused_on_the_page(client, store, cast):
    a_proposal(store, status="issued", event_on=NOVEMBER)
    client.force_login(cast[Role.ADMINISTRATION])

    sent = client.post(reverse("penalties:sheets-close"), {"month": "2026-11"})

    assert (sent.status_code, MonthSheet.objects.count()) == (409, 0)
    assert client.post(reverse("penalties:sheets-close"), {"month": "x"}).status_code == 422


def test_a_line_of_a_closed_month_is_corrected_on_its_page(client, store, cast):
    row = a_proposal(store, status="issued")
    client.force_login(cast[Role.CARE_MANAGER])
    sent = {"amount": "0", "reason": "客户证明"}
    assert client.post(url("-correct", row), sent).status_code == 409  # on no sheet yet
    sheets.close_month(store, OCTOBER, by=cast[Role.ADMINISTRATION], now=NOW)

    assertRedirects(client.post(url("-correct", row), sent), url("", row))

    one = Correction.objects.get()
    assert (one.penalty, one.amount, one.by) == (row, 0, cast[Role.CARE_MANAGER])
    assert coming(store, TODAY).corrections == 1


def test_a_closed_month_costs_as_many_queries_with_three_lines_as_with_one(client, store, cast):
    client.force_login(cast[Role.ADMINISTRATION])
    client.get(SHEETS)
    counts = []
    for month, rows in ((date(2026, 9, 1), 1), (OCTOBER, 3)):
        for _n in range(rows):
            a_proposal(store, status="issued", event_on=month)
        sheets.close_month(store, month, by=cast[Role.ADMINISTRATION], now=NOW)
        with CaptureQueriesContext(connection) as seen:
            client.get(SHEETS, {"month": f"{month:%Y-%m}"})
        counts.append(len(seen))
    assert counts[0] == counts[1]
