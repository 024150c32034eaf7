"""Parts and operations as files (DATA-02): shown first, taken whole or the good rows, once."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains

from apps.accounts.choices import Role
from apps.exchange import widgets, words
from apps.exchange.actions import take
from apps.exchange.choices import FileKind
from apps.service.models import Operation, Part
from apps.service.queries import parts as stock
from tests.exchange.files import (
    DELIVERIES,
    bring,
    counts,
    csv_file,
    delivery,
    refusals,
    xls_file,
    xlsx_file,
)
from tests.factories import make_user
from tests.service.workshop import make_appointment, make_operation, make_part, needs

pytestmark = pytest.mark.django_db
PARTS = ["配件编号", "配件名称", "单位", "销售价", "库存数量", "安全库存"]
OPERATIONS = ["项目代码", "项目名称", "维修类型", "工种", "标准工时", "工时费", "常用配件"]


def part(number="A-1", name="机油滤清器", unit="个", price="48", pieces="12", low="4"):
    return [number, name, unit, price, pieces, low]


def work(code="S10", name="小保养", kind="保养", skill="快修", hours="0.75", price="120", usual=""):
    return [code, name, kind, skill, hours, price, usual]


def there(store):
    rows = Part.objects.filter(store=store).order_by("number")
    return [(p.number, p.name, p.unit, str(p.price_amount), p.stock, p.reorder_at) for p in rows]


@pytest.mark.parametrize("headings", [PARTS, OPERATIONS, PARTS[:2], ["零件号", "库存"]])
def test_a_catalogue_is_known_by_its_headings(headings):
    kind, columns = words.kind_of(headings)

    wanted = FileKind.OPERATIONS if headings is OPERATIONS else FileKind.PARTS
    assert (kind, len(columns)) == (wanted, len(headings))


def test_other_files_are_still_what_they_were():
    assert words.kind_of(DELIVERIES)[0] == FileKind.DELIVERIES
    assert words.kind_of(["姓名", "手机", "单位"])[0] == FileKind.CUSTOMERS


@pytest.mark.parametrize("make", [csv_file, xlsx_file, xls_file])
def test_parts_and_operations_given_together_are_one_import(store, other_store, tmp_path, make):
    suffix = make.__name__.split("_")[0]
    files = [
        make(tmp_path, OPERATIONS, work(usual="A-1 × 1；B-2*4"), name=f"a.{suffix}"),
        make(tmp_path, PARTS, part(), part("B-2", "机油", "升"), name=f"b.{suffix}"),
    ]
    make_part(other_store, "A-1", stock=99)

    assert counts(bring(store, *files)) == (3, 0, 0, 0)
    assert there(store) == [
        ("A-1", "机油滤清器", "个", "48.00", 12, 4),
        ("B-2", "机油", "升", "48.00", 12, 4),
    ]
    oil = Operation.objects.get()
    assert (oil.store, oil.code, oil.name, oil.kind) == (store, "S10", "小保养", "maintenance")
    assert (oil.skill, oil.minutes, str(oil.price_amount)) == ("quick", 45, "120.00")
    assert stock.usual_text(oil) == "A-1 × 1\nB-2 × 4"
    assert counts(bring(store, *files)) == (0, 0, 3, 0)
    assert Part.objects.get(store=other_store).stock == 99


def test_a_file_in_gb18030_is_read(store, tmp_path):
    bring(store, csv_file(tmp_path, PARTS, part(), encoding="gb18030"))

    assert there(store)[0][1] == "机油滤清器"


def test_what_changed_is_shown_first_and_the_stock_moves_with_the_import_as_reason(store, tmp_path):
    make_part(store, "A-1", stock=5, unit="件")
    path = csv_file(tmp_path, PARTS, part())

    shown = bring(store, path, check=True)
    assert counts(shown) == (0, 1, 0, 0)
    changes = {c["field"]: (c["old"], c["new"], c["subject"]) for c in shown.sample}
    assert changes == {
        "unit": ("件", "个", "A-1"),
        "stock": ("5", "12", "A-1"),
        "reorder_at": ("0", "4", "A-1"),
    }
    assert Part.objects.get().stock == 5

    bring(store, path)
    moves = stock.moves(Part.objects.get())
    assert [(move.pieces, move.stock, move.action) for move in moves] == [(7, 12, "从DMS导入")]


def test_the_stock_stays_where_the_file_has_no_such_column(store, tmp_path):
    make_part(store, "A-1", stock=5)

    bring(store, csv_file(tmp_path, PARTS[:4], part(price="50")[:4]))

    assert there(store) == [("A-1", "机油滤清器", "个", "50.00", 5, 0)]


def test_a_count_of_the_store_needs_only_number_and_pieces(store, tmp_path):
    make_part(store, "A-1", stock=5)

    outcome = bring(store, csv_file(tmp_path, ["零件号", "实盘数量"], ["A-1", "3"], ["", ""]))

    assert (counts(outcome), there(store)[0][4]) == ((0, 1, 0, 0), 3)
    new = bring(store, csv_file(tmp_path, ["零件号", "实盘数量"], ["A-9", "3"]))
    assert refusals(new) == [(2, "零件号", "“A-9”是新的，还需要：配件名称、单价")]


def test_usual_parts_are_exchanged_and_booked_lines_keep_their_price(store, tmp_path):
    oil, old = make_operation(store, "S10"), make_part(store, "A-1")
    needs(oil, old, 2)
    make_part(store, "B-2")
    row = make_appointment(store, operations=[oil])

    bring(store, csv_file(tmp_path, OPERATIONS, work(price="300", usual="B-2 × 3")))
    assert (stock.usual_text(oil), str(row.work.get().price_amount)) == ("B-2 × 3", "120.00")
    # a file without usual parts leaves them
    bring(store, csv_file(tmp_path, OPERATIONS[:2], work(name="大保养")[:2]))
    assert stock.usual_text(oil) == "B-2 × 3"
    assert Operation.objects.get().name == "大保养"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (work(skill="木工"), "工种", "“木工”无法识别，应为：快修、快保、保养、快速保养"),
        (work(kind="唱歌"), "维修类型", "“唱歌”无法识别，应为：首保、首次保养、首保养、新车首保"),
        (work(price="-1"), "工时费", "价格不能为负数"),
        (work(price="100000000"), "工时费", "“100000000.00”不是金额"),
        (work(hours="0.01"), "标准工时", "工时须在5分钟至24小时之间"),
        (work(hours="很久"), "标准工时", "“很久”不是有效的工时"),
        (work(usual="A-9"), "常用配件", "没有在用的配件号 A-9，请先录入"),
        (work(usual="OLD"), "常用配件", "没有在用的配件号 OLD，请先录入"),
        (work(usual="A-1 × 0"), "常用配件", None),
        (work(code=""), "项目代码", "不能为空"),
        (work(name=""), "项目代码", "“S10”是新的，还需要：项目名称"),
        (work(code="X" * 21), "项目代码", None),
    ],
)
def test_a_wrong_operation_is_refused_in_plain_words(store, tmp_path, row, column, reason):
    make_part(store, "A-1")
    make_part(store, "OLD", active=False)

    outcome = bring(store, csv_file(tmp_path, OPERATIONS, work("S20", usual="A-1"), row))

    ((number, where, why),) = refusals(outcome)
    assert (number, where) == (3, column)
    assert reason is None or why == reason
    assert Operation.objects.count() == 0
    bring(store, csv_file(tmp_path, OPERATIONS, work("S20", usual="A-1"), row), skip_refused=True)
    assert Operation.objects.get().code == "S20"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (part(price="-48"), "销售价", "价格不能为负数"),
        (part(pieces="-2"), "库存数量", "库存数量不能为负数"),
        (part(pieces="很多"), "库存数量", "“很多”不是整数数量"),
        (part(low="2.5"), "安全库存", "“2.5”不是整数数量"),
        (part(number=""), "配件编号", "不能为空"),
    ],
)
def test_a_wrong_part_is_refused_in_plain_words(store, tmp_path, row, column, reason):
    outcome = bring(store, csv_file(tmp_path, PARTS, row))

    assert refusals(outcome) == [(2, column, reason)]
    assert not Part.objects.exists()


def test_two_rows_that_say_different_things_of_one_part_are_both_refused(store, tmp_path):
    rows = [part(), part(price="50"), part("B-2"), part("B-2")]

    outcome = bring(store, csv_file(tmp_path, PARTS, *rows), skip_refused=True)

    assert [(row, column) for row, column, _why in refusals(outcome)] == [
        (2, "配件编号"),
        (3, "配件编号"),
    ]
    assert [number for number, *_rest in there(store)] == ["B-2"]


def test_totals_blanks_and_another_stores_rows(store, tmp_path):
    rows = [[*part(), "S1"], ["合计", "", "", "", "12", "", ""], [""] * 7, [*part("B"), "S2"]]

    outcome = bring(store, csv_file(tmp_path, [*PARTS, "门店代码"], *rows), skip_refused=True)

    assert outcome.total("passed_over") == 2
    assert [column for _row, column, _why in refusals(outcome)] == ["门店代码"]
    assert [number for number, *_rest in there(store)] == ["A-1"]


def test_a_formula_is_text_and_goes_out_harmless(client, store, tmp_path):
    bring(store, csv_file(tmp_path, PARTS, part(name="=1+1")))
    client.force_login(make_user("head", store, Role.SERVICE_MANAGER))
    assert Part.objects.get().name == "=1+1"

    asked = {"format": "csv", "reason": "盘点", "query": ""}
    answer = client.post(reverse("desk:export", args=["service:part-list"]), asked)

    assert "'=1+1" in b"".join(answer).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("unit", "cell", "minutes"),
    [(60, "1.5", 90), (60, 0.75, 45), (60, "40分钟", 40), (1, "90", 90), (1, "1.5小时", 90)],
)
def test_lengths_of_work_are_read_with_and_without_their_unit(unit, cell, minutes):
    assert widgets.LengthWidget(unit).clean(cell) == minutes


def test_the_command_takes_parts_and_operations(capsys, store, tmp_path):
    path = csv_file(tmp_path, ["编码", "叫法", "多少钱"], ["A-1", "机滤", "48"])
    with pytest.raises(SystemExit) as end:
        call_command("import_dms", path, store="S1", json=True, kind="parts")
    assert end.value.code == 2
    capsys.readouterr()

    call_command("import_dms", csv_file(tmp_path, PARTS, part()), store="S1", json=True)
    assert json.loads(capsys.readouterr().out)["new"] == 1


def test_the_service_manager_brings_a_file_in_through_the_pages(client, store, tmp_path):
    client.force_login(make_user("head", store, Role.SERVICE_MANAGER))
    make_part(store, "A-1", stock=5)
    with csv_file(tmp_path, PARTS, part(), part("B", price="-1")).open("rb") as file:
        client.post(reverse("exchange:import-new"), {"uploads": [file]})
    run = store.imports.get()
    file = run.files.get()
    columns = {f"file-{file.pk}-{name}": index for name, index in file.columns.items()}
    asked = columns | {f"file-{file.pk}-holds": "parts", f"was-{file.pk}": "parts"}
    client.post(reverse("exchange:import-columns", args=[run.pk]), asked)

    page = client.get(reverse("exchange:import", args=[run.pk]))
    assertContains(page, "价格不能为负数")
    assertContains(page, reverse("exchange:import-refused", args=[file.pk]))
    assert Part.objects.get().stock == 5
    client.post(reverse("exchange:import-apply", args=[run.pk]), {"skip_refused": "on"})
    assert [number for number, *_rest in there(store)] == ["A-1"]
    assert Part.objects.get().stock == 12


def pages_in_lists():
    """Pages that wait in the lists of the search indexes; looking empties them."""
    with connection.cursor() as cursor:
        cursor.execute(take.taking.CLEAN_LISTS)
        return sum(row[0] for row in cursor.fetchall())


def test_an_import_leaves_nothing_waiting_in_the_search_indexes(store, tmp_path, monkeypatch):
    pages_in_lists()

    def cars(first):
        rows = [
            delivery(f"LSGUV84Z6SJ4{first + n:05}", f"客户{first + n}", f"139{first + n:08}")
            for n in range(200)
        ]
        return csv_file(tmp_path, DELIVERIES, *rows)

    bring(store, cars(10_000))
    assert pages_in_lists() == 0

    real = take.taking.CLEAN_LISTS
    monkeypatch.setattr(take.taking, "CLEAN_LISTS", "SELECT 0")
    bring(store, cars(20_000))
    monkeypatch.setattr(take.taking, "CLEAN_LISTS", real)
    assert pages_in_lists() > 0
