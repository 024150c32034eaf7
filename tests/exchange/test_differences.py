"""What the DMS has otherwise than people here typed it: listed, decided once, then silent."""

import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command

from apps.core.errors import Refused
from apps.customers import actions as archive
from apps.customers.models import ContactNumber, Customer, MileageReading, Ownership, Vehicle
from apps.delivery.actions import record_delivery
from apps.delivery.models import Delivery
from apps.exchange.actions import settle
from apps.exchange.models import Difference
from apps.service.models import RepairOrder
from tests.exchange.dms import later, type_fifty
from tests.exchange.files import (
    CARS,
    DELIVERIES,
    SAMPLE,
    SERVICES,
    VIN,
    bring,
    car,
    csv_file,
    delivery,
    service,
)
from tests.exchange.pages_differences import make_difference
from tests.factories import NOW, TODAY, make_customer, make_vehicle

OPEN = Difference.objects.filter(status="open")


def run(capsys, *paths):
    """The command's answer, as JSON."""
    call_command("import_dms", *paths, store="S1", json=True)
    return json.loads(capsys.readouterr().out)


def listed():
    """(whom it is about, field) → (ours, theirs) of all that is undecided."""
    rows = OPEN.select_related("customer", "vehicle", "order", "theirs_customer")
    return {
        (str(row.order or row.customer_id or row.vehicle.vin), row.field): (row.ours, row.theirs)
        for row in rows
    }


def archive_now():
    """Everything that a person may type, of everybody."""
    return [
        list(Customer.objects.order_by("pk").values("pk", "name", "main_phone", "birthday")),
        list(Vehicle.objects.order_by("pk").values("pk", "plate", "owner", "delivered_on")),
        list(Vehicle.objects.order_by("pk").values("pk", "last_km")),
        list(Delivery.objects.order_by("pk").values("pk", "delivered_on", "consultant")),
        list(RepairOrder.objects.order_by("pk").values("pk", "out_on", "km")),
        list(MileageReading.objects.order_by("pk").values("pk", "accepted", "decided")),
    ]


@pytest.fixture
def fifty(store, manager, capsys, tmp_path):
    """The sample is taken, fifty values are typed here, the DMS says fifty others."""
    bring(store, *SAMPLE)
    said, orders, wanted = type_fifty(store, manager)
    return said, orders, wanted


def test_fifty_disagreements_are_all_listed_decided_once_and_then_silent(
    store, other_store, manager, fifty, capsys, tmp_path
):
    said, orders, wanted = fifty
    stranger = make_difference(other_store)
    before = archive_now()

    answer = run(capsys, *later(tmp_path, said, orders))

    assert answer["differences"] == {
        **{"birthday": 10, "delivered_on": 3, "km": 5, "main_phone": 10},
        **{"out_on": 4, "owner": 8, "plate": 10},
    }
    assert answer["kept"] == len(wanted) == 50
    found = listed()
    names = dict(Customer.objects.values_list("pk", "name"))
    for place, (ours, theirs) in found.items():
        if place[1] == "owner":
            found[place] = (ours, names[int(theirs)])
    assert {k: v for k, v in found.items() if k[0] != str(stranger.customer_id)} == wanted
    # Nothing that was typed here was taken: people, cars, deliveries, visits as before.
    after = archive_now()
    for old, new in zip(before, after, strict=True):
        known = {row["pk"] for row in old}
        assert [row for row in new if row["pk"] in known] == old

    ours, theirs = halves(store)
    assert settle(ours, "ours", store=store, by=manager, now=NOW).decided == 25
    for pk in theirs[:5]:  # a row at a time
        assert settle([pk], "theirs", store=store, by=manager, now=NOW).decided == 1
    assert settle(theirs[5:], "theirs", store=store, by=manager, now=NOW).decided == 20
    assert_sides(ours, theirs)
    decided = archive_now()

    answer = run(capsys, *later(tmp_path, said, orders))

    assert (answer["kept"], answer["new"], answer["changed"]) == (0, 0, 0)
    assert OPEN.filter(store=store).count() == 0
    assert archive_now() == decided

    kept = Difference.objects.filter(field="plate", status="ours_kept").first()
    said[kept.vehicle.vin]["车牌号"] = "沪B99999"
    assert run(capsys, *later(tmp_path, said, orders))["differences"] == {"plate": 1}
    (again,) = OPEN.filter(store=store)
    assert (again.vehicle, again.field, again.ours, again.theirs) == (
        *(kept.vehicle, "plate", kept.ours, "沪B99999"),
    )
    stranger.refresh_from_db()
    assert stranger.status == "open"


