"""The interval holds what it promises (SSI-05)."""

import random
import statistics
from datetime import date
from io import StringIO
from itertools import count, pairwise

import pytest
from django.db import connection

from apps.core.dates import add_months
from apps.ssi.figures import scores
from apps.ssi.figures.means import Beside
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import Span
from apps.ssi.policy.intervals import Interval, interval, t_975
from apps.ssi.policy.score import Factor, Question, score
from tests.ssi.made import model_of

SKEWED = (1, 1, 1, 2, 3, 5, 10, 20, 27, 30)  # like real answers: most are eights to tens


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


def test_a_few_far_below_stretch_it_downwards():
    plain, leaning = interval(100, 850, 80), interval(100, 850, 80, skewness=-2.0)
    assert (plain.high - 850) == pytest.approx(850 - plain.low)
    assert leaning.low < plain.low
    assert 850 < leaning.high < plain.high
    assert interval(100, 850, 80, skewness=1e-9) == plain


def test_it_never_leaves_the_scale():
    assert interval(30, 995, 100).high == 1000
    assert interval(30, 105, 100).low == 100


@pytest.mark.parametrize("number", [100, 300])
def test_it_covers_the_truth_in_93_to_97_of_100_months(number):
    scale, weights = range(1, 11), SKEWED
    truth = 100 * sum(s * w for s, w in zip(scale, weights, strict=True)) / sum(weights)
    chance = random.Random(20260701)
    covered = 0
    for _month in range(1000):
        points = [100 * answer for answer in chance.choices(scale, weights, k=number)]
        found = interval(number, statistics.fmean(points), statistics.stdev(points))
        covered += found.low <= truth <= found.high
    assert 930 <= covered <= 970


# The figures of the database, not only the function


def a_pool(store, chance):
    """Scores of 400 customers, most content, one of twelve not at all; some leave questions out."""
    factors = [
        Factor(f.code, f.weight, tuple(Question(q.code, q.weight) for q in f.questions.all()))
        for f in model_of(store).factors.prefetch_related("questions")
    ]
    codes = [question.code for factor in factors for question in factor.questions]
    pool = []
    for customer in range(400):
        weights = (1, 2, 4, 6, 8, 6, 4, 2, 1, 1) if customer % 12 == 0 else SKEWED
        answers = dict(zip(codes, chance.choices(range(1, 11), weights, k=len(codes)), strict=True))
        answers |= dict.fromkeys(chance.sample(codes, chance.randint(0, 2)))
        pool.append(score(factors, answers).index)
    return pool


def fill(store, months, pool, number, chance):
    """``number`` responses in each month; what they belong to is left out, nothing here asks."""
    model, places = model_of(store).pk, count(1)
    columns = (
        *("store_id", "model_id", "round", "customer_id", "delivery_id", "status"),
        *("started_at", "ended_at", "on", "spoken_seconds", "score"),
    )
    lines = [
        f"{store.pk}\t{model}\tfirst\t1\t{next(places)}\tdone\t{month}\t{month}\t{month}\t300\t{one}"
        for month in months
        for one in chance.choices(pool, k=number)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        names = ", ".join(f'"{name}"' for name in columns)
        cursor.copy_expert(f"COPY ssi_response ({names}) FROM STDIN", StringIO("\n".join(lines)))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture
def thousand():
    """A thousand months, and the span that looks at all of them."""
    span = Span(date(2026, 11, 1), 500)
    months = [add_months(span.month, -n) for n in range(1000)]
    assert months[-1] == span.before.first
    return span, months


def test_the_figures_cover_the_truth_in_93_to_97_of_100_months(store, thousand):
    span, months = thousand
    chance = random.Random(20261128)
    pool = a_pool(store, chance)
    truth = float(statistics.fmean(pool))
    fill(store, months, pool, 100, chance)
    [found] = scores.by_month(Scope((store.pk,)), span).values()
    assert {mean.n for mean in found.values()} == {100}
    assert len(found) == 1000
    covered = sum(mean.interval.low <= truth <= mean.interval.high for mean in found.values())
    assert 930 <= covered <= 970
    pairs = [Beside(found[now], found[before]) for now, before in pairwise(months)]
    unchanged = sum(not pair.is_certain for pair in pairs)  # nothing changed between any two
    assert 929 <= unchanged <= 969


def test_the_figures_of_fewer_than_thirty_have_no_interval(store, thousand):
    span, months = thousand
    chance = random.Random(1)
    pool = a_pool(store, chance)
    fill(store, months, pool, 29, chance)
    [found] = scores.by_month(Scope((store.pk,)), span).values()
    assert len(found) == 1000
    assert {mean.interval for mean in found.values()} == {None}
