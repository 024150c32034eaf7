"""What marks a response, as plain values (SSI-10)."""

import pytest

from apps.ssi.choices import Mark
from apps.ssi.policy.honesty import is_nothing_but_tens, marks_of, signs

TEXTS = ("您打几分？", "有人接待您吗？")  # 4 and 6 characters are read


def marks(values=(8, 9), *, seconds=60, **facts):
    facts = {"signs_a_second": 6, "interviewed": True} | facts
    return marks_of(values, TEXTS, spoken_seconds=seconds, **facts)


def test_an_ordinary_conversation_has_no_mark():
    assert marks() == []


@pytest.mark.parametrize(
    ("values", "doubtful"),
    [
        ([10] * 5, True),
        ([10] * 4, False),  # too few to wonder
        ([10] * 5 + [None] * 9, True),  # what does not apply is no answer
        ([10] * 4 + [None], False),
        ([10] * 20 + [9], False),
        ([9] * 20, False),
        ([None] * 20, False),
        ([], False),
    ],
)
def test_nothing_but_tens(values, doubtful):
    assert is_nothing_but_tens(values) is doubtful
    assert marks(values) == ([Mark.STRAIGHT_TENS] if doubtful else [])


def test_only_what_is_read_aloud_counts():
    assert signs(TEXTS) == 10
    assert signs(["SSI 2023，真的吗？"]) == 10
    assert signs([]) == 0


@pytest.mark.parametrize(
    ("seconds", "a_second", "short"), [(1, 6, True), (2, 6, False), (2, 5, False), (2, 4, True)]
)
def test_shorter_than_its_script_can_be_read(seconds, a_second, short):
    """10 characters take 10/6 s, 2 s, 2.5 s."""
    found = marks(seconds=seconds, signs_a_second=a_second)

    assert found == ([Mark.TOO_SHORT] if short else [])


def test_who_answers_by_himself_may_be_quick():
    assert marks(seconds=0, interviewed=False) == []


def test_every_mark_stands_in_the_order_of_the_words():
    assert marks([10] * 5, seconds=0, changed=True) == list(Mark)
    assert marks([10] * 5, seconds=0, changed=True, interviewed=False) == [
        Mark.STRAIGHT_TENS,
        Mark.CHANGED,
    ]
