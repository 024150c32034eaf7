"""What files do to the archive: new, changed, unchanged, refused; twice changes nothing."""

from datetime import date

import pytest
from django.db import connection

from apps.customers.choices import Fate
from apps.customers.models import (
    ContactNumber,
    Customer,
    MileageReading,
    Ownership,
    Vehicle,
)
from apps.delivery.models import Delivery
from apps.service.models import RepairOrder
from tests.exchange.files import (
    CARS,
    DELIVERIES,
    OTHER_VIN,
    PEOPLE,
    SAMPLE,
    SERVICES,
    VIN,
    bring,
    car,
    counts,
    csv_file,
    delivery,
    refusals,
    service,
    xlsx_file,
)
from tests.factories import make_customer, make_vehicle

TABLES = [
    *("customers_customer", "customers_contactnumber", "customers_vehicle"),
    *("customers_ownership", "customers_mileagereading", "delivery_delivery"),
    *("service_repairorder", "exchange_takenrow", "customers_consent"),
]


def versions():
    """Every row version of everything that an import may touch: any UPDATE changes one."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT id, ctid::text FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


def test_a_delivery_makes_customer_number_car_owner_and_fact(store, tmp_path):
    outcome = bring(store, csv_file(tmp_path, DELIVERIES, delivery(born="1980-11-23")))

    assert counts(outcome) == (1, 0, 0, 0)
    customer = Customer.objects.get()
    assert (customer.name, customer.main_phone, customer.birthday, customer.initials) == (
        *("张伟", "13912345678", date(1980, 11, 23), "zw"),
    )
    assert (customer.store, customer.reachable) == (store, True)
    assert ContactNumber.objects.get().number == "13912345678"
    vehicle = Vehicle.objects.get()
    assert (vehicle.vin, vehicle.plate, vehicle.owner, vehicle.sold_here) == (
        *(VIN, "沪A12345", customer, True),
    )
    assert vehicle.delivered_on == Delivery.objects.get().delivered_on == date(2026, 3, 5)
    assert Ownership.objects.get().customer == customer
    assert vehicle.maintenance_due_on == date(2026, 9, 5)  # the derived columns follow


def test_locality_is_proposed_from_plate(store, tmp_path):
    rows = [delivery(), delivery(vin=OTHER_VIN, name="李娜", phone="13800000001", plate="苏E12345")]
    bring(store, csv_file(tmp_path, DELIVERIES, *rows))
    assert dict(Customer.objects.values_list("name", "locality")) == {
        "张伟": "local",
        "李娜": "non_local",
    }


def test_the_same_files_twice_change_nothing_at_all(store):
    assert counts(bring(store, *SAMPLE)) == (1091, 0, 0, 0)
    before = versions()
    assert counts(bring(store, *SAMPLE)) == (0, 0, 1091, 0)
    assert versions() == before


def test_the_order_of_the_files_does_not_matter(store, other_store):
    together = bring(store, *SAMPLE)
    reverse = bring(other_store, *reversed(SAMPLE))
    assert [part.kind for part in together.parts] == [part.kind for part in reverse.parts]
    facts = Vehicle.objects.order_by("vin").values_list(
        "vin", "owner__name", "sold_here", "delivered_on", "last_visit_on", "maintenance_due_on"
    )
    assert list(facts.filter(store=store)) == list(facts.filter(store=other_store))


def test_files_one_by_one_and_again_one_by_one_change_nothing(store, tmp_path):
    sold = csv_file(tmp_path, DELIVERIES, delivery(plate=""), name="a.csv")
    cars = csv_file(
        tmp_path,
        [*CARS, "车牌号"],
        [*car(phone="13912345679", km="100", km_on="2026-04-01"), "沪B1"],
        name="b.csv",
    )
    bring(store, sold)
    bring(store, cars)
    before = versions()
    assert counts(bring(store, sold)) == (0, 0, 1, 0)
    assert counts(bring(store, cars)) == (0, 0, 1, 0)
    assert versions() == before
    assert Vehicle.objects.get().plate == "沪B1"


def test_check_counts_the_same_and_writes_nothing(store):
    before = versions()
    assert counts(bring(store, *SAMPLE, check=True)) == (1091, 0, 0, 0)
    assert versions() == before


def test_the_same_row_twice_is_one(store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(), delivery())
    assert counts(bring(store, path)) == (1, 0, 1, 0)
    orders = csv_file(tmp_path, SERVICES, service(), service(), name="b.csv")
    assert counts(bring(store, orders)) == (1, 0, 1, 0)


def test_two_cars_with_one_vin_are_refused_each_with_the_others_row(store, tmp_path):
    rows = [delivery(), delivery(vin=OTHER_VIN), delivery(plate="沪B99999")]
    outcome = bring(store, csv_file(tmp_path, DELIVERIES, *rows))
    first, second = refusals(outcome)
    assert (first[0], first[1], second[0]) == (2, "车架号", 4)
    assert VIN in first[2] and "第 4 行" in first[2] and "第 2 行" in second[2]
    assert not Vehicle.objects.exists()


def test_an_order_number_of_two_cars_is_refused(store, tmp_path):
    rows = [service(), service(vin=OTHER_VIN)]
    outcome = bring(store, csv_file(tmp_path, SERVICES, *rows))
    assert [(row, column) for row, column, _reason in refusals(outcome)] == [
        (2, "工单号"),
        (3, "工单号"),
    ]


def test_all_or_nothing_unless_the_good_rows_are_asked_for(store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(), delivery(vin="LSG", name="李娜"))
    outcome = bring(store, path)
    assert (counts(outcome), outcome.written) == ((1, 0, 0, 1), False)
    assert not Customer.objects.exists()
    assert bring(store, path, skip_refused=True).written
    assert Vehicle.objects.get().vin == VIN


@pytest.mark.parametrize(
    ("headings", "row", "column", "says"),
    [
        (DELIVERIES, delivery(vin=VIN[:16]), "车架号", "16"),
        (DELIVERIES, delivery(phone="1391234567"), "联系电话", "10"),
        (DELIVERIES, delivery(on="2026-11-24"), "交车日期", "未来"),
        (DELIVERIES, delivery(on=""), "交车日期", "不能为空"),
        (DELIVERIES, delivery(on="1904-01-01"), "交车日期", "太早"),
        (DELIVERIES, delivery(born="1980-13-01"), "出生日期", "1980-13-01"),
        (SERVICES, service(km="约五万"), "行驶里程", "不是里程"),
        (SERVICES, service(km="-20"), "行驶里程", "不是里程"),
        (SERVICES, service(on="2027-01-01"), "结算日期", "未来"),
        (SERVICES, service(in_on="2026-05-06"), "结算日期", "早于"),
        (SERVICES, service(vin=""), "车架号", "不能为空"),
        (CARS, car(here="也许"), "是否本店销售", "也许"),
        (PEOPLE, ["", "13912345678", "", ""], "姓名", "不能为空"),
        ([*DELIVERIES, "经销商代码"], [*delivery(), "S2"], "经销商代码", "其他门店"),
    ],
)
def test_a_bad_row_says_row_column_and_reason(store, tmp_path, headings, row, column, says):
    outcome = bring(store, xlsx_file(tmp_path, ["标题"], headings, row))
    ((number, heading, reason),) = refusals(outcome)
    assert (number, heading) == (3, column)
    assert says in reason
    assert not Customer.objects.exists() and not Vehicle.objects.exists()


def test_every_fault_of_a_row_is_told(store, tmp_path):
    outcome = bring(store, csv_file(tmp_path, DELIVERIES, delivery(vin="X", phone="1")))
    ((_row, column, reason),) = refusals(outcome)
    assert column == "车架号" and "联系电话：" in reason


def test_totals_blanks_and_foot_lines_are_passed_over(store, tmp_path):
    rows = [
        *(service(), ["", "", "", "", "", ""], ["合计", "", "", "", "", "5000"]),
        *(["", "小计", "", "", "", "9"], ["制表日期：2026-11-23", "", "", "", "", ""]),
    ]
    outcome = bring(store, csv_file(tmp_path, SERVICES, *rows))
    assert counts(outcome) == (1, 0, 0, 0)
    assert outcome.total("passed_over") == 4


def test_a_service_of_an_unknown_car_makes_a_car_without_owner(store, tmp_path):
    bring(store, csv_file(tmp_path, SERVICES, service()))
    vehicle = Vehicle.objects.get()
    assert (vehicle.owner, vehicle.last_visit_on) == (None, date(2026, 5, 5))
    assert (vehicle.last_maintenance_on, vehicle.last_km) == (date(2026, 5, 5), 5000)


def test_same_phone_and_name_is_one_customer_other_name_two(store, tmp_path):
    rows = [
        delivery(),
        delivery(vin=OTHER_VIN),
        delivery(vin="LSGUV84Z6SJ404515", name="李娜"),
    ]
    bring(store, csv_file(tmp_path, DELIVERIES, *rows))
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["张伟", "李娜"]
    assert Customer.objects.get(name="张伟").vehicles.count() == 2


def test_an_existing_customer_is_found_by_any_of_the_numbers(store, tmp_path):
    customer = make_customer(store, name="张伟", phone="13912345678")
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    assert Vehicle.objects.get().owner == customer
    assert Customer.objects.count() == 1


def test_without_phone_is_taken_and_found_again(store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(phone=""))
    bring(store, path)
    customer = Customer.objects.get()
    assert (customer.main_phone, customer.reachable) == ("", False)
    assert counts(bring(store, path)) == (0, 0, 1, 0)
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    customer.refresh_from_db()
    assert (customer.main_phone, customer.reachable) == ("13912345678", True)


def test_a_landline_is_kept_beside_the_mobile(store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(phone="021-55551234/13912345678"))
    bring(store, path)
    assert Customer.objects.get().main_phone == "13912345678"
    assert dict(ContactNumber.objects.values_list("number", "kind")) == {
        "13912345678": "mobile",
        "02155551234": "landline",
    }


def test_a_customer_file_alone(store, tmp_path):
    rows = [
        ["张伟", "13912345678", "1980-1-2", "上海"],
        ["李娜", "", "", ""],
        ["合计", "2", "", ""],
    ]
    path = csv_file(tmp_path, PEOPLE, *rows)
    assert counts(bring(store, path)) == (2, 0, 0, 0)
    assert counts(bring(store, path)) == (0, 0, 2, 0)
    assert Customer.objects.get(name="张伟").address == "上海"


def test_a_company_is_known_by_its_name_when_no_column_says_so(store, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery(name="演示物流有限公司")))
    assert Customer.objects.get().kind == "company"


def test_a_moved_date_moves_the_fact(store, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    bring(store, csv_file(tmp_path, SERVICES, service(), name="b.csv"))
    fact, order = Delivery.objects.get(), RepairOrder.objects.get()

    moved = csv_file(tmp_path, DELIVERIES, delivery(on="2026-03-08"))
    assert counts(bring(store, moved)) == (0, 1, 0, 0)
    later = csv_file(tmp_path, SERVICES, service(on="2026-05-09", km="5100"), name="b.csv")
    assert counts(bring(store, later)) == (0, 1, 0, 0)

    fact.refresh_from_db()
    order.refresh_from_db()
    vehicle = Vehicle.objects.get()
    assert fact.delivered_on == vehicle.delivered_on == date(2026, 3, 8)
    assert (order.out_on, vehicle.last_visit_on) == (date(2026, 5, 9), date(2026, 5, 9))
    assert list(MileageReading.objects.values_list("on", "km")) == [(date(2026, 5, 9), 5100)]


def test_what_was_typed_here_is_kept_and_told(store, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    Vehicle.objects.update(plate="沪C77777", colour="红")
    Customer.objects.update(birthday=date(1990, 1, 1))

    path = csv_file(
        tmp_path,
        [*DELIVERIES, "颜色"],
        [*delivery(plate="沪B22222", born="1980-01-01"), "蓝"],
    )
    outcome = bring(store, path)

    assert (counts(outcome), outcome.kept) == ((0, 0, 1, 0), 3)
    vehicle = Vehicle.objects.get()
    assert (vehicle.plate, vehicle.colour) == ("沪C77777", "红")
    assert Customer.objects.get().birthday == date(1990, 1, 1)


def test_a_field_from_the_dms_follows_the_dms(store, tmp_path):
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    path = csv_file(tmp_path, DELIVERIES, delivery(plate="沪B22222", born="1980-01-01"))
    outcome = bring(store, path)
    assert counts(outcome) == (0, 1, 0, 0)
    assert {(change["field"], change["new"]) for change in outcome.sample} == {
        ("plate", "沪B22222"),
        ("birthday", "1980-01-01"),
    }
    assert Vehicle.objects.get().plate == "沪B22222"


def test_a_new_owner_ends_the_old_ones_time(store, tmp_path):
    bring(store, csv_file(tmp_path, CARS, car()))
    bring(store, csv_file(tmp_path, CARS, car(name="李娜", phone="13800000001")))
    vehicle = Vehicle.objects.get()
    assert vehicle.owner.name == "李娜"
    owners = Ownership.objects.order_by("pk").values_list("customer__name", "until_on")
    assert list(owners) == [("张伟", date(2026, 11, 23)), ("李娜", None)]


def test_an_owner_given_here_is_kept(store, tmp_path):
    ours = make_customer(store, name="王敏")
    vehicle = make_vehicle(store, owner=ours, vin=VIN, fate=Fate.IN_USE)
    outcome = bring(store, csv_file(tmp_path, CARS, car()))
    vehicle.refresh_from_db()
    assert (vehicle.owner, outcome.kept) == (ours, 1)


def test_a_car_of_another_store_is_another_car(store, other_store, tmp_path):
    theirs = make_vehicle(other_store, vin=VIN, plate="苏E1")
    bring(store, csv_file(tmp_path, DELIVERIES, delivery()))
    theirs.refresh_from_db()
    assert theirs.plate == "苏E1"
    assert Vehicle.objects.filter(vin=VIN).count() == 2


def test_sold_here_comes_from_the_car_file_too(store, tmp_path):
    path = csv_file(tmp_path, [*CARS, "销售日期"], [*car(here="是"), "2026-03-05"])
    bring(store, path)
    assert Vehicle.objects.get().sold_here
    assert Delivery.objects.get().delivered_on == date(2026, 3, 5)


def test_a_reading_of_the_car_file_that_the_dms_corrects_goes(store, tmp_path):
    bring(store, csv_file(tmp_path, CARS, car(km="9000", km_on="2026-05-01")))
    bring(store, csv_file(tmp_path, CARS, car(km="900", km_on="2026-05-01")))
    assert list(MileageReading.objects.values_list("km", flat=True)) == [900]


def test_orders_without_number_are_known_by_car_day_and_kind(store, tmp_path):
    path = csv_file(tmp_path, SERVICES[1:], service()[1:])
    assert counts(bring(store, path)) == (1, 0, 0, 0)
    assert counts(bring(store, path)) == (0, 0, 1, 0)


def test_a_car_that_is_not_settled_is_in_the_workshop(store, tmp_path):
    bring(store, csv_file(tmp_path, SERVICES, service(on="", in_on="2026-11-22")))
    assert Vehicle.objects.get().in_workshop
    assert not MileageReading.objects.exists()


def test_consent_for_all_has_a_basis_and_respects_who_withdrew(store, manager, tmp_path):
    rows = [delivery(), delivery(vin=OTHER_VIN, name="李娜", phone="13800000001")]
    path = csv_file(tmp_path, DELIVERIES, *rows)
    bring(store, path)
    refuses = Customer.objects.get(name="李娜")
    refuses.consents.create(
        store=store, purpose="marketing", state="withdrawn", at="2026-01-01T00:00Z", source="电话"
    )
    bring(store, path, consent_basis="合同第8条", by=manager)
    bring(store, path, consent_basis="合同第8条", by=manager)
    agreed = Customer.objects.get(accepts_marketing=True)
    assert agreed.name == "张伟"
    assert [(c.source, c.by) for c in agreed.consents.all()] == [("合同第8条", manager)]


def test_an_id_number_is_sealed_and_found_by_its_hash(store, tmp_path):
    rows = [
        [*delivery(phone=""), "11010519491231002X"],
        [*delivery(vin=OTHER_VIN, phone=""), "11010519491231002x"],
    ]
    bring(store, csv_file(tmp_path, [*DELIVERIES, "身份证号"], *rows))
    customer = Customer.objects.get()
    assert "11010519491231002X" not in customer.id_number_sealed
    assert len(customer.id_number_hash) == 64 and customer.vehicles.count() == 2
