"""Free times and parts that can be promised, with plain values (SVC-02, SVC-06, SVC-14)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.service.policy import (
    Day,
    Job,
    Resource,
    Slot,
    Taken,
    free_slots,
    labour_left,
    parts_ready_on,
    place_at,
    promised_part,
)

ON = date(2026, 11, 24)
DAY = timedelta(days=1)
ALL = frozenset({"quick", "general"})


def resource(pk, start=480, end=720, skills=ALL):
    return Resource(pk, frozenset(skills), start, end)


BAY, TECHNICIAN, HOUR = resource(1), resource(7), Job(60, "quick")


def day(taken=(), bays=(BAY,), technicians=(TECHNICIAN,), labour=None, step=60):
    return Day(ON, 480, 720, step, labour, tuple(bays), tuple(technicians), tuple(taken))


def starts(one, job=HOUR, earliest=0):
    return [slot.start for slot in free_slots(one, job, earliest)]


def test_an_empty_day_is_free_from_opening_to_the_last_start_that_ends_before_closing():
    assert starts(day()) == [480, 540, 600, 660]
    assert starts(day(), Job(90, "quick")) == [480, 540, 600]
    assert starts(day(), Job(241, "quick")) == []


def test_what_is_taken_is_not_free_and_an_end_is_no_overlap():
    assert starts(day([Taken(540, 600, 1, 7)])) == [480, 600, 660]
    assert starts(day([Taken(510, 570, 1, 7)])) == [600, 660]


def test_the_past_of_today_is_not_offered():
    assert starts(day(), earliest=541) == [600, 660]


def test_bay_and_technician_must_be_free_together():
    two_bays = [resource(1), resource(2)]
    assert starts(day([Taken(480, 720, 1, 8)], bays=two_bays)) == [480, 540, 600, 660]
    assert starts(day([Taken(480, 720, 1, 7)], bays=two_bays)) == []
    assert starts(day([Taken(480, 540, 1, 8), Taken(540, 600, 2, 7)])) == [600, 660]


def test_both_need_the_skill():
    body = Job(60, "body")
    assert starts(day(), body) == []
    assert starts(day(bays=[resource(1, skills={"body"})]), body) == []
    able = day(bays=[resource(1, skills={"body"})], technicians=[resource(7, skills={"body"})])
    assert starts(able, body) == [480, 540, 600, 660]


def test_a_technician_is_booked_within_his_working_time():
    assert starts(day(technicians=[resource(7, start=530, end=660)])) == [540, 600]


def test_the_labour_hours_of_the_day_are_never_exceeded():
    taken = [Taken(480, 540, 2, 8)]
    assert labour_left(day(taken)) is None
    assert labour_left(day(taken, labour=120)) == 60
    assert starts(day(taken, labour=120)) == [480, 540, 600, 660]
    assert starts(day(taken, labour=119)) == []
    assert place_at(day(taken, labour=119), HOUR, 600) is None


def test_general_bays_are_kept_for_general_work_and_the_least_busy_goes_first():
    bays = [resource(1), resource(2, skills={"quick"}), resource(3, skills={"quick"})]
    assert place_at(day(bays=bays), HOUR, 480) == Slot(ON, 480, 2, 7)
    busy = [Taken(600, 660, 2, 9)]
    assert place_at(day(busy, bays=bays), HOUR, 480) == Slot(ON, 480, 3, 7)


def test_a_named_bay_or_technician_is_taken_or_nothing():
    bays = [resource(1), resource(2)]
    taken = [Taken(480, 540, 2, 8)]
    assert place_at(day(taken, bays=bays), HOUR, 480, bay=2) is None
    assert place_at(day(taken, bays=bays), HOUR, 510, bay=1).bay == 1
    assert place_at(day(taken, bays=bays), HOUR, 480, technician=8) is None


times = st.builds(
    lambda start, length: (start, start + length), st.integers(96, 140), st.integers(1, 20)
)


@given(
    st.lists(st.tuples(times, st.integers(1, 3), st.integers(7, 9)), max_size=12),
    st.integers(1, 30),
)
def test_a_free_time_overlaps_nothing_that_is_taken(booked, length):
    taken = [Taken(start * 5, end * 5, bay, person) for (start, end), bay, person in booked]
    bays, people = [resource(n) for n in (1, 2, 3)], [resource(n) for n in (7, 8, 9)]
    one = day(taken, bays=bays, technicians=people, step=5)
    found = list(free_slots(one, Job(length * 5, "quick")))
    for slot in found:
        end = slot.start + length * 5
        assert one.opens <= slot.start and end <= one.closes
        for other in taken:
            apart = end <= other.start or other.end <= slot.start
            assert apart or (slot.bay != other.bay and slot.technician != other.technician)
    # and nothing free is left out
    for start in set(range(480, 721 - length * 5, 5)) - {slot.start for slot in found}:
        hit = [t for t in taken if t.start < start + length * 5 and start < t.end]
        assert {t.bay for t in hit} >= {1, 2, 3} or {t.technician for t in hit} >= {7, 8, 9}


def test_a_part_in_stock_can_be_promised_less_what_is_reserved_for_any_day():
    assert promised_part(5, [], ON, ON) == 5
    assert promised_part(5, [(ON + 3 * DAY, -2)], ON, ON) == 3
    assert promised_part(5, [(ON - DAY, -2)], ON, ON) == 3
    assert promised_part(1, [(ON, -4)], ON, ON) == 0


def test_a_supply_counts_from_its_day_on_and_never_when_it_is_late():
    supply = [(ON + 2 * DAY, 4)]
    assert promised_part(1, supply, ON, ON + DAY) == 1
    assert promised_part(1, supply, ON, ON + 2 * DAY) == 5
    assert promised_part(1, [(ON - DAY, 4)], ON, ON + 9 * DAY) == 1


def test_what_a_later_reservation_takes_from_a_supply_before_it_is_not_lost_for_today():
    moves = [(ON + 2 * DAY, 4), (ON + 3 * DAY, -4)]
    assert promised_part(1, moves, ON, ON) == 1
    assert promised_part(1, moves, ON, ON + 2 * DAY) == 1


def test_the_first_day_on_which_all_parts_are_there():
    moves = {2: [(ON + 2 * DAY, 1)], 3: [(ON + 5 * DAY, 9)]}
    stock = {1: 1, 2: 0, 3: 0}
    assert parts_ready_on({1: 1}, stock, moves, ON) == (ON, [])
    assert parts_ready_on({1: 1, 2: 1}, stock, moves, ON) == (ON + 2 * DAY, [2])
    assert parts_ready_on({2: 1, 3: 9}, stock, moves, ON) == (ON + 5 * DAY, [2, 3])
    assert parts_ready_on({1: 2}, stock, moves, ON) == (None, [1])
    assert parts_ready_on({1: 2, 2: 1}, stock, moves, ON) == (None, [1, 2])
