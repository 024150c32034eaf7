"""Numbers, contact, owners: what the archive's actions do, and what they refuse."""

from datetime import date, timedelta

import pytest

from apps.accounts.choices import DepartmentKind
from apps.core.errors import Refused
from apps.customers import actions, sealing
from apps.customers.choices import (
    CareKind,
    ConsentState,
    CorrectionStatus,
    Fate,
    Locality,
    NumberStatus,
    Purpose,
    ReadingSource,
)
from apps.customers.models import (
    Consent,
    ContactNumber,
    Customer,
    ElsewhereService,
    NumberCorrection,
    Ownership,
    StopContact,
)
from tests.factories import TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(store):
    return make_customer(store, phone="13900000001")


def mark(customer, specialist, now, status=NumberStatus.EMPTY):
    return actions.mark_number(customer.numbers.get(), status, by=specialist, now=now)


# --- numbers (CUS-03) ---


def test_an_empty_number_goes_to_sales_for_who_was_never_serviced(customer, specialist, now):
    make_vehicle(customer.store, owner=customer)
    correction = mark(customer, specialist, now)
    customer.refresh_from_db()
    assert correction.department == DepartmentKind.SALES
    assert (correction.status, correction.asked_by, correction.asked_at) == (
        CorrectionStatus.OPEN,
        specialist,
        now,
    )
    assert customer.reachable is False
    assert customer.numbers.get().status == NumberStatus.EMPTY


def test_and_to_service_for_who_was(customer, specialist, now):
    make_vehicle(customer.store, owner=customer, last_visit_on=TODAY)
    assert mark(customer, specialist, now).department == DepartmentKind.SERVICE


def test_marked_twice_it_is_one_request(customer, specialist, now):
    assert mark(customer, specialist, now) == mark(customer, specialist, now, NumberStatus.WRONG)
    assert NumberCorrection.objects.count() == 1


def test_with_a_second_good_number_the_customer_stays_reachable(customer, specialist, now):
    actions.add_number(customer, "13800000002", by=specialist)
    actions.mark_number(
        customer.numbers.get(number="13900000001"), NumberStatus.WRONG, by=specialist, now=now
    )
    customer.refresh_from_db()
    assert (customer.reachable, customer.main_phone) == (True, "13800000002")


def test_a_correction_brings_the_new_number_to_the_front(customer, specialist, manager, now):
    correction = mark(customer, specialist, now)
    later = now + timedelta(hours=1)
    number = actions.correct_number(correction, "138 0000 0002", by=manager, now=later)
    correction.refresh_from_db()
    customer.refresh_from_db()
    assert (number.number, number.recorded_by) == ("13800000002", manager)
    assert (correction.status, correction.done_by, correction.done_at) == (
        CorrectionStatus.DONE,
        manager,
        later,
    )
    assert (customer.reachable, customer.main_phone) == (True, "13800000002")


def test_the_same_number_may_be_good_after_all(customer, specialist, manager, now):
    correction = mark(customer, specialist, now)
    actions.correct_number(correction, "13900000001", by=manager, now=now)
    assert customer.numbers.get().status == NumberStatus.GOOD


def test_a_correction_is_made_once(customer, specialist, manager, now):
    correction = mark(customer, specialist, now)
    actions.correct_number(correction, "13800000002", by=manager, now=now)
    with pytest.raises(Refused):
        actions.correct_number(correction, "13800000003", by=manager, now=now)
    assert ContactNumber.objects.filter(customer=customer).count() == 2


def test_a_broken_new_number_corrects_nothing(customer, specialist, manager, now):
    correction = mark(customer, specialist, now)
    with pytest.raises(Refused):
        actions.correct_number(correction, "1380000000", by=manager, now=now)
    correction.refresh_from_db()
    assert correction.status == CorrectionStatus.OPEN
    assert ContactNumber.objects.count() == 1


def test_a_number_is_added_once(customer, specialist):
    with pytest.raises(Refused):
        actions.add_number(customer, "+86 139-0000-0001", by=specialist)
    assert ContactNumber.objects.count() == 1


def test_a_number_proposes_the_locality_until_a_person_chose(store, specialist, now):
    customer = actions.add_customer(
        store, name="李娜", phone="021-55551234", by=specialist, now=now
    )
    assert customer.locality == Locality.LOCAL
    actions.change_customer(customer, by=specialist, locality=Locality.NON_LOCAL)
    actions.add_number(customer, "02155551235", by=specialist)
    customer.refresh_from_db()
    assert customer.locality == Locality.NON_LOCAL


