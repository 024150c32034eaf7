"""Every kind of file that somebody may upload: read as it is, or refused in words."""

import zipfile
from datetime import date
from itertools import islice

import openpyxl
import pytest

from apps.exchange import reading
from apps.exchange.choices import FileKind
from tests.exchange.files import (
    CARS,
    DELIVERIES,
    SERVICES,
    VIN,
    car,
    csv_file,
    delivery,
    service,
    xls_file,
    xlsx_file,
)


def only(path, **options):
    (table,) = reading.tables(path, **options)
    return table


def rows(table):
    return list(table.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_in_any_encoding_and_delimiter(tmp_path, encoding, delimiter):
    table = only(csv_file(tmp_path, SERVICES, service(), encoding=encoding, delimiter=delimiter))
    assert (table.kind, table.heading_row) == (FileKind.SERVICES, 1)
    assert rows(table) == [(2, service())]


@pytest.mark.parametrize("make", [xlsx_file, xls_file])
def test_workbooks_with_title_rows_above_the_heading(tmp_path, make):
    table = only(make(tmp_path, ["交车明细表"], [""], DELIVERIES, delivery()))
    assert (table.kind, table.heading_row) == (FileKind.DELIVERIES, 3)
    assert [(number, cells[2]) for number, cells in rows(table)] == [(4, VIN)]


def test_merged_titles_do_no_harm(tmp_path):
    path = xlsx_file(tmp_path, ["上海演示店 交车明细"], DELIVERIES, delivery())
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:F1")
    book.save(path)
    assert only(path).heading_row == 2


@pytest.mark.parametrize("make", [xlsx_file, xls_file])
def test_days_of_a_workbook_that_counts_from_1904_are_the_same_days(tmp_path, make):
    options = (
        {"epoch": openpyxl.utils.datetime.CALENDAR_MAC_1904}
        if make is xlsx_file
        else {"from_1904": True}
    )
    table = only(make(tmp_path, DELIVERIES, delivery(on=date(2026, 3, 5)), **options))
    assert rows(table)[0][1][4] == date(2026, 3, 5)
    assert table.serials_from_1904


def test_the_sheet_with_the_headings_is_read_wherever_it_stands(tmp_path):
    path = xlsx_file(tmp_path, ["说明"], ["请勿修改"], sheet="说明")
    book = openpyxl.load_workbook(path)
    for row in (DELIVERIES, delivery()):
        book.create_sheet("数据").append(row) if "数据" not in book else book["数据"].append(row)
    book.save(path)
    table = only(path)
    assert (table.sheet, table.kind) == ("数据", FileKind.DELIVERIES)


def test_several_sheets_with_data_are_all_read(tmp_path):
    path = xlsx_file(tmp_path, DELIVERIES, delivery(), sheet="交车")
    book = openpyxl.load_workbook(path)
    cars = book.create_sheet("车辆")
    cars.append(CARS)
    cars.append(car())
    book.save(path)
    found = reading.tables(path)
    assert [(t.sheet, t.kind) for t in found] == [
        ("交车", FileKind.DELIVERIES),
        ("车辆", FileKind.VEHICLES),
    ]


def test_unknown_headings_are_left_to_a_person(tmp_path):
    table = only(csv_file(tmp_path, ["甲", "乙"], ["1", "2"]))
    assert (table.kind, table.headings) == ("", ["甲", "乙"])


def refused(path):
    with pytest.raises(reading.Unusable) as problem:
        for table in reading.tables(path):
            list(islice(table.rows(), 10))
    return str(problem.value)


def test_what_is_no_table_at_all(tmp_path):
    picture = tmp_path / "a.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50)
    assert "不是" in refused(picture)
    empty = tmp_path / "b.csv"
    empty.write_bytes(b"")
    assert "空" in refused(empty)
    other = tmp_path / "c.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "不是" in refused(other)
    page = tmp_path / "d.xls"
    page.write_text("<html><table><tr><td>车架号</td></tr></table></html>")
    assert "网页" in refused(page)


def test_an_empty_workbook(tmp_path):
    assert "没有" in refused(xlsx_file(tmp_path))


@pytest.mark.parametrize("make", [xlsx_file, xls_file])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_workbook(tmp_path, make, share):
    path = make(tmp_path, DELIVERIES, *[delivery() for _ in range(300)])
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "损坏" in refused(path)


def test_a_changed_byte_in_a_workbook(tmp_path):
    path = xlsx_file(tmp_path, DELIVERIES, *[delivery() for _ in range(300)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    data[sheet.header_offset + 200] ^= 0xFF
    path.write_bytes(data)
    assert "损坏" in refused(path)


def test_encrypted_workbooks(tmp_path):
    office = tmp_path / "a.xlsx"  # an OLE file that holds an encrypted package
    office.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    assert "密码" in refused(office)
    zipped = xlsx_file(tmp_path, DELIVERIES, delivery(), name="b.xlsx")
    data = bytearray(zipped.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # the flag of encryption in every entry of the directory
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    zipped.write_bytes(data)
    assert "密码" in refused(zipped)
    old = xls_file(tmp_path, DELIVERIES, delivery())
    data = bytearray(old.read_bytes())
    start = data.find(bytes.fromhex("0908100000060500"))
    second = start + 4 + int.from_bytes(data[start + 2 : start + 4], "little")
    data[second : second + 2] = (0x2F).to_bytes(2, "little")
    old.write_bytes(data)
    assert "密码" in refused(old)


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * reading.MEGABYTE))
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # whoever unpacks it fails otherwise
    assert "解压" in refused(path)


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path):
    path = xlsx_file(tmp_path, DELIVERIES, delivery())
    book = openpyxl.load_workbook(path)
    book.active["XFD1"] = "x"
    book.save(path)
    assert "列" in refused(path)
    book = openpyxl.load_workbook(xlsx_file(tmp_path, DELIVERIES, delivery()))
    book.active["A1048576"] = "x"
    book.save(path)
    assert "行" in refused(path)


def test_limits_of_size_rows_and_columns(tmp_path, monkeypatch):
    path = csv_file(tmp_path, SERVICES, service(), service())
    monkeypatch.setattr(reading, "MAX_SIZE", 10)
    assert "MB" in refused(path)
    monkeypatch.undo()
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    monkeypatch.setattr(reading, "HEADING_ROWS", 1)
    assert "行" in refused(path)
    monkeypatch.undo()
    monkeypatch.setattr(reading, "MAX_COLUMNS", 3)
    assert "列" in refused(path)
    assert "列" in refused(xlsx_file(tmp_path, SERVICES, service()))


def test_a_cell_without_end(tmp_path):
    path = csv_file(tmp_path, SERVICES, service())
    path.write_bytes(path.read_bytes() + b'"' + b"x" * 20_000)
    assert "引号" in refused(path)


def test_reading_has_its_time(tmp_path, monkeypatch):
    path = csv_file(tmp_path, SERVICES, *[service() for _ in range(1100)])
    monkeypatch.setattr(reading, "MAX_SECONDS", -1)
    with pytest.raises(reading.Unusable, match="时间"):
        rows(only(path))
