"""The demo's care activities: last month's, evaluated, and this month's, with invitations out."""

from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from apps.accounts.models import Store, User
from apps.care.actions import activities as actions
from apps.care.actions import participants
from apps.care.actions.activities import Plan
from apps.care.activity_choices import Invited
from apps.care.models import Activity
from apps.core.dates import add_months
from apps.core.errors import Refused
from apps.customers.models import Customer
from apps.desk.demo.filling import at

DAY = timedelta(days=1)
GUESTS = 26
HELD: dict[str, Any] = {
    "name": "金秋爱车课堂",
    "starts_at": time(9, 30),
    "place": "本店客户休息区",
    "capacity": 60,
    "budget_amount": Decimal(3000),
    "plan": "上午：车辆冬季使用与保养知识讲座（四十分钟），技师现场答疑。\n"
    "中午：自助简餐。\n下午：二十项免费检测，凭券当月保养享配件九折。",
    "sales_part": "展厅布置，新车静态展示两台，市场部负责物料与签到礼品。",
    "service_part": "安排两个工位、三名技师做免费检测，当天不接机修预约。",
}
COMING: dict[str, Any] = {
    "name": "冬季安全检测日",
    "starts_at": time(9, 0),
    "place": "本店维修车间",
    "capacity": 80,
    "budget_amount": Decimal(4500),
    "plan": "免费检测电瓶、轮胎、制动液、防冻液等二十项；防冻液冰点不合格的现场优惠更换。\n"
    "到店客户赠送玻璃水一瓶，现场预约下次保养。",
    "sales_part": "销售顾问邀请近一年购车客户，试驾车两台备用。",
    "service_part": "预留三个工位，售后经理现场接待。",
}
SUMMARY = "到场客户三十余位，讲座后多数客户参加了免费检测，现场预约保养九台。"
EVALUATION = (
    "效果：检测发现制动片、电瓶问题多，当天转化维修较好。\n"
    "改进：邀约电话提前一周开始，签到处增加一人，讲座控制在三十分钟内。"
)


def add_activities(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """One activity of last month from plan to evaluation, one that comes in nine days."""
    rnd = Random(seed)
    manager, specialist = people.get("demo_caremanager"), people.get("demo_care1")
    if manager is None or specialist is None:
        return
    _evaluated(store, manager, specialist, rnd, add_months(on.replace(day=1), -1) + 18 * DAY)
    coming = actions.plan_activity(store, Plan(on=on + 9 * DAY, **COMING), by=manager, now=at(on))
    for month in range(1, 13):
        try:
            filters = {"birth_month": month, "sold_here": "yes"}
            participants.invite_by_call(coming, filters, by=manager, now=at(on))
            break
        except Refused:
            continue  # nobody or too many were born in that month
    for customer in _willing(store, coming, 6):
        number = rnd.randint(1, 3)
        how = Invited.IN_PERSON
        participants.sign_up(
            coming, customer, invited=how, people=number, by=specialist, now=at(on)
        )


def _willing(store: Store, row: Activity, most: int) -> list[Customer]:
    rows = Customer.objects.filter(store=store, accepts_marketing=True, reachable=True)
    fresh = rows.exclude(participations__activity=row)
    return list(fresh.filter(vehicles__fate="in_use").distinct().order_by("-pk")[:most])


def _evaluated(store: Store, manager: User, specialist: User, rnd: Random, day: date) -> None:
    planned_at, morning = at(day - 20 * DAY), at(day, 9)
    row = actions.plan_activity(store, Plan(on=day, **HELD), by=manager, now=planned_at)
    for n, customer in enumerate(_willing(store, row, GUESTS)):
        invited = rnd.choice((Invited.MESSAGE, Invited.MESSAGE, Invited.IN_PERSON))
        said_at = at(day - rnd.randint(2, 12) * DAY, 11)
        there = participants.sign_up(
            row, customer, invited=invited, people=rnd.randint(1, 3), by=specialist, now=said_at
        )
        if n % 9 == 4:
            participants.decline(there, by=specialist, now=said_at + DAY)
        elif n % 5 != 3:
            come_at = morning + timedelta(minutes=rnd.randrange(60))
            participants.attend(there, there=True, by=specialist, now=come_at)
    actions.hold_activity(row, now=at(day, 17))
    photos = [_picture(rnd) for _n in range(3)]
    actions.add_photos(row, photos, by=specialist, now=at(day, 17))
    actions.evaluate_activity(
        row,
        spent_amount=Decimal("2764.50"),
        summary=SUMMARY,
        evaluation=EVALUATION,
        by=manager,
        now=at(day + 2 * DAY, 16),
    )


def _picture(rnd: Random) -> bytes:
    """People in front of a banner."""
    picture = Image.new("RGB", (800, 500), "#eef2f6")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 740, 150), fill=rnd.choice(("#b3202c", "#23406e", "#2f7d4f")))
    pen.rectangle((0, 420, 800, 500), fill="#a9b2bd")
    for n in range(9):
        x, tall = 90 + 78 * n + rnd.randint(-12, 12), rnd.randint(0, 40)
        coat = rnd.choice(("#3c3c3c", "#c9a227", "#23406e", "#8b3a3a", "#57708a"))
        pen.ellipse((x - 20, 230 - tall, x + 20, 270 - tall), fill="#d9a066")
        pen.rounded_rectangle((x - 28, 272 - tall, x + 28, 440), 14, fill=coat)
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
