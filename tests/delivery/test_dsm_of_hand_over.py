"""A signed hand-over opens the DSM record and fills the folder for the maker's audit (DEL-06)."""

from datetime import datetime, time

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.delivery.models import DeliveryNumbers, DsmRecord
from tests.delivery.keys import make_finished
from tests.factories import NOW, SHANGHAI, TODAY, make_user

pytestmark = pytest.mark.django_db


def folder_of(client, user, record):
    client.force_login(user)
    return client.get(reverse("delivery:dsm-folder", args=[record.pk]))


def test_the_record_is_the_consultants_and_due_at_the_hour_of_the_store(store, other_store):
    DeliveryNumbers.objects.filter(store=store).update(dsm_by=time(10, 15))
    for place in (store, other_store):
        make_finished(place, now=NOW)

    mine, theirs = (DsmRecord.objects.get(store=place) for place in (store, other_store))

    assert mine.consultant.store == mine.delivery.customer.store == store
    assert mine.delivery.delivered_on == TODAY
    assert mine.due_at == datetime(2026, 11, 24, 10, 15, tzinfo=SHANGHAI)
    assert theirs.due_at == datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)


def test_the_folder_holds_the_signed_lists_and_the_order_for_those_who_see_sales(client, store):
    row = make_finished(store, now=NOW)
    record = DsmRecord.objects.get()
    signature = reverse("delivery:hand-over-picture", args=[row.pk, row.signature])

    chief = folder_of(client, make_user("gm", store, Role.GENERAL_MANAGER), record)
    care = folder_of(client, make_user("care", store, Role.CARE_SPECIALIST), record)

    for page in (chief, care):
        assertContains(page, signature)
        assertContains(page, "购车发票")
    assertContains(chief, "¥189,900")
    assertNotContains(care, "¥189,900")
