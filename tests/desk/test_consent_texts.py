"""Who agrees agrees to a text, which is kept in its version (SEC-02)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from apps.core.errors import Refused
from apps.customers.actions import add_text, record_consent
from apps.customers.models import ConsentText
from tests.factories import NOW, TODAY, make_customer

NEW = {"purpose": "marketing", "text": "同意接收活动信息（新）"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def agree(store, by, now=NOW, state="given"):
    return record_consent(make_customer(store), "marketing", state, "到店", by=by, now=now)


def test_a_consent_keeps_the_text_in_force_on_its_day(store, other_store, specialist, manager):
    tomorrow = TODAY + timedelta(days=1)
    new = add_text(store, **NEW, effective_from=tomorrow, by=manager, now=NOW)

    today, later = agree(store, specialist), agree(store, specialist, NOW + timedelta(days=1))

    assert (today.told.version, later.told) == (1, new)
    assert (new.version, today.told.store) == (2, store)
    assert agree(store, specialist, state="withdrawn").told is None


def test_a_text_of_the_past_or_of_a_day_that_has_one_is_refused(store, manager):
    add_text(store, **NEW, effective_from=TODAY, by=manager, now=NOW)

    for day, words in ((TODAY - timedelta(days=1), "from today"), (TODAY, "Another version")):
        with pytest.raises(Refused, match=words):
            add_text(store, **NEW, effective_from=day, by=manager, now=NOW)

    assert ConsentText.objects.filter(store=store, purpose="marketing").count() == 2


def test_the_texts_stand_on_the_form_and_the_page_takes_a_new_one(client, store, manager):
    person, today = make_customer(store), timezone.localdate()
    client.force_login(manager)

    form = client.get(reverse("customers:consent-new", args=[person.pk])).content.decode()
    assert ConsentText.objects.get(store=store, purpose="marketing").text in form

    new = reverse("desk:consent-text-new")
    wrong = client.post(new, NEW | {"effective_from": today.isoformat(), "text": ""})
    good = client.post(new, NEW | {"effective_from": today.isoformat()})
    again = client.post(new, NEW | {"effective_from": today.isoformat()})

    assert [r.status_code for r in (wrong, good, again)] == [422, 302, 409]
    row = ConsentText.objects.get(store=store, version=2)
    assert (row.text, row.made_by) == (NEW["text"], manager)
    page = client.get(reverse("desk:privacy"))
    assert [text.version for text in page.context["texts"]] == [1, 2]
