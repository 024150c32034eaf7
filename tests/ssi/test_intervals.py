"""The interval holds what it promises (SSI-05)."""

import random
import statistics

import pytest

from apps.ssi.policy.intervals import Interval, interval, t_975


@pytest.mark.parametrize(
    ("freedom", "printed"), [(29, 2.0452), (30, 2.0423), (60, 2.0003), (99, 1.9842), (120, 1.9799)]
)
def test_the_quantile_is_the_printed_one(freedom, printed):
    assert t_975(freedom) == pytest.approx(printed, abs=0.0001)


def test_below_thirty_answers_there_is_none():
    assert interval(29, 800, 50) is None
    assert interval(30, 800, 50) == Interval(
        pytest.approx(781.33, abs=0.01), pytest.approx(818.67, abs=0.01)
    )


def test_it_never_leaves_the_scale():
    assert interval(30, 995, 100).high == 1000
    assert interval(30, 105, 100).low == 100


@pytest.mark.parametrize("number", [100, 300])
def test_it_covers_the_truth_in_93_to_97_of_100_months(number):
    """Skewed like real answers: most are eights to tens, a few low ones."""
    scale, weights = range(1, 11), (1, 1, 1, 2, 3, 5, 10, 20, 27, 30)
    truth = 100 * sum(s * w for s, w in zip(scale, weights, strict=True)) / sum(weights)
    chance = random.Random(20260701)
    covered = 0
    for _month in range(1000):
        scores = [100 * answer for answer in chance.choices(scale, weights, k=number)]
        found = interval(number, statistics.fmean(scores), statistics.stdev(scores))
        covered += found.low <= truth <= found.high
    assert 930 <= covered <= 970
