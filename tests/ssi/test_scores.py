"""The index by month, factor, question, standard and group (SSI-05, SSI-08, SSI-09)."""

from datetime import date
from decimal import Decimal
from statistics import fmean, pstdev, stdev

import pytest

from apps.accounts.models import Team
from apps.reception.models import CarModel
from apps.ssi.choices import Round
from apps.ssi.figures import rows
from apps.ssi.figures.means import Beside, Mean
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.sheet import Ranked, ranked, sheet
from apps.ssi.figures.spans import Span
from apps.ssi.figures.stores import by_store
from apps.ssi.models import OfficialScore, Response, SsiPolicy, SurveyModel
from apps.ssi.policy.intervals import Interval, difference
from tests.factories import NOW, TODAY, make_user
from tests.ssi.made import BUYERS, finished_response, model_of

NOVEMBER = Span(date(2026, 11, 1))
OCTOBER_DAY = date(2026, 10, 20)


def everyone(store, **fields):
    return Scope((store.pk,), **fields)


def sheet_of(store, span=NOVEMBER, by=50, **fields):
    return sheet(store, everyone(store, **fields), span, TODAY, by=by)


def test_a_span_knows_its_months_and_those_before():
    quarter = Span.of(date(2026, 2, 14), 3)
    assert (quarter.first, quarter.last) == (date(2025, 12, 1), date(2026, 2, 28))
    assert (quarter.before.first, quarter.before.last) == (date(2025, 9, 1), date(2025, 11, 30))
    assert (quarter.trend[0], quarter.trend[-1]) == (date(2025, 2, 1), date(2026, 2, 1))
    assert (str(quarter), str(NOVEMBER)) == ("2025-12 – 2026-02", "2026-11")


def mean_of(*points, low=0):
    points = [Decimal(one) for one in points]
    return Mean(len(points), *(sum(one**power for one in points) for power in (1, 2, 3)), low)


