"""Every figure equals a recount by hand, for random archives (REP-01…05, REP-08, REP-10)."""

from datetime import date, datetime, time

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.reports.choices import Figure
from apps.reports.figures import catalogue
from tests.factories import SHANGHAI
from tests.reports.archive import DAY, draw, months_later, place, save
from tests.reports.recount import recount

pytestmark = pytest.mark.django_db
MONTHS = (date(2026, 11, 1), date(2026, 2, 1), date(2024, 2, 1), date(2026, 12, 1))
# days after the last of the month: in it, its last, the 1st after it, and when rates are final
LATER = (-12, -1, 0, 1, 30, 31, 32, 45)


def _moment(first: date, later: int, clock: time) -> datetime:
    day = months_later(first, 1) - DAY + later * DAY
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


def test_every_figure_equals_a_recount_by_hand(store, other_store):
    """Values, rows and whether it is final; half of the moments are past midnight in Shanghai and
    not yet in UTC."""
    here, there = place(store), place(other_store)
    met = set()

    @settings(
        max_examples=30,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(
        seed=st.integers(0, 2**32 - 1),
        first=st.sampled_from(MONTHS),
        later=st.sampled_from(LATER),
        clock=st.sampled_from((time(0, 30), time(17))),
    )
    def holds(seed: int, first: date, later: int, clock: time) -> None:
        now = _moment(first, later, clock)
        archive = draw(seed, first, now)
        with transaction.atomic():
            save(archive, here, there)
            month = catalogue.month_of(store, first, now)
            found = {figure: catalogue.counted(figure, month) for figure in Figure}
            wanted = recount(archive)
            for figure, one in found.items():
                by_hand = wanted[figure]
                told = (figure, seed)
                assert set(one.whole.values_list("pk", flat=True)) == by_hand.whole, told
                assert set(one.hits.values_list("pk", flat=True)) == by_hand.hits, told
                assert (one.n, one.of) == (len(by_hand.hits), len(by_hand.whole)), told
                assert (one.value, one.is_final) == (by_hand.value, by_hand.is_final), told
                met.add((figure, one.is_final, one.n > 0, one.n < one.of))
            transaction.set_rollback(True)

    holds()
    # the archives were worth it: of each figure some rows counted and others did not (of a mean
    # all rows count), final and so far
    for figure in Figure:
        for is_final in (True, False):
            assert (figure, is_final, True, figure != Figure.SSI) in met
