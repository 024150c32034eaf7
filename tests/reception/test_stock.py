"""New cars: entered, corrected, given to one contract each (REC-08)."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from apps.core.errors import Refused
from apps.reception.actions.stock import change_car, enter_car, give_car, take_car_back
from apps.reception.models import SalesOrder, StockCar
from apps.reception.queries.stock import cars_for
from tests.factories import TODAY
from tests.reception.sold import boss, make_car, make_order, make_trim, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


GOOD_VIN, ODD_VIN = "LSGTESTW7XX000001", "LSGTEST0000000001"


def facts(store, **more):
    said = {"trim": make_trim(store), "colour": "珍珠白", "engine_number": "E1"}
    return said | {"arrived_on": TODAY, "status": "here"} | more


def test_a_car_comes_into_the_stock(store):
    car = enter_car(store, vin=" lsgtest0000000001 ", confirmed=True, facts=facts(store))

    car.refresh_from_db()
    assert (car.vin, car.colour, car.status, car.arrived_on) == (ODD_VIN, "珍珠白", "here", TODAY)


@pytest.mark.parametrize("vin", [ODD_VIN, "LSGTEST", "LSGTEST00000000O1", ""])
def test_a_vin_that_is_wrong_is_told_and_nothing_is_written(store, vin):
    with pytest.raises(Refused):
        enter_car(store, vin=vin, facts=facts(store))
    assert not StockCar.objects.exists()


def test_a_vin_is_in_the_stock_once_and_another_store_has_its_own(store, other_store):
    make_car(other_store, vin=ODD_VIN)
    enter_car(store, vin=ODD_VIN, confirmed=True, facts=facts(store))

    with pytest.raises(Refused, match="already"):
        enter_car(store, vin=ODD_VIN, confirmed=True, facts=facts(store))
    assert StockCar.objects.filter(store=store).count() == 1


def test_a_configuration_of_another_store_is_refused(store, other_store):
    said = facts(store, trim=make_trim(other_store))
    with pytest.raises(Refused, match="another store"):
        enter_car(store, vin=ODD_VIN, confirmed=True, facts=said)


def test_what_a_contract_has_keeps_vin_configuration_and_colour(store):
    car = make_car(store, colour="珍珠白")
    order = make_order(store, stock_car=car)
    other = make_trim(store, "舒适型")
    same = facts(store, engine_number="E9")

    change_car(car, vin=car.vin, facts=same)
    for vin, said in [
        (ODD_VIN, same),
        (car.vin, same | {"trim": other}),
        (car.vin, same | {"colour": "黑"}),
        (car.vin, same | {"status": "gone"}),
    ]:
        with pytest.raises(Refused, match=str(order)):
            change_car(car, vin=vin, confirmed=True, facts=said)

    before = car.vin
    car.refresh_from_db()
    assert (car.vin, car.trim.name, car.colour) == (before, "豪华型", "珍珠白")
    assert (car.status, car.engine_number) == ("here", "E9")


def test_a_delivered_car_is_not_changed(store):
    car = make_car(store, status="sold")
    with pytest.raises(Refused, match="delivered"):
        change_car(car, vin=car.vin, facts=facts(store))


def test_a_contract_gets_a_car_and_gives_it_back(store):
    order, car, by = make_order(store), make_car(store), person(store)

    given = give_car(order, car, by=by, version=1)
    again = give_car(order, car, by=by, version=None)
    assert (given.stock_car, given.version, again.version) == (car, 2, 2)

    back = take_car_back(order, by=by, version=2)
    assert (back.stock_car, back.version) == (None, 3)


def test_a_given_car_is_refused_to_the_next_and_free_again_after_a_cancellation(store):
    car, by = make_car(store), person(store)
    first = make_order(store, stock_car=car)
    second = make_order(store)

    with pytest.raises(Refused, match=str(first)):
        give_car(second, car, by=by, version=1)
    second.refresh_from_db()
    assert (second.stock_car, second.version) == (None, 1)

    SalesOrder.objects.filter(pk=first.pk).update(
        status="cancelled", cancelled_at=first.made_at, cancel_reason="customer"
    )
    assert give_car(second, car, by=by, version=1).stock_car == car


def test_a_car_that_does_not_fit_is_refused(store, other_store):
    order, by = make_order(store, colour="黑"), person(store)
    wrong = [
        make_car(other_store),
        make_car(store, status="gone"),
        make_car(store, make_trim(store, "舒适型")),
        make_car(store, colour="珍珠白"),
    ]
    for car in wrong:
        with pytest.raises(Refused):
            give_car(order, car, by=by, version=1)
    fits = make_car(store, colour="黑", status="coming")
    here = make_car(store)

    assert cars_for(order) == [here, fits]
    assert give_car(order, fits, by=by, version=1).stock_car == fits


@pytest.mark.parametrize("status", ["delivered", "cancelled"])
def test_a_contract_that_is_over_takes_no_other_car(store, status):
    order = make_order(store, status=status)
    with pytest.raises(Refused):
        give_car(order, make_car(store), by=boss(store), version=1)


def test_after_the_deposit_only_the_manager_gives_another_car(store):
    order, car = make_order(store, status="deposited"), make_car(store)
    other = make_car(store)

    give_car(order, car, by=person(store), version=1)
    for change in (
        lambda: give_car(order, other, by=person(store), version=2),
        lambda: take_car_back(order, by=person(store), version=2),
    ):
        with pytest.raises(Refused, match="sales manager"):
            change()
    assert give_car(order, other, by=boss(store), version=2).stock_car == other


def rows_of(client, **asked):
    page = client.get(reverse("reception:stock-list"), asked)
    assert page.status_code == 200
    return page.context["rows"]


def test_the_list_shows_what_is_there_and_who_has_it(client, store, other_store):
    make_car(other_store)
    free, given = make_car(store), make_car(store)
    order = make_order(store, stock_car=given)
    sold = make_car(store, status="sold")
    client.force_login(person(store))

    assert rows_of(client) == [free, given]
    assert [row.given for row in rows_of(client)] == [[], [order]]
    assert rows_of(client, status="free") == [free]
    assert rows_of(client, status="sold") == [sold]
    assert rows_of(client, q=free.vin[-4:].lower()) == [free]
    assert rows_of(client, car_model=free.trim.car_model_id) == [free, given]


def test_the_list_asks_as_often_for_three_as_for_one(
    client, store, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(person(store))
    make_order(store, stock_car=make_car(store))
    rows_of(client)
    with django_assert_max_num_queries(20) as one:
        rows_of(client)
    for _n in range(2):
        make_order(store, stock_car=make_car(store))
    with django_assert_num_queries(len(one)):
        rows_of(client)


def test_a_car_is_entered_and_corrected_on_its_page(client, store):
    client.force_login(boss(store))
    said = {"trim": make_trim(store).pk, "colour": "黑", "arrived_on": "2026-11-20"}
    said |= {"status": "coming", "engine_number": ""}
    new = reverse("reception:stock-new")

    assert client.post(new, said | {"vin": ODD_VIN}).status_code == 409
    assert client.post(new, said).status_code == 422
    assert not StockCar.objects.exists()
    answer = client.post(new, said | {"vin": ODD_VIN, "confirmed": "on"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("reception:stock-list"))

    car = StockCar.objects.get()
    edit = reverse("reception:stock-edit", args=[car.pk])
    assert client.post(edit, said | {"vin": ODD_VIN, "status": "here"}).status_code == 302
    car.refresh_from_db()
    assert (car.colour, car.status) == ("黑", "here")
