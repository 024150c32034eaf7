"""The buyer's data are completed by the consultant and checked by care (DEL-06)."""

from datetime import date, datetime, timedelta

import pytest

from apps.core.errors import Refused
from apps.customers import sealing
from apps.customers.choices import CustomerKind
from apps.delivery.actions import record_delivery
from apps.delivery.actions.dsm import check_dsm, enter_dsm, send_back_dsm
from apps.delivery.choices.dsm import DsmStatus, Needed
from apps.delivery.models import Delivery, DsmRecord
from apps.delivery.queries.dsm import missing_of, seen_by
from tests.delivery.dsm import ID_NUMBER, WHOLE, make_consultant, make_record
from tests.factories import NOW, SHANGHAI, TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def seller(store):
    return make_consultant(store)


def state(record):
    row = DsmRecord.objects.get(pk=record.pk)
    return row.status, row.entered_at, row.checked_at, row.sent_back_at


def test_a_delivery_told_by_staff_opens_the_record_of_its_consultant(store, seller):
    record = make_record(store, seller)

    assert (record.store, record.consultant, record.status) == (store, seller, DsmStatus.OPEN)
    assert record.due_at == datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
    assert missing_of(record.delivery.customer) == [
        *(Needed.BIRTHDAY, Needed.ID_NUMBER, Needed.ADDRESS)
    ]


def test_an_imported_delivery_and_one_of_long_ago_owe_nothing(store, seller):
    for source, day in (("import", TODAY), ("staff", date(2025, 3, 5))):
        car = make_vehicle(store)
        record_delivery(car, car.owner, delivered_on=day, on=TODAY, source=source, seller=seller)

    assert (Delivery.objects.count(), DsmRecord.objects.count()) == (2, 0)


def test_told_again_with_another_day_the_limit_moves_until_it_is_checked(store, seller):
    record = make_record(store, seller, delivered_on=TODAY)
    car = record.delivery.vehicle
    for day, due in ((22, 23), (21, 22)):
        record_delivery(car, car.owner, delivered_on=date(2026, 11, day), on=TODAY)
        record.refresh_from_db()
        assert record.due_at == datetime(2026, 11, due, 9, 30, tzinfo=SHANGHAI)
    assert (record.consultant, DsmRecord.objects.count()) == (seller, 1)

    DsmRecord.objects.update(status="checked", checked_at=NOW, accepted_why="客户不愿提供")
    record_delivery(car, car.owner, delivered_on=TODAY, on=TODAY)
    assert DsmRecord.objects.get().due_at == record.due_at


def test_what_the_buyer_says_is_in_the_archive_and_the_clock_stops_when_all_is_there(store, seller):
    record = make_record(store, seller)

    enter_dsm(record, {"birthday": WHOLE["birthday"], "phone": ""}, by=seller, now=NOW)
    assert state(record) == (DsmStatus.OPEN, None, None, None)

    enter_dsm(record, WHOLE, by=seller, now=NOW + HOUR)
    assert state(record) == (DsmStatus.ENTERED, NOW + HOUR, None, None)
    buyer = record.delivery.customer
    buyer.refresh_from_db()
    assert (buyer.birthday, buyer.address) == (WHOLE["birthday"], WHOLE["address"])
    assert sealing.open(buyer.id_number_sealed) == ID_NUMBER
    assert ID_NUMBER not in buyer.id_number_sealed
    assert set(buyer.numbers.values_list("number", flat=True)) == {
        *(buyer.main_phone, "13912345678")
    }

    enter_dsm(record, {"address": "上海市静安区1号"}, by=seller, now=NOW + 2 * HOUR)
    assert state(record)[1] == NOW + HOUR  # the first moment counts

    enter_dsm(record, {"address": ""}, by=seller, now=NOW + 3 * HOUR)
    assert state(record) == (DsmStatus.OPEN, None, None, None)


def test_a_number_or_an_id_number_that_cannot_be_changes_nothing(store, seller):
    record = make_record(store, seller)
    for wrong in ({"phone": "1391234"}, {"id_number": "310101199003070021"}):
        with pytest.raises(Refused):
            enter_dsm(record, WHOLE | wrong, by=seller, now=NOW)

    buyer = record.delivery.customer
    buyer.refresh_from_db()
    assert (buyer.address, buyer.birthday, buyer.numbers.count()) == ("", None, 1)
    assert state(record) == (DsmStatus.OPEN, None, None, None)


