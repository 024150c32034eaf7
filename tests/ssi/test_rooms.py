"""5S and showroom: what a store starts with, gone through, looked at again (SSI-06, SSI-11)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts.choices import Role
from apps.checklists import queries as lists
from apps.checklists.actions import go_through, look_at
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun, ChecklistTemplate
from apps.checklists.policy import Said
from apps.desk.exporting import LISTINGS
from apps.ssi.actions.defaults import add_defaults
from apps.ssi.policy.rooms import area_of, by_area
from apps.ssi.queries import rooms
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
FIRST, SECOND = ChecklistKind.FIVE_S_FIRST, ChecklistKind.FIVE_S_SECOND
FACILITY = ChecklistKind.FACILITY
DAY = timedelta(days=1)


@pytest.fixture
def at_work(client, specialist):
    client.force_login(specialist)
    with time_machine.travel(NOW, tick=False):
        yield client


def gone_through(store, kind, by, *, without=(), now=NOW):
    """Everything in order but the points that end with one of ``without``."""
    template = lists.in_force(store, FIRST if kind == SECOND else kind, now.date())
    items = template.items.all()
    said = {
        item.pk: Said(
            not item.text.endswith(without), remark="脏" if item.text.endswith(without) else ""
        )
        for item in items
    }
    if kind == SECOND:  # over the list of the first
        return look_at(template, kind, said, on=now.date(), by=by, now=now)
    return go_through(store, kind, said, on=now.date(), people=0, by=by, now=now)


def test_a_point_stands_in_its_area():
    assert area_of("接车区：地面") == ("接车区", "地面")
    assert area_of("接车区: 地面: 里") == ("接车区", "地面: 里")
    assert area_of("地面") == ("", "地面")
    assert area_of("地面：") == ("", "地面：")
    assert by_area([("甲：一", 1), ("甲：二", 2), ("乙：三", 3), ("四", 4)]) == [
        ("甲", [("一", 1), ("二", 2)]),
        ("乙", [("三", 3)]),
        ("", [("四", 4)]),
    ]


def test_a_new_store_has_the_points_of_the_source(store):
    def points(kind):
        return [str(item) for item in lists.in_force(store, kind, TODAY).items.all()]

    assert points(FIRST)[:7] == [
        f"接车区：{item}"
        for item in ("地面", "大剪", "操作台", "暖气片", "电源箱", "卷闸门", "消防栓")
    ]
    assert lists.in_force(store, SECOND, TODAY) is None  # it looks at the first one's again
    assert points(ChecklistKind.FACILITY)[0] == "3-1 宣传资料：展车参数架摆放充足的最新宣传材料"
    assert points(ChecklistKind.FACILITY)[-1] == "3-4 便利设施：设置儿童游乐区"
    before = ChecklistTemplate.objects.count()
    add_defaults(store)
    assert ChecklistTemplate.objects.count() == before


def test_the_showrooms_list_is_gone_through_on_its_page(at_work, store, specialist):
    page = at_work.get(reverse("ssi:room-check", args=[FACILITY]))
    assertContains(page, "3-2 灯光")
    items = list(lists.in_force(store, FACILITY, TODAY).items.all())
    data = {f"done-{item.pk}": "on" for item in items[1:]} | {f"remark-{items[0].pk}": "缺"}

    answer = at_work.post(reverse("ssi:room-check", args=[FACILITY]), data)

    assertRedirects(answer, reverse("ssi:room-check", args=[FACILITY]))
    run = ChecklistRun.objects.get(kind=FACILITY)
    assert (run.store, run.by, run.on, run.missing) == (store, specialist, TODAY, 1)
    [lacking] = rooms.lacking(run.answers.all())
    assert (lacking.item, lacking.remark) == (items[0], "缺")


def test_another_day_is_shown_and_not_filled(at_work, store, specialist):
    yesterday = NOW - DAY
    gone_through(store, FACILITY, specialist, without=("儿童游乐区",), now=yesterday)

    there = reverse("ssi:room-check", args=[FACILITY])
    page = at_work.get(there, {"day": f"{yesterday:%Y-%m-%d}"})

    assert (page.context["missing"], page.context["can_fill"]) == (1, False)
    for kind in (FIRST, SECOND, "pdi"):  # the 5S checks have their own pages
        assert at_work.get(reverse("ssi:room-check", args=[kind])).status_code == 404
    assert at_work.get(reverse("ssi:room-points", args=["pdi"])).status_code == 403


def test_weak_points_lead_to_their_checks(at_work, store, other_store, specialist, stranger):
    gone_through(store, FIRST, specialist, without=("大剪", "地面"), now=NOW - 2 * DAY)
    gone_through(store, FIRST, specialist, without=("大剪",), now=NOW - DAY)
    gone_through(store, SECOND, specialist, now=NOW - DAY)
    gone_through(store, FIRST, specialist, without=("消防栓",), now=NOW - 30 * DAY)  # too long ago
    gone_through(other_store, FIRST, stranger, without=("大剪",), now=NOW - DAY)

    weak = rooms.weak_points(store, TODAY)

    assert [(one.text, one.missed, one.seen) for one in weak] == [
        ("接车区：大剪", 2, 3),
        ("接车区：地面", 1, 3),
    ]
    page = at_work.get(reverse("ssi:room-list"), {"point": "接车区：大剪"})
    assert [run.on for run in page.context["rows"]] == [TODAY - DAY, TODAY - 2 * DAY]
    assert len(at_work.get(reverse("ssi:room-list")).context["rows"]) == 4
    assert len(list(LISTINGS["ssi:room-list"].rows(specialist, {"kind": SECOND}, TODAY))) == 1


@pytest.mark.parametrize("days", [1, 3])
def test_the_list_reads_as_much_for_one_check_as_for_three(
    at_work, store, specialist, django_assert_num_queries, days
):
    for ago in range(days):
        gone_through(store, FIRST, specialist, without=("大剪",), now=NOW - ago * DAY)
    at_work.get(reverse("ssi:room-list"))

    with django_assert_num_queries(12):
        at_work.get(reverse("ssi:room-list"))


def test_the_care_manager_writes_other_points_from_tomorrow_on(client, store, manager):
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        points = reverse("ssi:room-points", args=[FACILITY])
        data = {"effective_from": f"{TODAY}", "points": "3-2 灯光：明亮"}
        assert client.post(points, data).status_code == 409
        assert ChecklistTemplate.objects.filter(store=store, kind=FACILITY).count() == 1

        data["effective_from"] = f"{TODAY + DAY}"
        assertRedirects(client.post(points, data), reverse("ssi:room-check", args=[FACILITY]))

    found = lists.in_force(store, FACILITY, TODAY + DAY)
    assert [str(item) for item in found.items.all()] == ["3-2 灯光：明亮"]
    assert lists.in_force(store, FACILITY, TODAY).items.count() > 1


def test_a_check_of_another_store_is_not_there(client, store, stranger, specialist):
    gone_through(store, FACILITY, specialist)
    client.force_login(stranger)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("ssi:room-check", args=[FACILITY]), {"store": store.pk})
        assert page.status_code == 404
        assert client.get(reverse("ssi:room-list")).context["rows"] == []


def test_a_sales_manager_checks_and_a_general_manager_reads(client, store):
    there = reverse("ssi:room-check", args=[FACILITY])
    for role, status in ((Role.SALES_MANAGER, 302), (Role.GENERAL_MANAGER, 403)):
        client.force_login(make_user(role, store, role))
        assert client.get(reverse("ssi:room-list")).status_code == 200
        page = client.get(there)
        assert (page.status_code, page.context["can_fill"]) == (200, status == 302)
        assert client.post(there, {}).status_code == status
    assert ChecklistRun.objects.filter(store=store).count() == 1
