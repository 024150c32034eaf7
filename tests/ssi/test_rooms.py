"""5S and showroom: what a store starts with, gone through, looked at again (SSI-06, SSI-11)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.checklists import queries as lists
from apps.checklists.actions import go_through
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
DAY = timedelta(days=1)


@pytest.fixture
def at_work(client, specialist):
    client.force_login(specialist)
    with time_machine.travel(NOW, tick=False):
        yield client


def gone_through(store, kind, by, *, without=(), now=NOW):
    """Everything in order but the points that end with one of ``without``."""
    items = lists.in_force(store, kind, now.date()).items.all()
    said = {
        item.pk: Said(
            not item.text.endswith(without), remark="脏" if item.text.endswith(without) else ""
        )
        for item in items
    }
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
    assert points(SECOND) == points(FIRST)
    assert points(ChecklistKind.FACILITY)[0] == "3-1 宣传资料：展车参数架摆放充足的最新宣传材料"
    assert points(ChecklistKind.FACILITY)[-1] == "3-4 便利设施：设置儿童游乐区"
    before = ChecklistTemplate.objects.count()
    add_defaults(store)
    assert ChecklistTemplate.objects.count() == before


def test_the_first_check_is_gone_through_on_its_page(at_work, store, specialist):
    page = at_work.get(reverse("ssi:room-check", args=[FIRST]))
    assertContains(page, "接车区")
    items = list(lists.in_force(store, FIRST, TODAY).items.all())
    data = {f"done-{item.pk}": "on" for item in items[1:]} | {f"remark-{items[0].pk}": "油渍"}

    answer = at_work.post(reverse("ssi:room-check", args=[FIRST]), data)

    assertRedirects(answer, reverse("ssi:room-check", args=[FIRST]))
    run = ChecklistRun.objects.get(kind=FIRST)
    assert (run.store, run.by, run.on, run.missing) == (store, specialist, TODAY, 1)
    assert rooms.failed_in(run) == {"接车区：地面": "油渍"}


def test_the_second_check_shows_what_the_first_found(at_work, store, specialist):
    page = at_work.get(reverse("ssi:room-check", args=[SECOND]))
    assertContains(page, "当天没有做首次检查。")

    gone_through(store, FIRST, specialist, without=("大剪", "消防栓"))
    page = at_work.get(reverse("ssi:room-check", args=[SECOND]))

    assert "30天" not in page.content.decode()  # once is not weak yet
    assert page.context["failed_before"] == {"接车区：大剪": "脏", "接车区：消防栓": "脏"}
    assertContains(page, "首次不合格", count=2)
    assertNotContains(page, "当天没有做首次检查。")
    first = at_work.get(reverse("ssi:room-check", args=[FIRST]))
    assertNotContains(first, "首次不合格")


def test_the_second_check_shows_what_is_often_weak(at_work, store, specialist):
    for ago in (1, 2, 3):
        gone_through(store, FIRST, specialist, without=("操作台",), now=NOW - ago * DAY)

    page = at_work.get(reverse("ssi:room-check", args=[SECOND]))

    assertContains(page, "30天内3次", count=1)
    first = at_work.get(reverse("ssi:room-check", args=[FIRST]))
    assertNotContains(first, "30天内")


def test_another_day_is_shown_and_not_filled(at_work, store, specialist):
    yesterday = NOW - DAY
    gone_through(store, FIRST, specialist, without=("大剪",), now=yesterday)

    page = at_work.get(reverse("ssi:room-check", args=[FIRST]), {"day": f"{yesterday:%Y-%m-%d}"})

    assert (page.context["missing"], page.context["can_fill"]) == (1, False)
    assert at_work.get(reverse("ssi:room-check", args=["pdi"])).status_code == 404
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

    with django_assert_num_queries(11):
        at_work.get(reverse("ssi:room-list"))


def test_the_care_manager_writes_other_points_from_tomorrow_on(client, store, manager):
    client.force_login(manager)
    with time_machine.travel(NOW, tick=False):
        points = reverse("ssi:room-points", args=[FIRST])
        data = {"effective_from": f"{TODAY}", "points": "接车区：地面"}
        assert client.post(points, data).status_code == 409
        assert ChecklistTemplate.objects.filter(store=store, kind=FIRST).count() == 1

        data["effective_from"] = f"{TODAY + DAY}"
        assertRedirects(client.post(points, data), reverse("ssi:room-check", args=[FIRST]))

    found = lists.in_force(store, FIRST, TODAY + DAY)
    assert [str(item) for item in found.items.all()] == ["接车区：地面"]
    assert lists.in_force(store, FIRST, TODAY).items.count() > 1


def test_a_check_of_another_store_is_not_there(client, store, stranger, specialist):
    gone_through(store, FIRST, specialist)
    client.force_login(stranger)
    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("ssi:room-check", args=[FIRST]), {"store": store.pk})
        assert page.status_code == 404
        assert client.get(reverse("ssi:room-list")).context["rows"] == []


def test_a_sales_manager_checks_and_a_general_manager_does_not(client, store):
    for role, status in ((Role.SALES_MANAGER, 200), (Role.GENERAL_MANAGER, 403)):
        client.force_login(make_user(role, store, role))
        assert client.get(reverse("ssi:room-check", args=[SECOND])).status_code == status
