from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.choices import DayKind, Role
from apps.accounts.models import CalendarDay, DutyDay
from apps.audit.models import Access
from apps.care import policy
from apps.care.actions import claim as claiming
from apps.care.actions.claim import claim_next, give_back, touch
from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.models import Call
from apps.care.queries import queue
from apps.core.errors import Refused
from tests.care.calls import make_call
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, SHANGHAI, TODAY, make_customer, make_user

DAY = timedelta(days=1)


def at(hour, minute=0, day=TODAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def test_a_call_whose_reason_has_gone_is_withdrawn_when_it_is_handed_out(store, specialist):
    visited = make_call(store, due_on=TODAY)
    visited.vehicle.last_maintenance_on = TODAY - DAY
    visited.vehicle.save(update_fields=["last_maintenance_on"])
    next_one = make_call(store, due_on=TODAY + DAY)

    assert claim_next(by=specialist, now=NOW) == [next_one]

    visited.refresh_from_db()
    assert (visited.status, visited.end_reason, visited.holder, visited.ended_at) == (
        CallStatus.WITHDRAWN,
        EndReason.VISITED,
        None,
        NOW,
    )
    assert [access.object_pk for access in Access.objects.all()] == [next_one.customer_id]


def begun(*slots, days=(TODAY, TODAY + DAY, TODAY + 2 * DAY)):
    """The fields of a call that has been tried in these slots."""
    return {
        "attempts": len(slots),
        "slots_tried": list(slots),
        "day1_on": days[0],
        "day2_on": days[1],
        "day3_on": days[2],
    }


def work_off(by, now):
    """Claim until nothing is offered, ending each call; the calls in the order they came."""
    order = []
    while calls := claim_next(by=by, now=now):
        order += calls
        Call.objects.filter(pk__in=[c.pk for c in calls]).update(
            status=CallStatus.REACHED, holder=None, held_at=None, claim=None, ended_at=now
        )
    return order


def test_the_queue_is_in_the_order_of_urgency(store, specialist, stranger):
    due_soon = make_call(store, owner=specialist, due_on=TODAY + 2 * DAY)
    due_later = make_call(store, owner=specialist, due_on=TODAY + 9 * DAY)
    due_today = make_call(store, owner=specialist, due_on=TODAY)
    overdue = make_call(store, owner=specialist, due_on=TODAY - 20 * DAY)
    third_day = make_call(
        store,
        owner=specialist,
        due_on=TODAY + 15 * DAY,
        **begun("late", days=(TODAY - 4 * DAY, TODAY - 3 * DAY, TODAY)),
    )
    birthday = make_call(store, owner=specialist, kind=CallKind.BIRTHDAY, cycle="2026")
    promised = make_call(store, owner=specialist, due_on=TODAY + 20 * DAY, callback_at=at(9, 50))
    earlier = make_call(store, owner=specialist, due_on=TODAY + 21 * DAY, callback_at=at(9, 40))
    make_call(stranger.store, owner=stranger)
    expected = [
        *(earlier, promised, birthday, third_day, due_today, overdue, due_soon, due_later),
    ]

    assert work_off(specialist, NOW) == expected

    keys = [policy.urgency(c.kind, c.due_on, c.day3_on, c.callback_at, TODAY) for c in expected]
    assert keys == sorted(keys)  # the rule in words and the statement agree


def test_due_today_or_earlier_comes_newest_due_first(store, specialist):
    calls = [make_call(store, due_on=TODAY - n * DAY) for n in (3, 1, 2, 0)]
    assert [call.due_on for call in work_off(specialist, NOW)] == sorted(
        (call.due_on for call in calls), reverse=True
    )


def test_ones_own_calls_come_first_then_those_nobody_present_answers_for(
    store, specialist, other_specialist
):
    absent = make_user("zhao_lei", store, Role.CARE_SPECIALIST)
    DutyDay.objects.create(store=store, user=absent, on=TODAY, on_duty=False)
    moved = make_user("chen_jie", store, Role.SALES_CONSULTANT)  # has left the care department
    nobodys = make_call(store, due_on=TODAY + DAY)
    of_absent = make_call(store, owner=absent, due_on=TODAY + 2 * DAY)
    of_moved = make_call(store, owner=moved, due_on=TODAY + 3 * DAY)
    make_call(store, owner=other_specialist, due_on=TODAY)  # present: not offered
    mine = make_call(store, owner=specialist, due_on=TODAY + 9 * DAY)

    assert work_off(specialist, NOW) == [mine, nobodys, of_absent, of_moved]


def test_on_weekend_duty_only_who_is_on_the_roster_is_present(store, specialist, other_specialist):
    saturday = TODAY + 5 * DAY
    call = make_call(store, owner=other_specialist, due_on=saturday)
    assert claim_next(by=specialist, now=at(10, day=saturday)) == [call]


def test_who_is_on_weekend_duty_keeps_their_calls(store, specialist, other_specialist):
    saturday = TODAY + 5 * DAY
    DutyDay.objects.create(store=store, user=other_specialist, on=saturday, on_duty=True)
    make_call(store, owner=other_specialist, due_on=saturday)
    assert claim_next(by=specialist, now=at(10, day=saturday)) == []


@pytest.mark.parametrize(
    ("moment", "offered"),
    [
        (at(8, 59), False),
        (at(9, 0), True),
        (at(11, 29), True),
        (at(11, 30), False),
        (at(13, 29), False),
        (at(13, 30), True),
        (at(15, 30), True),
        (at(17, 29), True),
        (at(17, 30), False),
        (at(10, 0, TODAY + 5 * DAY), True),  # weekend duty
        (at(10, 0, date(2027, 1, 1)), False),  # a holiday
    ],
)
def test_nothing_is_offered_outside_the_slots(store, specialist, moment, offered):
    make_call(store, due_on=TODAY + 60 * DAY)
    assert bool(claim_next(by=specialist, now=moment)) is offered


def test_a_day_closed_by_hand_offers_nothing(store, specialist):
    CalendarDay.objects.create(store=store, on=TODAY, kind=DayKind.CLOSED)
    make_call(store)
    assert claim_next(by=specialist, now=NOW) == []


@pytest.mark.parametrize(
    ("moment", "offered"),
    [(at(12, 9), False), (at(12, 10), True), (at(17, 29), True), (at(17, 30), False)],
)
def test_a_promised_call_back_is_offered_at_its_time_while_the_store_is_open(
    store, specialist, moment, offered
):
    make_call(store, callback_at=at(12, 10), callback_for=specialist)
    make_call(store, due_on=TODAY, **begun("morning", "afternoon", "late"), status="waiting")
    assert bool(claim_next(by=specialist, now=moment)) is offered


def test_a_promise_made_by_a_colleague_who_is_here_is_theirs(store, specialist, other_specialist):
    call = make_call(store, owner=specialist, callback_at=NOW, callback_for=other_specialist)
    assert claim_next(by=specialist, now=NOW) == []
    assert claim_next(by=other_specialist, now=NOW) == [call]


def test_a_promise_that_anyone_may_keep_goes_to_anyone(store, specialist, other_specialist):
    call = make_call(store, owner=other_specialist, callback_at=NOW)
    assert claim_next(by=specialist, now=NOW) == [call]


def test_a_promise_of_an_absent_colleague_is_kept_by_others(store, specialist, other_specialist):
    DutyDay.objects.create(store=store, user=other_specialist, on=TODAY, on_duty=False)
    call = make_call(store, callback_at=NOW, callback_for=other_specialist)
    assert claim_next(by=specialist, now=NOW) == [call]


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_on": TODAY + DAY},
        {"paused_on": TODAY},
        {"callback_at": NOW + timedelta(minutes=1)},
        begun("morning"),  # this slot was tried
        begun("late", days=(TODAY - 4 * DAY, TODAY - 3 * DAY, TODAY - DAY)),  # its days are over
        begun("late", days=(TODAY - DAY, TODAY + DAY, TODAY + 2 * DAY)),  # today is none of them
        {"status": CallStatus.LAPSED, "ended_at": NOW},
        {"kind": CallKind.BIRTHDAY, "due_on": TODAY - DAY},  # yesterday's
    ],
)
def test_what_may_not_be_rung_now_is_not_offered(store, specialist, fields):
    make_call(store, **fields)
    assert claim_next(by=specialist, now=NOW) == []


