"""The cars in the demo workshop: one at each stage, two late, and some that were handed back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.models import Store, User
from apps.customers.models import Vehicle
from apps.desk.demo.filling import at
from apps.service import actions
from apps.service.choices import HAND_BACK, LineState, Outcome, Stage
from apps.service.models import Bay, Operation, RepairOrder, Technician

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """How far a car has come. Days count back from today, hours are of the day."""

    came: tuple[int, int]
    promised: tuple[int, int]
    codes: tuple[str, ...]
    until: Stage
    complaints: str = ""
    diagnosis: str = ""
    put_off: str = ""  # an operation that was recommended, and put off
    added: str = ""  # an operation that was added after the customer agreed


STORIES = (
    Story((3, 14), (3, 17), ("S20",), Stage.CLOSED, "到期保养", put_off="B10"),
    Story((2, 9), (2, 12), ("D10",), Stage.CLOSED, "过减速带底盘异响", "稳定杆胶套老化"),
    Story((1, 9), (1, 12), ("S10",), Stage.CLOSED, "小保养", put_off="T10"),
    Story((1, 13), (1, 16), ("S10", "T10"), Stage.CLOSED, "保养，方向盘略偏"),
    Story((2, 9), (1, 17), ("P10", "P20"), Stage.IN_WORK, "右后门刮擦，走保险"),
    Story((1, 14), (1, 17), ("B10",), Stage.WAITING_PARTS, "刹车异响", "前制动片已到极限"),
    Story((0, 8), (0, 18), ("D10",), Stage.WAITING_APPROVAL, "冷启动抖动", added="T10"),
    Story((0, 8), (0, 17), ("S20",), Stage.IN_WORK, "大保养"),
    Story((0, 8), (0, 17), ("S10",), Stage.QUALITY_CHECK, "小保养"),
    Story((0, 8), (0, 16), ("S10",), Stage.WASHING, "保养，顺便洗车"),
    Story((0, 8), (0, 16), ("B10",), Stage.READY, "刹车偏软", "前制动片磨损，已更换"),
    Story((0, 9), (0, 18), ("S10",), Stage.WAITING, "保养到期"),
)


def add_orders(store: Store, people: dict[str, User], on: date) -> None:
    """To be called when the workshop and its appointments are there."""
    cars = Vehicle.objects.filter(
        store=store, owner__isnull=False, in_workshop=False, appointments=None, fate="in_use"
    )
    known = cars.filter(last_km__isnull=False, last_km_on__lt=on - 7 * DAY)
    for story, car in zip(STORIES, known.order_by("vin")[: len(STORIES)], strict=False):
        _Told(store, people, on, story).tell(car)


class _Told:
    def __init__(self, store: Store, people: dict[str, User], on: date, story: Story) -> None:
        self.store, self.on, self.story = store, on, story
        self.advisor, self.checker = people["demo_advisor"], people["demo_workshop"]
        self.codes = {row.code: row for row in Operation.objects.filter(store=store)}

    def moment(self, when: tuple[int, int]) -> datetime:
        return at(self.on - when[0] * DAY, when[1])

    def tell(self, car: Vehicle) -> None:
        """The customer's way through the workshop as far as it has come."""
        story, came = self.story, self.moment(self.story.came)
        assert car.last_km is not None and car.last_km_on is not None
        order = actions.open_order(
            car,
            advisor=self.advisor,
            kind=self.codes[story.codes[0]].kind,
            now=came,
            by=self.advisor,
            km=car.last_km + 12 * (came.date() - car.last_km_on).days,
            km_sure=True,
            complaints=story.complaints,
            promised_at=self.moment(story.promised),
        )
        if story.diagnosis:
            facts = {"diagnosis": story.diagnosis}
            actions.change_order(order, facts, version=1, now=came)
        if story.until == Stage.WAITING:
            self.propose(order, story.codes, came)
        else:
            self.agree(order, came)
            self.work(order, came)

    def propose(self, order: RepairOrder, codes: tuple[str, ...], now: datetime) -> None:
        for code in codes:
            said: dict[str, Any] = {"version": None, "now": now, "by": self.advisor}
            actions.add_work(order, self.codes[code], **said, recommended=code != codes[0])

    def answer(self, order: RepairOrder, state: str, now: datetime, how: str = "signed") -> None:
        lines = {f"w{one.pk}": state for one in order.work.filter(state=LineState.PROPOSED)}
        actions.answer(order, lines, how=how, version=None, now=now, by=self.advisor)

    def agree(self, order: RepairOrder, now: datetime) -> None:
        self.propose(order, self.story.codes, now)
        self.answer(order, LineState.APPROVED, now)
        if self.story.put_off:
            self.propose(order, (self.story.put_off,), now)
            self.answer(order, LineState.PUT_OFF, now)
        work = order.work.exclude(operation=None).select_related("operation").first()
        assert work is not None and work.operation is not None
        able = {"store": self.store, "skills__contains": [work.operation.skill]}
        technicians, bays = Technician.objects.filter(**able), Bay.objects.filter(**able)
        n = STORIES.index(self.story)
        technician = technicians[n % technicians.count()]
        actions.dispatch(order, technician=technician, bay=bays[n % bays.count()], version=None)

    def stage(self, order: RepairOrder, to: Stage, now: datetime, note: str = "") -> None:
        actions.set_stage(order, to, now=now, by=self.checker, version=None, note=note)

    def work(self, order: RepairOrder, came: datetime) -> None:
        until, hour = self.story.until, timedelta(minutes=40)
        if until == Stage.WAITING_PARTS:
            self.stage(order, until, came + hour, "配件调拨中")
            return
        self.stage(order, Stage.IN_WORK, came + hour / 2)
        if self.story.added:
            self.propose(order, (self.story.added,), came + hour)
            self.stage(order, Stage.WAITING_APPROVAL, came + hour, "发现新问题，等客户确认")
        if until in (Stage.IN_WORK, Stage.WAITING_APPROVAL):
            return
        for line in order.work.filter(state=LineState.APPROVED):
            actions.finish_work(order, line, now=came + hour, version=None)
        self.stage(order, Stage.QUALITY_CHECK, came + hour)
        if until != Stage.QUALITY_CHECK:
            self.finish(order, came + 2 * hour)

    def finish(self, order: RepairOrder, now: datetime) -> None:
        """Checked, and when the story is over settled and handed back."""
        said: dict[str, Any] = {"now": now, "by": self.checker, "version": None}
        wash = self.story.until == Stage.WASHING
        actions.check_quality(order, passed=True, wash=wash, findings="", **said)
        if self.story.until == Stage.CLOSED:
            said["by"] = self.advisor
            actions.settle(order, discount_amount=Decimal(0), paid_how="wechat", **said)
            actions.hand_back(order, HAND_BACK[Outcome.DONE], **said)
