"""A demo store keeps every rule, and has somebody for every role."""

from datetime import timedelta

import phonenumbers
import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from vininfo import Vin

from apps.accounts.choices import Role
from apps.accounts.models import Department, User
from apps.care.choices import CallKind, CallStatus
from apps.care.models import Attempt, Call
from apps.customers.choices import NumberStatus
from apps.customers.models import ContactNumber, Customer, MileageReading, Ownership, Vehicle
from apps.delivery.models import HandOver
from apps.desk import invariants
from apps.desk.demo import store as demo
from apps.desk.demo.handing import DONE
from apps.desk.demo.people import PASSWORD
from apps.reception.figures.traffic import traffic
from apps.reception.models import ShowroomVisit
from apps.service.models import RepairOrder
from tests.factories import TODAY

CARS = 120


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker, files):
    """One for all of these tests, gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=files):
            made = demo.make("DEMO", vehicles=CARS, seed=1, on=TODAY, say=lambda _: None)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def made(whole, files, settings, db):
    settings.MEDIA_ROOT = files
    return whole


def test_it_has_as_many_cars_as_asked_for_and_a_small_second_store(made):
    handed_over = HandOver.objects.filter(store=made[0].store, status="finished").count()
    assert handed_over == len(DONE)
    assert Vehicle.objects.filter(store=made[0].store).count() == CARS + handed_over
    assert Vehicle.objects.filter(store=made[1].store).count() == 20


def test_every_vin_has_a_right_check_digit_and_no_two_are_the_same(made):
    vins = list(Vehicle.objects.values_list("vin", flat=True))
    assert all(Vin(vin).verify_checksum() for vin in vins)
    assert len(set(vins[:CARS])) == CARS


def test_every_number_could_be_dialled(made):
    for number in ContactNumber.objects.values_list("number", flat=True):
        assert phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")), number


def test_every_role_can_sign_in(made):
    held = {role for name in made[0].people for role in signed_in(name).roles}
    assert held == set(Role.values)


def signed_in(name):
    client = Client()
    page = client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert page.status_code == 302, name
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_every_department_has_a_manager_and_the_group_manager_reads_both_stores(made):
    assert not Department.objects.filter(store=made[0].store, manager=None).exists()
    group = User.objects.get(username="demo_group")
    assert set(group.all_store_ids) == {made[0].store.pk, made[1].store.pk}


def test_every_rule_of_the_house_holds(made):
    assert invariants.broken() == {}


def test_each_car_has_one_present_owner_and_a_reading_for_each_visit(made):
    assert Ownership.objects.filter(until_on=None).count() == Vehicle.objects.count()
    for visit in RepairOrder.objects.all():
        on = visit.out_on or visit.in_on
        assert MileageReading.objects.filter(vehicle=visit.vehicle, on=on, km=visit.km).exists()


def test_who_has_no_good_number_is_not_reachable(made):
    good = ContactNumber.objects.filter(status=NumberStatus.GOOD).values("customer")
    assert not Customer.objects.filter(reachable=True).exclude(pk__in=good).exists()


def test_the_store_is_in_the_middle_of_its_work(made):
    states = set(Call.objects.filter(store=made[0].store).values_list("status", flat=True))
    assert states >= {CallStatus.WAITING, CallStatus.REACHED, CallStatus.FAILED}
    assert Call.objects.open().filter(kind=CallKind.BIRTHDAY, due_on=TODAY).exists()
    assert Call.objects.open().filter(callback_at__date=TODAY).exists()


def test_two_versions_of_a_script_were_at_work(made):
    used = Attempt.objects.filter(store=made[0].store, script__kind=CallKind.MAINTENANCE)
    assert set(used.values_list("script__version", flat=True)) == {1, 2}


def test_a_year_of_parties_came_through_its_door_and_every_buyer_first(made):
    store = made[0].store
    found = traffic([store.pk], {}).whole
    bought = Vehicle.objects.filter(
        store=store, sold_here=True, delivered_on__gt=TODAY - timedelta(days=365)
    ).exclude(delivered_on=TODAY)
    bought = bought.exclude(
        pk__in=HandOver.objects.filter(store=store, status="finished").values("vehicle")
    )

    assert found.stages["delivery"] == bought.count() > 5
    assert found.stages["card"] > 2 * found.stages["order"]
    assert found.stages["card"] > found.stages["quotation"] > found.stages["order"]
    assert found.parties > 8 * found.stages["order"]
    assert 0.8 < found.in_time / found.parties < 0.95
    assert not ShowroomVisit.objects.filter(store=made[1].store).exists()
