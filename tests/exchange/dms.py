"""The sample's DMS a month later: the same files, some cells otherwise than people typed here."""

import csv
from datetime import date, datetime

from apps.customers import actions as archive
from apps.customers.models import Vehicle
from apps.delivery.actions import record_delivery
from apps.exchange import reading
from apps.service.actions import record_visit
from tests.exchange.files import SAMPLE
from tests.factories import NOW, TODAY, make_customer

VIN_HEADINGS = {"deliveries": "车架号(VIN)", "vehicles": "底盘号", "services": "车架号"}


def _cell(value):
    if isinstance(value, float):
        return f"{value:g}" if value % 1 else str(int(value))
    return f"{value:%Y-%m-%d}" if isinstance(value, date | datetime) else value


def later(folder, said=(), orders=()):
    """CSV files of the sample. ``said``: VIN → heading → new cell; ``orders``: more visits."""
    said, paths = dict(said), []
    for source in SAMPLE:
        (table,) = reading.tables(source)
        at = table.headings.index(VIN_HEADINGS[table.kind])
        rows = [[_cell(cell) for cell in cells] for _number, cells in table.rows()]
        for row in rows:
            changed = said.get(str(row[at]).strip().upper(), {}) if len(row) > at else {}
            for heading, value in changed.items():
                if heading in table.headings and table.kind != "services":
                    row[table.headings.index(heading)] = value
        if table.kind == "services":
            rows += [[order.get(heading, "") for heading in table.headings] for order in orders]
        path = folder / f"{table.kind}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([table.headings, *rows])
        paths.append(path)
    return paths


def type_fifty(store, by):
    """Fifty values typed here by hand, and what the DMS says of the same fifty.

    Returns (said, orders) for ``dms.later`` and what is to be listed.
    """
    said, orders, wanted = {}, [], {}
    sold = list(
        Vehicle.objects.filter(sold_here=True, owner__kind="person", owner__birthday__isnull=False)
        .exclude(owner__main_phone="")
        .exclude(owner__vehicles__sold_here=False)
        .order_by("vin")
        .select_related("owner")
    )
    alone = [c for c in sold if c.owner.vehicles.count() == 1 and c.plate]
    driven = [c for c in alone if c.last_visit_on and c.last_visit_on < date(2026, 11, 1)][:5]
    cars = iter([c for c in alone if c not in driven])
    for n in range(10):
        vehicle = next(cars)
        customer = vehicle.owner
        correction = archive.mark_number(customer.numbers.get(), "wrong", by=by, now=NOW)
        archive.correct_number(correction, f"1770000{n:04d}", by=by, now=NOW)
        said[vehicle.vin] = {"联系电话": f"1880000{n:04d}"}
        wanted[str(customer.pk), "main_phone"] = (f"1770000{n:04d}", f"1880000{n:04d}")
    for n in range(10):
        vehicle = next(cars)
        archive.change_customer(vehicle.owner, by=by, birthday=date(1990, 1, 1 + n))
        said[vehicle.vin] = {"出生日期": f"1991-02-{1 + n:02d}"}
        wanted[str(vehicle.owner_id), "birthday"] = (f"1990-01-{1 + n:02d}", f"1991-02-{1 + n:02d}")
    for n in range(10):
        vehicle = next(cars)
        archive.change_vehicle(vehicle, by=by, on=TODAY, plate=f"沪A0000{n}")
        said[vehicle.vin] = {"车牌号": f"沪B1111{n}"}
        wanted[vehicle.vin, "plate"] = (f"沪A0000{n}", f"沪B1111{n}")
    for n in range(8):
        vehicle = next(cars)
        ours = make_customer(store, name=f"本店{n}")
        archive.change_owner(vehicle, ours, by=by, on=TODAY)
        said[vehicle.vin] = {"客户姓名": f"厂家{n}", "联系电话": f"1550000{n:04d}"}
        wanted[vehicle.vin, "owner"] = (str(ours.pk), f"厂家{n}")
    for n, vehicle in enumerate(driven):
        ours, theirs = vehicle.last_km + 300, vehicle.last_km + 100
        archive.record_reading(vehicle, ours, on=date(2026, 11, 10), source="staff", by=by)
        orders.append(visit(f"DMS{n}", vehicle.vin, "2026-11-10", str(theirs)))
        wanted[vehicle.vin, "km"] = (f"2026-11-10 {ours}", f"2026-11-10 {theirs}")
    for n in range(4):
        vehicle = next(cars)
        record_visit(
            vehicle, number=f"HAND{n}", kind="maintenance", out_on=date(2026, 11, 12), on=TODAY
        )
        orders.append(visit(f"HAND{n}", vehicle.vin, "2026-11-13"))
        wanted[f"HAND{n}", "out_on"] = ("2026-11-12", "2026-11-13")
    for _n in range(3):
        vehicle = next(cars)
        consultant = vehicle.delivery.consultant
        record_delivery(
            vehicle,
            vehicle.owner,
            delivered_on=date(2024, 1, 5),
            on=TODAY,
            consultant=consultant,
        )
        said[vehicle.vin] = {"交车日期": "2024-01-08"}
        wanted[vehicle.vin, "delivered_on"] = ("2024-01-05", "2024-01-08")
    return said, orders, wanted


def visit(number, vin, on, km=""):
    return {
        **{"工单号": number, "车架号": vin, "维修类型": "定保"},
        **{"结算日期": on, "行驶里程(公里)": km},
    }
