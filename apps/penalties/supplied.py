"""The rules that a new store starts with, in the words of the regulation (PEN-01…07)."""

from dataclasses import dataclass
from decimal import Decimal

from apps.accounts.choices import DepartmentKind
from apps.penalties.choices import Clause


@dataclass(frozen=True)
class SuppliedRule:
    """Amounts in CNY; low and high are the same where the regulation names one sum."""

    clause: Clause
    low: Decimal
    high: Decimal
    text: str
    is_on: bool = True


def _rule(
    clause: Clause, low: str, text: str, *, high: str = "", is_on: bool = True
) -> SuppliedRule:
    return SuppliedRule(clause, Decimal(low), Decimal(high or low), text, is_on)


SUPPLIED = (
    _rule(Clause.ABANDONED, "20", "首次提示失败不再跟踪的，每条20元。"),
    _rule(
        Clause.FIRST_RATE,
        "200",
        "首保提示率未做到100%，低于95%的，200元（特殊情况除外）；当月本人到期任务不足10条的不计。",
    ),
    _rule(Clause.BIRTHDAY, "50", "生日提醒未做，或达不到要求标准的，每条50元。"),
    _rule(Clause.GREETINGS, "50", "节日祝福、特殊天气提醒每月低于3次的，当月指定负责人50元。"),
    _rule(
        Clause.REMINDER,
        "50",
        "不按照定保提醒、保修到期提醒、年检提示的标准流程提示的，每条50至100元。",
        high="100",
    ),
    _rule(Clause.FIVE_S, "50", "5S第二次检查时首次检查的问题未整改的，直接开具。"),
    _rule(Clause.WEAK_ITEM, "50", "5S第二次检查按部门薄弱项抽查，最差三项。"),
    _rule(Clause.DSM_LATE, "0", "前1天交车客户的DSM资料未在9点半前提供或不完整的，提醒。"),
    _rule(Clause.FORM_LATE, "0", "主动预约登记表未于下班前递交前台主管的，提醒。"),
    _rule(
        Clause.REWARD,
        "0",
        "交车满意度奖励：当月客户对交车环节的评分（内部SSI）达到规定分数的，奖励销售顾问；评分不作扣减依据。",
        is_on=False,
    ),
)

# The areas of the supplied 5S points, and the department that answers for each (PEN-05).
AREAS = {
    "接车区": DepartmentKind.SERVICE,
    "接待台": DepartmentKind.SERVICE,
    "展厅": DepartmentKind.SALES,
    "休息区": DepartmentKind.SERVICE,
    "卫生间": DepartmentKind.ADMINISTRATION,
    "人员": DepartmentKind.SALES,
}
