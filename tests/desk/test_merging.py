"""CUS-04: two records become one without losing anything, and two again as they were."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.care.actions.planning import plan, tidy
from apps.care.choices import CallStatus, EndReason
from apps.care.models import Attempt, Call
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.models import ContactNumber, Customer, Duplicate, Merge, NumberCorrection
from apps.desk import invariants
from apps.desk.merging import forget_merges, merge_customers, settle_merged, undo_merge
from apps.messaging.models import Message
from tests.desk import merging
from tests.factories import NOW, make_call, make_customer, make_vehicle

DAY = timedelta(days=1)


@pytest.fixture
def pair(store, other_store):
    """Two records of one store, and a stranger's of the same name and number."""
    make_customer(other_store, "张玮", "13911112222")
    return make_customer(store, "张伟", "13911112222"), make_customer(store, "张玮", "13911112222")


def merge(kept, gone, by, now=NOW, **chosen):
    return merge_customers(kept, gone, chosen=chosen, by=by, now=now)


@pytest.mark.django_db(transaction=False)
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=merging.records, other=merging.records, towards=st.booleans(), third=st.booleans())
def test_nothing_is_lost_nothing_doubled_and_undone_all_is_as_before(
    store, manager, specialist, one, other, towards, third
):
    with transaction.atomic():
        someone = make_customer(store, "李四")
        people = [
            merging.make_record(store, told, specialist, someone, name)
            for told, name in ((one, "张伟"), (other, "张玮"))
        ]
        kept, gone = people if towards else people[::-1]
        if third:
            low, high = sorted((kept.pk, gone.pk))
            Duplicate.objects.create(
                store=store, low_id=low, high_id=high, signs=["phone"], strength=4, found_at=NOW
            )
        before, owned = merging.everything(), merging.counted(people)
        shared = set(kept.numbers.values_list("number", flat=True)) & set(
            gone.numbers.values_list("number", flat=True)
        )
        attempts = set(Attempt.objects.values_list("pk", "at", "slot", "counted", "result"))
        messages = set(Message.objects.values_list("pk", "text", "to"))

        done = merge(kept, gone, manager)

        has = merging.counted([kept])
        assert {n: c for n, c in merging.counted([gone]).items() if c} == (
            {"customers.Duplicate.low" if gone.pk < kept.pk else "customers.Duplicate.high": 1}
            if third
            else {}
        )
        lost = {name: owned[name] - has[name] for name in owned}
        assert lost.pop("customers.ContactNumber.customer") == len(shared)
        assert -2 <= lost.pop("customers.Consent.customer") <= 0
        lost.pop("customers.Duplicate.low"), lost.pop("customers.Duplicate.high")
        assert lost.pop("customers.Customer.merged_into") == -1
        assert lost.pop("customers.Gap.customer") >= 0  # what is known of either lacks no more
        assert lost == dict.fromkeys(lost, 0)
        assert set(Attempt.objects.values_list("pk", "at", "slot", "counted", "result")) == attempts
        assert set(Message.objects.values_list("pk", "text", "to")) == messages
        cycles = [call.cycle for call in merging.open_birthdays(kept)]
        assert len(cycles) == len(set(cycles)) and not any("/" in cycle for cycle in cycles)
        assert invariants.broken() == {}

        assert undo_merge(done, by=manager, now=NOW + DAY) == []

        assert merging.everything() == before
        assert invariants.broken() == {}
        transaction.set_rollback(True)


def test_a_stranger_of_the_same_name_and_number_is_left_alone(pair, manager, other_store):
    kept, gone = pair
    theirs = list(Customer.everyone.filter(store=other_store).values_list())

    merge(kept, gone, manager)

    assert list(Customer.objects.filter(store=kept.store)) == [kept]
    assert list(Customer.everyone.filter(store=other_store).values_list()) == theirs


def test_values_come_from_the_record_that_was_chosen_and_the_other_name_is_remembered(
    pair, manager
):
    kept, gone = pair
    Customer.objects.filter(pk=gone.pk).update(
        address="衡山路1号", id_number_hash="h", id_number_sealed="k:x", locality="local"
    )
    number = ContactNumber.objects.create(
        store=gone.store, customer=gone, number="13811112222", kind="mobile"
    )

    chosen = dict.fromkeys(("name", "address", "id_number", "locality"), gone.pk)
    merge(kept, gone, manager, **chosen)

    kept.refresh_from_db()
    said = (kept.name, kept.address, kept.id_number_hash, kept.id_number_sealed, kept.locality)
    assert said == ("张玮", "衡山路1号", "h", "k:x", "local")
    assert (kept.initials, kept.also_named) == ("zw", ["张伟"])
    assert kept.main_phone == "13911112222"
    assert [n.pk for n in kept.numbers.all()] == [kept.numbers.first().pk, number.pk]


def test_what_was_found_out_last_about_a_number_of_both_holds(pair, manager, specialist):
    kept, gone = pair
    customers.mark_number(gone.numbers.get(), "empty", by=specialist, now=NOW)

    done = merge(kept, gone, manager)

    kept.refresh_from_db()
    number = kept.numbers.get()
    assert (number.status, number.marked_by, kept.reachable) == ("empty", specialist, False)
    assert NumberCorrection.objects.get().number == number

    undo_merge(done, by=manager, now=NOW)
    kept.refresh_from_db()
    assert (kept.numbers.get().status, kept.reachable) == ("good", True)
    assert NumberCorrection.objects.get().customer == gone


