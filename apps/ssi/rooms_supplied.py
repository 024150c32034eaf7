"""The points of the checks of rooms that a store starts with (SSI-06, SSI-11): "area：point"."""

from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Point

# The first area is the source's own list; the others follow its preparation of desk and showroom.
_FIVE_S = {
    "接车区": ("地面", "大剪", "操作台", "暖气片", "电源箱", "卷闸门", "消防栓"),
    "接待台": (
        "台上物品摆放定位",
        "座椅摆放定位",
        "档案柜内文件、物品摆放整齐",
        "表格、名片备齐",
    ),
    "展厅": ("地面、玻璃清洁", "展车清洁，参数架到位", "灯光明亮", "洽谈桌椅整齐", "资料架整齐"),
    "休息区": ("地面、桌椅清洁", "饮品、杯具备齐"),
    "卫生间": ("地面、台面清洁，无异味", "用品齐全"),
    "人员": ("仪表、服装、工牌符合要求",),
}
_FACILITY = {
    "3-1 宣传资料": (
        "展车参数架摆放充足的最新宣传材料",
        "指定位置悬挂最新的POP宣传挂画",
        "过期的宣传材料及时更新",
    ),
    "3-2 灯光": ("展厅内灯光明亮，使人感到愉悦",),
    "3-3 资料架": ("放置汽车信息资料架", "价格、汽车杂志、竞争车型对比资料齐全"),
    "3-4 便利设施": ("设置女士便利设施", "设置儿童游乐区"),
}


def _points(areas: dict[str, tuple[str, ...]]) -> tuple[Point, ...]:
    return tuple(Point(f"{area}：{item}") for area, items in areas.items() for item in items)


ROOMS: dict[str, tuple[Point, ...]] = {
    # the second check has no list of its own: it looks at points of the first again
    ChecklistKind.FIVE_S_FIRST: _points(_FIVE_S),
    ChecklistKind.FACILITY: _points(_FACILITY),
}