def test_a_customer_without_a_good_number_is_not_offered(store, specialist):
    call = make_call(store)
    call.customer.reachable = False
    call.customer.save(update_fields=["reachable"])
    assert claim_next(by=specialist, now=NOW) == []


def test_after_the_deadline_birthdays_are_not_called_any_more(store, specialist):
    make_call(store, kind=CallKind.BIRTHDAY)
    assert claim_next(by=specialist, now=at(10, 30)) == []
    assert len(claim_next(by=specialist, now=at(10, 29))) == 1


def test_all_calls_of_the_customer_that_i_may_work_are_claimed_together(
    store, specialist, other_specialist
):
    customer = make_customer(store)
    first = make_call(store, customer=customer, owner=specialist)
    nobodys = make_call(store, customer=customer, kind=CallKind.BIRTHDAY)
    tried = make_call(store, customer=customer, kind=CallKind.CHURN, **begun("morning"))
    theirs = make_call(store, customer=customer, kind=CallKind.AT_RISK, owner=other_specialist)

    claimed = claim_next(by=specialist, now=NOW)

    assert set(claimed) == {first, nobodys, tried}
    assert len({call.claim for call in claimed}) == 1
    theirs.refresh_from_db()
    assert (theirs.status, theirs.holder) == (CallStatus.WAITING, None)
    # The customer is mine now: the owner of the other call waits (I3).
    assert claim_next(by=other_specialist, now=NOW) == []


