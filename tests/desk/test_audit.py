"""Who looked at whom, whose data a colleague opened, who changed what, who signed in."""

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.queries import changed, tracked_models
from apps.customers.models import ContactNumber, Customer
from apps.desk import audit
from apps.desk.views import audit as views
from tests.factories import make_call, make_customer, make_user, make_vehicle


@pytest.fixture
def chief(store):
    return make_user("chief", store, Role.GENERAL_MANAGER)


@pytest.fixture
def watch(client, chief):
    client.force_login(chief)
    return client


def look(*things, by, ago=0, kind=AccessKind.VIEW, reason=""):
    at = timezone.now() - timedelta(days=ago)
    note_access(things, by=by, kind=kind, now=at, reason=reason)


def page(client, name, **query):
    return client.get(reverse(f"desk:audit-{name}"), query)


def told(answer):
    return [(line.access.kind, line.customer and line.customer.name) for line in answer]


def test_each_look_is_shown_with_whom_it_was_at_and_why(watch, store, specialist, stranger):
    customer = make_customer(store, "张三", "13912345678")
    car = make_vehicle(store, make_customer(store, "李四"))
    call = make_call(store, customer=make_customer(store, "王五"))
    look(customer, by=specialist)
    look(customer.numbers.get(), by=specialist, kind=AccessKind.UNMASK, reason="客户来电")
    look(car, by=specialist)
    look(call, by=specialist, kind=AccessKind.CLAIM)
    look(make_customer(stranger.store, "别店"), by=stranger)

    answer = page(watch, "looks")

    assert told(answer.context["looks"]) == [
        ("claim", "王五"),
        ("view", "李四"),
        ("unmask", "张三"),
        ("view", "张三"),
    ]
    assertContains(answer, "客户来电")
    assertContains(answer, "139****5678")
    assertNotContains(answer, "13912345678")
    assertNotContains(answer, "别店")


def test_looks_are_narrowed_by_person_kind_period_and_customer(watch, store, specialist, chief):
    one, two = make_customer(store, "张三"), make_customer(store, "李四")
    car = make_vehicle(store, one)
    look(one, by=specialist)
    look(two, by=chief)
    look(car, by=chief, ago=30)
    look(one.numbers.get(), by=specialist, kind=AccessKind.UNMASK)

    def found(**query):
        return told(page(watch, "looks", **query).context["looks"])

    assert found() == [("unmask", "张三"), ("view", "李四"), ("view", "张三")]
    assert found(person=chief.pk) == [("view", "李四")]
    assert found(kind="unmask") == [("unmask", "张三")]
    assert found(since="2000-01-01")[-1] == ("view", "张三")
    everything = found(since="2000-01-01", customer=one.pk)
    assert everything == [("unmask", "张三"), ("view", "张三"), ("view", "张三")]


def test_the_looks_at_a_customer_of_another_store_do_not_exist(watch, stranger):
    theirs = make_customer(stranger.store)

    assert page(watch, "looks", customer=theirs.pk).status_code == 404
    assert page(watch, "changes", customer=theirs.pk).status_code == 404


