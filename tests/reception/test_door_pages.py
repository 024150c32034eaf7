"""The door's pages (REC-01)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.customers.models import Customer
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.models import CarModel, Opportunity, ShowroomVisit
from tests.factories import NOW, make_customer
from tests.reception.showroom import make_party, seller, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
MINUTE = timedelta(minutes=1)
USUAL = {"party_size": "1", "first_time": "1", "source": "walk_in", "purpose": "look"}


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


def test_a_party_is_registered_with_one_press(reception, store, host):
    assertRedirects(reception.post(url("visit-new"), USUAL), url("door"))

    visit = ShowroomVisit.objects.get()
    assert (visit.store, visit.by, visit.party_size, visit.greeted_at) == (store, host, 1, None)
    page = reception.get(url("door"))
    assertContains(page, url("visit-greet", visit.pk))
    assertContains(page, "还没有接待")


def test_the_usual_answers_are_given_already(reception):
    page = reception.get(url("door")).content.decode()
    for name, value in USUAL.items():
        assert f'name="{name}" value="{value}" id=' in page
    assert page.count("checked") == 4


def test_registered_and_greeted_at_once_with_all_that_was_seen(reception, store, host):
    customer = make_customer(store, "张伟", "13912345678")
    asked = {"party_size": "3", "first_time": "0", "source": "web", "purpose": "negotiate"}
    reception.post(url("visit-new"), asked | {"greeted": "1", "customer": customer.pk})

    visit = ShowroomVisit.objects.get()
    assert (visit.greeted_by, visit.greeted_after, visit.customer) == (host, 0, customer)
    assert (visit.party_size, visit.source, visit.purpose) == (3, "web", "negotiate")


@pytest.mark.parametrize(
    "wrong", [{"party_size": "0"}, {"source": "moon"}, {"customer": "999"}, {"first_time": ""}]
)
def test_what_cannot_be_is_told_and_nothing_is_written(reception, wrong):
    assert reception.post(url("visit-new"), USUAL | wrong).status_code == 422
    assert not ShowroomVisit.objects.exists()


def test_somebody_known_is_found_by_the_last_digits_with_his_consultant(
    reception, store, other_store, first
):
    mine = make_customer(store, "张伟", "13912345678")
    make_customer(other_store, "陌生", "13800005678")
    open_opportunity(mine, first, by=first, now=NOW)

    page = reception.get(url("door-known"), {"q": "5678"})

    assertContains(page, f'value="{mine.pk}" checked')
    assertContains(page, "139****5678")
    assertContains(page, str(first))
    assertNotContains(page, "陌生")
    assertContains(reception.get(url("door-known"), {"q": "0000"}), "没有找到")


def test_greeted_taken_and_gone_through_the_page(reception, store, first):
    visit = make_party(store, NOW - MINUTE)
    assertRedirects(reception.post(url("visit-greet", visit.pk)), url("door"))
    reception.post(url("visit-take", visit.pk), {"consultant": first.pk})
    reception.post(url("visit-leave", visit.pk), {"result": "looked"})

    visit.refresh_from_db()
    assert (visit.greeted_after, visit.greeted_late) == (60, True)
    assert (visit.consultant, visit.result, visit.left_at) == (first, "looked", NOW)


def test_the_refusal_stands_on_the_door(reception, store, first, second):
    visit = make_party(store)

    page = reception.post(url("visit-take", visit.pk), {"consultant": second.pk})

    assertContains(page, f"现在轮到{first}", status_code=409)
    assert reception.post(url("visit-take", visit.pk), {"consultant": "x"}).status_code == 422
    assert reception.post(url("visit-leave", visit.pk), {"result": "x"}).status_code == 422
    visit.refresh_from_db()
    assert (visit.consultant, visit.left_at) == (None, None)


def test_only_the_manager_is_offered_his_word(client, reception, store, first):
    make_party(store)
    assertNotContains(reception.get(url("door")), 'value="manager"')
    client.force_login(seller(store, "head", Role.SALES_MANAGER))
    assertContains(client.get(url("door")), 'value="manager"')


def test_another_stores_party_is_not_there(reception, other_store):
    theirs = make_party(other_store)
    for name in ("visit-greet", "visit-take", "visit-leave", "visit-card", "visit-edit"):
        assert reception.post(url(name, theirs.pk)).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.greeted_at, theirs.left_at) == (None, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_refresh_costs_four_queries_beside_the_sessions(reception, store, first, rows):
    for n in range(rows):
        visit = make_party(store, customer=make_customer(store))
        take(visit, first, NOW, reason="busy")
        make_party(store, NOW - n * MINUTE)

    with CaptureQueriesContext(connection) as told:
        page = reception.get(url("door-parties"))

    shell = ("SAVEPOINT", "django_session", 'WHERE "accounts_user"."id" =')
    own = [one["sql"] for one in told if not any(text in one["sql"] for text in shell)]
    assertContains(page, "data-since", count=2 * rows)
    assert len(own) == 4


def test_a_manager_who_only_reads_sees_no_buttons(client, store):
    visit = make_party(store)
    client.force_login(seller(store, "gm", Role.GENERAL_MANAGER))
    page = client.get(url("door"))
    assertContains(page, "data-since")
    assertNotContains(page, url("visit-new"))
    assertNotContains(page, url("visit-greet", visit.pk))


def test_who_left_a_card_is_asked_for_it_and_somebody_new_is_entered(reception, store, first):
    model = CarModel.objects.create(store=store, brand="别克", name="君越")
    visit = take(make_party(store), first)
    answer = reception.post(url("visit-leave", visit.pk), {"result": "card"})
    assertRedirects(answer, url("visit-card", visit.pk))
    said = {"which": "new", "new-name": "李雷", "new-phone": "139 1234 5678", "new-level": "a"}

    answer = reception.post(url("visit-card", visit.pk), said | {"new-car_model": model.pk})

    assertRedirects(answer, url("door"))
    customer, wanted = Customer.objects.get(), Opportunity.objects.get()
    assert (customer.name, customer.main_phone) == ("李雷", "13912345678")
    assert (wanted.customer, wanted.car_model, wanted.level) == (customer, model, "a")
    visit.refresh_from_db()
    assert (visit.opportunity, visit.left_card) == (wanted, True)
    assert wanted.clocks.get().since == NOW


def test_a_number_of_the_archive_is_told_and_may_be_anothers(reception, store, first):
    known = make_customer(store, "张伟", "13912345678")
    visit = take(make_party(store), first)
    said = {"which": "new", "new-name": "李雷", "new-phone": "13912345678", "new-level": "b"}

    assertContains(reception.post(url("visit-card", visit.pk), said), "张伟", status_code=409)
    assert Customer.objects.get() == known
    assertRedirects(
        reception.post(url("visit-card", visit.pk), said | {"another": "1"}), url("door")
    )
    assert Customer.objects.count() == 2


def test_somebody_of_the_archive_is_chosen(reception, store, first):
    known = make_customer(store, "张伟", "13912345678")
    visit = take(make_party(store), first)
    assertContains(reception.get(url("visit-card", visit.pk), {"q": "5678"}), "139****5678")

    said = {"which": "chosen", "chosen-customer": known.pk, "chosen-level": "h"}
    assertRedirects(reception.post(url("visit-card", visit.pk), said), url("door"))

    visit.refresh_from_db()
    assert (visit.customer, visit.opportunity.level) == (known, "h")


def test_a_wrong_number_or_a_party_nobody_took_is_told(reception, store, first):
    visit = make_party(store)
    said = {"which": "new", "new-name": "李雷", "new-phone": "12", "new-level": "b"}
    assert reception.post(url("visit-card", visit.pk), said).status_code == 409
    answer = reception.post(url("visit-card", visit.pk), said | {"new-phone": "13912345678"})
    assertContains(answer, "先登记由哪位销售顾问接待", status_code=409)
    assert reception.post(url("visit-card", visit.pk), {"which": "new"}).status_code == 422
    assert not Customer.objects.exists()


def test_what_was_typed_wrong_is_put_right(reception, store):
    visit = make_party(store)
    asked = {"party_size": "4", "source": "web", "purpose": "order", "remark": "沪A1"}
    assertRedirects(reception.post(url("visit-edit", visit.pk), asked), url("door"))
    visit.refresh_from_db()
    assert (visit.party_size, visit.first_time, visit.remark) == (4, False, "沪A1")
    assert reception.post(url("visit-edit", visit.pk), asked | {"party_size": 0}).status_code == 422