# --- contact ---


def test_a_stop_is_about_one_car_and_kind(customer, specialist, now):
    car = make_vehicle(customer.store, owner=customer)
    stop = actions.stop_contact(customer, car, CareKind.CHURN, " 不再需要 ", by=specialist, now=now)
    again = actions.stop_contact(customer, car, CareKind.CHURN, "x", by=specialist, now=now)
    assert again == stop
    assert (stop.vehicle, stop.kind, stop.reason, stop.by) == (
        car,
        CareKind.CHURN,
        "不再需要",
        specialist,
    )


def test_an_ended_stop_cannot_be_ended_again(customer, specialist, now):
    stop = actions.stop_contact(customer, None, CareKind.BIRTHDAY, "不喜欢", by=specialist, now=now)
    actions.end_stop(stop, by=specialist, now=now)
    with pytest.raises(Refused):
        actions.end_stop(stop, by=specialist, now=now)


@pytest.mark.parametrize(
    ("kind", "with_car", "reason"),
    [
        (CareKind.CHURN, True, " "),
        (CareKind.CHURN, False, "r"),
        (CareKind.BIRTHDAY, True, "r"),
        ("nonsense", True, "r"),
    ],
)
def test_a_stop_without_sense_is_refused(customer, specialist, now, kind, with_car, reason):
    car = make_vehicle(customer.store, owner=customer) if with_car else None
    with pytest.raises(Refused):
        actions.stop_contact(customer, car, kind, reason, by=specialist, now=now)
    assert StopContact.objects.count() == 0


def test_a_stop_for_somebody_elses_car_is_refused(customer, specialist, now):
    car = make_vehicle(customer.store)
    with pytest.raises(Refused):
        actions.stop_contact(customer, car, CareKind.CHURN, "r", by=specialist, now=now)


def test_the_newest_word_on_consent_decides(customer, specialist, now):
    say = {"source": "电话", "by": specialist}
    actions.record_consent(customer, Purpose.SERVICE, ConsentState.WITHDRAWN, now=now, **say)
    actions.record_consent(customer, Purpose.MARKETING, ConsentState.GIVEN, now=now, **say)
    customer.refresh_from_db()
    assert (customer.refuses_service, customer.accepts_marketing) == (True, True)
    later = now + timedelta(days=1)
    actions.record_consent(customer, Purpose.SERVICE, ConsentState.GIVEN, now=later, **say)
    customer.refresh_from_db()
    assert (customer.refuses_service, customer.accepts_marketing) == (False, True)


def test_a_consent_told_late_does_not_undo_a_newer_one(customer, specialist, now):
    say = {"source": "电话", "by": specialist}
    actions.record_consent(customer, Purpose.SERVICE, ConsentState.WITHDRAWN, now=now, **say)
    before = now - timedelta(days=9)
    actions.record_consent(customer, Purpose.SERVICE, ConsentState.GIVEN, now=before, **say)
    customer.refresh_from_db()
    assert customer.refuses_service is True


def test_a_consent_needs_a_source(customer, specialist, now):
    with pytest.raises(Refused):
        actions.record_consent(
            customer, Purpose.SERVICE, ConsentState.GIVEN, " ", by=specialist, now=now
        )
    assert Consent.objects.count() == 0


# --- customers and cars ---


def test_a_new_customer_has_initials_a_number_and_a_sealed_id(store, specialist, now):
    customer = actions.add_customer(
        store,
        name="单志新",
        phone="139 0000 0009",
        id_number="11010519491231002x",
        by=specialist,
        now=now,
    )
    assert (customer.initials, customer.main_phone, customer.reachable) == (
        "szx",
        "13900000009",
        True,
    )
    assert sealing.open(customer.id_number_sealed) == "11010519491231002X"


@pytest.mark.parametrize(
    "fields",
    [{"name": " "}, {"name": "张三", "phone": "123"}, {"name": "张三", "id_number": "1" * 18}],
)
def test_a_customer_that_cannot_be_is_refused(store, specialist, now, fields):
    with pytest.raises(Refused):
        actions.add_customer(store, by=specialist, now=now, **fields)
    assert Customer.objects.count() == 0


