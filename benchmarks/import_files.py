"""Import of 100,000 rows of each kind against COPY + upsert by hand of the same cleaned rows.

Also how much the process grows, and how much faster we are than the loop of
django-import-export on 10,000 rows (a factor, so the bar is "at least").
"""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import tablib
from django.db import connection
from import_export import fields, resources
from openpyxl import Workbook

from apps.customers.models import Customer
from apps.desk.actions import add_store
from apps.exchange import reading, taking
from apps.exchange.actions import import_tables
from apps.exchange.staging import in_order, stage
from benchmarks.common import (
    fresh_database,
    limit_row,
    memory_growth,
    scaled,
    settle,
    timed,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MEGABYTES = 250
SOLD = ["客户姓名", "联系电话", "出生日期", "车架号", "车牌号", "品牌", "车型", "颜色", "交车日期"]
PEOPLE = ["姓名", "手机", "生日", "地址"]
CARS = ["底盘号", "牌照号", "车型", "车主姓名", "移动电话", "是否本店销售", "最近里程", "里程日期"]
ORDERS = ["工单号", "车架号", "维修类型", "进厂日期", "结算日期", "行驶里程(公里)", "合计金额"]

# What an expert writes by hand: from the staged rows to the tables, found by their natural keys,
# one statement a table, nothing about what people typed here, no counts, no memory.
BY_HAND = [
    """
    CREATE TEMP TABLE hand_person AS
    SELECT DISTINCT ON (phone, name) phone, name, region, locality, initials, vals, coalesce(
           (SELECT c.id FROM customers_customer AS c WHERE c.store_id = %(store)s
               AND c.main_phone = i.phone AND c.name = i.name LIMIT 1),
           nextval(pg_get_serial_sequence('customers_customer', 'id'))) AS id
      FROM incoming AS i ORDER BY phone, name, ord DESC""",
    """
    INSERT INTO customers_customer (id, store_id, name, kind, main_phone, birthday, address,
                                    locality, initials, reachable)
    SELECT id, %(store)s, name, 'person', phone, (vals ->> 'birthday')::date,
           coalesce(vals ->> 'address', ''), locality, initials, TRUE FROM hand_person
    ON CONFLICT (id) DO UPDATE SET birthday = excluded.birthday, address = excluded.address""",
    """
    INSERT INTO customers_contactnumber (store_id, customer_id, number, kind, region)
    SELECT %(store)s, id, phone, 'mobile', coalesce(region, '') FROM hand_person
    ON CONFLICT (customer_id, number) DO NOTHING""",
    """
    INSERT INTO customers_vehicle (store_id, owner_id, vin, plate, brand, model, colour,
                                   sold_here, delivered_on)
    SELECT DISTINCT ON (i.vin) %(store)s, p.id, i.vin, coalesce(vals ->> 'plate', ''),
           coalesce(vals ->> 'brand', ''), coalesce(vals ->> 'model', ''),
           coalesce(vals ->> 'colour', ''), coalesce((vals ->> 'sold_here')::boolean, FALSE),
           (vals ->> 'delivered_on')::date
      FROM (SELECT ord, vin, phone, name, vals FROM incoming WHERE vin IS NOT NULL) AS i
      JOIN (SELECT id, phone, name FROM hand_person) AS p USING (phone, name)
     ORDER BY i.vin, i.ord
    ON CONFLICT (store_id, vin) DO UPDATE SET plate = excluded.plate""",
    """
    INSERT INTO customers_ownership (store_id, vehicle_id, customer_id)
    SELECT %(store)s, v.id, v.owner_id FROM customers_vehicle AS v
     WHERE v.store_id = %(store)s AND v.owner_id IS NOT NULL ON CONFLICT DO NOTHING""",
    """
    INSERT INTO delivery_delivery (store_id, vehicle_id, customer_id, delivered_on)
    SELECT %(store)s, v.id, v.owner_id, (i.vals ->> 'delivered_on')::date
      FROM incoming AS i JOIN customers_vehicle AS v
        ON v.store_id = %(store)s AND v.vin = i.vin WHERE i.kind = 0
    ON CONFLICT (vehicle_id) DO UPDATE SET delivered_on = excluded.delivered_on""",
    """
    INSERT INTO customers_mileagereading (store_id, vehicle_id, "on", km, source)
    SELECT %(store)s, v.id, (i.vals ->> 'km_on')::date, (i.vals ->> 'km')::integer, 'import'
      FROM incoming AS i JOIN customers_vehicle AS v
        ON v.store_id = %(store)s AND v.vin = i.vin WHERE i.kind = 2
    ON CONFLICT DO NOTHING""",
    """
    INSERT INTO service_repairorder (store_id, number, vehicle_id, kind, in_on, out_on, km, amount)
    SELECT %(store)s, o.number, v.id, o.kind, o.in_on, o.out_on, o.km, o.amount
      FROM incoming_order AS o JOIN customers_vehicle AS v
        ON v.store_id = %(store)s AND v.vin = o.vin
    ON CONFLICT (store_id, number) DO UPDATE SET kind = excluded.kind, in_on = excluded.in_on,
       out_on = excluded.out_on, km = excluded.km, amount = excluded.amount""",
    """
    INSERT INTO customers_mileagereading (store_id, vehicle_id, "on", km, source)
    SELECT %(store)s, v.id, o.out_on, o.km, 'visit'
      FROM incoming_order AS o JOIN customers_vehicle AS v
        ON v.store_id = %(store)s AND v.vin = o.vin
    ON CONFLICT DO NOTHING""",
    "DROP TABLE hand_person",
]


def vin(number: int) -> str:
    return f"LSGBENC{number:010d}"


def rows_of(kind: str, count: int) -> Iterator[list[Any]]:
    """Made-up rows: cars 0 … count were sold here, cars count … 2 count come for service."""
    dice = random.Random(f"{kind}-7")
    for n in range(count):
        day = TODAY - timedelta(days=dice.randrange(1, 900))
        later = f"{day:%Y/%m/%d}"
        if kind == "sold":
            yield [
                *(f"演示{n % 5000}", f"138{n:08d}", f"{1950 + n % 50}-{1 + n % 12:02d}-15", vin(n)),
                *(f"沪B{n:06d}", "别克", "英朗", "白", f"{day:%Y-%m-%d}"),
            ]
        elif kind == "people":
            yield [
                f"演示{n % 5000}",
                f"138 {n:08d}",
                f"{1950 + n % 50}/{1 + n % 12}/15",
                f"路{n}号",
            ]
        elif kind == "cars":
            yield [
                *(vin(count + n), f"沪C{n:06d}", "英朗", f"演示{n % 5000}", f"139-{n:08d}", "否"),
                *(f"{dice.randrange(1, 90000):,}", later),
            ]
        else:
            where = vin(dice.randrange(2 * count))
            kinds = ("首保", "定保", "一般维修", "事故维修")
            yield [
                *(f"RO{n:09d}", where, kinds[n % 4], later, later),
                *(f"{dice.randrange(1000, 90000)}公里", f"{n % 9000}.00"),
            ]


def write_files(folder: Path, count: int) -> list[Path]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("交车")
    sheet.append(SOLD)
    for row in rows_of("sold", count):
        sheet.append(row)
    book.save(folder / "sold.xlsx")
    for name, headings in (("people", PEOPLE), ("cars", CARS), ("orders", ORDERS)):
        with (folder / f"{name}.csv").open("w", encoding="gb18030", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headings)
            writer.writerows(rows_of(name, count))
    return [folder / "sold.xlsx", *(folder / f"{n}.csv" for n in ("people", "cars", "orders"))]


def tables(paths: list[Path]) -> list[tuple[str, reading.Table]]:
    return [(path.name, table) for path in paths for table in reading.tables(path)]


def ours(paths: list[Path], store: Any) -> None:
    outcome = import_tables(tables(paths), store=store, now=NOW)
    assert outcome.written and not outcome.refused, outcome.parts[0].refusals[:3]


def by_hand(paths: list[Path], store: Any) -> float:
    """Seconds of COPY and upsert; the cleaning before it is not counted."""
    stage(in_order(tables(paths)), store=store, on=TODAY)
    with connection.cursor() as cursor:
        for name in ("incoming", "incoming_order"):
            with TemporaryDirectory() as folder:
                path = Path(folder) / name
                with path.open("w") as out:
                    cursor.copy_expert(f"COPY {name} TO STDOUT", out)

                def again(path: Path = path, name: str = name) -> None:
                    cursor.execute(f"TRUNCATE {name}")
                    with path.open() as rows:
                        cursor.copy_expert(f"COPY {name} FROM STDIN", rows)

                copied = timed(again)
            by_hand.copied = getattr(by_hand, "copied", 0.0) + copied  # type: ignore[attr-defined]
        cursor.execute("ANALYZE incoming; ANALYZE incoming_order")

        def upsert() -> None:
            cursor.execute("BEGIN")
            for statement in BY_HAND:
                cursor.execute(statement, {"store": store.pk})
            cursor.execute("COMMIT")

        seconds = timed(upsert)
        cursor.execute(taking.STAGING)
    copied, by_hand.copied = by_hand.copied, 0.0  # type: ignore[attr-defined]
    return seconds + copied


class LoopRows(resources.ModelResource):
    """The library's own way: one row, one lookup, one save."""

    name = fields.Field(attribute="name", column_name="姓名")
    main_phone = fields.Field(attribute="main_phone", column_name="手机")
    address = fields.Field(attribute="address", column_name="地址")
    store_id = fields.Field(attribute="store_id", column_name="store")

    class Meta:
        model = Customer
        fields = ("name", "main_phone", "address", "store_id")
        import_id_fields = ("main_phone",)
        use_transactions = True


def library_loop(store: Any, count: int) -> None:
    data = tablib.Dataset(headers=[*PEOPLE, "store"])
    for name, phone, _born, address in rows_of("people", count):
        data.append([name, phone.replace(" ", ""), None, address, store.pk])
    result = LoopRows().import_data(data, raise_errors=True)
    assert result.totals["new"] == count


def _fresh(name: str, act: Callable[[Any], Any]) -> Any:
    with fresh_database(name):
        store = add_store("S1", "演示店")
        settle()
        return act(store)


def run() -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        count = scaled(100_000)
        paths = write_files(Path(folder), count)
        mine = _fresh("import_ours", lambda store: timed(lambda: ours(paths, store)))
        hand = _fresh("import_hand", lambda store: by_hand(paths, store))
        grown = _fresh("import_memory", lambda store: memory_growth(lambda _=0: ours(paths, store)))

        small = scaled(10_000)
        write_files(Path(folder), small)
        quick = _fresh("import_small", lambda store: timed(lambda: ours(paths[1:2], store)))
        loop = _fresh("import_loop", lambda store: timed(lambda: library_loop(store, small)))
    return [
        limit_row(f"import {count:,} rows of each kind, s", mine, hand, bar=5),
        limit_row("import: the process grows by, MB", grown, MEGABYTES, bar=1),
        limit_row(
            f"import {small:,} rows, rows/s against import-export's loop",
            small / quick,
            small / loop,
            bar=3,
            at_least=True,
        ),
    ]
