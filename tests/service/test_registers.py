"""The registers of the reception (SVC-13)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.checklists.models import ChecklistRun
from apps.core.errors import Refused
from apps.service.actions import registers as keeping
from apps.service.models import Overnight, Rescue
from apps.service.queries.registers import nights
from tests.factories import NOW, TODAY, make_user, make_vehicle
from tests.service import garage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def call(store, by, **changes):
    facts = {"called_at": NOW, "caller": "王先生", "phone": "13912345678", "place": "高速口"}
    return keeping.enter_rescue(store, facts | changes, by=by, now=NOW)


def test_a_rescue_is_entered_and_finished_through_the_pages(staff, store, other_store, head):
    car, _theirs = make_vehicle(store, plate="沪A12345"), make_vehicle(other_store, plate="沪B1")
    asked = {"called_at": "2026-11-23T09:10", "caller": "王先生", "phone": "139 1234 5678"}
    asked |= {"plate": "沪a 12345", "place": "沪宁高速出口", "trouble": "打不着火"}

    assertRedirects(staff.post(url("rescue-new"), asked), url("rescue-list"))
    row = Rescue.objects.get()
    assert (row.vehicle, row.plate, row.by, row.result) == (car, "沪A12345", head, "")
    done = {"went": head.pk, "left_at": "2026-11-23T09:20", "back_at": "2026-11-23T10:40"}
    done |= {"result": "towed", "cost_amount": "300"}
    staff.post(url("rescue-edit", row.pk), asked | done)

    row.refresh_from_db()
    assert (row.result, row.went, row.cost_amount) == ("towed", head, Decimal("300.00"))
    page = staff.get(url("rescue-list"))
    assertContains(page, "沪宁高速出口")
    assertNotContains(page, "1234 5678")
    assert staff.get(url("rescue-list"), {"open": "on"}).context["rows"] == []
    assert staff.get(url("rescue-list"), {"since": "2026-11-24"}).context["rows"] == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"called_at": "2026-11-23T10:30"}, 409),  # in the future
        ({"left_at": "2026-11-23T08:00"}, 409),
        ({"left_at": "2026-11-23T09:30", "back_at": "2026-11-23T09:20"}, 422),
        ({"phone": "call me"}, 422),
        ({"cost_amount": "-1"}, 422),
        ({"place": ""}, 422),
        ({"went": "999999"}, 422),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(staff, changes, status):
    asked = {"called_at": "2026-11-23T09:10", "caller": "王", "phone": "13912345678"}
    asked |= {"place": "高速口"}

    assert staff.post(url("rescue-new"), asked | changes).status_code == status
    assert not Rescue.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_rescues_cost_the_same_for_one_and_for_three(
    staff, store, other_store, head, rows, django_assert_num_queries
):
    for n in range(rows):
        call(store, head, called_at=NOW - n * DAY)
    call(other_store, head)

    with django_assert_num_queries(8):
        page = staff.get(url("rescue-list"))

    assert [row.called_at for row in page.context["rows"]] == [NOW - n * DAY for n in range(rows)]


def test_rescues_go_on_where_the_page_ended(staff, store, head):
    for n in range(51):
        call(store, head, called_at=NOW - n * DAY)

    first = staff.get(url("rescue-list"))
    rest = staff.get(url("rescue-list"), {"after": first.context["next"]})

    assert [row.called_at for row in rest.context["rows"]] == [NOW - 50 * DAY]


def test_every_car_in_the_house_stays_the_night_until_somebody_says_why(
    staff, store, other_store, head
):
    order = garage.make_order(store)
    garage.make_order(other_store)
    assert [(night.order, night.row) for night in nights(head, TODAY, TODAY)] == [(order, None)]
    assertContains(staff.get(url("overnight-list")), url("overnight-edit", order.pk))

    asked = {"reason": "等配件", "key_place": "3号钥匙柜"}
    assertRedirects(staff.post(url("overnight-edit", order.pk), asked), url("overnight-list"))
    staff.post(url("overnight-edit", order.pk), asked | {"key_place": "5号钥匙柜"})

    row = Overnight.objects.get()
    assert (row.on, row.reason, row.key_place, row.by) == (TODAY, "等配件", "5号钥匙柜", head)
    assertContains(staff.get(url("overnight-list")), "5号钥匙柜")
    assert staff.post(url("overnight-edit", order.pk), {"reason": ""}).status_code == 422
    with pytest.raises(Refused):
        note = {"reason": "x", "key_place": "x", "by": head, "now": NOW}
        keeping.note_night(order, on=TODAY - DAY, **note)
    with time_machine.travel(NOW + DAY, tick=False):
        staff.force_login(head)
        tonight = staff.get(url("overnight-list"))
        assert [night.row for night in tonight.context["rows"]] == [None]
        before = staff.get(url("overnight-list"), {"day": TODAY})
        assert [night.row for night in before.context["rows"]] == [row]


@pytest.mark.parametrize("rows", [1, 3])
def test_nights_cost_the_same_for_one_and_for_three(staff, store, rows, django_assert_num_queries):
    for _n in range(rows):
        garage.make_order(store)

    with django_assert_num_queries(9):
        page = staff.get(url("overnight-list"))

    assert len(page.context["rows"]) == rows


def test_the_morning_is_gone_through_and_what_is_missing_stands_out(
    client, staff, store, other_store, head
):
    make_user("advisor", store, Role.SERVICE_ADVISOR)
    make_user("theirs", other_store, Role.SERVICE_ADVISOR)
    page = staff.get(url("preparation"))
    assertContains(page, "今天还没有人检查")
    sets, forms, *others = [line.item.pk for line in page.context["form"].lines]
    asked = {f"done-{pk}": "on" for pk in (sets, forms, *others)}
    asked |= {f"quantity-{sets}": "50", f"quantity-{forms}": "9", f"remark-{forms}": "明天补"}

    assertRedirects(staff.post(url("preparation"), asked), url("preparation"))

    run = ChecklistRun.objects.get()
    assert (run.store, run.by, run.people, run.missing) == (store, head, 1, 1)
    page = staff.get(url("preparation"))
    assertContains(page, "明天补")
    assert [line.missing for line in page.context["form"].lines] == [False, True, *[False] * 4]
    assertContains(staff.get(url("preparation-list")), "缺 1 项")
    assert staff.post(url("preparation"), {f"quantity-{sets}": "-3"}).status_code == 422
    client.force_login(make_user("tech", store, Role.WORKSHOP))
    assert client.post(url("preparation"), asked).status_code == 403
    assert ChecklistRun.objects.get().missing == 1


def test_other_points_are_written_for_a_coming_day(staff, store):
    page = staff.get(url("preparation-points"))
    assertContains(page, "四件套 × 50")

    asked = {"effective_from": "2026-11-24", "points": "四件套 × 60\n雨伞 × 10"}
    assertRedirects(staff.post(url("preparation-points"), asked), url("preparation"))

    assert staff.post(url("preparation-points"), asked).status_code == 409
    assert staff.post(url("preparation-points"), asked | {"points": ""}).status_code == 422
    with time_machine.travel(NOW + DAY, tick=False):
        staff.force_login(page.wsgi_request.user)
        lines = staff.get(url("preparation")).context["form"].lines
        assert [(line.item.text, line.wanted) for line in lines] == [("四件套", 60), ("雨伞", 10)]
