"""Operations and parts as the service manager keeps them, and their stock (SVC-06, SVC-08)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.core.errors import Refused
from apps.service import policy
from apps.service.actions import catalogue, supplies
from apps.service.models import AppointmentPart, AppointmentWork, Operation, Part
from apps.service.queries import parts as stock
from tests.factories import NOW, TODAY
from tests.service.workshop import make_appointment, make_operation, make_part, needs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def refused(function, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        function(*args, **kwargs)
    return refusal.value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("A-1", {"A-1": 1}),
        ("A-1 × 2\nB 2*3", {"A-1": 2, "B 2": 3}),
        ("A1x2、LX5；C x 4，A-1*1", {"A1x2": 1, "LX5": 1, "C": 4, "A-1": 1}),
        ("A-1, A-1 ×2", {"A-1": 3}),
    ],
)
def test_usual_parts_are_read_as_people_write_them(text, found):
    assert policy.usual_parts(text) == found


@pytest.mark.parametrize("text", ["A-1 × 0", "A" * 41])
def test_what_is_no_part_with_its_pieces_is_told(text):
    with pytest.raises(ValueError, match="A-100"):
        policy.usual_parts(text)


def test_booked_lines_keep_their_price_when_the_catalogue_changes(store):
    oil, part = make_operation(store), make_part(store)
    needs(oil, part)
    make_appointment(store, operations=[oil])

    catalogue.change_operation(oil, {"price_amount": Decimal(200), "minutes": 90})
    catalogue.change_part(part, {"price_amount": Decimal(60)})

    assert AppointmentWork.objects.get().price_amount == Decimal("120.00")
    assert AppointmentWork.objects.get().minutes == 60
    assert AppointmentPart.objects.get().price_amount == Decimal("48.00")
    later = make_appointment(store, "16:00", operations=[Operation.objects.get()])
    assert later.work.get().price_amount == Decimal("200.00")


def test_a_number_or_code_that_is_there_is_refused_and_another_store_may_have_it(
    store, other_store
):
    facts = {"number": "A-1", "name": "机滤", "price_amount": Decimal(1)}
    part = catalogue.enter_part(store, facts)
    catalogue.enter_part(other_store, facts)
    second = catalogue.enter_part(store, facts | {"number": "A-2", "stock": 4})
    work = {"name": "x", "kind": "repair", "skill": "quick", "minutes": 30}
    work |= {"price_amount": Decimal(1)}
    oil = catalogue.enter_operation(store, work | {"code": "O1"}, {part: 2})
    catalogue.enter_operation(other_store, work | {"code": "O1"})

    refused(catalogue.enter_part, store, facts)
    refused(catalogue.change_part, second, {"number": "A-1"})
    refused(catalogue.enter_operation, store, work | {"code": "O1"})

    assert Part.objects.filter(store=store).count() == 2
    assert Part.objects.get(pk=second.pk).number == "A-2"
    assert (second.stock, stock.usual_text(oil)) == (4, "A-1 × 2")


def test_usual_parts_are_exchanged_and_left_alone_when_nobody_speaks_of_them(store):
    oil, first, second = make_operation(store), make_part(store), make_part(store, "B")
    needs(oil, first)

    catalogue.change_operation(oil, {"name": "大保养"})
    assert stock.usual_text(oil) == "19347180 × 1"
    catalogue.change_operation(oil, {}, {second: 3})
    assert stock.usual_text(oil) == "B × 3"


def test_a_part_that_operations_take_stays_in_use_until_they_are_changed(store):
    oil, part = make_operation(store), make_part(store)
    needs(oil, part)

    refusal = refused(catalogue.change_part, part, {"active": False})

    assert [(name, pk) for name, pk, _text in refusal.links] == [("service:operation-edit", oil.pk)]
    assert Part.objects.get().active
    catalogue.change_operation(oil, {"active": False})
    catalogue.change_part(part, {"active": False})
    assert not Part.objects.get().active


def test_a_corrected_stock_is_a_movement_with_its_reason(staff, head, store):
    part = make_part(store, stock=5)
    asked = {"stock": "3", "seen": "5", "reason": "盘点少两件"}

    assertRedirects(staff.post(url("part-stock", part.pk), asked), url("part", part.pk))
    late = staff.post(url("part-stock", part.pk), asked | {"stock": "9"})

    assertContains(late, "现在库存 3", status_code=409)
    part.refresh_from_db()
    assert part.stock == 3
    move = stock.moves(part)[0]
    assert (move.pieces, move.stock, move.reason) == (-2, 3, "盘点少两件")
    assertContains(staff.get(url("part", part.pk)), "盘点少两件")
    refused(catalogue.correct_stock, part, 4, seen=3, reason="  ")
    catalogue.correct_stock(part, 3, seen=3, reason="again")
    assert len(stock.moves(Part.objects.get())) == 1


def test_every_way_in_which_the_stock_moves_is_a_movement(store, head):
    part = make_part(store, stock=1)
    supply = supplies.order_part(
        part, kind="order", quantity=4, expected_on=TODAY, note="PO-7", by=head, now=NOW
    )
    supplies.receive_supply(supply, now=NOW)
    catalogue.change_part(part, {"name": "机滤"})  # no movement
    Part.objects.filter(pk=part.pk).update(stock=2)  # past every action

    told = [(m.pieces, m.stock, m.reason) for m in stock.moves(Part.objects.get())]

    assert told == [(-3, 2, ""), (4, 5, "订货 PO-7")]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_parts_cost_the_same_for_one_and_for_three(
    staff, store, other_store, rows, django_assert_num_queries
):
    for n in range(rows):
        make_part(store, f"A-{n}", reorder_at=9)
    make_part(other_store, "A-9")

    with django_assert_num_queries(9):
        page = staff.get(url("part-list"))

    assert [row.number for row in page.context["rows"]] == ["A-0", "A-1", "A-2"][:rows]


def test_parts_say_what_is_kept_free_and_coming_and_are_found(staff, store, head):
    oil, filters, plug = make_operation(store), make_part(store, stock=5), make_part(store, "B-1")
    needs(oil, filters, 2)
    make_appointment(store, operations=[oil])
    Part.objects.filter(pk=filters.pk).update(reorder_at=7)
    order = {"kind": "transfer", "by": head, "now": NOW}
    supplies.order_part(filters, quantity=3, expected_on=TODAY + 2 * DAY, **order)
    supplies.order_part(filters, quantity=1, expected_on=TODAY + DAY, **order)

    def numbers(**asked):
        return [row.number for row in staff.get(url("part-list"), asked).context["rows"]]

    row = staff.get(url("part-list")).context["rows"][0]
    assert (row.stock, row.reserved, row.free, row.expected) == (5, 2, 3, 4)
    assert row.next_on == TODAY + DAY
    assert numbers(text="滤清") == ["19347180", "B-1"]
    assert numbers(text="b-") == ["B-1"]
    assert numbers(state="low") == ["19347180"]
    Part.objects.filter(pk=filters.pk).update(reorder_at=6)
    assert numbers(state="low") == []
    assert numbers(state="short") == []
    Part.objects.filter(pk=filters.pk).update(stock=1)
    assert numbers(state="short") == ["19347180"]
    catalogue.change_part(plug, {"active": False})
    assert numbers(state="gone") == ["B-1"]
    assert numbers() == ["19347180"]


def test_a_list_goes_on_where_the_page_ended(staff, store):
    for n in range(51):
        make_part(store, f"A-{n:03}")
        make_operation(store, f"O-{n:03}")

    for name in ("part-list", "operation-list"):
        first = staff.get(url(name))
        rest = staff.get(url(name), {"after": first.context["next"]})
        assert (len(first.context["rows"]), len(rest.context["rows"])) == (50, 1)
        assert rest.context["next"] is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_operations_cost_the_same_for_one_and_for_three(
    staff, store, other_store, rows, django_assert_num_queries
):
    part = make_part(store)
    for n in range(rows):
        needs(make_operation(store, f"O{n}"), part)
    make_operation(other_store, "O9")

    with django_assert_num_queries(11):
        page = staff.get(url("operation-list"))

    assert [row.code for row in page.context["rows"]] == ["O0", "O1", "O2"][:rows]


def test_the_catalogue_is_kept_through_the_pages(staff, store):
    asked = {"number": "A-1", "name": "机滤", "unit": "个", "price_amount": "48", "stock": "5"}
    staff.post(url("part-new"), asked | {"reorder_at": "2"})
    part = Part.objects.get()
    edited = {"number": "A-1", "name": "机油滤", "unit": "个", "price_amount": "50", "active": "on"}
    staff.post(url("part-edit", part.pk), edited | {"reorder_at": "3"})
    work = {"code": "O1", "name": "保养", "kind": "maintenance", "skill": "quick", "minutes": "45"}
    work |= {"price_amount": "120", "active": "on", "usual": "A-1 × 2"}
    assertRedirects(staff.post(url("operation-new"), work), url("operation-list"))
    oil = Operation.objects.get()
    assertContains(staff.get(url("operation-edit", oil.pk)), "A-1 × 2")
    staff.post(url("operation-edit", oil.pk), work | {"minutes": "60", "usual": "A-1"})

    part.refresh_from_db()
    oil.refresh_from_db()
    assert (part.name, part.stock, part.reorder_at) == ("机油滤", 5, 3)
    assert (oil.minutes, oil.parts.get().quantity) == (60, 1)
    assertContains(staff.get(url("operation-history", oil.pk)), "45")
    shown = staff.get(url("operation-list"), {"text": "保", "kind": "repair"})
    assert shown.context["rows"] == []
    assertContains(staff.get(url("operation-list"), {"skill": "quick"}), "机油滤")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("part-new", {"price_amount": "-1"}),
        ("part-new", {"number": ""}),
        ("operation-new", {"price_amount": "-1"}),
        ("operation-new", {"skill": "magic"}),
        ("operation-new", {"minutes": "3"}),
        ("operation-new", {"usual": "NO-SUCH"}),
        ("operation-new", {"usual": "B-9"}),
        ("operation-new", {"usual": "A-1 × 0"}),
    ],
)
def test_what_cannot_be_is_marked_and_nothing_is_written(staff, store, other_store, name, changes):
    make_part(store, "A-1"), make_part(other_store, "B-9")
    asked = {
        "part-new": {"number": "A-2", "name": "x", "unit": "件", "price_amount": "1", "stock": "0"}
        | {"reorder_at": "0"},
        "operation-new": {"code": "O1", "name": "x", "kind": "repair", "skill": "quick"}
        | {"minutes": "30", "price_amount": "1"},
    }[name]

    page = staff.post(url(name), asked | changes)

    assert page.status_code == 422
    assert (Part.objects.count(), Operation.objects.count()) == (2, 0)
    assertNotContains(page, "constraint", status_code=422)
