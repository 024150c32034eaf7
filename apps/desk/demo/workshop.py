"""The demo workshop: bays, technicians, a catalogue, and the appointments of the next days."""

from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from apps.accounts.models import DutyDay, Store, User
from apps.checklists.actions import go_through
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.checklists.queries import in_force
from apps.customers.models import Vehicle
from apps.desk.demo.filling import at
from apps.desk.demo.orders import add_orders
from apps.service import actions, policy
from apps.service.actions import capacity, registers, waiting
from apps.service.actions.booking import Wish
from apps.service.choices import AppointmentSource, RepairKind, RescueResult, Skill, SupplyKind
from apps.service.models import Bay, Operation, OperationPart, Part, PartSupply, Technician
from apps.service.queries.days import days_between, moment

DAY = timedelta(days=1)
DAYS = 4  # that have appointments, today included
BAYS = (
    *((f"快修{n}", [Skill.QUICK]) for n in (1, 2)),
    *((f"机修{n}", [Skill.QUICK, Skill.GENERAL]) for n in (1, 2, 3)),
    ("钣金1", [Skill.BODY]),
    ("喷漆1", [Skill.PAINT]),
)
TECHNICIANS = {
    "demo_tech1": [Skill.QUICK, Skill.GENERAL],
    "demo_tech2": [Skill.QUICK, Skill.GENERAL],
    "demo_tech3": [Skill.QUICK],
    "demo_tech4": [Skill.BODY, Skill.PAINT],
}
# number, name, price, stock, reorder at
PARTS = (
    ("DEMO-1001", "机油滤清器", 48, 160, 40),
    ("DEMO-1002", "全合成机油 4L", 328, 140, 40),
    ("DEMO-1003", "空气滤清器", 96, 60, 20),
    ("DEMO-1004", "空调滤清器", 118, 60, 20),
    ("DEMO-1005", "前制动片（套）", 560, 60, 12),
    ("DEMO-1006", "火花塞（套）", 420, 2, 4),
    ("DEMO-1007", "蓄电池", 780, 0, 2),
)
# code, name, kind, skill, minutes, price, parts
OPERATIONS = (
    ("S05", "首次保养", RepairKind.FIRST_SERVICE, Skill.QUICK, 45, 0, (0, 1)),
    ("S10", "小保养（机油机滤）", RepairKind.MAINTENANCE, Skill.QUICK, 45, 120, (0, 1)),
    ("S20", "大保养（三滤）", RepairKind.MAINTENANCE, Skill.QUICK, 90, 240, (0, 1, 2, 3)),
    ("B10", "更换前制动片", RepairKind.REPAIR, Skill.GENERAL, 60, 180, (4,)),
    ("E10", "更换火花塞", RepairKind.REPAIR, Skill.GENERAL, 60, 160, (5,)),
    ("E20", "更换蓄电池", RepairKind.REPAIR, Skill.GENERAL, 30, 60, (6,)),
    ("D10", "异响、故障检查", RepairKind.REPAIR, Skill.GENERAL, 60, 150, ()),
    ("T10", "四轮定位", RepairKind.REPAIR, Skill.GENERAL, 45, 200, ()),
    ("P10", "单面钣金", RepairKind.ACCIDENT, Skill.BODY, 180, 400, ()),
    ("P20", "单面喷漆", RepairKind.ACCIDENT, Skill.PAINT, 240, 450, ()),
)
ASKED = ("刹车有轻微异响", "空调不太凉", "冷启动抖动", "方向盘略偏", "", "", "")


