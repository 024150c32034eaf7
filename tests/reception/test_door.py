"""Parties at the door: registered, greeted, taken, gone, their cards (REC-01, REC-10, ORG-04)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.choices import Role
from apps.accounts.models import DutyDay
from apps.core.errors import Refused
from apps.reception.actions import door
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.models import Clock, Opportunity, SalesNumbers, ShowroomVisit
from apps.reception.queries.door import door as at_door
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.reception.showroom import make_party, seller, take

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wants(store, consultant, customer=None, **needs):
    customer = customer or make_customer(store)
    return open_opportunity(customer, consultant, by=consultant, now=NOW - DAY, **needs)


def fresh(visit):
    return ShowroomVisit.objects.get(pk=visit.pk)


def test_a_party_is_registered_and_to_be_greeted_in_thirty_seconds(store, host):
    visit = make_party(store, party_size=3, source="web", purpose="test_drive", remark="红外套")

    visit = fresh(visit)
    assert (visit.arrived_at, visit.greet_until) == (NOW, NOW + timedelta(seconds=30))
    assert (visit.party_size, visit.source, visit.purpose) == (3, "web", "test_drive")
    assert (visit.by, visit.first_time, visit.greeted_at, visit.customer) == (
        host,
        True,
        None,
        None,
    )


def test_the_time_for_the_greeting_is_the_stores_and_a_party_keeps_its_own(store):
    before = make_party(store)
    SalesNumbers.objects.filter(store=store).update(greet_within_seconds=45)
    assert make_party(store).greet_until == NOW + timedelta(seconds=45)
    assert fresh(before).greet_until == NOW + timedelta(seconds=30)


def test_the_first_greeting_counts_and_lateness_is_of_the_second(store, host, first):
    visit = make_party(store)
    assert (visit.greeted_late, visit.greeted_after) == (False, None)

    visit = door.greet(visit, by=host, now=NOW + timedelta(seconds=30))
    visit = door.greet(visit, by=first, now=NOW + MINUTE)

    assert (visit.greeted_by, visit.greeted_after, visit.greeted_late) == (host, 30, False)
    late = door.greet(make_party(store), by=host, now=NOW + timedelta(seconds=31))
    assert (late.greeted_after, late.greeted_late) == (31, True)
    never = door.leave(make_party(store), "looked", now=NOW + MINUTE)
    assert never.greeted_late
    assert make_party(store, greeted=True).greeted_by == host


def test_the_turn_goes_round_and_who_is_busy_is_skipped(store, other_store, first, second):
    seller(other_store, "theirs")
    assert at_door(store, NOW).turn == first
    one = take(make_party(store), first)
    assert (one.turn_of, one.turn_reason, one.greeted_by) == (first, "", first)
    assert at_door(store, NOW).turn == second
    two = take(make_party(store), second, NOW + MINUTE)
    assert at_door(store, NOW).turn is None

    door.leave(two, "looked", now=NOW + 2 * MINUTE)

    assert at_door(store, NOW).turn == second  # the other one is still busy
    door.leave(one, "looked", now=NOW + 3 * MINUTE)
    assert at_door(store, NOW).turn == first


def test_who_is_off_duty_or_no_consultant_has_no_turn(store, first, second):
    make_user("adviser", store, Role.SERVICE_ADVISOR)
    DutyDay.objects.create(store=store, user=first, on=TODAY, on_duty=False)

    there = at_door(store, NOW)

    assert there.turn == second
    told = [(one.user, one.on_duty) for one in there.sellers]
    assert told == [(second, True), (first, False)]


def test_out_of_turn_needs_a_reason_and_keeps_whose_turn_it_was(store, first, second):
    visit = make_party(store)

    with pytest.raises(Refused, match=str(first)):
        take(visit, second)
    assert fresh(visit).consultant is None
    with pytest.raises(Refused):
        take(visit, second, reason="because")

    visit = take(visit, second, reason="wished")

    assert (visit.consultant, visit.turn_of, visit.turn_reason) == (second, first, "wished")


def test_only_the_manager_decides_out_of_turn_and_may_give_a_party_on(store, first, second):
    head = seller(store, "head", Role.SALES_MANAGER)
    visit = make_party(store)
    with pytest.raises(Refused):
        take(visit, second, by=second, reason="manager")
    assert fresh(visit).consultant is None
    visit = take(visit, first)
    with pytest.raises(Refused, match=str(first)):
        take(visit, second, by=second, reason="wished")
    assert fresh(visit).consultant == first

    visit = take(visit, second, NOW + MINUTE, by=head, reason="manager")

    assert (visit.consultant, visit.turn_reason) == (second, "manager")
    assert visit.greeted_at == NOW  # it was greeted before


def test_taken_twice_by_the_same_is_once(store, first):
    visit = take(make_party(store), first)
    assert take(visit, first, NOW + HOUR).taken_at == NOW


@pytest.mark.parametrize("who", ["advisor", "stranger", "gone"])
def test_only_a_consultant_of_the_store_takes_a_party(store, other_store, who):
    visit = make_party(store)
    other = {
        "advisor": lambda: seller(store, "adv", Role.SERVICE_ADVISOR),
        "stranger": lambda: seller(other_store, "theirs"),
        "gone": lambda: seller(store, "gone"),
    }[who]()
    other.is_active = who != "gone"

    with pytest.raises(Refused):
        take(visit, other, by=other)
    assert fresh(visit).consultant is None


def test_his_own_customer_costs_nobody_a_turn(store, first, second):
    mine = wants(store, first)
    known = make_party(store, customer=mine.customer)
    assert (known.customer, known.opportunity) == (mine.customer, mine)

    known = take(known, first)
    door.leave(known, "looked", now=NOW + MINUTE)

    assert known.turn_reason == "his_customer"
    assert at_door(store, NOW).turn == first


def test_who_was_recognised_is_returning_only_after_a_visit(store, first):
    customer = make_customer(store)
    assert make_party(store, customer=customer).first_time
    assert not make_party(store, customer=customer).first_time


def test_the_door_shows_who_waits_first_and_of_yesterday_only_the_forgotten(store, other_store):
    make_party(other_store)
    yesterday = make_party(store, NOW - DAY)
    door.leave(make_party(store, NOW - DAY), "looked", now=NOW - DAY)
    greeted = make_party(store, NOW - 2 * MINUTE, greeted=True)
    waits = make_party(store, NOW - MINUTE)
    served = take(make_party(store, NOW - HOUR), seller(store), NOW - HOUR)
    gone = door.leave(make_party(store, NOW - HOUR), "looked", now=NOW)

    there = at_door(store, NOW)

    assert (there.waiting, there.served) == ([waits, greeted], [served])
    assert (there.left, there.forgotten) == ([gone], [yesterday])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_door_is_three_queries_for_one_party_and_for_three(
    store, rows, django_assert_num_queries
):
    consultant = seller(store)
    for n in range(rows):
        visit = make_party(store, customer=make_customer(store))
        take(visit, consultant, NOW + n * MINUTE, reason="busy")
    with django_assert_num_queries(3):
        there = at_door(store, NOW)
        assert len([str(visit.customer) for visit in there.served]) == rows


def test_who_leaves_without_an_order_is_owed_thanks_within_a_day(store, first):
    mine = wants(store, first)
    visit = take(make_party(store, customer=mine.customer), first)

    visit = door.leave(visit, "quoted", now=NOW + HOUR)
    door.leave(visit, "ordered", now=NOW + 2 * HOUR)  # pressed again

    clock = Clock.objects.get()
    assert (clock.opportunity, clock.kind) == (mine, "thanks")
    assert (clock.since, clock.due_at) == (NOW + HOUR, NOW + HOUR + DAY)
    assert (fresh(visit).left_at, fresh(visit).result) == (NOW + HOUR, "quoted")


@pytest.mark.parametrize("result", ["ordered", "delivered", "not_buying"])
def test_who_ordered_is_owed_no_thanks(store, first, result):
    mine = wants(store, first)
    door.leave(take(make_party(store, customer=mine.customer), first), result, now=NOW)
    assert not Clock.objects.exists()


def test_of_a_day_gone_by_a_party_left_at_closing_time(store):
    visit = door.leave(make_party(store, NOW - DAY), "looked", now=NOW)
    assert visit.left_at == (NOW - DAY).replace(hour=17, minute=30)
    late = door.leave(make_party(store, NOW - DAY + 9 * HOUR), "looked", now=NOW)
    assert late.left_at == late.arrived_at


def test_nobody_greets_or_takes_who_has_left(store, host, first):
    visit = door.leave(make_party(store), "looked", now=NOW)
    for act in (
        lambda: door.greet(visit, by=host, now=NOW),
        lambda: take(visit, first),
    ):
        with pytest.raises(Refused):
            act()
    assert (fresh(visit).greeted_at, fresh(visit).consultant) == (None, None)


def test_a_card_opens_the_purchase_with_the_partys_source(store, first):
    visit = take(make_party(store, source="referral"), first)
    customer = make_customer(store)

    visit = door.leave_card(visit, customer, by=first, now=NOW, level="h")

    wanted = Opportunity.objects.get()
    assert (wanted.consultant, wanted.source, wanted.level) == (first, "referral", "h")
    assert (visit.customer, visit.opportunity, visit.left_card) == (customer, wanted, True)
    assert not Clock.objects.exists()
    with pytest.raises(Refused):
        door.leave_card(visit, make_customer(store), by=first, now=NOW)


def test_a_card_entered_after_leaving_owes_thanks_since_the_leaving(store, first):
    visit = door.leave(take(make_party(store), first), "card", now=NOW + MINUTE)
    door.leave_card(visit, make_customer(store), by=first, now=NOW + HOUR)
    assert Clock.objects.get().since == NOW + MINUTE


def test_a_customer_of_another_consultant_stays_with_him(store, first, second):
    mine = wants(store, first)
    visit = take(make_party(store), second, reason="busy")

    visit = door.leave_card(visit, mine.customer, by=second, now=NOW)

    assert (visit.opportunity, visit.consultant) == (mine, second)
    assert Opportunity.objects.count() == 1


def test_a_purchase_is_counted_with_its_first_party(store, first):
    mine = wants(store, first, source="web")
    assert make_party(store, customer=mine.customer).left_card
    again = make_party(store, NOW + HOUR, customer=mine.customer)
    assert (again.opportunity, again.left_card) == (mine, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShowroomVisit.objects.filter(pk=again.pk).update(left_card=True)


def test_a_new_card_before_anybody_took_the_party_is_refused(store):
    visit = make_party(store)
    with pytest.raises(Refused):
        door.leave_new_card(visit, name="新客", phone="13912345678", by=visit.by, now=NOW)
    assert not Opportunity.objects.exists()
    assert fresh(visit).customer is None


def test_another_stores_customer_is_refused(store, other_store, first):
    theirs = make_customer(other_store)
    with pytest.raises(Refused):
        make_party(store, customer=theirs)
    visit = take(make_party(store), first)
    with pytest.raises(Refused):
        door.leave_card(visit, theirs, by=first, now=NOW)
    assert list(ShowroomVisit.objects.values_list("customer", "opportunity")) == [(None, None)]


def test_putting_right_touches_no_times(store, first):
    visit = make_party(store)
    facts = {"party_size": 4, "arrived_at": NOW - HOUR, "consultant": first}
    door.change_visit(visit, facts)
    assert (fresh(visit).party_size, fresh(visit).arrived_at) == (4, NOW)
    assert fresh(visit).consultant is None
