"""A figure that is not final asks for nothing yet; the next report asks (REP-02, REP-09)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reports.actions import steps, writing
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget
from apps.reports.queries import reading
from tests import factories
from tests.reports.months import FIRST_OF_DECEMBER, NOVEMBER, a_cycle, at, make_rows

pytestmark = pytest.mark.django_db
NEW_YEAR = at(date(2027, 1, 1), 8)
FIGURE = Figure.MAINTENANCE_RETURN


@pytest.fixture
def specialist(store, other_store):
    """Two of three came back in November, and three of four are asked for."""
    for one in (store, other_store):
        FigureTarget.objects.create(
            store=one, figure=FIGURE, effective_from="2026-01-01", target=75
        )
    make_rows(FIGURE, store, other_store)
    return factories.make_user("specialist", store, Role.CARE_SPECIALIST)


def test_so_far_it_is_submitted_without_a_cause_and_final_it_is_not(store, specialist):
    november = writing.write_report(store, NOVEMBER, now=FIRST_OF_DECEMBER)
    [row] = november.figures.filter(figure=FIGURE, month=NOVEMBER)
    assert (str(row.value), row.is_final) == ("66.67", False)
    assert reading.short_of(november.figures.all()) == []
    assert reading.behind_of(november.figures.all()) == [FIGURE]
    steps.submit_report(november, by=specialist, now=FIRST_OF_DECEMBER)

    december = writing.write_report(store, date(2026, 12, 1), now=NEW_YEAR)

    [row] = december.figures.filter(figure=FIGURE, month=NOVEMBER)
    assert (str(row.value), row.is_final) == ("66.67", True)
    assert reading.short_of(december.figures.all()) == [FIGURE]
    with pytest.raises(Refused):
        steps.submit_report(december, by=specialist, now=NEW_YEAR)
    december.refresh_from_db()
    assert december.status == "draft"
    steps.note_action(december, FIGURE, cause="没有邀约", action="提前一周邀约")
    steps.submit_report(december, by=specialist, now=NEW_YEAR)
    assert december.actions.count() == 1


def test_who_comes_in_time_after_the_report_is_not_held_against_it(store, specialist):
    november = writing.write_report(store, NOVEMBER, now=FIRST_OF_DECEMBER)
    assert reading.behind_of(november.figures.all()) == [FIGURE]
    late = a_cycle(store)
    late.ended_on, late.ended_by = date(2026, 12, 5), "RO9"
    late.save()

    december = writing.write_report(store, date(2026, 12, 1), now=NEW_YEAR)

    [row] = december.figures.filter(figure=FIGURE, month=NOVEMBER)
    assert (row.n, row.of, row.target) == (3, 4, 75)
    assert reading.short_of(december.figures.all()) == []


def test_the_page_tells_the_two_apart(client, store, specialist):
    november = writing.write_report(store, NOVEMBER, now=FIRST_OF_DECEMBER)
    client.force_login(specialist)
    there = reverse("reports:report", args=[november.pk])

    page = client.get(there)

    assert (page.context["behind"], page.context["missing"]) == ([FIGURE], [])
    assertContains(page, _("under its target so far"))
    assertNotContains(page, _("Cause and action are missing"))
    steps.note_action(november, FIGURE, cause="没有邀约", action="提前一周邀约")
    assert client.get(there).context["behind"] == []