def test_a_wrong_check_digit_is_taken_only_when_confirmed(store, customer):
    vin = "1M8GDM9A1KP042788"
    with pytest.raises(Refused):
        actions.add_vehicle(store, vin=vin, owner=customer, on=TODAY)
    car = actions.add_vehicle(store, vin=vin, owner=customer, on=TODAY, confirmed=True)
    assert car.vin == vin
    with pytest.raises(Refused):
        actions.add_vehicle(store, vin=vin, owner=customer, on=TODAY, confirmed=True)


@pytest.mark.parametrize(
    ("raw", "plate"), [("沪a·12345", "沪A12345"), ("沪AD12345", "沪AD12345"), ("", "")]
)
def test_a_plate_is_made_one_way(raw, plate):
    assert actions.plate(raw) == plate


@pytest.mark.parametrize("raw", ["A12345", "沪12345", "沪A1234", "沪AI2345"])
def test_an_impossible_plate_is_refused(raw):
    with pytest.raises(Refused):
        actions.plate(raw)


def test_a_new_owner_is_kept_beside_the_old(store, customer, specialist):
    car = make_vehicle(store, owner=customer, fate=Fate.SOLD_ON)
    buyer = make_customer(store, name="李娜")
    actions.change_owner(car, buyer, by=specialist, on=TODAY)
    actions.change_owner(car, buyer, by=specialist, on=TODAY)
    car.refresh_from_db()
    assert (car.owner, car.fate) == (buyer, Fate.IN_USE)
    assert list(Ownership.objects.values_list("customer__name", "from_on", "until_on")) == [
        ("张伟", None, TODAY),
        ("李娜", TODAY, None),
    ]


def test_an_owner_of_another_store_is_refused(store, other_store, customer, specialist):
    car = make_vehicle(store, owner=customer)
    with pytest.raises(Refused):
        actions.change_owner(car, make_customer(other_store), by=specialist, on=TODAY)
    car.refresh_from_db()
    assert car.owner == customer


# --- readings and service elsewhere ---


def test_a_reading_is_recorded_once_and_can_be_decided(store, specialist):
    car = make_vehicle(store, sold_here=True, delivered_on=date(2026, 10, 1))
    args = {"on": TODAY, "source": ReadingSource.STAFF, "by": specialist}
    reading = actions.record_reading(car, 90_000, **args)
    assert actions.record_reading(car, 90_000, **args) == reading
    assert reading.accepted is False
    reading = actions.decide_reading(reading, True, by=specialist, on=TODAY)
    car.refresh_from_db()
    assert (reading.accepted, reading.decided_by, car.last_km) == (True, specialist, 90_000)


@pytest.mark.parametrize("km", [-1, 2_000_001])
def test_an_impossible_mileage_is_refused(store, specialist, km):
    car = make_vehicle(store)
    with pytest.raises(Refused):
        actions.record_reading(car, km, on=TODAY, source=ReadingSource.STAFF, by=specialist)
    assert car.readings.count() == 0


def elsewhere(car, specialist, now, **fields):
    told = {
        "on": date(2026, 11, 1),
        "km": 6000,
        "shop": "途虎养车",
        "place": "",
        "cost_amount": 380,
    }
    return actions.record_elsewhere(car, **{**told, **fields}, by=specialist, now=now)


def test_service_elsewhere_moves_the_base_and_is_told_once_a_day(store, specialist, now):
    car = make_vehicle(store, sold_here=True, delivered_on=date(2026, 6, 1))
    elsewhere(car, specialist, now)
    elsewhere(car, specialist, now, shop="途虎")
    car.refresh_from_db()
    assert (car.base_on, car.base_km, car.last_visit_on) == (date(2026, 11, 1), 6000, None)
    assert ElsewhereService.objects.get().shop == "途虎"


@pytest.mark.parametrize(
    "told", [{"on": date(2026, 11, 24)}, {"on": date(2026, 5, 31)}, {"shop": " "}]
)
def test_service_elsewhere_that_cannot_be_is_refused(store, specialist, now, told):
    car = make_vehicle(store, sold_here=True, delivered_on=date(2026, 6, 1))
    with pytest.raises(Refused):
        elsewhere(car, specialist, now, **told)
    assert ElsewhereService.objects.count() == 0
