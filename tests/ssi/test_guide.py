"""The action guide: supplied, written on, and what it proposes where a factor is low (SSI-11)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.complaints.actions import open_response
from apps.core.errors import Refused
from apps.desk.exporting import LISTINGS
from apps.ssi.actions.defaults import add_defaults
from apps.ssi.actions.guide import add_guide_action, change_guide_action
from apps.ssi.guide_supplied import GUIDE, NOT_IN_THE_SOURCE
from apps.ssi.models import GuideAction
from apps.ssi.queries import guide
from apps.ssi.supplied import SUPPLIED
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.ssi.made import finished_response

pytestmark = pytest.mark.django_db
CODES = {factor.code for model in SUPPLIED for factor in model.factors}


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


def test_every_factor_of_every_supplied_model_has_its_lines():
    assert set(GUIDE) == CODES
    assert set(NOT_IN_THE_SOURCE) < CODES
    for lines in GUIDE.values():
        assert len(lines) >= 2
        assert all(len(weakness) <= 200 and len(action) <= 300 for weakness, action in lines)
        assert len({weakness for weakness, _action in lines}) == len(lines)


def test_a_new_store_has_the_guide_and_a_second_time_adds_nothing(store):
    rows = GuideAction.objects.filter(store=store)
    assert rows.count() == sum(len(lines) for lines in GUIDE.values())
    first = rows.filter(factor="facility").first()
    assert (first.place, first.weakness) == (1, "宣传材料不足或过期")

    rows.filter(factor="drive").exclude(place=1).delete()
    rows.filter(factor="online").delete()
    add_defaults(store)

    assert rows.filter(factor="drive").count() == 1  # what the store did to it stays
    assert rows.filter(factor="online").count() == len(GUIDE["online"])


def test_the_factors_asked_now_come_first_by_their_share(store):
    names = guide.factor_names(store, TODAY)

    assert list(names.items())[:3] == [
        ("delivery", ("交车过程", Decimal("22.00"))),
        ("deal", ("成交过程", Decimal("16.00"))),
        ("facility", ("展厅体验", Decimal("15.00"))),
    ]
    assert names["paperwork"] == ("书面文件", None)
    assert guide.factor_names(store, date(1999, 1, 1))["delivery"] == ("交车过程", None)
    assert set(names) == CODES


def test_the_page_shows_all_or_the_factors_asked_for(chief, store):
    page = chief.get(reverse("ssi:guide"))
    assert len(page.context["chapters"]) == len(CODES)
    assertContains(page, "设置女士便利设施及儿童游乐区")

    page = chief.get(reverse("ssi:guide"), {"factor": ["timing", "drive"]})
    assert [chapter.code for chapter in page.context["chapters"]] == ["drive", "timing"]
    assertNotContains(page, "设置女士便利设施及儿童游乐区")
    assert chief.get(reverse("ssi:guide"), {"factor": "no"}).context["chapters"] == []


def test_a_consultant_reads_and_does_not_write(client, store):
    client.force_login(make_user("seller", store, Role.SALES_CONSULTANT))
    line = GuideAction.objects.filter(store=store).first()

    assertNotContains(client.get(reverse("ssi:guide")), reverse("ssi:guide-edit", args=[line.pk]))
    assert client.get(reverse("ssi:guide-new")).status_code == 403


def test_the_care_manager_adds_and_changes_lines(chief, store):
    data = {"factor": "drive", "weakness": "路线太短", "action": "试驾路线不少于15分钟"}
    assertRedirects(chief.post(reverse("ssi:guide-new"), data), f"{reverse('ssi:guide')}#drive")
    line = GuideAction.objects.get(store=store, weakness="路线太短")
    assert (line.factor, line.place, line.is_active) == ("drive", 4, True)

    again = chief.post(reverse("ssi:guide-new"), data)
    assert again.status_code == 409
    assert GuideAction.objects.filter(weakness="路线太短").count() == 1
    assert chief.post(reverse("ssi:guide-new"), data | {"factor": "no"}).status_code == 422

    edit = reverse("ssi:guide-edit", args=[line.pk])
    data = {"weakness": "路线太短", "action": "两条路线任选", "place": 1}
    assertRedirects(chief.post(edit, data), f"{reverse('ssi:guide')}#drive")
    line.refresh_from_db()
    assert (line.action, line.place, line.is_active) == ("两条路线任选", 1, False)


def test_a_low_factor_proposes_what_is_in_use_the_lowest_first(store, other_store):
    line = GuideAction.objects.filter(store=store, factor="timing").first()
    change_guide_action(
        line, weakness=line.weakness, action=line.action, place=line.place, is_active=False
    )
    factors = [
        ("delivery", "交车过程", Decimal("599.99")),
        ("timing", "交车时间", Decimal("410.00")),
        ("deal", "成交过程", Decimal("600.00")),
        ("drive", "试乘试驾", None),
        ("own", "自己的因子", Decimal("100.00")),
    ]

    found = guide.proposals(store, factors, 600)

    assert [(one.code, len(one.lines)) for one in found] == [
        ("own", 0),
        ("timing", len(GUIDE["timing"]) - 1),
        ("delivery", len(GUIDE["delivery"])),
    ]
    assert {each.store for one in found for each in one.lines} == {store}


def test_nothing_low_asks_nothing(store, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert guide.proposals(store, [("deal", "成交过程", Decimal(900))], 600) == []


def test_the_same_line_twice_is_refused(store):
    line = add_guide_action(store, factor="own", weakness="一", action="二")
    assert line.place == 1
    with pytest.raises(Refused):
        add_guide_action(store, factor="own", weakness="一", action="二")
    assert GuideAction.objects.filter(factor="own").count() == 1


def test_the_list_as_a_file(store, manager):
    rows = LISTINGS["ssi:guide"].rows(manager, {}, TODAY)
    assert len(rows) == sum(len(lines) for lines in GUIDE.values())
    lines = list(LISTINGS["ssi:guide"].lines(rows))
    assert lines[1][:3] == ["交车过程", "22.00", GUIDE["delivery"][0][0]]


@pytest.mark.parametrize("lines", [1, 3])
def test_the_page_reads_as_much_for_one_line_as_for_three(
    chief, store, django_assert_num_queries, lines
):
    GuideAction.objects.filter(store=store).exclude(factor="timing", place__lte=lines).delete()
    chief.get(reverse("ssi:guide"))
    with django_assert_num_queries(9):
        assert len(chief.get(reverse("ssi:guide")).context["chapters"][0].lines) == 0


def test_a_response_and_the_scores_show_what_the_guide_says_against_a_low_factor(chief, store):
    response = finished_response(store, {"delivery": 2})
    high = finished_response(store)  # the mean of both is 500
    with time_machine.travel(NOW, tick=False):
        pages = [
            chief.get(reverse("ssi:response", args=[response.pk])),
            chief.get(reverse("ssi:scores")),
        ]
        none = chief.get(reverse("ssi:response", args=[high.pk]))
    for page, score in zip(pages, (200, 500), strict=True):
        first = page.context["proposals"][0]  # the scores open the guide at a second one besides
        assert (first.code, first.score) == ("delivery", score)
        assertContains(page, GUIDE["delivery"][0][1])
    assertNotContains(none, GUIDE["delivery"][0][1])


def test_a_quick_response_shows_what_the_guide_says_to_its_survey(chief, store, stranger):
    quick = open_response(
        make_customer(store), origin="survey", department="sales", text="慢", by=None, now=NOW
    )
    # 3 of its four questions are ten: the factor is not low, but a question failed
    finished_response(store, {"delivery": 10, "delivery_2": 3, "deal": 5}, quick_response=quick)

    page = chief.get(reverse("complaints:response", args=[quick.pk]))
    assertContains(page, reverse("ssi:behind", args=[quick.pk]))
    piece = chief.get(reverse("ssi:behind", args=[quick.pk]))

    assert [(one.code, one.score) for one in piece.context["proposals"]] == [
        ("deal", 500),
        ("delivery", Decimal("825.00")),
    ]
    assertContains(piece, GUIDE["delivery"][0][1])
    chief.force_login(stranger)
    assert chief.get(reverse("ssi:behind", args=[quick.pk])).status_code == 404
