"""The mileage chain against trying every subset (CUS-07), and the dues by the day (CARE-27)."""

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.customers.policy import (
    CarFacts,
    Interval,
    MileageLimits,
    Rate,
    Reading,
    accepted,
    car_dues,
    rate,
)

DAY0 = date(2026, 1, 1)
LIMITS = MileageLimits(km_per_day=10, slack_km=20)


def on(n):
    return DAY0 + timedelta(days=n)


def fits(a, b):
    if a.decided and b.decided:
        return True
    return 0 <= b.km - a.km <= 10 * (b.on - a.on).days + 20


def by_hand(points):
    """The longest possible subset; of equals the latest at the end, then at each step back."""
    best = []
    for size in range(len(points), 0, -1):
        for chosen in combinations(range(len(points)), size):
            chain = [points[i] for i in chosen]
            if any(p.decided and p not in chain for p in points):
                continue
            if all(fits(a, b) for a, b in pairwise(chain)):
                best.append(chosen)
        if best:
            return [points[i] for i in max(best, key=lambda chosen: chosen[::-1])]
    return []


some_readings = st.lists(
    st.builds(
        Reading,
        st.integers(0, 12).map(on),
        st.integers(0, 12).map(lambda n: n * 15),
        st.sampled_from([None, None, None, False]),
    ),
    max_size=7,
    unique_by=lambda r: (r.on, r.km),
)


@settings(max_examples=300, deadline=None)
@given(some_readings)
def test_the_chain_is_the_longest_possible_and_of_equals_the_latest(readings):
    points = sorted((r for r in readings if r.decided is not False), key=lambda r: r[:2])
    assert accepted(readings, LIMITS) == by_hand(points)


@settings(max_examples=300, deadline=None)
@given(some_readings, st.integers(0, 6))
def test_with_a_delivery_the_chain_starts_from_its_zero(readings, day):
    readings = [r for r in readings if r.on >= on(day)]
    start = Reading(on(day), 0, decided=True)
    points = [start] + sorted(
        (r for r in readings if r.decided is not False and r[:2] != start[:2]),
        key=lambda r: r[:2],
    )
    assert accepted(readings, LIMITS, delivered_on=on(day)) == by_hand(points)


def test_delivery_is_no_reading_of_a_used_car():
    before = Reading(on(0), 50)
    assert accepted([before], LIMITS, delivered_on=on(5)) == [before]
    assert accepted([], LIMITS, delivered_on=on(5), first_visit_on=on(1)) == []


def test_a_mistyped_reading_does_not_hide_the_others():
    readings = [Reading(on(0), 0), Reading(on(5), 5000), Reading(on(10), 100)]
    assert accepted(readings, LIMITS) == [readings[0], readings[2]]


def test_of_two_equally_long_chains_the_later_wins():
    readings = [Reading(on(0), 1000), Reading(on(1), 0)]
    assert accepted(readings, LIMITS) == [readings[1]]


def test_what_a_person_decided_stays():
    readings = [
        Reading(on(0), 0),
        Reading(on(1), 500, decided=True),
        Reading(on(2), 10, decided=None),
        Reading(on(3), 510, decided=False),
    ]
    assert accepted(readings, LIMITS) == [readings[1]]


def test_two_accepted_by_a_person_stand_even_when_they_contradict():
    readings = [Reading(on(0), 500, True), Reading(on(1), 0, True)]
    assert accepted(readings, LIMITS) == readings


def test_the_rate_needs_thirty_days_and_is_never_under_one_km_a_day():
    usual = MileageLimits(usual_km_per_day=40)
    assert rate([], usual) == Rate(40, 1)
    assert rate([Reading(on(0), 0), Reading(on(29), 900)], usual) == Rate(40, 1)
    assert rate([Reading(on(0), 0), Reading(on(30), 900)], usual) == Rate(900, 30)
    assert rate([Reading(on(0), 5), Reading(on(30), 5)], usual) == Rate(30, 30)


def test_the_rate_looks_back_365_days_that_day_included():
    usual = MileageLimits(usual_km_per_day=40)
    chain = [Reading(on(0), 0), Reading(on(1), 100), Reading(on(366), 3750)]
    assert rate(chain, usual) == Rate(3650, 365)


def test_the_day_is_the_earlier_of_months_and_kilometres():
    slow = CarFacts(sold_here=True, delivered_on=date(2026, 8, 31))
    dues = car_dues(slow, Interval(), MileageLimits())
    assert dues.maintenance_due_on == date(2027, 2, 28)  # clamped to the month's end
    fast = CarFacts(
        sold_here=True,
        delivered_on=date(2026, 8, 1),
        readings=(Reading(date(2026, 8, 31), 3000),),
    )
    dues = car_dues(fast, Interval(), MileageLimits())
    assert (dues.rate_km, dues.rate_days) == (3000, 30)
    assert dues.maintenance_due_on == date(2026, 10, 15)  # 4500 km at 100 a day


def test_without_a_reading_on_the_base_it_counts_from_the_base():
    facts = CarFacts(last_maintenance_on=date(2026, 8, 1))
    dues = car_dues(facts, Interval(months=12, km=401), MileageLimits())
    assert (dues.base_km, dues.maintenance_due_on) == (None, date(2026, 8, 12))  # 401 / 40: 11 days


def test_without_a_base_nothing_is_due():
    facts = CarFacts(delivered_on=date(2026, 8, 1), readings=(Reading(date(2026, 9, 1), 900),))
    dues = car_dues(facts, Interval(), MileageLimits())
    assert (dues.base_on, dues.maintenance_due_on, dues.last_km) == (None, None, 900)
