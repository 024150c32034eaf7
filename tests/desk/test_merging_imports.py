"""What the DMS goes on saying of a record that was merged (CUS-04, DATA-02)."""

from datetime import date

import pytest

from apps.customers import actions as archive
from apps.customers.models import Customer, Duplicate, Vehicle
from apps.delivery.models import Delivery
from apps.desk.merging import merge_customers, undo_merge
from apps.desk.tasks import find_all_duplicates
from apps.exchange.actions import settle
from apps.exchange.models import Difference
from tests.exchange.files import DELIVERIES, OTHER_VIN, VIN, bring, counts, csv_file, delivery
from tests.factories import NOW, TODAY, make_customer, make_vehicle

PHONE = "13912345678"


@pytest.fixture
def files(store, tmp_path):
    """The same person under two spellings, each with a car, in two files."""
    rows = delivery(VIN, "张伟", PHONE), delivery(OTHER_VIN, "张玮", PHONE, plate="沪B67890")
    paths = [csv_file(tmp_path, DELIVERIES, row, name=f"{row[2]}.csv") for row in rows]
    for path in paths:
        bring(store, path)
    return paths


def test_an_import_proposes_who_has_the_same_phone_and_another_name(store, files):
    pair = Duplicate.objects.get()

    assert (pair.low.name, pair.high.name, pair.signs) == ("张伟", "张玮", ["phone"])


def test_brought_again_after_the_merge_both_files_change_nothing(store, manager, files):
    pair = Duplicate.objects.get()
    merge_customers(pair.low, pair.high, chosen={}, by=manager, now=NOW)

    assert [counts(bring(store, path)) for path in files] == [(0, 0, 1, 0)] * 2
    assert Customer.objects.count() == 1


def test_news_under_the_old_spelling_reach_the_record_that_was_kept(
    store, manager, files, tmp_path
):
    pair = Duplicate.objects.get()
    merge = merge_customers(pair.low, pair.high, chosen={}, by=manager, now=NOW)
    news = delivery(OTHER_VIN, "张玮", PHONE, plate="沪B67890", born="1985-03-05")

    bring(store, csv_file(tmp_path, DELIVERIES, news, name="c.csv"))

    kept = Customer.objects.get()
    assert (kept.pk, str(kept.birthday)) == (pair.low_id, "1985-03-05")
    assert kept.vehicles.count() == 2

    undo_merge(merge, by=manager, now=NOW)
    assert [c.vehicles.count() for c in Customer.objects.order_by("pk")] == [1, 1]
    assert Customer.objects.get(pk=pair.low_id).also_named == []


def test_every_night_each_store_is_looked_through(store, other_store):
    """One car, sold to one spelling and brought to the workshop by another: only the files know."""
    for place in (store, other_store):
        first, second = make_customer(place, "张伟"), make_customer(place, "张伟先生")
        car = make_vehicle(place, second)
        Delivery.objects.create(store=place, vehicle=car, customer=first, delivered_on="2026-01-01")

    find_all_duplicates()
    find_all_duplicates()

    found = Duplicate.objects.order_by("store").values_list("store", "signs")
    assert list(found) == [(store.pk, ["vin"]), (other_store.pk, ["vin"])]


def test_merged_records_take_what_was_decided_and_what_waits_along(store, manager, tmp_path):
    """张's car was given to 李 here; they turn out to be one person (CUS-04)."""
    waiting = Difference.objects.filter(status="open")
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    theirs, vehicle = Customer.objects.get(), Vehicle.objects.get()
    ours = make_customer(store, name="李娜")
    archive.change_customer(theirs, by=manager, birthday=date(1990, 1, 1))
    archive.change_owner(vehicle, ours, by=manager, on=TODAY)
    bring(store, csv_file(tmp_path, DELIVERIES, delivery(born="1991-01-01")))
    settle([waiting.get(field="birthday").pk], "ours", store=store, by=manager, now=NOW)
    owner = waiting.get()

    merge = merge_customers(ours, theirs, chosen={"birthday": theirs.pk}, by=manager, now=NOW)

    owner.refresh_from_db()
    assert owner.status == "gone"
    outcome = bring(store, csv_file(tmp_path, DELIVERIES, delivery(born="1991-01-01")))
    assert "birthday" not in outcome.differences and "owner" not in outcome.differences

    undo_merge(merge, by=manager, now=NOW)
    owner.refresh_from_db()
    assert (owner.status, owner.ours, owner.theirs) == ("open", str(ours.pk), str(theirs.pk))
