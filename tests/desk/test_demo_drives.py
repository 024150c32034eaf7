"""The demo store's test drives and watched receptions (REC-05, REC-09)."""

from collections import Counter
from datetime import timedelta

import pytest

from apps.desk.demo.drives import add_drives
from apps.desk.demo.people import add_people
from apps.desk.invariants import no_file_astray
from apps.reception.models import Clock, DemoCar, SelfCheck, TestDrive
from tests.factories import TODAY, make_customer, make_store

pytestmark = pytest.mark.django_db


def test_cars_are_out_booked_and_back_and_receptions_were_watched(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    store = make_store("DEMO")
    people = add_people(store)
    for _n in range(45):
        make_customer(store)

    add_drives(store, people, 7, TODAY)

    drives = Counter(TestDrive.objects.values_list("status", flat=True))
    assert DemoCar.objects.count() == 3
    assert drives["back"] > 25 and drives["booked"] == 5
    assert TestDrive.objects.exclude(impression="").count() == drives["back"]
    assert Clock.objects.filter(kind="drive_call", done_at=None).count() == 1
    assert SelfCheck.objects.count() == 45
    assert SelfCheck.objects.filter(weak__gt=0).count() > 15
    assert no_file_astray() == []


def test_where_nobody_sells_there_are_none():
    store = make_store("DEMO")
    add_drives(store, {}, 7, TODAY + timedelta(days=1))
    assert not DemoCar.objects.exists()
