"""The supplied models are those of SSI-02."""

from decimal import Decimal

import pytest

from apps.ssi.policy.score import refuse_weights
from apps.ssi.supplied import START_WITH, SUPPLIED, equal_weights

WEIGHTS = {
    "decks_six": ["25.6", "15.8", "11.6", "17.0", "16.0", "14.0"],
    "source_eight": ["25.6", "15.8", "11.6", "11.0", "10.0", "9.5", "8.5", "8.0"],
    "published_2015": ["23", "21", "20", "19", "17"],
    "published_2023": ["14", "9", "14", "15", "10", "16", "22"],
    "published_2023_lost": ["23", "20", "21", "15", "11", "10"],
}


def test_each_has_the_weights_of_the_clause_and_they_sum_to_a_hundred():
    assert {m.code: [str(f.weight) for f in m.factors] for m in SUPPLIED} == WEIGHTS
    assert [refuse_weights([f.weight for f in m.factors]) for m in SUPPLIED] == [0] * 5


def test_only_what_was_printed_is_called_published():
    own = {m.code: [f.code for f in m.factors if not f.published] for m in SUPPLIED}
    assert own["decks_six"] == ["timing", "facility", "paperwork"]
    assert own["source_eight"] == ["timing", "advertising", "extras", "facility", "paperwork"]
    assert not own["published_2015"] + own["published_2023"] + own["published_2023_lost"]


def test_a_store_begins_with_those_of_2023_for_buyers_and_for_lost_ones():
    chosen = [m for m in SUPPLIED if m.code in START_WITH]
    assert [(m.year, m.of_buyers) for m in chosen] == [(2023, True), (2023, False)]


@pytest.mark.parametrize("count", range(1, 13))
def test_equal_weights_sum_to_a_hundred_and_differ_by_a_hundredth_at_most(count):
    found = equal_weights(count)
    assert sum(found) == 100
    assert max(found) - min(found) <= Decimal("0.01")
