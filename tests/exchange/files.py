"""Files as a DMS hands them out, made in a test; and the short way to bring them in."""

import csv
import io
from datetime import date
from pathlib import Path

import xlwt
from openpyxl import Workbook

from apps.exchange import reading
from apps.exchange.actions import import_tables
from apps.exchange.queries import remembered
from tests.factories import NOW

DATA = Path(__file__).parent / "data"
SAMPLE = sorted(p for p in DATA.iterdir() if p.suffix in (".xlsx", ".xls", ".csv"))
VIN = "LSGUV84Z6SJ404514"
OTHER_VIN = "LSGPC52UXPS076816"
DELIVERIES = ["客户姓名", "联系电话", "车架号", "车牌号", "交车日期", "出生日期"]
CARS = ["底盘号", "车主姓名", "移动电话", "是否本店销售", "最近里程", "里程日期"]
SERVICES = ["工单号", "车架号", "维修类型", "进厂日期", "结算日期", "行驶里程"]
PEOPLE = ["姓名", "手机", "生日", "地址"]


def delivery(vin=VIN, name="张伟", phone="13912345678", on="2026-03-05", plate="沪A12345", born=""):
    return [name, phone, vin, plate, on, born]


def service(number="RO1", vin=VIN, kind="定保", on="2026-05-05", km="5000", in_on=""):
    return [number, vin, kind, in_on, on, km]


def car(vin=VIN, name="张伟", phone="13912345678", here="否", km="", km_on=""):
    return [vin, name, phone, here, km, km_on]


def csv_file(folder, *rows, name="a.csv", encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(folder, *rows, name="a.xlsx", sheet="Sheet1", epoch=None):
    book = Workbook()
    if epoch:
        book.epoch = epoch
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def xls_file(folder, *rows, name="a.xls", from_1904=False):
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    sheet = book.add_sheet("Sheet1")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(at, column, value, style)
            else:
                sheet.write(at, column, value)
    book.save(str(folder / name))
    return folder / name


def bring(store, *paths, now=NOW, **options):
    """Take these files as one import."""
    known = remembered(store)
    tables = [(path.name, table) for path in paths for table in reading.tables(path, known)]
    return import_tables(tables, store=store, now=now, **options)


def refusals(outcome):
    return [(r.row, r.column, r.reason) for part in outcome.parts for r in part.refusals]


def counts(outcome):
    return tuple(outcome.total(name) for name in ("new", "changed", "unchanged", "refused"))
