"""The numbers of surveys by day, and the official score beside the index (SSI-04, SSI-07)."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from apps.ssi.actions.numbers import correct_official, enter_official, set_numbers
from apps.ssi.figures.years import years
from apps.ssi.models import OfficialScore, SsiPolicy
from apps.ssi.number_forms import NumbersForm
from tests.factories import NOW, TODAY, make_user
from tests.ssi.made import finished_response, model_of

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
NUMBERS = {
    "low_factor": 650,
    "low_question": 5,
    "link_days": 5,
    "signs_a_second": 7,
    "far_above": 60,
    "recall_percent": 10,
    "second_from": time(12, 30),
    "second_until": time(13, 30),
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


def test_new_numbers_hold_from_their_day(store, other_store):
    set_numbers(store, NUMBERS, effective_from=TOMORROW, now=NOW)

    assert SsiPolicy.objects.in_force(store, TODAY).low_factor == 600
    assert SsiPolicy.objects.in_force(store, TOMORROW).low_factor == 650
    assert SsiPolicy.objects.in_force(other_store, TOMORROW).low_factor == 600
    with pytest.raises(Refused, match="已有"):
        set_numbers(store, NUMBERS | {"low_factor": 500}, effective_from=TOMORROW, now=NOW)
    with pytest.raises(Refused, match="明天"):
        set_numbers(store, NUMBERS, effective_from=TODAY, now=NOW)
    assert SsiPolicy.objects.filter(store=store).count() == 2
    assert SsiPolicy.objects.in_force(store, TOMORROW).low_factor == 650


def test_the_form_asks_for_every_number():
    fields = {field.name for field in SsiPolicy._meta.fields}
    assert set(NumbersForm.base_fields) == fields - {"id", "store"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_shows_what_holds_and_what_will(chief, store, rows, django_assert_num_queries):
    for number in range(1, rows):
        day = TODAY + timedelta(days=number)
        set_numbers(store, NUMBERS | {"low_factor": 600 + number}, effective_from=day, now=NOW)

    with django_assert_num_queries(9):
        page = chief.get(reverse("ssi:numbers"))

    assert [row.low_factor for row in page.context["columns"]] == [600 + n for n in range(rows)]
    assert page.context["holding"] == page.context["columns"][0]


def test_numbers_are_entered_by_the_page(chief, store):
    new = reverse("ssi:numbers-new")
    assertContains(chief.get(new), 'value="2026-11-24"')

    answer = chief.post(new, NUMBERS | {"effective_from": "2026-11-24"})
    assertRedirects(answer, reverse("ssi:numbers"))
    again = chief.post(new, NUMBERS | {"effective_from": "2026-11-24", "low_factor": 500})
    assert again.status_code == 409
    for wrong in ({"low_question": 11}, {"signs_a_second": 31}, {"link_days": 0}):
        assert (
            chief.post(new, NUMBERS | {"effective_from": "2026-12-01"} | wrong).status_code == 422
        )

    [_old, row] = SsiPolicy.objects.filter(store=store).order_by("effective_from")
    assert {name: getattr(row, name) for name in NUMBERS} == NUMBERS


def test_a_year_has_one_official_score_which_is_corrected_with_history(store, manager):
    row = enter_official(store, 2025, Decimal("700.5"), "年度报告", by=manager, now=NOW)
    with pytest.raises(Refused, match="改为更正"):
        enter_official(store, 2025, Decimal(710), "别处", by=manager, now=NOW)
    with pytest.raises(Refused, match="尚未开始"):
        enter_official(store, 2027, Decimal(710), "别处", by=manager, now=NOW)
    other = make_user("boss", store, Role.GENERAL_MANAGER)
    later = NOW + timedelta(hours=1)

    correct_official(row, Decimal("701.5"), "年度报告", by=other, now=later)
    correct_official(row, Decimal("701.5"), "年度报告", by=manager, now=later)  # says nothing new

    row = OfficialScore.objects.get()
    assert (row.year, row.score, row.by, row.at) == (2025, Decimal("701.50"), other, later)
    assert list(row.events.values_list("score", flat=True)) == [Decimal("700.50")]


def test_the_internal_index_stands_beside_it_by_model_and_in_no_figure_of_it(
    store, other_store, manager
):
    enter_official(store, 2023, Decimal(650), "年度报告", by=manager, now=NOW)
    older = model_of(store, "published_2015")
    for answer in (8, 10):
        finished_response(store, answer)
    finished_response(store, 5, model=older)
    finished_response(store, 7, on=date(2024, 3, 4))
    finished_response(store, 1, round="lost")
    finished_response(other_store, 1)

    found = {
        one.year: [(model, mean.n, mean.mean) for model, mean in one.internal]
        for one in years(store, TODAY)
    }

    assert list(found) == [2026, 2025, 2024, 2023]
    newer = model_of(store)
    expected = sorted([(newer, 2, 900.0), (older, 1, 500.0)], key=lambda one: one[0].pk)
    assert found == {2026: expected, 2025: [], 2024: [(newer, 1, 700.0)], 2023: []}
    assert [one.official and one.official.score for one in years(store, TODAY)] == [
        *(None, None, None, Decimal("650.00")),
    ]


@pytest.mark.parametrize("scores", [1, 3])
def test_the_page_of_official_scores(
    chief, store, other_store, manager, scores, django_assert_num_queries
):
    for year in range(2026 - scores, 2026):
        enter_official(store, year, Decimal(700), f"报告{year}", by=manager, now=NOW)
        finished_response(store, on=date(year, 5, 5))
    stranger = make_user("enters", other_store, Role.CARE_MANAGER)
    enter_official(other_store, 2024, Decimal(100), "外店", by=stranger, now=NOW)

    with django_assert_num_queries(11):
        page = chief.get(reverse("ssi:official"))

    assertContains(page, "报告2025")
    assertContains(page, "700.00", count=scores)
    assertNotContains(page, "外店")
    behind = f"?store={store.pk}&amp;month=2025-12&amp;months=12&amp;model={model_of(store).pk}"
    assertContains(page, reverse("ssi:score-rows") + behind)
    rows = LISTINGS["ssi:official"].rows(manager, {}, TODAY)
    assert [row.official.source for row in rows if row.official][:1] == ["报告2025"]


def test_an_official_score_is_entered_and_corrected_by_the_page(chief, store):
    there = reverse("ssi:official")
    told = {"year": 2025, "score": "705.5", "source": "年度报告"}
    new = reverse("ssi:official-new")
    assertRedirects(chief.post(new, told), there)
    assert chief.post(new, told).status_code == 409
    assert chief.post(new, told | {"year": 2024, "score": "1001"}).status_code == 422
    row = OfficialScore.objects.get()
    edit = reverse("ssi:official-edit", args=[row.pk])

    assertRedirects(chief.post(edit, {"score": "715.5", "source": "更正稿"}), there)
    assert chief.post(edit, {"score": "", "source": "更正稿"}).status_code == 422

    row = OfficialScore.objects.get()
    assert (row.year, row.score, row.source) == (2025, Decimal("715.50"), "更正稿")
    page = chief.get(edit)
    assertContains(page, "更正官方得分")
    assertContains(page, "705.50")