def test_a_claim_is_written_down_once(store, specialist):
    call = make_call(store)
    claim_next(by=specialist, now=NOW)
    claim_next(by=specialist, now=NOW)

    [access] = Access.objects.all()
    assert (access.kind, access.user, access.model, access.object_pk) == (
        "claim",
        specialist,
        "customers.customer",
        call.customer_id,
    )


def test_who_holds_a_customer_gets_the_same_one_again(store, specialist):
    make_call(store, due_on=TODAY)
    make_call(store, due_on=TODAY + DAY)
    [first] = claim_next(by=specialist, now=NOW)

    [again] = claim_next(by=specialist, now=NOW + timedelta(minutes=5))

    assert (again, again.claim) == (first, first.claim)
    assert again.held_at == NOW + timedelta(minutes=5)
    assert Call.objects.filter(status=CallStatus.CLAIMED).count() == 1


def test_after_giving_back_it_is_anybodys(store, specialist, other_specialist):
    [call] = [make_call(store)]
    [held] = claim_next(by=specialist, now=NOW)
    give_back(by=specialist, claim=held.claim, now=NOW)
    assert claim_next(by=other_specialist, now=NOW) == [call]


def test_what_i_do_not_hold_i_cannot_give_back(store, specialist, other_specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    with pytest.raises(Refused, match="已不再持有"):
        give_back(by=other_specialist, claim=held.claim, now=NOW)
    held.refresh_from_db()
    assert (held.status, held.holder) == (CallStatus.CLAIMED, specialist)


def test_activity_keeps_the_claim(store, specialist, other_specialist):
    make_call(store)
    [held] = claim_next(by=specialist, now=NOW)
    later = NOW + timedelta(minutes=19)
    assert touch(by=specialist, claim=held.claim, now=later) is True
    assert touch(by=other_specialist, claim=held.claim, now=later) is False
    assert touch(by=specialist, claim=None, now=later) is False
    held.refresh_from_db()
    assert held.held_at == later


def test_the_queue_of_another_store_is_empty_for_me(store, stranger):
    make_call(store)
    assert claim_next(by=stranger, now=NOW) == []


def test_who_works_in_no_store_is_refused(db):
    with pytest.raises(Refused, match="不属于任何门店"):
        claim_next(by=make_user("nobody", None, Role.GROUP_MANAGER), now=NOW)


def test_the_database_lets_no_customer_be_held_by_two(store, specialist, other_specialist):
    customer = make_customer(store)
    held = {"status": CallStatus.CLAIMED, "held_at": NOW, "claim": "0" * 32}
    make_call(store, customer=customer, holder=specialist, **held)
    with pytest.raises(IntegrityError, match="care_call_one_holder_a_customer"):
        make_call(store, customer=customer, holder=other_specialist, kind=CallKind.CHURN, **held)


# Two people at one moment


def two_calls_of_one_customer_and_another(store):
    customer = make_customer(store)
    make_call(store, customer=customer)
    make_call(store, customer=customer, kind=CallKind.BIRTHDAY)
    return customer, make_call(store, due_on=TODAY + 9 * DAY)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_get_two_customers(store, specialist, other_specialist):
    """While the first is not committed the second passes over that customer's *other* call."""
    customer, another = two_calls_of_one_customer_and_another(store)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        mine = claim_next(by=specialist, now=NOW)
        theirs = pool.submit(closing, claim_next, by=other_specialist, now=NOW).result(5)

    assert {call.customer for call in mine} == {customer}
    assert theirs == [another]


@pytest.mark.django_db(transaction=True)
def test_without_skipping_what_is_locked_the_second_waits_and_gets_nothing(
    store, specialist, other_specialist, monkeypatch
):
    """The control: with the guard taken out the test above would fail."""
    two_calls_of_one_customer_and_another(store)
    unguarded = queue.claim
    monkeypatch.setattr(queue, "claim", lambda *a, **k: unguarded(*a, **k, lock=""))
    monkeypatch.setattr(claiming, "_AGAIN", 1)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            claim_next(by=specialist, now=NOW)
            theirs = pool.submit(closing, claim_next, by=other_specialist, now=NOW)
            wait_until_someone_waits_for_a_lock()
        assert theirs.result(5) == []


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_the_snapshot_could_not_see_is_met_by_the_wall(
    store, specialist, other_specialist
):
    """Each owns one call of the same customer; the first claim is committed while the second
    statement is already running, so only the constraint can tell."""
    customer = make_customer(store)
    make_call(store, customer=customer, owner=specialist)
    theirs = make_call(store, customer=customer, kind=CallKind.CHURN, owner=other_specialist)
    another = make_call(store, owner=other_specialist, due_on=TODAY + 9 * DAY)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            claim_next(by=specialist, now=NOW)
            second = pool.submit(closing, _claim_without_locks, other_specialist)
            wait_until_someone_waits_for_a_lock()
        assert second.result(5) == [another]
    theirs.refresh_from_db()
    assert theirs.status == CallStatus.WAITING


def _claim_without_locks(by):
    """The first try without locks (it runs into the wall), the next as it is."""
    original, tries = queue.claim, iter(["", queue.LOCK, queue.LOCK])
    claiming.queue.claim = lambda *a, **k: original(*a, **k, lock=next(tries))
    try:
        return claim_next(by=by, now=NOW)
    finally:
        claiming.queue.claim = original


@pytest.mark.parametrize("rows", [1, 3])
def test_a_claim_costs_the_same_however_many_wait(
    store, specialist, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_call(store)
    with django_assert_num_queries(5):
        claim_next(by=specialist, now=NOW)


def test_what_waits_is_counted_by_the_rules_of_the_claim(store, specialist, other_specialist):
    make_call(store, owner=specialist, due_on=TODAY)
    make_call(store, owner=specialist, due_on=TODAY + DAY, **begun("morning"))
    make_call(store, owner=specialist, paused_on=TODAY)
    make_call(store, owner=specialist, callback_at=at(16))
    make_call(store, owner=other_specialist)
    make_call(store)
    waiting = queue.waiting_for(specialist, queue.shift_of(store.pk, NOW), now=NOW)
    assert waiting == queue.Waiting(
        mine=2, mine_now=1, mine_last_day=0, mine_paused=1, others_now=1
    )