def halves(store):
    """Every second one of each field."""
    rows = list(OPEN.filter(store=store).order_by("field", "pk").values_list("pk", flat=True))
    return rows[::2], rows[1::2]


def assert_sides(ours, theirs):
    """Each decided field holds what was decided, with everything that follows from it."""
    rows = Difference.objects.select_related("customer", "vehicle__delivery", "order")
    for row in rows.filter(pk__in=[*ours, *theirs]):
        is_ours = row.pk in ours
        assert row.status == ("ours_kept" if is_ours else "theirs_taken")
        right = row.ours if is_ours else row.theirs
        if row.field in ("main_phone", "birthday"):
            assert str(getattr(row.customer, row.field)) == right
            assert row.customer.reachable
        elif row.field == "owner":
            assert row.vehicle.owner_id == int(right)
            assert Ownership.objects.get(vehicle=row.vehicle, until_on=None).customer_id == int(
                right
            )
        elif row.field == "km":
            day, km = right.split()
            assert (str(row.vehicle.last_km_on), row.vehicle.last_km) == (day, int(km))
        elif row.field == "out_on":
            assert str(row.order.out_on) == right
            last = RepairOrder.objects.filter(vehicle=row.vehicle).latest("out_on")
            assert row.vehicle.last_visit_on == last.out_on
        elif row.field == "delivered_on":
            assert str(row.vehicle.delivered_on) == right
            assert str(row.vehicle.delivery.delivered_on) == right
        else:
            assert getattr(row.vehicle, row.field) == right
    assert Counter(row.status for row in rows.filter(store__code="S1")) == Counter(
        ours_kept=len(ours), theirs_taken=len(theirs)
    )


def test_the_sample_again_and_its_files_one_by_one_differ_in_nothing(store):
    bring(store, *SAMPLE)
    for paths in (SAMPLE, *([path] for path in SAMPLE)):
        assert bring(store, *paths).differences == {}
    assert not Difference.objects.exists()


def test_looking_only_counts_and_writes_nothing(store, manager, fifty, tmp_path):
    said, orders, _wanted = fifty
    outcome = bring(store, *later(tmp_path, said, orders), check=True)
    assert outcome.kept == 50
    assert not Difference.objects.exists()


@pytest.fixture
def two_plates(store, manager, tmp_path):
    """The DMS's plate was corrected here; the DMS says the old one still, then another."""
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    vehicle = Vehicle.objects.get()
    archive.change_vehicle(vehicle, by=manager, on=TODAY, plate="沪C77777")
    return vehicle


def bring_plate(store, folder, plate):
    return bring(store, csv_file(folder, DELIVERIES, delivery(plate=plate)))


def test_a_row_that_says_the_same_as_ever_is_compared_too(store, two_plates, tmp_path):
    bring_plate(store, tmp_path, "沪A12345")
    bring_plate(store, tmp_path, "沪A12345")
    (row,) = Difference.objects.all()
    assert (row.field, row.ours, row.theirs) == ("plate", "沪C77777", "沪A12345")
    assert row.file_name == "a.csv"


def test_when_the_dms_comes_to_agree_the_difference_is_gone(store, two_plates, tmp_path):
    bring_plate(store, tmp_path, "沪A12345")
    assert bring_plate(store, tmp_path, "沪C77777").differences == {}
    assert Difference.objects.get().status == "gone"


