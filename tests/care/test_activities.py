"""A care activity: planned, invited to, held, evaluated, and what came of it (CARE-12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.actions.store import correct_day
from apps.accounts.choices import DayKind
from apps.care import policy
from apps.care.actions import activities as actions
from apps.care.actions import participants
from apps.care.actions.answers import Coming
from apps.care.actions.claim import claim_next
from apps.care.actions.planning import tidy
from apps.care.actions.results import Outcome, Talk, record
from apps.care.activity_choices import ActivityStatus, Answer, Invited
from apps.care.choices import CallKind, CallStatus, EndReason, NotReturning, Result
from apps.care.figures import activities as figures
from apps.care.models import Activity, Call, Campaign, Participant
from apps.care.queries import activities as queries
from apps.core.errors import Refused
from apps.customers.choices import Locality
from apps.customers.models import StopContact
from apps.desk import invariants
from apps.desk.merging import merge_customers, undo_merge
from apps.service.models import RepairOrder
from tests.care.events import (
    ON,
    ON_THE_DAY,
    held,
    invited_by_call,
    planned,
    signed_up,
    the_plan,
    willing,
)
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_customer, make_vehicle

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def winter(store, manager):
    return planned(store, manager)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_it_is_planned_and_planned_anew(store, manager, winter):
    assert (winter.store, winter.status, winter.made_by) == (store, "planned", manager)
    assert (winter.on, winter.month, winter.budget_amount) == (ON, date(2026, 12, 1), 3000)

    actions.change_activity(winter, the_plan(name="温暖回家", capacity=30), now=NOW)

    assert (fresh(winter).name, fresh(winter).capacity) == ("温暖回家", 30)
    for wrong in (the_plan(on=TODAY - DAY), the_plan(capacity=1)):
        signed_up(winter, people=2)
        with pytest.raises(Refused):
            actions.change_activity(winter, wrong, now=NOW)
    assert fresh(winter).capacity == 30
    with pytest.raises(Refused):
        planned(store, manager, on=TODAY - DAY)


def test_whom_a_filter_finds_gets_a_call_in_turn_and_nobody_two(
    store, other_store, winter, manager, specialist, other_specialist
):
    here = [willing(store, locality=Locality.LOCAL) for _n in range(3)]
    willing(store, locality=Locality.NON_LOCAL)
    make_customer(store, locality=Locality.LOCAL)  # did not agree to marketing
    willing(other_store, locality=Locality.LOCAL)

    count = participants.invite_by_call(winter, {"locality": "local"}, by=manager, now=NOW)

    assert count == 3
    calls = list(Call.objects.filter(kind=CallKind.RECALL).order_by("pk"))
    assert [call.owner for call in calls] == [specialist, other_specialist, specialist]
    assert {(call.cycle, call.event_on, call.opens_on, call.due_on) for call in calls} == {
        (f"activity/{winter.pk}", ON, TODAY, ON - DAY)
    }
    assert [call.customer for call in calls] == here
    assert {call.store for call in calls} == {store}
    rows = Participant.objects.all()
    assert {(row.invited, row.answer, row.call_id in [c.pk for c in calls]) for row in rows} == {
        ("call", "", True)
    }
    assert fresh(winter).status == ActivityStatus.INVITED
    with pytest.raises(Refused):  # the same again: nobody is left
        participants.invite_by_call(winter, {"locality": "local"}, by=manager, now=NOW)
    assert participants.invite_by_call(winter, {}, by=manager, now=NOW) == 1
    assert invariants.broken() == {}


def test_on_a_day_off_the_calls_go_to_those_of_the_next_working_day(
    store, winter, manager, specialist
):
    willing(store)
    correct_day(store, TODAY, DayKind.CLOSED, "", on=TODAY)

    participants.invite_by_call(winter, {}, by=manager, now=NOW)

    assert Call.objects.get().owner == specialist


def test_invitations_end_the_day_before_and_are_not_too_many(store, winter, manager, monkeypatch):
    willing(store), willing(store)
    with pytest.raises(Refused):
        participants.invite_by_call(winter, {}, by=manager, now=ON_THE_DAY)
    monkeypatch.setattr(participants, "MOST_CALLS", 1)
    with pytest.raises(Refused):
        participants.invite_by_call(winter, {}, by=manager, now=NOW)

    assert not Call.objects.filter(kind=CallKind.RECALL).exists()
    assert fresh(winter).status == ActivityStatus.PLANNED


def test_the_invitation_by_message_is_a_draft_of_a_campaign_once(store, winter, manager):
    campaign = participants.invite_by_message(winter, by=manager, now=NOW)

    assert participants.invite_by_message(fresh(winter), by=manager, now=NOW) == campaign
    [only] = Campaign.objects.all()
    assert (only.kind, only.name, only.status) == ("activity", "冬季检测日", "draft")
    assert "2026年12月3日09:30，本店车间" in only.text
    assert (fresh(winter).campaign, fresh(winter).status) == (only, "invited")


def talk(call, by, result, now=NOW, **said):
    [held] = claim_next(by=by, now=now)
    assert held == call
    record(
        by=by,
        now=now,
        claim=held.claim,
        talk=Talk(number=call.customer.main_phone),
        outcomes={call.pk: Outcome(result=result, **said)},
    )
    call.refresh_from_db()
    return call


def test_who_says_yes_on_the_phone_is_on_the_list(winter, specialist):
    there = invited_by_call(winter)

    call = talk(there.call, specialist, Result.SIGNED_UP, said=Coming(3))

    there.refresh_from_db()
    assert (call.status, call.result) == (CallStatus.REACHED, Result.SIGNED_UP)
    assert (there.answer, there.people) == (Answer.SIGNED_UP, 3)
    assert (there.answered_by, there.answered_at) == (specialist, NOW)


@pytest.mark.parametrize(
    ("result", "said", "stopped"),
    [
        (Result.NOT_NEEDED, {"reason": NotReturning.NO_TIME}, 0),
        (Result.REFUSES, {"confirmed": True}, 1),
    ],
)
def test_who_says_no_does_not_come_and_a_refusal_stops_this_kind(
    winter, specialist, result, said, stopped
):
    there = invited_by_call(winter)

    talk(there.call, specialist, result, **said)

    there.refresh_from_db()
    assert (there.answer, there.answered_by) == (Answer.DECLINED, specialist)
    stops = StopContact.objects.filter(customer=there.customer, kind=CallKind.RECALL, vehicle=None)
    assert stops.count() == stopped


def test_an_invitation_asks_for_nothing_else(winter, specialist):
    results = policy.results_for(CallKind.RECALL, has_car=False)
    assert {Result.BOOKED, Result.WILL_COME, Result.VERIFIED, Result.SOLD}.isdisjoint(results)
    assert Result.SIGNED_UP not in policy.results_for(CallKind.MAINTENANCE)
    there = invited_by_call(winter)
    with pytest.raises(Refused):
        talk(there.call, specialist, Result.SIGNED_UP)  # with how many people?
    there.call.refresh_from_db()
    assert (there.call.status, fresh(there).answer) == (CallStatus.CLAIMED, "")


def test_no_more_people_than_places(store, manager, specialist):
    small = planned(store, manager, capacity=3)
    first = signed_up(small, people=2)
    there = invited_by_call(small)

    with pytest.raises(Refused, match="1"):
        talk(there.call, specialist, Result.SIGNED_UP, said=Coming(2))
    with pytest.raises(Refused):
        signed_up(small, people=2)
    assert Participant.objects.filter(answer=Answer.SIGNED_UP).count() == 1

    signed_up(small, first.customer, people=3)  # changed: his own places do not count twice
    participants.decline(first, by=manager, now=NOW)
    signed_up(small, people=3)
    assert small.participants.taken() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_two_at_once_never_take_the_last_place(store, manager, specialist, monkeypatch, guarded):
    """One signs up on the phone, one in the store. The control: nobody holds the activity."""
    small = planned(store, manager, capacity=1)
    there = invited_by_call(small)
    other = willing(store)
    if not guarded:
        monkeypatch.setattr(participants, "locked", fresh)
        monkeypatch.setattr("apps.care.actions.answers.hold", lambda results, by: None)

    def on_the_phone():
        try:
            talk(there.call, specialist, Result.SIGNED_UP, said=Coming(1))
        except Refused:
            return "refused"
        return "in"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            signed_up(small, other)
            answer = pool.submit(closing, on_the_phone)
            if guarded:
                wait_until_someone_waits_for_a_lock()
            else:
                answer.result()
        assert answer.result() == ("refused" if guarded else "in")
    assert small.participants.taken() == (1 if guarded else 2)


def test_at_the_door_who_signed_up_is_ticked_and_who_did_not_is_let_in(store, manager):
    full = planned(store, manager, capacity=1)
    there = signed_up(full)
    late = willing(store)
    with pytest.raises(Refused):
        participants.attend(there, there=True, by=manager, now=NOW)  # ten days too early

    participants.attend(there, there=True, by=manager, now=ON_THE_DAY)
    participants.attend(there, there=True, by=manager, now=ON_THE_DAY + DAY)  # again: as it was
    came = participants.come_in(full, late, people=2, by=manager, now=ON_THE_DAY)

    assert (fresh(there).attended_at, fresh(there).attended_by) == (ON_THE_DAY, manager)
    assert (came.invited, came.answer, came.people) == (Invited.AT_THE_DOOR, "", 2)
    assert came.attended_at == ON_THE_DAY
    participants.attend(there, there=False, by=manager, now=ON_THE_DAY)
    assert fresh(there).attended_at is None
    with pytest.raises(Refused):
        participants.decline(came, by=manager, now=ON_THE_DAY)


def test_a_customer_of_another_store_is_not_let_in(winter, other_store, manager):
    strange = willing(other_store)
    for act in (
        lambda: signed_up(winter, strange),
        lambda: participants.come_in(winter, strange, people=1, by=manager, now=ON_THE_DAY),
    ):
        with pytest.raises(Refused):
            act()
    assert not Participant.objects.exists()


def test_it_takes_place_and_then_nobody_is_invited_or_signs_up(store, winter, manager):
    waiting, held = invited_by_call(winter).call, invited_by_call(winter).call
    other = invited_by_call(planned(store, manager, on=ON + DAY)).call
    Call.objects.filter(pk=held.pk).update(
        status=CallStatus.CLAIMED, holder=manager, held_at=NOW, claim="0" * 32
    )
    with pytest.raises(Refused):
        actions.hold_activity(winter, now=NOW)
    assert fresh(winter).status == ActivityStatus.PLANNED

    actions.hold_activity(winter, now=ON_THE_DAY)

    assert fresh(winter).status == ActivityStatus.HELD
    gone = fresh(waiting)
    assert (gone.status, gone.end_reason) == (CallStatus.WITHDRAWN, EndReason.ACTIVITY_OVER)
    assert (fresh(held).status, fresh(other).status) == (CallStatus.CLAIMED, CallStatus.WAITING)
    Call.objects.filter(pk=held.pk).update(
        status=CallStatus.WAITING, holder=None, held_at=None, claim=None
    )
    assert actions.end_invitations(now=ON_THE_DAY) == 1  # given back later
    with pytest.raises(Refused):
        signed_up(winter, now=ON_THE_DAY)
    with pytest.raises(Refused):
        actions.hold_activity(winter, now=ON_THE_DAY)


def test_when_its_day_is_over_the_clock_ends_its_invitations(winter):
    call = invited_by_call(winter).call

    assert actions.end_invitations(now=ON_THE_DAY) == 0
    assert actions.end_invitations(now=ON_THE_DAY + DAY) == 1
    assert actions.end_invitations(now=ON_THE_DAY + DAY) == 0

    assert fresh(call).end_reason == EndReason.ACTIVITY_OVER


def test_no_fact_of_a_car_ends_an_invitation_but_a_withdrawn_consent_does(winter):
    call, unwilling = invited_by_call(winter).call, invited_by_call(winter).call
    unwilling.customer.accepts_marketing = False
    unwilling.customer.save()

    tidy(on=TODAY, now=NOW)

    assert fresh(call).status == CallStatus.WAITING
    assert fresh(unwilling).end_reason == EndReason.STOPPED


def test_cancelled_with_a_reason_only(winter):
    call = invited_by_call(winter).call
    with pytest.raises(Refused):
        actions.cancel_activity(winter, " ", now=NOW)

    actions.cancel_activity(winter, "场地没有批下来", now=NOW)

    assert (fresh(winter).status, fresh(winter).cancelled) == ("cancelled", "场地没有批下来")
    assert fresh(call).status == CallStatus.WITHDRAWN
    with pytest.raises(Refused):
        actions.change_activity(winter, the_plan(), now=NOW)


def test_when_the_day_moves_the_waiting_calls_go_along(winter):
    call = invited_by_call(winter, due_on=ON - DAY, event_on=ON).call

    actions.change_activity(winter, the_plan(on=ON + 5 * DAY), now=NOW)

    assert (fresh(call).event_on, fresh(call).due_on) == (ON + 5 * DAY, ON + 4 * DAY)


def test_it_is_evaluated_whole_and_may_be_put_right(store, manager, winter):
    said = {"spent_amount": Decimal("2860.50"), "summary": "来了四十人", "evaluation": "明年再办"}
    by = {"by": manager, "now": NOW}
    with pytest.raises(Refused):
        actions.evaluate_activity(winter, **said, **by)  # it has not taken place
    row = held(store, manager)
    with pytest.raises(Refused):
        actions.evaluate_activity(row, **said | {"evaluation": " "}, **by)

    actions.evaluate_activity(row, **said, **by)
    actions.evaluate_activity(row, **said | {"summary": "来了三十九人"}, **by)

    row = fresh(row)
    assert (row.status, row.spent_amount) == (ActivityStatus.EVALUATED, Decimal("2860.50"))
    assert (row.summary, row.evaluated_by, row.evaluated_at) == ("来了三十九人", manager, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(summary="")


def visit(car, on):
    return RepairOrder.objects.create(
        store=car.store, number=f"R{car.pk}{on:%m%d}", vehicle=car, kind="repair", out_on=on
    )


def test_what_came_of_it_are_the_visits_within_sixty_days(store, other_store, manager):
    row = held(store, manager, on=date(2026, 9, 20))
    cars = []
    for attended in (True, True, False):
        customer = willing(store)
        cars.append(make_vehicle(store, owner=customer))
        Participant.objects.create(
            **{"store": store, "activity": row, "customer": customer, "invited": "message"},
            attended_at=NOW if attended else None,
            attended_by=manager if attended else None,
        )
    first = visit(cars[0], row.on)
    last = visit(cars[0], row.on + 60 * DAY)
    visit(cars[1], row.on - DAY), visit(cars[1], row.on + 61 * DAY)
    absent = visit(cars[2], row.on + DAY)
    visit(make_vehicle(store), row.on + DAY)

    assert list(figures.visits(row)) == [last, first]
    assert list(figures.visits(row, "not_there")) == [absent]
    assert figures.came_back(row) == {"people": 2, "back": 1, "visits": 2, "percent": 50}
    assert figures.came_back(row, "not_there") == {
        **{"people": 1, "back": 1},
        **{"visits": 1, "percent": 100},
    }


def test_merged_records_take_part_once_and_part_again(store, manager, winter):
    old, new = willing(store, "张三"), willing(store, "张三")
    asked, said = invited_by_call(winter, old), signed_up(winter, new, people=2)
    other = signed_up(planned(store, manager, on=ON + DAY), old)

    merge = merge_customers(new, old, chosen={}, by=manager, now=NOW)

    assert set(Participant.objects.values_list("pk", "customer")) == {
        (said.pk, new.pk),
        (other.pk, new.pk),
    }
    assert (fresh(said).people, fresh(said).call) == (2, asked.call)
    assert invariants.broken() == {}
    undo_merge(merge, by=manager, now=NOW)
    assert set(Participant.objects.values_list("pk", "customer", "call")) == {
        (asked.pk, old.pk, asked.call_id),
        (said.pk, new.pk, None),
        (other.pk, old.pk, None),
    }


def test_the_numbers_say_what_became_of_everybody(store, manager, winter):
    signed_up(winter, people=3)
    participants.decline(signed_up(winter), by=manager, now=NOW)
    invited_by_call(winter)
    invited_by_call(winter, status=CallStatus.FAILED, ended_at=NOW)
    came = signed_up(winter, people=2)
    participants.attend(came, there=True, by=manager, now=ON_THE_DAY)

    [row] = queries.with_numbers([winter])

    assert row.numbers == {
        **{"all": 5, "called": 2, "open": 1, "not_reached": 1, "declined": 1},
        **{"signed_up": 2, "attended": 1, "absent": 1, "places": 5, "guests": 2},
    }
    for what, number in row.numbers.items():
        if what in queries.WHAT:
            assert queries.participants(winter, what).count() == number


def test_the_door_finds_by_a_piece_and_the_archive_by_the_whole(store, other_store, winter):
    there = signed_up(winter, willing(store, "王小明", phone="13900001111"))
    make_vehicle(store, owner=there.customer, plate="沪A12345")
    other = make_customer(store, "李雷", phone="13900002222")
    make_vehicle(store, owner=other, plate="沪B67890")
    make_customer(other_store, "李雷", phone="13900002222")

    for piece in ("小明", "1111", "a123"):
        assert list(queries.participants(winter, q=piece)) == [there]
    assert not queries.participants(winter, q="2222")
    for whole in ("13900002222", "沪b67890", "李雷"):
        assert queries.found_for(store.pk, whole) == [other]
    for part in ("2222", "B678", "李", ""):
        assert queries.found_for(store.pk, part) == []
