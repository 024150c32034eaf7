"""Root causes counted, steps against their limits, and the limits themselves (SSI-04)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.calendar import Calendar
from apps.accounts.choices import Role
from apps.complaints import actions, figures
from apps.complaints.choices import RootCause, Step
from apps.complaints.exports import LISTINGS
from apps.complaints.models import QuickResponse, ResponseNumbers
from apps.core.errors import Refused
from tests.complaints.pages import a_response
from tests.factories import SHANGHAI, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
BOTH, MONTHS = ["sales", "service"], [date(2026, 10, 1), date(2026, 11, 1)]
PAGE = reverse("complaints:causes")


def a_cause(store, cause, made_at=NOW, **fields):
    row = a_response(store, fields.pop("department", "sales"), fields.pop("status", "contact"))
    QuickResponse.objects.filter(pk=row.pk).update(root_cause=cause, made_at=made_at, **fields)
    return row


@pytest.fixture
def manager(store):
    return make_user("manager", store, Role.SALES_MANAGER)


def test_causes_are_counted_in_the_month_of_being_made_by_department(store, other_store):
    last_minute = datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI)
    a_cause(store, "time", last_minute)
    a_cause(store, "time")
    a_cause(store, "time", department="service")
    a_cause(store, "price", status="close")
    a_response(store)
    a_cause(store, "", status="dropped")
    a_cause(other_store, "time")

    assert figures.causes(store, BOTH, MONTHS) == {
        MONTHS[0]: {"time": 1},
        MONTHS[1]: {"time": 2, "price": 1, "": 1},
    }
    assert figures.causes(store, ["service"], MONTHS) == {MONTHS[0]: {}, MONTHS[1]: {"time": 1}}


def test_steps_are_measured_in_working_time_against_the_limit_each_was_given(store, manager):
    make_user("other", store, Role.SALES_MANAGER)
    rows = [a_response(store) for _n in range(3)]
    for row, after in zip(rows, (HOUR, 2 * HOUR, 24 * HOUR), strict=True):
        actions.approve(row, by=manager, now=NOW + after)  # the last one on the next day: 9 h

    figure = figures.figures_of(figures.steps_taken(store, BOTH, MONTHS[1]), Calendar())[0]

    assert (figure.step, figure.number, figure.late, figure.in_time) == (Step.APPROVE, 3, 1, 66)
    assert (figure.median, figure.longest) == (2 * HOUR, 9 * HOUR)


def test_a_step_counts_in_the_month_in_which_it_was_taken_from_the_step_before(store, manager):
    row = a_response(store)
    end = datetime(2026, 11, 30, 16, 30, tzinfo=SHANGHAI)
    actions.approve(row, by=manager, now=end)
    actions.handle(
        row, measure="致歉", root_cause="time", by=manager, now=end + timedelta(hours=17)
    )

    november = figures.steps_taken(store, BOTH, date(2026, 11, 1))
    december = figures.steps_taken(store, BOTH, date(2026, 12, 1))

    assert [taken.step.step for taken in november] == ["approve"]
    assert [(taken.step.step, taken.since) for taken in december] == [("handle", end)]
    spans = {f.step: f.spans for f in figures.figures_of(december, Calendar())}
    assert spans[Step.HANDLE] == [2 * HOUR]  # to 17:30, and from 08:30
    assert figures.steps_taken(store, ["service"], date(2026, 11, 1)) == []


@time_machine.travel(NOW, tick=False)
def test_each_number_of_the_page_leads_to_as_many_rows(client, store, other_store, manager):
    make_user("other", store, Role.SALES_MANAGER)
    a_cause(store, "time")
    a_cause(store, "time")
    a_response(store)
    a_response(store, status="dropped")
    a_cause(other_store, "time")
    late = a_response(store, "sales")
    QuickResponse.objects.filter(pk=late.pk).update(due_at=NOW - HOUR)
    actions.approve(late, by=manager, now=NOW)
    client.force_login(manager)

    context = client.get(PAGE).context

    lines = {line["cause"]: line["now"] for line in context["lines"]}
    assert (lines["time"], lines["unknown"], context["total"]) == (2, 2, 4)
    rows = reverse("complaints:response-list")
    for cause, number in lines.items():
        found = client.get(f"{rows}?month=2026-11&root_cause={cause}").context["rows"]
        assert len(found) == number, cause
    figure, limit = context["steps"][0]
    assert (figure.number, figure.late, limit) == (1, 1, 2 * HOUR)
    for query, number in (("step=approve", 1), ("step=approve&what=late", 1), ("step=close", 0)):
        assert len(client.get(f"{PAGE}?{query}").context["rows"]) == number
    listing = LISTINGS["complaints:causes"]
    asked = QueryDict("step=approve&what=late")
    lines = list(listing.lines(listing.rows(manager, asked, NOW.date())))
    assert len(lines) == 2
    assert lines[1][3:9] == ["待审批", *[datetime(2026, 11, 23, h) for h in (10, 9, 10)], 0.0, "是"]
    assert len(list(listing.rows(manager, QueryDict("month=2026-10"), NOW.date()))) == 0
    assert "rows" not in client.get(f"{PAGE}?step=nonsense&month=x&department=y").context


@time_machine.travel(NOW, tick=False)
def test_a_department_counts_its_own_only(client, store, manager):
    a_cause(store, "time", department="service")
    client.force_login(manager)
    for query in ("", "?department=service"):
        assert client.get(PAGE + query).context["total"] == 0


@time_machine.travel(NOW, tick=False)
def test_the_page_costs_the_same_with_one_and_three(client, store, manager):
    client.force_login(manager)
    client.get(PAGE)
    counts = []
    for number in (1, 2):
        for _n in range(number):
            actions.approve(a_cause(store, "", status="approve"), by=manager, now=NOW)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"{PAGE}?step=approve")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_cause_has_a_line_though_it_never_was(client, store, manager):
    client.force_login(manager)
    context = client.get(PAGE).context
    assert {line["cause"] for line in context["lines"]} == {*RootCause.values, "unknown"}
    assert context["chart"]["series"] == []


NEW = {"effective_from": "2026-11-24", "approve_hours": 1, "handle_hours": 8}
NEW |= {"contact_hours": 2, "close_hours": 8}


@time_machine.travel(NOW, tick=False)
def test_new_limits_hold_from_a_coming_day_and_what_has_begun_keeps_its_own(client, store):
    client.force_login(make_user("chief", store, Role.CARE_MANAGER))
    new = reverse("complaints:numbers-new")
    running = a_response(store)
    for day in ("2026-11-23", "2026-11-20"):
        assert client.post(new, NEW | {"effective_from": day}).status_code == 409
    assert client.post(new, NEW | {"approve_hours": 0}).status_code == 422
    assert ResponseNumbers.objects.filter(store=store).count() == 1

    assert client.post(new, NEW).status_code == 302
    assert client.post(new, NEW).status_code == 409  # one row a day

    assert client.get(reverse("complaints:numbers")).status_code == 200
    assert ResponseNumbers.objects.filter(store=store).count() == 2
    tomorrow = NOW + timedelta(days=1)
    running.refresh_from_db()
    assert running.due_at == NOW + 2 * HOUR
    made = actions.open_response(
        running.customer, origin="complaint", department="sales", text="慢", by=None, now=tomorrow
    )
    assert made.due_at == tomorrow + HOUR


def test_limits_of_a_day_that_has_begun_are_refused(store):
    with pytest.raises(Refused):
        actions.set_numbers(store, {"approve_hours": 1}, effective_from=NOW.date(), now=NOW)
    assert ResponseNumbers.objects.filter(store=store).get().approve_hours == 2