def test_a_company_is_complete_without_birthday_and_id_number(store, seller):
    firm = make_customer(store, "上海某某贸易有限公司", kind=CustomerKind.COMPANY)
    record = make_record(store, seller, buyer=firm)

    enter_dsm(record, {"contact_name": "周女士", "address": "上海市1号"}, by=seller, now=NOW)

    assert state(record)[0] == DsmStatus.ENTERED


def test_whose_car_it_is_stands_in_for_a_buyer_who_was_not_told(store, seller):
    car = make_vehicle(store, owner=False)
    record_delivery(car, None, delivered_on=TODAY, on=TODAY)
    record = DsmRecord.objects.get()
    with pytest.raises(Refused):
        enter_dsm(record, WHOLE, by=seller, now=NOW)

    car.owner = make_customer(store)
    car.save()
    record = DsmRecord.objects.get()
    enter_dsm(record, WHOLE, by=seller, now=NOW)

    record.refresh_from_db()
    assert (record.status, record.consultant) == (DsmStatus.ENTERED, seller)
    assert Delivery.objects.get().customer == car.owner


def test_the_specialist_checks_or_sends_back_and_the_clock_runs_on(store, seller, specialist):
    record = make_record(store, seller)
    enter_dsm(record, WHOLE, by=seller, now=NOW)

    send_back_dsm(record, "地址缺门牌号", by=specialist, now=NOW + HOUR)
    assert state(record) == (DsmStatus.SENT_BACK, None, None, NOW + HOUR)
    with pytest.raises(Refused):
        send_back_dsm(record, "再次", by=specialist, now=NOW + HOUR)

    enter_dsm(record, {"address": "上海市2号"}, by=seller, now=NOW + 2 * HOUR)
    check_dsm(record, by=specialist, now=NOW + 3 * HOUR)
    assert state(record) == (DsmStatus.CHECKED, NOW + 2 * HOUR, NOW + 3 * HOUR, NOW + HOUR)
    for again in (
        lambda: check_dsm(record, by=specialist, now=NOW),
        lambda: send_back_dsm(record, "晚了", by=specialist, now=NOW),
        lambda: enter_dsm(record, WHOLE, by=seller, now=NOW),
    ):
        with pytest.raises(Refused):
            again()
    assert state(record)[2] == NOW + 3 * HOUR


def test_something_missing_is_accepted_only_with_a_reason(store, seller, specialist):
    record = make_record(store, seller)
    with pytest.raises(Refused, match="生日、身份证号、地址"):
        check_dsm(record, by=specialist, now=NOW)
    assert state(record) == (DsmStatus.OPEN, None, None, None)

    check_dsm(record, by=specialist, now=NOW, why="客户不愿提供")

    record.refresh_from_db()
    assert (record.status, record.accepted_why) == (DsmStatus.CHECKED, "客户不愿提供")
    assert record.entered_at is None


def test_nobody_checks_his_own_entry_and_nothing_goes_back_without_a_reason(
    store, seller, specialist
):
    record = make_record(store, seller)
    enter_dsm(record, WHOLE, by=seller, now=NOW)
    for wrong in (
        lambda: check_dsm(record, by=seller, now=NOW),
        lambda: send_back_dsm(record, "不对", by=seller, now=NOW),
        lambda: send_back_dsm(record, " ", by=specialist, now=NOW),
    ):
        with pytest.raises(Refused):
            wrong()
    assert state(record) == (DsmStatus.ENTERED, NOW, None, None)


def test_a_consultant_sees_his_own_and_nobodys_and_who_checks_them_sees_all(
    store, other_store, seller, specialist
):
    own, nobodys = make_record(store, seller), make_record(store)
    others = make_record(store, make_consultant(store, "bie_ren"))
    make_record(other_store)

    assert set(seen_by(seller)) == {own, nobodys}
    assert set(seen_by(specialist)) == {own, nobodys, others}
