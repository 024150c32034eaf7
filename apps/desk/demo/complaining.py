"""The demo's quick responses: some at each step, one late, and those of the months before."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of
from apps.complaints import actions
from apps.complaints.choices import Origin, Step
from apps.complaints.models import QuickResponse
from apps.customers.models import Customer, Vehicle
from apps.desk.demo.filling import at

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SALES, SERVICE = DepartmentKind.SALES, DepartmentKind.SERVICE
# department, what the customer said, root cause, what was done
MATTERS: tuple[tuple[DepartmentKind, str, str, str], ...] = (
    (
        SALES,
        "交车等了两个小时，顾问中途去接待别的客户。",
        "time",
        "销售经理上门致歉，交车改为专人全程陪同。",
    ),
    (
        SERVICE,
        "保养做完车没洗干净，内饰有油渍。",
        "process",
        "邀客户返店精洗，洗车后增加交车前检查。",
    ),
    (SALES, "订车时说好送脚垫，交车时说没有了。", "promise", "当天补送脚垫，赠品与订单一并登记。"),
    (SERVICE, "刹车异响修了两次还在响。", "quality", "技术主管试车复检，更换制动片，免工时费。"),
    (
        SALES,
        "顾问讲不清车机怎么用，问了三次都说回头告诉我。",
        "knowledge",
        "安排产品专员上门讲解，顾问重新培训。",
    ),
    (SERVICE, "结算比预估多了三百块，事先没有说。", "price", "退还差额，增项一律先征得客户同意。"),
    (
        SERVICE,
        "前台打电话没人接，到店等了半小时才有人理。",
        "attitude",
        "前台主管致歉，赠送保养券一张。",
    ),
    (SALES, "展厅停车位都被试驾车占了，停到马路对面。", "facility", "划出四个客户专用车位。"),
)
QUESTIONS = {SALES: {"按约定的时间交车": 3, "完成整个交车过程所用的时间": 4}, SERVICE: {}}


class _Story:
    """Makes one matter after the other and takes its steps."""

    def __init__(self, store: Store, people: dict[str, User], rnd: Random) -> None:
        self.people, self.rnd = people, rnd
        self.matters = self._matters(store)
        self.made = 0

    def _matters(self, store: Store) -> Iterator[tuple[Customer, Vehicle]]:
        cars = Vehicle.objects.filter(store=store, fate="in_use", owner__erased_at=None)
        for car in cars.filter(owner__isnull=False).select_related("owner").order_by("-pk")[:60]:
            yield car.owner, car

    def tell(self, now: datetime, until: Step, again: int = 0) -> None:
        """Written down at ``now`` and led to ``until``; ``again``: so often not satisfied."""
        found = next(self.matters, None)
        if found is None:
            return
        department, text, cause, measure = MATTERS[self.made % len(MATTERS)]
        self.made += 1
        customer, car = found
        row = actions.open_response(
            customer,
            origin=Origin.COMPLAINT if department == SERVICE else Origin.SURVEY,
            department=department,
            text=text,
            by=self.people["demo_care1"],
            now=now,
            vehicle=car,
            questions=QUESTIONS[department],
        )
        self._lead(row, now, until, cause, measure, again)

    def _lead(
        self, row: QuickResponse, now: datetime, until: Step, cause: str, measure: str, again: int
    ) -> None:
        sales = row.department == SALES
        boss = self.people["demo_salesmanager" if sales else "demo_service"]
        handler = self.people["demo_sales" if sales else "demo_advisor"]
        chief = self.people["demo_caremanager"]
        if until == Step.APPROVE:
            return
        if until in (Step.MEND, Step.DROPPED):
            row = actions.send_back(row, why="请写明是哪位顾问。", by=boss, now=now + HOUR)
            if until == Step.DROPPED:
                actions.drop(row, why="客户说打错了。", by=chief, now=now + 2 * HOUR)
            return
        moment = now + self._while()
        row = actions.approve(row, by=boss, now=moment)
        moment += self._while()
        for n in range(again + 1):
            last = n == again
            if until == Step.HANDLE and last:
                if not again and self.made % 2:
                    actions.accept(row, by=handler, now=moment)
                return
            done = {"measure": measure, "root_cause": cause}
            row = actions.handle(row, by=handler, now=moment, **done)
            if until == Step.CONTACT and last:
                return
            row = self._ask_again(row, last, moment := moment + self._while())
            moment += self._while()
        if until == Step.CLOSED:
            late = self.rnd.random() < 0.2
            actions.close(row, by=boss, now=moment + (4 * DAY if late else HOUR))

    def _while(self) -> timedelta:
        return self.rnd.choice((12, 25, 40, 70, 95)) * timedelta(minutes=1)

    def _ask_again(self, row: QuickResponse, content: bool, now: datetime) -> QuickResponse:
        good = (8, 9, 10) if content else (4, 5)
        return actions.ask_again(
            row,
            satisfied=content,
            answers={question.pk: self.rnd.choice(good) for question in row.questions.all()},
            text="客户表示满意。" if content else "客户仍不满意。",
            by=self.people["demo_caremanager"],
            now=now,
        )


def add_responses(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    needed = {"demo_care1", "demo_caremanager", "demo_salesmanager", "demo_service"}
    if not needed | {"demo_sales", "demo_advisor"} <= set(people):
        return
    rnd, calendar = Random(seed), calendar_of(store)
    story = _Story(store, people, rnd)
    for ago in range(150, 6, -9):
        day = calendar.working_day_after(on - ago * DAY, 1)
        again = 1 if ago % 4 == 0 else 0
        until = Step.DROPPED if ago % 8 == 5 else Step.CLOSED
        story.tell(at(day, 9) + rnd.randrange(90) * timedelta(minutes=1), until, again)
    before = on - DAY
    while not calendar.is_working(before):
        before -= DAY
    today = at(on, 8) + timedelta(minutes=40)
    story.tell(at(before, 10), Step.APPROVE)  # nobody looked at it: late
    story.tell(today, Step.APPROVE)
    story.tell(today, Step.MEND)
    story.tell(at(before, 11), Step.HANDLE)
    story.tell(at(before, 15), Step.HANDLE)
    story.tell(at(before, 9), Step.HANDLE, again=1)
    story.tell(at(before, 14), Step.CONTACT)
    story.tell(at(before, 13), Step.CLOSE)
    actions.escalate(now=at(on, 8))
