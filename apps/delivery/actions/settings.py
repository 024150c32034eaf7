"""The numbers, areas and lists of hand-overs that a sales manager keeps."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.checklists.actions import add_default
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Point
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.delivery.choices.hand_over import COMING
from apps.delivery.models import DeliveryArea, DeliveryNumbers, HandOver

Row = TypeVar("Row", bound=Model)
AREA = ("name", "place", "active")
DEFAULT_POINTS: dict[str, Sequence[str]] = {
    ChecklistKind.PDI: (
        *("车架号、发动机号与单据相符", "外观漆面无划痕、凹陷", "内饰座椅无污损", "轮胎气压与备胎"),
        *(
            "机油、冷却液、制动液、玻璃水液位",
            "蓄电池电压",
            "灯光、喇叭、雨刮",
            "空调、音响、车窗天窗",
        ),
        *("仪表无故障灯、里程与保养复位", "路试：制动、转向、异响", "随车工具、三角牌、千斤顶"),
        "精品加装已按订单完成",
    ),
    ChecklistKind.HAND_PAPERS: (
        *("购车发票", "车辆合格证", "机动车登记证书、行驶证（或临时号牌）", "车辆购置税完税证明"),
        *(
            "保险单",
            "用户手册、保养手册（保修手册）",
            "车辆一致性证书",
            "钥匙两把",
            "随车工具与备胎",
        ),
    ),
    ChecklistKind.HAND_FUNCTIONS: (
        *("座椅、后视镜、方向盘调节", "灯光、雨刮、喇叭", "空调与除雾", "多媒体、蓝牙、导航"),
        *(
            "驾驶辅助与安全配置",
            "加油（充电）口、发动机舱盖、后备厢",
            "儿童锁、应急与救援",
            "客户已亲自操作",
        ),
    ),
    ChecklistKind.HAND_SERVICE: (
        *("磨合期使用与注意事项", "首次保养的时间与里程", "定期保养周期", "保修范围与期限"),
        *("预约方式与24小时救援电话", "三日内回访与满意度调查说明"),
    ),
}


@action
def add_defaults(store: Store) -> None:
    """Numbers, two areas and the lists that a new store starts with (DEL); a second time adds
    what is missing."""
    DeliveryNumbers.objects.get_or_create(store=store, effective_from=date(2000, 1, 1))
    if not DeliveryArea.objects.filter(store=store).exists():
        for place, name in enumerate(("交车区1", "交车区2"), 1):
            DeliveryArea.objects.create(store=store, name=name, place=place)
    for kind, points in DEFAULT_POINTS.items():
        add_default(store, kind, [Point(text) for text in points])


@action
def set_numbers(
    store: Store, numbers: Mapping[str, Any], *, effective_from: date, now: datetime
) -> DeliveryNumbers:
    """New numbers from a coming day on; what was planned before stays as it is.

    Refused: a day that has begun, and a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row = DeliveryNumbers(store=store, effective_from=effective_from, **numbers)
    return _saved(row, _("There are numbers from that day already. Choose another day."))


@action
def enter_area(store: Store, facts: Mapping[str, Any]) -> DeliveryArea:
    """A new place where cars are handed over. Refused: a name that is there already."""
    row = DeliveryArea(store=store, **{name: facts[name] for name in AREA if name in facts})
    return _saved(row, _taken())


@action
def change_area(area: DeliveryArea, facts: Mapping[str, Any], *, now: datetime) -> DeliveryArea:
    """Name, place, in use or not. Refused: a name that is there, and taking an area out of use
    in which hand-overs are planned: they are named."""
    row = locked(area)
    if facts.get("active") is False and row.active:
        planned = HandOver.objects.filter(
            area=row, status__in=COMING, on__gte=timezone.localdate(now)
        ).order_by("starts_at")[:20]
        if links := [("delivery:hand-over", one.pk, str(one)) for one in planned]:
            raise Refused(_("Hand-overs are planned in this area. Move them first:"), links=links)
    for name in AREA:
        if name in facts:
            setattr(row, name, facts[name])
    return _saved(row, _taken())


def _taken() -> str:
    return _("There is an area with that name already.")


def _saved(row: Row, taken: str) -> Row:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(taken) from None
    return row