def test_no_look_is_lost_or_doubled_between_pages(watch, store, specialist, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    look(*(make_customer(store, f"客户{n}") for n in range(5)), by=specialist)  # at one moment

    names, after = [], ""
    for _n in range(3):
        answer = page(watch, "looks", after=after)
        names += [line.customer.name for line in answer.context["looks"]]
        after = answer.context["next"]

    assert names == ["客户4", "客户3", "客户2", "客户1", "客户0"]
    assert after == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_looks_cost_the_same_however_many(
    watch, store, specialist, rows, django_assert_num_queries
):
    for _n in range(rows):
        customer = make_customer(store)
        look(customer, customer.numbers.get(), make_vehicle(store, customer), by=specialist)
    page(watch, "looks")
    with django_assert_num_queries(9):
        page(watch, "looks")


def test_every_person_whose_data_a_colleague_opened_is_there_once(
    watch, store, specialist, chief, other_store
):
    one, two, three = (make_customer(store, name) for name in ("张三", "李四", "王五"))
    look(one, by=specialist, ago=2)
    look(make_vehicle(store, one), by=specialist, ago=1)
    look(one.numbers.get(), by=specialist)
    look(make_call(store, customer=two), by=specialist, ago=3)
    look(three, by=chief)
    look(two, by=specialist, ago=40)

    answer = page(watch, "opened", person=specialist.pk)

    assert [(line.customer.name, line.times) for line in answer.context["lines"]] == [
        ("张三", 3),
        ("李四", 1),
    ]
    first = answer.context["lines"][0]
    assert (first.last - first.first).days == 2
    assert page(watch, "opened").context["lines"] == []


def test_persons_opened_at_one_moment_come_page_by_page(watch, store, specialist, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    look(*(make_customer(store, f"客户{n}") for n in range(5)), by=specialist)
    names, after = [], ""
    for _n in range(3):
        answer = page(watch, "opened", person=specialist.pk, after=after)
        names += [line.customer.name for line in answer.context["lines"]]
        after = answer.context["next"]

    assert names == ["客户4", "客户3", "客户2", "客户1", "客户0"]
    assert after == ""


def changed_by(user, client_page):
    return [
        (line.change.action, [(f.label, f.before, f.after) for f in line.change.fields])
        for line in client_page.context["lines"]
    ]


def edit(client, customer, user, **fields):
    """As on the page, so that the person is in the history."""
    visitor = Client()
    visitor.force_login(user)
    data = {"kind": "person", "name": customer.name, "gender": "unknown", "locality": "unknown"}
    answer = visitor.post(reverse("customers:customer-edit", args=[customer.pk]), data | fields)
    assert answer.status_code == 302, answer.content.decode()


def test_a_change_is_shown_from_what_to_what_and_by_whom(watch, store, manager, stranger):
    customer = make_customer(store, "张三")
    theirs = make_customer(stranger.store, "别店")
    edit(watch, customer, manager, name="张三丰")
    edit(watch, customer, manager, name="张三疯")
    edit(watch, theirs, stranger, name="别的店")

    answer = page(watch, "changes")

    assert [(name, fields[0][1:]) for name, fields in changed_by(manager, answer)] == [
        ("编辑客户", ("张三丰", "张三疯")),
        ("编辑客户", ("张三", "张三丰")),
    ]
    assert {line.change.who for line in answer.context["lines"]} == {"manager"}
    assertContains(answer, reverse("desk:customer", args=[customer.pk]))
    assertNotContains(answer, "别店")


def test_changes_of_the_system_are_shown_when_asked_for_and_numbers_are_masked(watch, store):
    customer = make_customer(store, "张三", "13912345678")
    Customer.objects.filter(pk=customer.pk).update(main_phone="13800001111")
    ContactNumber.objects.filter(customer=customer).delete()

    assert page(watch, "changes").context["lines"] == []
    answer = page(watch, "changes", by="system", customer=customer.pk)

    bulk, deleted = changed_by(None, answer)  # of one moment: by kind of record
    assert ("139****5678", "—") in [field[1:] for field in deleted[1]]
    assert [field[1:] for field in bulk[1]] == [("139****5678", "138****1111")]
    assertNotContains(answer, "13912345678")


def test_changes_come_page_by_page_over_all_kinds_of_records(watch, store, chief):
    customer = make_customer(store, "张三")
    for number in range(4):
        Customer.objects.filter(pk=customer.pk).update(address=f"路{number}")
        make_vehicle(store, customer, plate=f"沪A0000{number}").delete()
    asked = {"by": "all", "customer": customer.pk}

    whole = changed(chief, asked, [], "", 100).changes
    parts, after = [], ""
    while True:
        part = changed(chief, asked, [], after, 3)
        parts += part.changes
        if not (after := part.next):
            break

    assert len(whole) == 8
    assert [(c.at, c.thing, c.fields) for c in parts] == [(c.at, c.thing, c.fields) for c in whole]


@pytest.mark.parametrize("rows", [1, 3])
def test_changes_cost_the_same_however_many(store, chief, rows, django_assert_num_queries):
    for number in range(rows):
        customer = make_customer(store)
        car = make_vehicle(store, customer)
        Customer.objects.filter(pk=customer.pk).update(address=f"路{number}")
        type(car).objects.filter(pk=car.pk).update(owner=make_customer(store))
    with django_assert_num_queries(10):
        audit.with_people(changed(chief, {"by": "all"}, [], "", 50).changes)


def test_every_kind_of_record_can_be_chosen(watch):
    answer = page(watch, "changes")

    labels = {model._meta.label_lower for model in tracked_models()}
    assert labels <= {value for value, _words in answer.context["form"].fields["thing"].choices}
    for label in labels:
        assert page(watch, "changes", thing=label, by="all").status_code == 200


def test_sign_ins_and_refused_ones_are_shown_for_the_people_of_the_store(
    watch, store, specialist, stranger, client
):
    for name, password in [("li_na", "wrong"), ("li_na", "x"), ("stranger", "wrong"), ("x1", "y")]:
        Client().post(reverse("account_login"), {"login": name, "password": password})

    lines = page(watch, "sign-ins").context["lines"]

    assert [(row["low"], row["result"]) for row in lines if row["low"] != "chief"] == [
        ("li_na", "ok"),
        ("li_na", "failed"),
    ]
    assert AccessFailureLog.objects.count() == 3
    administrator = make_user("admin", store, Role.SYSTEM_ADMINISTRATOR)
    client.force_login(administrator)
    names = {row["low"] for row in page(client, "sign-ins", result="failed").context["lines"]}
    assert names == {"li_na", "x1"}


def test_a_lock_out_is_seen(watch, specialist):
    for _n in range(6):
        Client().post(reverse("account_login"), {"login": "li_na", "password": "wrong"})

    assert any(row["locked"] for row in page(watch, "sign-ins").context["lines"])
