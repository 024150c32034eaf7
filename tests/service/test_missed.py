"""Who did not come yesterday is noted at opening, whatever the reception did (SVC-05)."""

from datetime import timedelta

import pytest

from apps.accounts.actions.store import correct_day
from apps.accounts.choices import DayKind
from apps.service.actions import arrive, cancel, mark_missed
from apps.service.models import Appointment
from tests.factories import NOW, TODAY
from tests.service.workshop import at, make_appointment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


def statuses():
    return list(Appointment.objects.order_by("pk").values_list("status", "version"))


def test_at_opening_of_the_next_day_who_was_awaited_has_not_come(store, other_store):
    make_appointment(store, "14:00")
    came = make_appointment(store, "10:30")
    gone = make_appointment(store, "16:00")
    make_appointment(store, "14:00", on=TOMORROW)
    make_appointment(other_store, "14:00")
    arrive(came, now=NOW)
    cancel(gone, reason="customer")

    assert mark_missed(now=at("23:00")) == 0
    assert mark_missed(now=at("08:29", TOMORROW)) == 0
    assert mark_missed(now=at("08:30", TOMORROW)) == 2
    assert mark_missed(now=at("08:35", TOMORROW)) == 0

    assert statuses() == [
        ("no_show", 2),
        ("arrived", 2),
        ("cancelled", 2),
        ("pending", 1),
        ("no_show", 2),
    ]
    event = Appointment.objects.get(status="no_show", store=store).events.get()
    assert event.pgh_context.metadata["action"] == "service.mark_missed"


def test_on_a_closed_day_it_waits_for_the_next_opening(store):
    make_appointment(store, "14:00")
    correct_day(store, TOMORROW, DayKind.CLOSED, "盘点", on=TODAY)

    assert mark_missed(now=at("12:00", TOMORROW)) == 0
    assert mark_missed(now=at("08:30", TOMORROW + DAY)) == 1
