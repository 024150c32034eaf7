"""The index against an independent reading of SSI-07, and by hand."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.ssi.policy.score import Factor, Question, gains, score

EQUAL = Decimal(50)


def factor(code, weight, *questions):
    return Factor(
        code,
        Decimal(weight),
        tuple(Question(f"{code}{n}", Decimal(w)) for n, w in enumerate(questions)),
    )


TWO = (factor("a", 60, 50, 50), factor("b", 40, 30, 70))


def test_all_tens_are_a_thousand_and_all_ones_a_hundred():
    assert score(TWO, dict.fromkeys(["a0", "a1", "b0", "b1"], 10)).index == Decimal("1000.00")
    assert score(TWO, dict.fromkeys(["a0", "a1", "b0", "b1"], 1)).index == Decimal("100.00")


def test_by_hand():
    # a: (8 + 9) / 2 = 8.5; b: 0.3 × 7 + 0.7 × 10 = 9.1; 0.6 × 850 + 0.4 × 910 = 874
    found = score(TWO, {"a0": 8, "a1": 9, "b0": 7, "b1": 10})
    assert found.index == Decimal("874.00")
    assert found.factors == {"a": Decimal("850.00"), "b": Decimal("910.00")}


def test_by_hand_with_one_that_does_not_apply():
    # b0 gives its 30 to b1: b is 10; 0.6 × 850 + 0.4 × 1000 = 910
    assert score(TWO, {"a0": 8, "a1": 9, "b0": None, "b1": 10}).index == Decimal("910.00")


def test_by_hand_with_a_factor_without_an_answer():
    # a gives its 60 to b: 0.3 × 7 + 0.7 × 10 = 9.1
    found = score(TWO, {"a0": None, "b0": 7, "b1": 10})
    assert found.index == Decimal("910.00")
    assert found.factors["a"] is None


def test_half_a_hundredth_goes_up():
    # 3 questions of 33.35, 33.35, 33.30 per cent: (4 × 33.35 + 5 × 66.65) / 100 = 4.6665
    one = (factor("a", 100, "33.35", "33.35", "33.30"),)
    assert score(one, {"a0": 4, "a1": 5, "a2": 5}).index == Decimal("466.65")
    # 1 and 2 with weights 0.99995 : 0.00005 of the factor: 1.00005 → 100.005 → 100.01
    fine = (factor("a", 100, "99.995", "0.005"),)
    assert score(fine, {"a0": 1, "a1": 2}).index == Decimal("100.01")


def test_nobody_answered():
    assert score(TWO, {}).index is None


@pytest.mark.parametrize("wrong", [0, 11, -1])
def test_an_answer_outside_the_scale_is_refused(wrong):
    with pytest.raises(ValueError, match="a0"):
        score(TWO, {"a0": wrong})


def test_what_a_raised_factor_gives():
    # a at 850: 150 to win × 0.6 = 90; 50 up gives 30. b at 910: 36, of which 20.
    found = gains(TWO, {"a": Decimal(850), "b": Decimal(910)}, Decimal(50))
    assert [(g.code, g.to_win, g.raised) for g in found] == [
        ("a", Decimal("90.00"), Decimal("30.00")),
        ("b", Decimal("36.00"), Decimal("20.00")),
    ]
    near = gains(TWO, {"a": Decimal(990), "b": None}, Decimal(50))
    assert [(g.to_win, g.raised) for g in near] == [(Decimal("10.00"), Decimal("10.00"))]


SAID = (None, None, None, *range(1, 11), 10, 10, 10)  # what is drawn from: often N/A, often ten


# The oracle: long Decimals and SSI-01's sharing out of weights done as it is written.


def shares(count):
    """``count`` weights in whole hundredths that sum to 100."""
    cuts = st.lists(st.integers(1, 9999), min_size=count - 1, max_size=count - 1, unique=True)
    return cuts.map(
        lambda at: [
            Decimal(b - a) / 100
            for a, b in zip([0, *sorted(at)], [*sorted(at), 10_000], strict=True)
        ]
    )


@st.composite
def models(draw):
    """A model of up to eight factors of up to six questions, and ten responses to it."""
    count = draw(st.integers(1, 8))
    model = []
    for number, weight in enumerate(draw(shares(count))):
        questions = draw(shares(draw(st.integers(1, 6))))
        code = f"f{number}"
        model.append((code, weight, [(f"{code}q{n}", w) for n, w in enumerate(questions)]))
    chosen = Random(draw(st.integers(0, 2**32)))
    names = [name for _code, _weight, questions in model for name, _share in questions]
    return model, [{name: chosen.choice(SAID) for name in names} for _each in range(10)]


def shared_out(parts):
    """(weight, value or None) → the value, where the missing ones give their weight pro rata."""
    there = [(weight, value) for weight, value in parts if value is not None]
    if not there:
        return None
    missing = sum(weight for weight, value in parts if value is None)
    whole = sum(weight for weight, _ in there)
    return sum((w + missing * w / whole) * v for w, v in there) / 100


@settings(max_examples=1_000, deadline=None)
@given(models())
def test_ten_thousand_random_responses_equal_the_oracle(drawn):
    model, responses = drawn
    for answers in responses:
        equals_the_oracle(model, answers)


def equals_the_oracle(model, answers):
    with localcontext(prec=80):
        means = {
            code: shared_out(
                [(w, None if answers[q] is None else Decimal(answers[q])) for q, w in qs]
            )
            for code, _weight, qs in model
        }
        index = shared_out([(weight, means[code]) for code, weight, _ in model])
        expected = None if index is None else _cents(index * 100)
        by_factor = {code: None if m is None else _cents(m * 100) for code, m in means.items()}
    found = score(
        [Factor(c, w, tuple(Question(q, v) for q, v in qs)) for c, w, qs in model], answers
    )
    assert found.index == expected
    assert found.factors == by_factor


def _cents(value):
    # 80 digits leave an error near 1e-75: what should be exactly half is half
    return value.quantize(Decimal("1e-40"), ROUND_HALF_UP).quantize(Decimal("0.01"), ROUND_HALF_UP)