def add_workshop(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Nothing where nobody works in the workshop."""
    if "demo_tech1" not in people:
        return
    Bay.objects.bulk_create(
        Bay(store=store, name=name, skills=skills, place=place)
        for place, (name, skills) in enumerate(BAYS, 1)
    )
    for name, skills in TECHNICIANS.items():
        Technician.objects.create(
            store=store, user=people[name], skills=skills, works_until=time(17, 30)
        )
    _weekends(store, people, on)
    operations = _catalogue(store, people["demo_service"], on)
    _appointments(store, people, operations, Random(seed), on)
    add_orders(store, people, on)
    _kept_beside(store, people, on)


def _weekends(store: Store, people: dict[str, User], on: date) -> None:
    days = [on + DAY * n for n in range(60) if (on + DAY * n).weekday() >= 5]
    DutyDay.objects.bulk_create(
        DutyDay(store=store, user=people[name], on=day, on_duty=True)
        for day in days
        for name in TECHNICIANS
    )


def _catalogue(store: Store, by: User, on: date) -> list[Operation]:
    parts = Part.objects.bulk_create(
        Part(
            store=store,
            number=number,
            name=name,
            price_amount=Decimal(price),
            stock=stock,
            reorder_at=reorder_at,
        )
        for number, name, price, stock, reorder_at in PARTS
    )
    PartSupply.objects.create(
        store=store,
        part=parts[6],
        kind=SupplyKind.ORDER,
        quantity=4,
        expected_on=on + 2 * DAY,
        by=by,
    )
    operations = Operation.objects.bulk_create(
        Operation(
            store=store,
            code=code,
            name=name,
            kind=kind,
            skill=skill,
            minutes=minutes,
            price_amount=Decimal(price),
        )
        for code, name, kind, skill, minutes, price, _parts in OPERATIONS
    )
    OperationPart.objects.bulk_create(
        OperationPart(operation=operation, part=parts[n])
        for operation, row in zip(operations, OPERATIONS, strict=True)
        for n in row[6]
    )
    return operations


def _appointments(
    store: Store, people: dict[str, User], operations: list[Operation], rnd: Random, on: date
) -> None:
    """Some of the free times of each day are taken, as customers take them."""
    cars = list(Vehicle.objects.filter(store=store, owner__isnull=False).order_by("vin")[:200])
    rnd.shuffle(cars)
    now = at(on, 8)
    for day in (on + DAY * n for n in range(DAYS)):
        for _n in range(rnd.randint(8, 12)):
            work = rnd.choice([op for op in operations if op.code not in ("E10", "E20")])
            found = days_between(store, day, day)
            job = policy.Job(work.minutes, work.skill)
            slots = list(policy.free_slots(found[0], job)) if found else []
            if not slots or not cars:
                continue
            care = rnd.random() < 0.4
            slot = rnd.choice(slots)
            row = actions.book(
                cars.pop(),
                Wish(
                    [work], said={"symptoms": rnd.choice(ASKED), "advisor": people["demo_advisor"]}
                ),
                starts_at=moment(slot.on, slot.start),
                source=AppointmentSource.CARE if care else AppointmentSource.PHONE,
                now=now,
                by=people["demo_care1" if care else "demo_advisor"],
                confirmed=rnd.random() < 0.6,
            )
            if care and rnd.random() < 0.7:
                actions.accept(row, by=people["demo_supervisor"], now=now)


def _kept_beside(store: Store, people: dict[str, User], on: date) -> None:
    """Exceptions of the coming weeks, a late supply, who waits, and the registers."""
    now, head = at(on, 8), people["demo_service"]
    bay = Bay.objects.filter(store=store).order_by("place")[2]
    first = on + 2 * DAYS * DAY
    capacity.close_bay(bay, first=first, last=first + DAY, reason="举升机年检", now=now)
    training: dict[str, Any] = {"labour_hours": 12, "reason": "全员技术培训"}
    capacity.set_day(store, on + 3 * DAYS * DAY, training, now=now)
    PartSupply.objects.create(
        **{"store": store, "part": Part.objects.get(store=store, number="DEMO-1006")},
        **{"kind": SupplyKind.TRANSFER, "quantity": 6, "expected_on": on - DAY},
        **{"note": "苏州店调拨", "by": head},
    )
    cars = Vehicle.objects.filter(store=store, owner__isnull=False, appointments=None)
    for n, car in enumerate(cars.order_by("-vin")[:3]):
        job = policy.Job(240 - 90 * n, Skill.PAINT if n == 0 else Skill.GENERAL)
        remark = ("喷漆，越早越好", "周末也可以", "")[n]
        waiting.wait(
            car,
            job,
            wanted_from=on + n * DAY,
            wanted_until=on + (n + 2) * DAY,
            remark=remark,
            by=people["demo_advisor"],
            now=now,
        )
    _registers(store, people, on)


def _registers(store: Store, people: dict[str, User], on: date) -> None:
    calls = (
        (1, "陈师傅", "京沪高速无锡段出口", "打不着火", RescueResult.REPAIRED, 0),
        (4, "刘女士", "中山北路 800 号地库", "爆胎", RescueResult.TOWED, 300),
        (0, "赵先生", "G15 沈海高速服务区", "水温过高", "", None),
    )
    for ago, caller, place, trouble, result, cost in calls:
        called = at(on - ago * DAY, 8)
        facts: dict[str, Any] = {
            "called_at": called,
            "caller": caller,
            "phone": "13800000000",
            "place": place,
        }
        facts |= {"trouble": trouble, "result": result, "cost_amount": cost}
        facts["went"] = people["demo_tech1"] if result else None
        by = people["demo_supervisor"]
        registers.enter_rescue(store, facts, by=by, now=called)
    for ago in (3, 2, 1):
        day = on - ago * DAY
        points = in_force(store, ChecklistKind.PREPARATION, day)
        said = {
            item.pk: Said(True, (item.quantity or 0) * 2 - (ago == 2 and item.each))
            for item in (points.items.all() if points else ())
        }
        by, morning = people["demo_reception"], at(day, 8)
        go_through(store, ChecklistKind.PREPARATION, said, on=day, people=2, by=by, now=morning)
