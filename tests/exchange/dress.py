"""The sample files in another dress: the same facts as another DMS would export them.

Deliveries as a csv with semicolons and BOM, cars as xlsx with days as numbers behind a sheet
of explanations, services as xls in another order; other headings, other ways to write a day,
a phone, a mileage, and a line of totals.
"""

import csv
import io
import random
import re
from datetime import date, datetime
from pathlib import Path

import xlwt
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from tests.exchange.files import DATA

KINDS = {"定保": "定期保养", "首保": "首次保养", "一般维修": "一般维修", "事故维修": "事故"}
EPOCH = date(1899, 12, 30)  # day 0 of Excel


def dressed(folder: Path) -> list[Path]:
    """The three files, in an order and with names that tell nothing."""
    return [services_as_xls(folder), deliveries_as_csv(folder), cars_as_xlsx(folder)]


def day(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    parts = [int(part) for part in re.findall(r"\d+", str(value))]
    return date(*parts[:3]) if len(parts) >= 3 else None


def sheet(name, heading_rows):
    rows = CalamineWorkbook.from_path(DATA / name).get_sheet_by_index(0).to_python()
    return rows[heading_rows:]


def deliveries_as_csv(folder):
    path = folder / "jc.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerows([["某某店交付清单"], []])
        out.writerow(
            ["车辆识别代号", "提车日期", "车主姓名", "手机号码", "车主类型", "生日"]
            + ["车牌", "车系", "品牌", "车身颜色", "顾问"]
        )
        rows = [row for row in sheet("交车明细.xlsx", 3) if row[5]]
        for number, row in enumerate(rows):
            vin = row[5].strip().lower() if number % 5 == 0 else f" {row[5]} "
            phone = str(int(row[3])) if isinstance(row[3], float) else row[3]
            born = day(row[4])
            born = f"{born.year}.{born.month}.{born.day}" if born else ""
            out.writerow(
                [vin, _written(day(row[10]), number), row[1], phone, row[2], born, row[6]]
                + [row[8], row[7], row[9], row[11]]
            )
        out.writerow(["合计", "", "", f"{len(rows)}台", "", "", "", "", "", "", ""])
    return path


def _written(on, number):
    ways = (
        f"{on:%Y%m%d}",
        f"{on.year}/{on.month}/{on.day}",
        f"{on:%Y-%m-%d} 00:00:00",
        f"{on.year}年{on.month:02d}月{on.day:02d}日",
    )
    return ways[number % len(ways)]


def cars_as_xlsx(folder):
    book = Workbook()
    book.active.title = "说明"
    book.active["A1"] = "导出说明"
    out = book.create_sheet("车辆")
    out.append(["客户车辆清单"])
    out.merge_cells("A1:E1")
    out.append(
        ["车主", "车主电话", "车主性质", "出生日期", "VIN", "牌照", "车型名称", "品牌名称"]
        + ["本店销售", "当前里程(KM)", "里程登记日期"]
    )
    for row in sheet("车辆档案.xls", 1):
        if row[0]:
            born, read = (number_of(day(value)) for value in (row[7], row[10]))
            km = f"{int(row[9]):,} km" if row[9] != "" else None
            out.append(
                [row[4], row[6], row[5], born, row[0], row[1], row[3], row[2], "否", km, read]
            )
    path = folder / "cl.xlsx"
    book.save(path)
    return path


def number_of(on):
    return (on - EPOCH).days if on else None


def services_as_xls(folder):
    text = (DATA / "维修结算单.csv").read_bytes().decode("gb18030")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if (row["车架号"] or "").strip()]
    random.Random(5).shuffle(rows)
    book = xlwt.Workbook()
    out = book.add_sheet("结算")
    style = xlwt.easyxf(num_format_str="YYYY/M/D")
    out.write(0, 0, "维修业务结算明细")
    headings = "结算单号 VIN码 业务类型 开单日期 结算时间 进厂里程 接待员 应收金额 车牌号码"
    for column, heading in enumerate(headings.split()):
        out.write(1, column, heading)
    for number, row in enumerate(rows, start=2):
        km = row["行驶里程(公里)"].replace(",", "").replace("公里", "")
        values = [row["工单号"], row["车架号"], KINDS[row["维修类型"]]]
        values += [day(row["进厂日期"]), day(row["结算日期"]), int(km) if km else km]
        values += [row["服务顾问"], row["合计金额"], row["车牌号"]]
        for column, value in enumerate(values):
            dated = [style] if isinstance(value, date) else []
            out.write(number, column, value, *dated)
    path = folder / "wx.xls"
    book.save(str(path))
    return path
