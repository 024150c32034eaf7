"""The sheet of the index as a page, its rows and its files (SSI-05, DATA-03)."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.accounts.models import Team
from apps.reception.models import CarModel
from apps.ssi.choices import Round
from tests.factories import make_customer, make_user
from tests.ssi.made import finished_response, model_of

URL, ROWS = reverse("ssi:scores"), reverse("ssi:score-rows")
OCTOBER = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def reader(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def seller(store):
    return make_user("gu_wen", store, Role.SALES_CONSULTANT)


@pytest.fixture
def month(store, other_store, seller):
    """Thirty of one consultant and a few others, and the same of a store that nobody asked for."""
    team = Team.objects.create(store=store, name="一组")
    car = CarModel.objects.create(store=store, brand="别克", name="演示车")
    for n in range(30):
        told = {"delivery": 4 if n < 5 else 9, "deal_1": 3 if n == 0 else 8}
        finished_response(
            store, told, consultant=seller, team=team, car_model=car, standards={"clean": n > 5}
        )
    finished_response(store, 10, consultant_name="李四")
    finished_response(store, 7, on=OCTOBER)
    finished_response(store, 5, round=Round.LOST)
    finished_response(other_store, 1, customer=make_customer(other_store, "外店客户"))


def shown(client, **asked):
    return client.get(ROWS, asked).context["rows"]


def test_the_page_tells_index_factors_and_who(reader, month, seller):
    page = reader.get(URL)
    sheet = page.context["sheet"]
    assert (sheet.index.now.n, sheet.index.before.n) == (31, 1)
    assert sheet.factors[0].found.now.low == 5
    assertContains(page, "gu_wen")
    assertContains(page, "李四")
    assertNotContains(page, "外店")
    assert [(one["model"].code, sum(1 for _m, mean in one["months"] if mean)) for one in
            page.context["trend_lines"]] == [("published_2023", 2)]  # fmt: skip
    assert page.context["trend"]["series"][0]["values"][-2:] == [
        700,
        round(sheet.index.now.mean, 1),
    ]
    assert len(page.context["map"]["points"]) == 7


def test_the_guide_is_open_at_the_factors_with_the_most_to_be_won(reader, month):
    page = reader.get(URL)
    told = {one.code: float(one.score) for one in page.context["proposals"]}
    assert told == {
        line.factor.code: round(line.found.now.mean, 1)
        for line in page.context["sheet"].factors[:2]
    }
    assert all(one.lines for one in page.context["proposals"])
    assertContains(page, page.context["proposals"][0].lines[0].action)


def test_each_number_is_a_link_to_its_responses(reader, month, store, seller):
    model = model_of(store).pk
    sheet = reader.get(URL).context["sheet"]
    assert len(shown(reader, month="2026-11", model=model)) == 31
    assert len(shown(reader, month="2026-10", model=model)) == 1
    assert len(shown(reader, consultant=seller.pk, model=model)) == 30
    assert len(shown(reader, consultant=0, name="李四", model=model)) == 1
    factor = sheet.factors[0].factor.pk
    low = shown(reader, factor=factor, low=1)
    assert [row.value for row in low] == [400] * 5
    question = next(q.question.pk for q in sheet.questions if q.question.code == "deal_1")
    assert [row.value for row in shown(reader, question=question, low=1)] == [3]
    standard = sheet.standards[0].standard.pk
    assert len(shown(reader, standard=standard, kept="no")) == sheet.standards[0].kept.no == 6


def test_the_rows_come_in_pages(reader, month, store, monkeypatch):
    monkeypatch.setattr("apps.ssi.views.scores.PAGE", 20)
    first = reader.get(ROWS, {"model": model_of(store).pk})
    second = reader.get(ROWS, {"model": model_of(store).pk, "after": first.context["next"]})
    assert [len(page.context["rows"]) for page in (first, second)] == [20, 11]
    assert second.context["next"] == ""
    found = {row.pk for page in (first, second) for row in page.context["rows"]}
    assert len(found) == 31


def test_the_page_can_be_narrowed_and_says_so(reader, month, seller):
    page = reader.get(URL, {"consultant": seller.pk})
    assert page.context["sheet"].index.now.n == 30
    assert page.context["narrowed"] == [("consultant", "gu_wen")]
    assert reader.get(URL, {"consultant": 0, "name": "李四"}).context["narrowed"] == [
        ("name", "李四")
    ]


def test_lost_buyers_are_a_model_of_their_own(reader, month, store):
    lost = model_of(store, "published_2023_lost")
    page = reader.get(URL, {"model": lost.pk})
    assert page.context["sheet"].index.now.mean == 500
    assert reader.get(URL, {"model": lost.pk, "month": "2026-10"}).context["sheet"].model is None


def test_what_a_raised_factor_gives_is_asked_in_points(reader, month):
    gain = reader.get(URL, {"by": 100}).context["sheet"].factors[0].gain
    assert str(gain.raised) == "22.00"
    assert reader.get(URL, {"by": "many"}).context["by"] == 50


@pytest.mark.parametrize(
    "asked", [{"month": "0001-01"}, {"month": "x", "months": "7"}, {"model": "-1"}, {"kept": "?"}]
)
def test_what_cannot_be_understood_is_left_out(reader, month, asked):
    assert reader.get(URL, asked).context["sheet"].index.now.n == 31
    assert reader.get(ROWS, asked).status_code == 200


def test_an_empty_month_says_what_will_come(reader, store):
    page = reader.get(URL, {"month": "2020-01"})
    assert page.context["sheet"].model is None
    assertContains(page, "2020-01")
    assert reader.get(ROWS, {"month": "2020-01"}).context["rows"] == []


def test_nothing_of_another_store_is_seen(reader, month, store, other_store):
    assert reader.get(URL, {"store": other_store.pk}).status_code == 404
    theirs = model_of(other_store).pk
    assert reader.get(URL, {"model": theirs}).context["sheet"].model.store == store
    assert shown(reader, model=theirs) == []
    assertNotContains(reader.get(ROWS), "外店客户")


def test_who_reads_several_stores_sees_them_beside_each_other(client, month, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)
    page = client.get(URL)
    [buyers, lost] = page.context["comparisons"]
    assert [(line.name, line.rank, line.found.now.n) for line in buyers.lines] == [
        ("上海演示店", 1, 31),
        ("苏州演示店", None, 1),
    ]
    assert client.get(URL, {"store": other_store.pk}).context["sheet"].index.now.mean == 100
    assert len(lost.lines) == 1


def exported(client, name, form="xlsx", **query):
    return client.post(
        reverse("desk:export", args=[name]),
        {"reason": "月会", "format": form, "query": "&".join(f"{k}={v}" for k, v in query.items())},
    )


def test_figures_and_rows_go_out_as_files(reader, month, store):
    answer = exported(reader, "ssi:scores", month="2026-11")
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.values)
    assert rows[1][1:3] == ("2023年公布模型（购车客户）", 31)
    # heading, index, 7 factors, 2 consultants, 2 teams, 2 cars, 18 questions, 1 standard
    assert len(rows) == 34
    answer = exported(reader, "ssi:score-rows", model=model_of(store).pk)
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.values)
    assert len(rows) == 32
    assert "****" in rows[1][3]


@pytest.mark.parametrize("many", [1, 3])
def test_rows_cost_no_queries_of_their_own(reader, store, many, django_assert_num_queries):
    for n in range(many):
        finished_response(store, consultant=make_user(f"s{n}", store, Role.SALES_CONSULTANT))
    for url, queries in ((URL, 18), (ROWS, 7)):
        reader.get(url)
        with django_assert_num_queries(queries):
            reader.get(url)