def test_who_withdrew_under_either_name_has_withdrawn(pair, manager):
    kept, gone = pair
    for who, state, day in ((gone, "withdrawn", 9), (kept, "given", 1)):
        customers.record_consent(who, "marketing", state, "导入", by=manager, now=NOW - day * DAY)

    merge(kept, gone, manager)

    kept.refresh_from_db()
    assert not kept.accepts_marketing
    newest = kept.consents.first()
    assert (newest.state, newest.source, newest.at, kept.consents.count()) == (
        "withdrawn",
        "导入",
        NOW,
        3,
    )


@pytest.mark.parametrize("towards", [True, False])
def test_of_two_birthday_calls_the_one_that_came_further_stands(pair, manager, towards):
    kept, gone = pair if towards else pair[::-1]
    reached, waiting = pair
    facts = {"kind": "birthday", "cycle": "2026"}
    done = make_call(
        kept.store, customer=reached, status="reached", ended_at=NOW, result="greeted", **facts
    )
    open_call = make_call(kept.store, customer=waiting, **facts)

    merge(kept, gone, manager)

    done.refresh_from_db()
    open_call.refresh_from_db()
    assert (done.customer, done.cycle, done.status) == (kept, "2026", "reached")
    assert (open_call.customer, open_call.status, open_call.end_reason) == (
        kept,
        CallStatus.WITHDRAWN,
        EndReason.MERGED,
    )
    assert open_call.proof == {"call": done.pk}


def test_open_calls_go_to_who_answers_for_the_customer(pair, manager, specialist, other_specialist):
    kept, gone = pair
    for customer, owner in ((kept, specialist), (gone, other_specialist)):
        make_call(
            kept.store, customer=customer, vehicle=make_vehicle(kept.store, customer), owner=owner
        )

    merge(kept, gone, manager)

    assert {call.owner for call in Call.objects.filter(customer=kept)} == {specialist}


@pytest.mark.parametrize("whose", [0, 1])
def test_nobody_is_merged_while_somebody_talks_to_him(pair, manager, specialist, whose):
    make_call(
        pair[0].store,
        customer=pair[whose],
        status=CallStatus.CLAIMED,
        holder=specialist,
        held_at=NOW,
        claim="11111111-1111-1111-1111-111111111111",
    )
    before = merging.everything()

    with pytest.raises(Refused, match="li_na"):
        merge(*pair, manager)

    assert merging.everything() == before


def test_two_stores_are_never_one(pair, stranger, manager, other_store):
    theirs = Customer.objects.get(store=other_store)
    before = merging.everything()

    for by in (manager, stranger):
        with pytest.raises(Refused):
            merge(pair[0], theirs, by)

    assert merging.everything() == before


def test_what_came_since_stays_and_what_was_changed_since_is_named(pair, manager):
    kept, gone = pair
    car, sold = make_vehicle(gone.store, gone), make_vehicle(gone.store, gone)
    done = merge(kept, gone, manager)
    customers.add_number(kept, "13811112222", by=manager, now=NOW)
    buyer = make_customer(gone.store, "王五")
    customers.change_owner(sold, buyer, by=manager, on=NOW.date())

    stays = undo_merge(done, by=manager, now=NOW + DAY)

    car.refresh_from_db()
    sold.refresh_from_db()
    assert (car.owner, sold.owner) == (gone, buyer)
    assert [n.number for n in kept.numbers.all()] == ["13911112222", "13811112222"]
    assert [n.number for n in gone.numbers.all()] == ["13911112222"]
    assert stays == [f"车辆 {sold}"]


def test_an_undo_comes_too_late_after_thirty_days_and_is_forgotten(pair, manager):
    done = merge(*pair, manager)
    before = merging.everything()

    with pytest.raises(Refused):
        undo_merge(done, by=manager, now=NOW + 30 * DAY + timedelta(seconds=1))
    assert merging.everything() == before
    assert forget_merges(now=NOW + 30 * DAY) == 0
    assert forget_merges(now=NOW + 31 * DAY) == 1
    assert Merge.objects.get().journal == []


def test_merges_are_undone_the_last_first_and_once(pair, manager):
    kept, gone = pair
    other = make_customer(kept.store, "张伟")
    first = merge(kept, gone, manager)
    second = merge(other, kept, manager)
    gone.refresh_from_db()
    assert gone.merged_into == other

    with pytest.raises(Refused):
        undo_merge(first, by=manager, now=NOW)
    undo_merge(second, by=manager, now=NOW)
    undo_merge(first, by=manager, now=NOW)
    with pytest.raises(Refused):
        undo_merge(first, by=manager, now=NOW)

    assert set(Customer.objects.filter(store=kept.store)) == {kept, gone, other}


def test_a_row_that_was_written_during_the_merge_follows(pair, manager):
    kept, gone = pair
    merge(kept, gone, manager)
    car = make_vehicle(gone.store, gone)
    assert [row["row"] for row in invariants.merged_records_own_nothing()] == [car.pk]

    assert (settle_merged(now=NOW), settle_merged(now=NOW)) == (1, 0)

    car.refresh_from_db()
    assert car.owner == kept
    assert invariants.broken() == {}


def test_who_is_merged_is_greeted_once(pair, manager, specialist):
    for customer in pair:
        Customer.objects.filter(pk=customer.pk).update(birthday=NOW.date().replace(year=1985))
        make_vehicle(customer.store, customer)
    plan(on=NOW.date(), now=NOW)
    assert Call.objects.filter(kind="birthday").count() == 2

    merge(*pair, manager)
    plan(on=NOW.date(), now=NOW)
    tidy(on=NOW.date(), now=NOW)

    [call] = Call.objects.filter(kind="birthday").open()
    assert call.customer == pair[0]