def test_when_we_come_to_agree_the_difference_is_gone(store, manager, two_plates, tmp_path):
    bring_plate(store, tmp_path, "沪A12345")
    archive.change_vehicle(two_plates, by=manager, on=TODAY, plate="沪A12345")
    bring_plate(store, tmp_path, "沪A12345")
    assert Difference.objects.get().status == "gone"


def test_nobody_decides_by_an_old_page_about_a_value_he_did_not_see(
    store, manager, two_plates, tmp_path
):
    bring_plate(store, tmp_path, "沪A12345")
    shown = OPEN.get()
    bring_plate(store, tmp_path, "沪D11111")
    with pytest.raises(Refused):
        settle([shown.pk], "theirs", store=store, by=manager, now=NOW)
    two_plates.refresh_from_db()
    assert (two_plates.plate, OPEN.get().theirs) == ("沪C77777", "沪D11111")


def test_after_theirs_the_field_follows_the_dms_again(store, manager, two_plates, tmp_path):
    bring_plate(store, tmp_path, "沪A12345")
    settle([Difference.objects.get().pk], "theirs", store=store, by=manager, now=NOW)
    bring_plate(store, tmp_path, "沪D11111")
    two_plates.refresh_from_db()
    assert (two_plates.plate, OPEN.count()) == ("沪D11111", 0)


def test_what_was_decided_against_is_not_taken_when_it_comes_round(
    store, manager, two_plates, tmp_path
):
    bring_plate(store, tmp_path, "沪A12345")
    settle([Difference.objects.get().pk], "ours", store=store, by=manager, now=NOW)
    bring_plate(store, tmp_path, "沪C77777")  # agrees
    assert bring_plate(store, tmp_path, "沪A12345").differences == {}
    two_plates.refresh_from_db()
    assert two_plates.plate == "沪C77777"


def test_who_once_took_the_dmss_side_follows_it_even_back_to_what_was_decided_against(
    store, manager, two_plates, tmp_path
):
    for plate, side in (("沪A12345", "ours"), ("沪D11111", "theirs")):
        bring_plate(store, tmp_path, plate)
        settle([OPEN.get().pk], side, store=store, by=manager, now=NOW)
    assert bring_plate(store, tmp_path, "沪A12345").differences == {}
    two_plates.refresh_from_db()
    assert two_plates.plate == "沪A12345"


def test_a_delivery_day_decided_here_stays_in_car_and_delivery_alike(store, manager, tmp_path):
    def say(day):
        return bring(store, csv_file(tmp_path, DELIVERIES, delivery(on=day)))

    say("2026-03-05")
    vehicle = Vehicle.objects.get()
    record_delivery(vehicle, vehicle.owner, delivered_on=date(2026, 3, 7), on=TODAY)
    say("2026-03-05")
    settle([OPEN.get().pk], "ours", store=store, by=manager, now=NOW)
    say("2026-03-07")  # agrees
    assert say("2026-03-05").differences == {}
    vehicle.refresh_from_db()
    days = {vehicle.delivered_on, Delivery.objects.get().delivered_on}
    assert days == {date(2026, 3, 7)}


def test_what_was_cleared_here_stays_empty_and_is_told(store, manager, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery(born="1980-01-01")))
    customer = Customer.objects.get()
    archive.change_customer(customer, by=manager, birthday=None)
    bring(store, csv_file(tmp_path, DELIVERIES, delivery(born="1981-01-01")))
    customer.refresh_from_db()
    assert customer.birthday is None
    assert (OPEN.get().ours, OPEN.get().theirs) == ("", "1981-01-01")


