"""What becomes of a purchase: edited, given away, proposed as lost, decided (REC-03, REC-11)."""

from datetime import timedelta

import pytest

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.customers.models import Customer, Duplicate
from apps.reception.actions import pipeline as keeping
from apps.reception.actions.cards import leave_card
from apps.reception.actions.opportunities import note_contact
from apps.reception.models import CarModel, Opportunity, Trim
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.reception.pages_opportunities import make_opportunity

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def wanted(store, seller):
    return make_opportunity(store, seller, level="h")


def as_stored(row):
    return Opportunity.objects.filter(pk=row.pk).values().get()


def lose(row, **fields):
    fields = {"reason": "price", "by": row.consultant, "now": NOW} | fields
    return keeping.propose_lost(row, **fields)


def test_a_day_agreed_with_the_customer_goes_before_the_levels(wanted, seller):
    note_contact(wanted, by=seller, now=NOW, how="phone", text="周三", next_on=TODAY + 2 * DAY)

    wanted.refresh_from_db()
    assert wanted.follow_up_on == TODAY + 2 * DAY


@pytest.mark.parametrize("days", [0, -1, 8])
def test_a_day_that_the_level_does_not_allow_is_refused(wanted, seller, days):
    before = as_stored(wanted)

    with pytest.raises(Refused):
        note_contact(wanted, by=seller, now=NOW, how="phone", next_on=TODAY + days * DAY)

    assert as_stored(wanted) == before
    assert not wanted.contacts.exists()


def test_the_card_says_what_is_looked_for_and_a_configuration_says_its_model(store, wanted):
    model = CarModel.objects.create(store=store, brand="演示", name="远行")
    trim = Trim.objects.create(store=store, car_model=model, name="豪华型")

    keeping.change_card(wanted, {"trim": trim, "colour": "白", "needs": "后排空间"})

    wanted.refresh_from_db()
    assert (wanted.car_model, wanted.trim, wanted.colour) == (model, trim, "白")
    assert (wanted.needs, wanted.source) == ("后排空间", "walk_in")


def test_a_purchase_goes_to_a_colleague_with_its_day(wanted, colleague):
    keeping.give_opportunity(wanted, colleague)
    keeping.give_opportunity(wanted, colleague)

    wanted.refresh_from_db()
    assert (wanted.consultant, wanted.follow_up_on) == (colleague, TODAY + 7 * DAY)


def test_it_is_not_given_to_who_cannot_follow_it(store, other_store, wanted, colleague):
    gone = make_user("gone", store, Role.SALES_CONSULTANT)
    gone.is_active = False
    gone.save()
    stranger = make_user("stranger2", other_store, Role.SALES_CONSULTANT)
    make_opportunity(store, colleague, customer=wanted.customer)
    before = as_stored(wanted)

    for to in (gone, stranger, colleague):
        with pytest.raises(Refused):
            keeping.give_opportunity(wanted, to)

    assert as_stored(wanted) == before


def test_a_loss_is_proposed_with_its_reason_and_decided_by_the_manager(wanted, seller, boss):
    lose(wanted, reason="competitor", lost_to="某牌 逐风", note="让到底价")
    wanted.refresh_from_db()
    assert (wanted.status, wanted.lost_reason, wanted.lost_to, wanted.lost_note) == (
        *("lost_proposed", "competitor", "某牌 逐风", "让到底价"),
    )
    assert (wanted.lost_proposed_by, wanted.lost_proposed_at) == (seller, NOW)

    keeping.approve_lost(wanted, by=boss, now=NOW + DAY)
    wanted.refresh_from_db()
    assert (wanted.status, wanted.lost_decided_by, wanted.closed_at) == ("lost", boss, NOW + DAY)


def test_a_loss_to_somebody_else_says_to_whom(wanted):
    before = as_stored(wanted)
    for reason in ("competitor", "other_dealer"):
        with pytest.raises(Refused):
            lose(wanted, reason=reason, lost_to=" ")
    assert as_stored(wanted) == before


def test_a_loss_sent_back_is_to_be_worked_on_today(wanted, boss):
    lose(wanted)
    keeping.send_back_lost(wanted, "再约一次试驾", by=boss, now=NOW + DAY)

    wanted.refresh_from_db()
    assert (wanted.status, wanted.lost_reason, wanted.lost_answer) == ("open", "", "再约一次试驾")
    assert (wanted.follow_up_on, wanted.lost_decided_by) == (TODAY + DAY, boss)
    lose(wanted)
    wanted.refresh_from_db()
    assert wanted.lost_answer == ""


def test_decisions_need_a_proposal_and_words(wanted, boss):
    before = as_stored(wanted)
    for decide in (
        lambda: keeping.approve_lost(wanted, by=boss, now=NOW),
        lambda: keeping.send_back_lost(wanted, "再试", by=boss, now=NOW),
        lambda: keeping.take_up_again(wanted, level="a", now=NOW),
    ):
        with pytest.raises(Refused):
            decide()
    assert as_stored(wanted) == before

    lose(wanted)
    before = as_stored(wanted)
    with pytest.raises(Refused):
        keeping.send_back_lost(wanted, "  ", by=boss, now=NOW)
    with pytest.raises(Refused):
        lose(wanted)
    assert as_stored(wanted) == before


def test_who_was_lost_may_come_back(wanted, boss, store, seller):
    lose(wanted)
    keeping.approve_lost(wanted, by=boss, now=NOW)
    keeping.take_up_again(wanted, level="a", now=NOW + DAY)

    wanted.refresh_from_db()
    assert (wanted.status, wanted.level, wanted.closed_at) == ("open", "a", None)
    assert wanted.follow_up_on == TODAY + 16 * DAY


def test_a_lost_one_is_not_taken_up_beside_a_new_one(wanted, boss, store, seller):
    lose(wanted)
    keeping.approve_lost(wanted, by=boss, now=NOW)
    make_opportunity(store, seller, customer=wanted.customer)

    with pytest.raises(Refused):
        keeping.take_up_again(wanted, level="a", now=NOW)


def test_a_closed_one_is_neither_edited_nor_given_nor_spoken_about(wanted, boss, seller, colleague):
    lose(wanted)
    keeping.approve_lost(wanted, by=boss, now=NOW)
    before = as_stored(wanted)

    for act in (
        lambda: keeping.change_card(wanted, {"colour": "红"}),
        lambda: keeping.give_opportunity(wanted, colleague),
        lambda: note_contact(wanted, by=seller, now=NOW, how="phone"),
    ):
        with pytest.raises(Refused):
            act()
    assert as_stored(wanted) == before


def test_a_card_of_somebody_new_is_a_customer_and_a_purchase_or_neither(store, seller):
    row = leave_card(
        {"name": "新客", "phone": "13912345678", "gender": "male"},
        *[seller],
        **{"by": seller, "now": NOW, "level": "a", "source": "web"},
    )
    assert (row.customer.name, row.customer.main_phone) == ("新客", "13912345678")
    assert (row.level, row.source, row.clocks.get().kind) == ("a", "web", "enquiry")

    with pytest.raises(Refused):
        leave_card({"name": "坏号", "phone": "12", "gender": "male"}, seller, by=seller, now=NOW)
    assert Customer.objects.count() == 1


def test_who_is_said_to_be_somebody_else_is_no_double(store, seller):
    known = make_customer(store, "老客", "13912345678")
    leave_card(
        {"name": "新客", "phone": "13912345678", "gender": "male"},
        seller,
        **{"by": seller, "now": NOW, "told_apart": [known.pk]},
    )
    assert Duplicate.objects.get().status == "dismissed"
