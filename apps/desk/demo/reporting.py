"""The demo's month reports: three approved ones, and the last one before the general manager."""

from datetime import date, timedelta

from apps.accounts.models import Store, User
from apps.core.dates import add_months
from apps.desk.demo.filling import at
from apps.reports.actions import steps
from apps.reports.actions.writing import write_report
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget, MonthlyReport, ReportAction
from apps.reports.queries.reading import missing_causes

MONTHS = 4
TARGETS = {
    Figure.FIRST_RETURN: 85,
    Figure.MAINTENANCE_RETURN: 60,
    Figure.FIRST_REMINDED: 95,
    Figure.MAINTENANCE_REMINDED: 90,
    Figure.APPOINTMENTS: 50,
    Figure.SHOW_UP: 80,
    Figure.CHURN: 20,
    Figure.INSURANCE: 70,
    Figure.LOANS: 40,
    Figure.ACCESSORIES: 50,
    Figure.DSM_IN_TIME: 90,
    Figure.SSI: 800,
}
CAUSES = (
    ("周末人手不足，部分客户未及时联系", "周末增排一名专员，每日16:00核对未完成任务"),
    ("客户反映等待时间长", "推行错峰预约，预约客户优先进厂"),
    ("前台未主动说明优惠内容", "晨会演练话术，每周抽听五通电话"),
)
OUTCOMES = ("已执行，比上月有所提升", "已执行，效果不明显，继续跟进")
WORDS = {
    "analysis": "回厂与提醒指标总体平稳；预约率偏低，主要受周末集中到店影响。",
    "plan": "一、错峰预约，周二至周四提供工时优惠；二、到期前十天首次邀约；三、每周复盘流失客户。",
    "focus": "首保到期客户全覆盖，预约率提升五个百分点。",
}


def add_reports(store: Store, people: dict[str, User], on: date) -> None:
    """Each written, submitted and decided in the first days after its month."""
    since = add_months(on.replace(day=1), -12)
    FigureTarget.objects.bulk_create(
        FigureTarget(store=store, figure=figure, effective_from=since, target=target)
        for figure, target in TARGETS.items()
    )
    signers = [people.get(f"demo_{name}") for name in ("care1", "caremanager", "gm")]
    for back in range(MONTHS, 0, -1):
        month = add_months(on.replace(day=1), -back)
        first = add_months(month, 1)
        report = write_report(store, month, now=at(min(first, on), 8))
        if all(signers):
            _signed(report, signers, min(first + timedelta(days=back % 3), on), back > 1)


def _signed(report: MonthlyReport, signers: list[User | None], on: date, approved: bool) -> None:
    specialist, manager, boss = (one for one in signers if one)
    before = ReportAction.objects.filter(
        report__store=report.store_id, report__month=add_months(report.month, -1)
    )
    for number, row in enumerate(before):
        steps.note_outcome(row, outcome=OUTCOMES[number % len(OUTCOMES)], now=at(on, 9))
    for number, figure in enumerate(missing_causes(report)):
        cause, todo = CAUSES[number % len(CAUSES)]
        due = add_months(report.month, 1).replace(day=20)
        steps.note_action(report, figure, cause=cause, action=todo, owner=manager, due_on=due)
    steps.submit_report(report, by=specialist, now=at(on, 10))
    steps.review_report(report, **WORDS, by=manager, now=at(on, 15))
    if approved:
        steps.approve_report(report, by=boss, now=at(on, 17))