def test_a_name_corrected_here_is_no_new_customer_and_keeps_the_car(store, manager, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    customer = Customer.objects.get()
    archive.change_customer(customer, by=manager, name="张玮")
    bring(store, csv_file(tmp_path, DELIVERIES, delivery(plate="沪B22222")))
    assert list(Customer.objects.values_list("pk", "name")) == [(customer.pk, "张玮")]
    vehicle = Vehicle.objects.get()
    assert (vehicle.owner, vehicle.plate) == (customer, "沪B22222")
    assert (OPEN.get().field, OPEN.get().ours, OPEN.get().theirs) == ("name", "张玮", "张伟")


def test_a_name_corrected_here_is_known_by_the_old_one_in_another_file(store, manager, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    customer = Customer.objects.get()
    archive.change_customer(customer, by=manager, name="张玮")
    bring(store, csv_file(tmp_path, CARS, car(), name="b.csv"))
    assert list(Customer.objects.values_list("pk", "name")) == [(customer.pk, "张玮")]
    assert Vehicle.objects.get().owner == customer
    assert (OPEN.get().field, OPEN.get().file_name) == ("name", "b.csv")


def test_a_number_found_bad_here_is_not_asked_about(store, manager, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery())
    bring(store, path)
    correction = archive.mark_number(ContactNumber.objects.get(), "wrong", by=manager, now=NOW)
    archive.correct_number(correction, "13700000001", by=manager, now=NOW)
    assert bring(store, path).differences == {}
    assert Customer.objects.get().main_phone == "13700000001"


def test_an_id_number_of_the_dms_is_taken_sealed(store, manager, tmp_path):
    headings = [*DELIVERIES, "身份证号"]
    customer = make_customer(store, name="张伟", phone="13912345678")
    archive.change_customer(customer, by=manager, id_number="110105194912310038")
    bring(store, csv_file(tmp_path, headings, [*delivery(), "11010519491231002X"]))
    row = OPEN.get(field="id_number_hash")
    settle([row.pk], "theirs", store=store, by=manager, now=NOW)
    customer.refresh_from_db()
    assert customer.id_number_hash == row.theirs
    assert customer.id_number_sealed == row.theirs_sealed != ""


def test_a_car_without_its_dms_owner_is_told(store, manager, tmp_path):
    ours = make_customer(store, name="王敏")
    vehicle = make_vehicle(store, owner=ours, vin=VIN)
    bring(store, csv_file(tmp_path, CARS, car()))
    row = OPEN.get()
    assert (row.vehicle, row.field, row.ours) == (vehicle, "owner", str(ours.pk))
    assert row.theirs_customer.name == "张伟"


def test_every_day_on_which_we_read_otherwise_is_told_at_once(store, manager, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    vehicle = Vehicle.objects.get()
    orders = []
    for n, day in enumerate(("2026-06-10", "2026-09-10")):
        km = 5000 * (n + 1)
        archive.record_reading(
            vehicle, km + 400, on=date.fromisoformat(day), source="staff", by=manager
        )
        orders.append(service(f"RO{n}", on=day, km=str(km)))
    path = csv_file(tmp_path, SERVICES, *orders)

    assert bring(store, path).differences == {"km": 2}

    first, second = OPEN.order_by("on")
    assert (first.ours, first.theirs) == ("2026-06-10 5400", "2026-06-10 5000")
    assert (second.ours, second.theirs) == ("2026-09-10 10400", "2026-09-10 10000")
    settle([first.pk], "ours", store=store, by=manager, now=NOW)
    settle([second.pk], "theirs", store=store, by=manager, now=NOW)
    assert bring(store, path).differences == {}
    right = MileageReading.objects.filter(accepted=True).order_by("km")
    assert list(right.values_list("km", flat=True)) == [5400, 10000]


def test_a_reading_rejected_in_the_review_is_no_difference_any_more(store, manager, tmp_path):
    vehicle = make_vehicle(store, owner=make_customer(store, name="张伟", phone="13912345678"))
    path = csv_file(tmp_path, CARS, car(vin=vehicle.vin, km="9000", km_on="2026-11-10"))
    reading = archive.record_reading(
        vehicle, 9900, on=date(2026, 11, 10), source="staff", by=manager
    )
    bring(store, path)
    row = OPEN.get()
    assert (row.ours, row.theirs) == ("2026-11-10 9900", "2026-11-10 9000")

    archive.decide_reading(reading, False, by=manager, on=TODAY)

    assert settle([row.pk], "ours", store=store, by=manager, now=NOW).gone == 1
    assert MileageReading.objects.get(km=9000).accepted
    assert bring(store, path).differences == {}
