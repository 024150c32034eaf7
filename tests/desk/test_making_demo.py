"""Making a demo store, and an empty one: the same again from the same seed."""

import pytest
from django.core.management import call_command

from apps.accounts.models import Store, User
from apps.care.choices import OPENED_BY_OTHERS, SURVEYS
from apps.care.models import Call
from apps.core.errors import Refused
from apps.customers.models import Customer, Vehicle
from apps.desk.demo import store as demo
from apps.desk.demo.people import PASSWORD
from apps.ssi.models import Response
from tests.factories import TODAY, make_customer, make_store

CARS = 40


def contents(store):
    """What a store holds, without the numbers that the database gave.

    The lot of the insurance calls and the cycles of invitations and surveys are made of such
    numbers.
    """
    cars = Vehicle.objects.filter(store=store).order_by("vin")
    calls = Call.objects.filter(store=store).exclude(kind__in=OPENED_BY_OTHERS)
    return [
        list(cars.values_list("vin", "plate", "owner__name", "delivered_on", "maintenance_due_on")),
        sorted(
            (phone, kind, "" if kind in SURVEYS else cycle, due_on, status)
            for phone, kind, cycle, due_on, status in calls.values_list(
                "customer__main_phone", "kind", "cycle", "due_on", "status"
            )
        ),
        list(
            Response.objects.filter(store=store)
            .order_by("started_at", "customer__main_phone")
            .values_list("customer__main_phone", "round", "score", "consultant_name", "marks")
        ),
    ]


def test_the_same_seed_makes_the_same_store_again_and_another_seed_another(db):
    first, same, other = (
        contents(demo.make(code, vehicles=CARS, seed=seed, on=TODAY, say=lambda _: None)[0].store)
        for code, seed in (("A", 7), ("B", 7), ("C", 8))
    )
    assert first == same
    assert first[0] != other[0]


def test_a_store_with_customers_is_left_alone(db):
    customer = make_customer(make_store("REAL", "真店"))
    with pytest.raises(Refused, match="REAL"):
        demo.make("REAL", vehicles=CARS, seed=1, on=TODAY, say=lambda _: None)
    assert list(Customer.objects.all()) == [customer]
    assert not User.objects.exists()


def test_the_command_says_what_it_made_and_the_password(db, capsys):
    call_command("make_demo", store="D", vehicles=20, seed=1, as_of=TODAY)
    said = capsys.readouterr().out
    assert "demo_care1" in said
    assert PASSWORD in said


def test_add_store_makes_a_store_that_can_work(db, capsys):
    call_command("add_store", "SH9", "上海九店", "--city", "上海", "--local", "沪")
    store = Store.objects.get(code="SH9")
    assert (store.name, store.city, store.local_regions) == ("上海九店", "上海", ["沪"])
    assert store.care_policies.count() == 1


def test_add_store_refuses_a_code_that_exists(store, capsys):
    with pytest.raises(SystemExit) as exit:
        call_command("add_store", store.code, "别的名字")
    assert exit.value.code == 2
    assert store.code in capsys.readouterr().err
    store.refresh_from_db()
    assert store.name == "上海演示店"
