"""The lot itself, as plain values: enough, repeatable, and not uniform luck (CARE-09)."""

from hashlib import sha256
from itertools import pairwise
from math import ceil, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.care.policy import drawn

SEEDS = 3000
IDS = [*range(1000, 1030), *range(50_000, 50_060, 3)]  # as they come: runs and gaps
SIZE = ceil(len(IDS) * 60 / 100)


@given(st.sets(st.integers(1, 10**12), max_size=80), st.integers(0, 2**63 - 1), st.integers(1, 100))
def test_it_is_the_least_number_that_reaches_the_share_and_nothing_but_the_ids(ids, seed, percent):
    chosen = drawn(seed, ids, percent)

    assert chosen == sorted(set(chosen) & ids)
    assert 100 * len(chosen) >= percent * len(ids)
    assert not chosen or 100 * (len(chosen) - 1) < percent * len(ids)


def test_the_seed_alone_decides_whatever_the_order():
    shuffled = Random(1).sample(IDS, len(IDS))

    assert drawn(42, shuffled, 60) == drawn(42, IDS, 60) == drawn(42, iter(IDS + IDS), 60)
    assert drawn(42, IDS, 60) != drawn(43, IDS, 60)


def test_anybody_can_work_it_out_again():
    """As the page tells it: SHA-256 of "seed:number", the lowest. The last line never changes."""
    by_hand = sorted((sha256(b"42:%d" % pk).hexdigest(), pk) for pk in range(1, 11))

    assert drawn(42, range(1, 11), 60) == sorted(pk for _hash, pk in by_hand[:6])
    assert drawn(42, range(1, 11), 60) == [1, 4, 5, 6, 7, 9]


def how_often(draw):
    """How often each id was drawn over many seeds, and each pair of neighbours together."""
    single, together = dict.fromkeys(IDS, 0), dict.fromkeys(pairwise(IDS), 0)
    for seed in range(SEEDS):
        chosen = set(draw(seed, IDS, 60))
        for pk in chosen:
            single[pk] += 1
        for pair in together:
            together[pair] += chosen.issuperset(pair)
    return single, together


def spread(single):
    """Chi-square of the counts: of a fair draw of k among n its mean is n - 1.

    Var of one count is S·p·(1 - p); the counts of one draw add up to k, hence (n - 1) / n.
    """
    n, p = len(IDS), SIZE / len(IDS)
    expected = SEEDS * p
    total = sum((count - expected) ** 2 for count in single.values())
    return total / (expected * (1 - p)) * (n - 1) / n


def is_fair(draw):
    n = len(IDS)
    p, both = SIZE / n, SIZE * (SIZE - 1) / (n * (n - 1))
    single, together = how_often(draw)
    freedom = n - 1
    # Wilson and Hilferty: the cube root of chi-square over its freedom is about normal.
    middle, width = 1 - 2 / (9 * freedom), sqrt(2 / (9 * freedom))
    z = ((spread(single) / freedom) ** (1 / 3) - middle) / width
    five = 5 * sqrt(SEEDS * p * (1 - p))
    five_pairs = 5 * sqrt(SEEDS * both * (1 - both))
    return (
        abs(z) < 4
        and all(abs(count - SEEDS * p) < five for count in single.values())
        and all(abs(count - SEEDS * both) < five_pairs for count in together.values())
    )


def test_each_call_is_drawn_as_often_as_any_other_and_no_pair_goes_together():
    assert is_fair(drawn)


def the_first(seed, ids, percent):
    return sorted(ids)[:SIZE]


def every_other_round(seed, ids, percent):
    """Each as often as any other, but neighbours always go together."""
    start = seed % len(ids)
    return [*ids, *ids][start : start + SIZE]


def too_even(seed, ids, percent):
    """Alternates instead of drawing: the counts lie closer together than luck allows."""
    order = Random(seed // 5).sample(ids, len(ids))
    start = seed % 5 * SIZE
    return (order * 4)[start : start + SIZE]


def favours_one(seed, ids, percent):
    chosen = drawn(seed, ids, percent)
    return chosen if seed % 4 else sorted({ids[3], *chosen[1:]})


@pytest.mark.parametrize("draw", [the_first, every_other_round, too_even, favours_one])
def test_the_measure_tells_a_draw_that_is_none(draw):
    """The control."""
    assert not is_fair(draw)
