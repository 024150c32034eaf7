from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import Store
from apps.core.dates import add_months, month_end, months_after


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_clamped_to_the_end_of_the_month(day, months, then):
    assert add_months(day, months) == then


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_adding_months_moves_by_exactly_so_many_months(day, months):
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == min(day.day, month_end(then).day)


def test_postgresql_adds_months_to_the_same_day(store):
    days = [date(2026, 1, 31), date(2024, 2, 29), date(2026, 8, 31), date(2026, 11, 23)]
    for day in days:
        Store.objects.filter(pk=store.pk).update(opened_on=day)
        for months in (-13, 0, 1, 6, 18):
            then = (
                Store.objects.filter(pk=store.pk)
                .values_list(months_after("opened_on", months), flat=True)
                .get()
            )
            assert then == add_months(day, months)