def around(mean, number=50, spread=60):
    """``number`` scores, half of them below ``mean`` and half above."""
    return mean_of(*[mean - spread, mean + spread] * (number // 2), *[mean] * (number % 2))


def test_groups_together_are_as_if_measured_as_one():
    first, second = [700, 800, 950], [810, 820]
    whole = Mean.together([mean_of(*first, low=1), mean_of(*second, low=1), Mean()])
    assert (whole.n, whole.low) == (5, 2)
    assert whole.mean == fmean(first + second)
    assert whole.deviation == pytest.approx(stdev(first + second))
    third = fmean((one - whole.mean) ** 3 for one in first + second)
    assert whole.skewness == pytest.approx(third / pstdev(first + second) ** 3)
    assert Mean.together([]) == Mean()


def test_a_change_is_certain_only_when_chance_does_not_make_it():
    # Welch by hand: se = sqrt(2 × 3600 / 50) = 12, freedom 98, t = 1.9845: half 23.81
    change = difference((50, 840.0, 60.0), (50, 810.0, 60.0))
    assert change == Interval(pytest.approx(6.19, abs=0.01), pytest.approx(53.81, abs=0.01))
    assert Beside(around(840), around(810)).is_certain
    assert not Beside(around(830), around(810)).is_certain
    assert Beside(around(700, 30), around(900, 29)).change_interval is None
    assert Beside(around(800, 30, 0), around(700, 30, 0)).change_interval == Interval(100, 100)


def test_the_index_is_the_mean_of_the_month_in_its_own_store_beside_the_month_before(
    store, other_store
):
    for answer, on in ((8, TODAY), (10, date(2026, 11, 1)), (7, OCTOBER_DAY), (5, "2025-10-31")):
        finished_response(store, answer, on=on if isinstance(on, date) else date(2025, 10, 31))
    finished_response(other_store, 1)
    found = sheet_of(store)
    assert (found.index.now.n, found.index.now.mean) == (2, 900)
    assert found.index.now.deviation == pytest.approx(stdev([800, 1000]))
    assert (found.index.before.n, found.index.before.mean) == (1, 700)
    assert found.index.change == 200
    assert found.index.now.interval is None  # two are too few
    [(model, months)] = found.trend
    assert model.code == BUYERS
    assert {month: mean.mean for month, mean in months.items()} == {
        date(2026, 10, 1): 700,
        date(2026, 11, 1): 900,
    }


def test_what_is_not_finished_or_has_no_answer_counts_nowhere(store):
    finished_response(store, 8)
    open_one = finished_response(store, 2)
    Response.objects.filter(pk=open_one.pk).update(
        status="open", score=None, ended_at=None, on=None
    )
    finished_response(store, dict.fromkeys(_codes(store)))  # nothing applies: no score
    found = sheet_of(store)
    assert (found.index.now.n, found.index.now.mean) == (1, 800)
    assert [line.found.now.n for line in found.factors] == [1] * 7
    assert {line.found.now.n for line in found.questions} == {1}


def _codes(store):
    return [q.code for f in model_of(store).factors.all() for q in f.questions.all()]


def test_factors_stand_by_the_points_still_to_be_won(store):
    finished_response(store, {"delivery": 4, "drive": 9})
    finished_response(store, {"delivery": 6, "drive": None})
    finished_response(store, {"delivery": 9}, on=OCTOBER_DAY)
    found = sheet_of(store, by=100)
    lines = {line.factor.code: line for line in found.factors}
    delivery = lines["delivery"]
    assert found.factors[0] is delivery
    assert (delivery.found.now.mean, delivery.found.now.n, delivery.found.now.low) == (500, 2, 1)
    assert delivery.found.change == -400
    # 22 % of 500 points are 110; a hundred up gives 22
    assert (delivery.gain.to_win, delivery.gain.raised) == (Decimal("110.00"), Decimal("22.00"))
    assert (lines["drive"].found.now.n, lines["drive"].found.now.mean) == (1, 900)
    to_win = [line.gain.to_win for line in found.factors]
    assert to_win == sorted(to_win, reverse=True)


def test_what_is_low_is_what_the_numbers_in_force_say(store):
    finished_response(store, {"delivery": 6, "deal_1": 5})
    assert sheet_of(store).factors[0].found.now.low == 0
    SsiPolicy.objects.create(
        store=store, effective_from=date(2026, 11, 20), low_factor=601, low_question=5
    )
    found = sheet_of(store)
    low = {line.factor.code: line.found.now.low for line in found.factors if line.found.now.low}
    assert low == {"delivery": 1}
    low = {one.question.code for one in found.questions if one.found.now.low}
    assert low == {"deal_1"}


def test_questions_are_in_points_and_standards_in_per_cent_of_who_knows(store):
    finished_response(store, {"deal_1": 4}, standards={"clean": True, "promise": None})
    finished_response(store, {"deal_1": None}, standards={"clean": False, "promise": None})
    finished_response(store, {"deal_1": 9}, standards={"clean": True})
    finished_response(store, standards={"clean": False}, on=OCTOBER_DAY)
    found = sheet_of(store)
    deal = next(line for line in found.questions if line.question.code == "deal_1")
    assert (deal.found.now.n, deal.found.now.mean, deal.found.now.low) == (2, 650, 1)
    kept = {line.standard.code: line.kept for line in found.standards}
    assert (kept["clean"].share, kept["clean"].share_before) == (67, 0)
    assert (kept["promise"].unknown, kept["promise"].share) == (2, None)


def test_consultants_teams_and_models_of_cars_each_have_their_own(store, manager):
    seller = make_user("seller", store, "sales_consultant")
    team = Team.objects.create(store=store, name="一组")
    car = CarModel.objects.create(store=store, brand="别克", name="演示车")
    finished_response(store, 10, consultant=seller, team=team, car_model=car)
    finished_response(store, 8, consultant=seller, consultant_name="Seller")  # another spelling
    finished_response(store, 6, consultant_name="张三")
    finished_response(store, 5)
    found = sheet_of(store)
    assert {line.key: (line.found.now.n, line.found.now.mean) for line in found.consultants} == {
        (seller.pk, ""): (2, 900),
        (None, "张三"): (1, 600),
        (None, ""): (1, 500),
    }
    assert {line.name: line.found.now.n for line in found.teams} == {"一组": 1, "": 3}
    assert {line.name: line.found.now.mean for line in found.car_models}["别克 演示车"] == 1000
    assert sheet_of(store, consultant=seller.pk).index.now.n == 2
    assert sheet_of(store, name="张三", consultant=0).index.now.mean == 600
    assert sheet_of(store, consultant=0).index.now.mean == 500
    assert sheet_of(store, team=0).index.now.n == 3
    assert sheet_of(store, team=team.pk, car_model=car.pk).index.now.n == 1


def test_too_few_are_never_ranked_among_the_certain():
    lines = [
        Ranked(n, name, Beside(around(mean, count)))
        for n, (name, count, mean) in enumerate(
            [("few best", 29, 930), ("second", 30, 800), ("first", 200, 850),
             ("fewer", 2, 940), ("gone", 0, 100)]
        )
    ]  # fmt: skip
    assert [(line.rank, line.name) for line in ranked(lines)] == [
        (1, "first"),
        (2, "second"),
        (None, "few best"),
        (None, "fewer"),
    ]


@pytest.fixture
def next_model(store):
    """Another version for buyers from the first of November on."""
    old = model_of(store, "published_2015")
    SurveyModel.objects.filter(pk=old.pk).update(effective_from=date(2026, 11, 1))
    return model_of(store, "published_2015")


def test_models_are_never_mixed_and_the_trend_breaks_where_they_change(store, next_model):
    finished_response(store, 6, on=OCTOBER_DAY)
    finished_response(store, 7, on=date(2026, 11, 2))  # begun before the change
    finished_response(store, 9, model=next_model)
    finished_response(store, 2, round=Round.LOST)
    found = sheet_of(store)
    assert [(model.code, n) for model, n in found.models] == [
        (BUYERS, 1),
        ("published_2015", 1),
        ("published_2023_lost", 1),
    ]
    assert found.model == next_model
    assert (found.index.now.mean, found.index.before.n) == (900, 0)
    assert [line.factor.code for line in found.factors].count("start") == 1
    assert [(model.code, sorted(months)) for model, months in found.trend] == [
        (BUYERS, [date(2026, 10, 1), date(2026, 11, 1)]),
        ("published_2015", [date(2026, 11, 1)]),
    ]
    old = sheet_of(store, model=model_of(store).pk)
    assert (old.index.now.mean, old.index.change) == (700, 100)


def test_lost_buyers_have_an_index_of_their_own(store):
    finished_response(store, 9)
    finished_response(store, 5, round=Round.LOST)
    lost = sheet_of(store, model=model_of(store, "published_2023_lost").pk)
    assert (lost.index.now.n, lost.index.now.mean) == (1, 500)
    assert [model.of_buyers for model, _months in lost.trend] == [False]
    assert sheet_of(store).index.now.mean == 900


def test_a_model_without_answers_now_gives_way_to_one_of_its_kind(store, next_model):
    finished_response(store, 9, model=next_model)
    finished_response(store, 5, round=Round.LOST)
    assert sheet_of(store, model=model_of(store).pk).model == next_model
    empty = sheet_of(store, span=Span(date(2020, 1, 1)))
    assert (empty.model, empty.factors, empty.index) == (None, [], Beside())


def test_rounds_can_be_looked_at_alone(store):
    finished_response(store, 9)
    finished_response(store, 6, round=Round.SECOND)
    finished_response(store, 5, round=Round.LOST)
    assert sheet_of(store, round="second").index.now.mean == 600
    assert [n for _model, n in sheet_of(store, round="first").models] == [1, 1]


def test_the_official_score_stands_beside_and_is_in_no_mean(store, manager):
    finished_response(store, 9)
    for year, score in ((2024, 700), (2025, 790), (2026, 801)):
        OfficialScore.objects.create(
            store=store, year=year, score=score, source="J.D. Power", by=manager, at=NOW
        )
    found = sheet_of(store)
    assert [row.year for row in found.official] == [2026, 2025]
    assert found.index.now.mean == 900


def test_stores_stand_beside_each_other_when_they_ask_the_same(store, other_store, next_model):
    finished_response(store, 9)
    finished_response(other_store, 7)
    finished_response(store, 6, model=next_model)
    told = by_store([store, other_store], everyone(store), NOVEMBER)
    assert [
        (one.model.code, [(line.name, line.found.now.mean) for line in one.lines]) for one in told
    ] == [
        (BUYERS, [("上海演示店", 900), ("苏州演示店", 700)]),
        ("published_2015", [("上海演示店", 600)]),
    ]


def test_the_same_name_with_other_weights_is_another_model(store, other_store):
    factors = list(model_of(other_store).factors.order_by("code"))
    first, second = factors[0], factors[1]
    for row, weight in ((first, second.weight), (second, first.weight)):
        type(row).objects.filter(pk=row.pk).update(weight=weight)
    finished_response(store, 9)
    finished_response(other_store, 7)
    told = by_store([store, other_store], everyone(store), NOVEMBER)
    assert [len(one.lines) for one in told] == [1, 1]


def test_every_number_has_exactly_its_responses_behind_it(store, other_store, manager):
    seller = make_user("seller", store, "sales_consultant")
    for place in (store, other_store):
        finished_response(place, {"delivery": 4, "deal_1": 3}, standards={"clean": False})
        finished_response(place, {"delivery": 9, "deal_1": None}, standards={"clean": None})
        finished_response(place, 10, on=OCTOBER_DAY, standards={"clean": True})
    finished_response(store, 8, consultant=seller, standards={"clean": True})
    found = sheet_of(store)
    model = found.model.pk

    def count(span=NOVEMBER, scope=None, **asked):
        scope = scope or everyone(store, model=model)
        return len(rows.behind(scope, span, asked, found.numbers))

    assert count() == found.index.now.n == 3
    assert count(NOVEMBER.before) == found.index.before.n == 1
    for line in found.factors:
        assert count(factor=line.factor.pk) == line.found.now.n == 3
        assert count(factor=line.factor.pk, low=True) == line.found.now.low
    for line in found.questions:
        assert count(question=line.question.pk) == line.found.now.n
        assert count(question=line.question.pk, low=True) == line.found.now.low
    [clean] = found.standards
    for kept, number in (("yes", 1), ("no", 1), ("unknown", 1), ("", 3)):
        assert count(standard=clean.standard.pk, kept=kept) == number
    for line in found.consultants:
        pk, name = line.key
        scope = everyone(store, model=model, consultant=pk or 0, name=name)
        assert count(scope=scope) == line.found.now.n
    low = rows.behind(
        everyone(store, model=model),
        NOVEMBER,
        {"factor": found.factors[0].factor.pk},
        found.numbers,
    )
    assert {row.value for row in low} == {400, 800, 900}


@pytest.mark.parametrize("many", [1, 3])
def test_more_answers_cost_no_more_queries(store, many, django_assert_num_queries):
    for n in range(many):
        seller = make_user(f"seller{n}", store, "sales_consultant")
        team = Team.objects.create(store=store, name=f"{n}")
        finished_response(store, consultant=seller, team=team, standards={"clean": True})
    with django_assert_num_queries(14):
        sheet_of(store)
