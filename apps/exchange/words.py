"""How DMS files call things: headings → our fields, and what kind of file the headings make.

A new spelling is one more word in ``SPELLINGS``; a heading that a person matched by hand is
remembered per store (``ColumnChoice``) and goes before this table.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from apps.exchange.choices import FileKind

LABELS = {
    "vin": _("VIN"),
    "plate": _("plate"),
    "brand": _("brand"),
    "model": _("model"),
    "variant": _("variant"),
    "colour": _("colour"),
    "engine_number": _("engine number"),
    "name": _("customer's name"),
    "kind": _("person or company"),
    "gender": _("gender"),
    "phone": _("phone"),
    "landline": _("second phone"),
    "email": _("e-mail address"),
    "birthday": _("birthday"),
    "id_number": _("ID number"),
    "address": _("address"),
    "contact_name": _("contact person"),
    "delivered_on": _("delivered on"),
    "consultant": _("sales consultant"),
    "sold_here": _("sold here"),
    "registered_on": _("registered on"),
    "warranty_months": _("warranty months"),
    "warranty_km": _("warranty km"),
    "insurer": _("insurance company"),
    "insured_until": _("insured until"),
    "inspection_due_on": _("inspection due on"),
    "km": _("mileage"),
    "km_on": _("day of the mileage"),
    "number": _("order number"),
    "repair_kind": _("kind of repair"),
    "in_on": _("came in"),
    "out_on": _("settled"),
    "amount": _("amount"),
    "advisor": _("service advisor"),
    "store_code": _("store code"),
    "part_number": _("part number"),
    "part_name": _("name of the part"),
    "unit": _("unit"),
    "part_price": _("price"),
    "stock": _("in stock"),
    "reorder_at": _("reorder at"),
    "op_code": _("operation code"),
    "op_name": _("name of the operation"),
    "op_kind": _("kind of repair"),
    "skill": _("skill"),
    "minutes": _("standard minutes"),
    "hours": _("standard hours"),
    "labour_price": _("labour price"),
    "usual_parts": _("usual parts"),
    "energy": _("drive"),
    "guide_price": _("guide price"),
    "price_from": _("in force from"),
    "price_until": _("holds until"),
}

# What a difference may be about beside the columns of files (DATA-05).
DIFFERENCE_LABELS = {
    "owner": _("owner"),
    "main_phone": LABELS["phone"],
    "km": LABELS["km"],
    "out_on": _("day of the visit"),
    "in_on": LABELS["in_on"],
    "delivered_on": LABELS["delivered_on"],
    **{
        name: LABELS[name]
        for name in (
            *("name", "birthday", "gender", "kind", "contact_name", "address", "email", "plate"),
            *("brand", "model", "variant", "colour", "engine_number", "registered_on"),
            *("warranty_months", "warranty_km", "insurer", "insured_until", "inspection_due_on"),
            *("consultant", "repair_kind", "amount", "advisor", "vin"),
        )
    },
    "buyer": _("buyer"),
    "id_number_hash": LABELS["id_number"],
    "order_km": _("mileage of the order"),
}

# The first spelling is the one that the help shows; earlier ones win where two columns fit.
SPELLINGS: dict[str, str] = {
    "vin": "车架号 vin vin码 车架号vin 车架号码 底盘号 底盘号码 车辆识别代号 "
    "车辆识别代码 车辆识别码 车辆识别号 车辆vin 车身号 车架 vin号",
    "plate": "车牌号 车牌号码 牌照号 牌照号码 车牌 牌照 号牌号码 车辆牌照 牌号 车号",
    "brand": "品牌 车辆品牌 厂牌",
    "model": "车型 车型名称 车辆型号 型号 销售车型 车款 车系 车系名称",
    "variant": "配置 车型配置 款式 版本 配置名称",
    "colour": "颜色 车身颜色 车辆颜色 外观颜色 外观色 车色",
    "engine_number": "发动机号 发动机号码 发动机编号",
    "name": "客户姓名 车主姓名 客户名称 车主名称 姓名 车主 客户 购车人 用户姓名 "
    "用户名称 购车客户 名称 联系人姓名",
    "kind": "客户类型 车主类型 客户性质 车主性质 客户类别 用户类型 客户属性 个人单位 性质",
    "gender": "性别 称谓 客户性别 车主性别",
    "phone": "移动电话 手机 手机号 手机号码 客户手机 车主手机 联系手机 联系电话 "
    "客户电话 车主电话 电话 电话号码 联系方式 联系号码 手机电话 电话1 "
    "联系电话1 手机1 客户联系电话 车主联系电话",
    "landline": "固定电话 座机 固话 家庭电话 办公电话 单位电话 住宅电话 其他电话 "
    "备用电话 电话2 联系电话2 手机2 其它电话 第二电话",
    "email": "邮箱 电子邮箱 电子邮件 email e-mail 邮件",
    "birthday": "出生日期 生日 出生年月日 客户生日 车主生日 出生年月",
    "id_number": "身份证号 身份证号码 身份证 证件号码 证件号 客户身份证号",
    "address": "地址 联系地址 通讯地址 客户地址 家庭地址 住址 详细地址 车主地址",
    "contact_name": "联系人 联系人名称 送修人 单位联系人",
    "delivered_on": "交车日期 交付日期 提车日期 交车时间 交付时间 提车时间 销售日期 "
    "购车日期 售出日期 实际交车日期 购买日期 销售时间 购车时间",
    "consultant": "销售顾问 销售员 销售人员 顾问姓名 销售顾问姓名",
    "sold_here": "是否本店销售 本店销售 是否本店购车 是否本店 本店售出 是否本店车辆 "
    "本店购车 是否本店售出 是否我店销售 是否本店新车",
    "registered_on": "上牌日期 登记日期 注册日期 初次登记日期 上户日期 初登日期",
    "warranty_months": "质保月数 保修月数 质保期月 保修期月 质保期 保修期 保修时间月",
    "warranty_km": "质保里程 保修里程 质保公里数 保修公里数",
    "insurer": "保险公司 承保公司 投保公司",
    "insured_until": "保险到期日 保险到期日期 保险到期 保险止期 保险截止日期 保险终止日期 "
    "交强险到期日 商业险到期日",
    "inspection_due_on": "年检到期日 年检到期日期 年检到期 年审到期日 年审到期 年检日期 "
    "验车到期日 检验有效期止",
    "km": "行驶里程 里程 公里数 最近里程 进厂里程 当前里程 里程数 行驶公里 "
    "行驶公里数 本次里程 里程表读数 出厂里程 最后里程 结算里程 入厂里程 "
    "行车里程 最近进厂里程",
    "km_on": "里程日期 里程更新日期 最近里程日期 最近进厂日期 最后进厂日期 "
    "里程记录日期 最近来店日期 最近到店日期 里程时间 抄表日期",
    "number": "工单号 工单编号 结算单号 维修单号 委托书号 派工单号 施工单号 "
    "维修工单号 工单号码 单据号 单据编号 单号 结算单编号 ro号 委托单号 "
    "维修委托书号 任务单号 订单号",
    "repair_kind": "维修类型 业务类型 工单类型 作业类型 维修类别 修理类型 业务类别 "
    "服务类型 工单类别 维修性质 维修种类 作业类别 保养类型 服务类别 类型",
    "in_on": "进厂日期 开单日期 接车日期 进厂时间 开单时间 接车时间 入厂日期 "
    "来店日期 送修日期 进店日期 入厂时间 到店日期 制单日期 来厂日期 "
    "送修时间 来店时间",
    "out_on": "结算日期 出厂日期 完工日期 结算时间 出厂时间 完工时间 交车日期 "
    "交车时间 竣工日期 结账日期 维修日期 服务日期 结单日期 保养日期 日期",
    "amount": "合计金额 结算金额 总金额 金额 实收金额 应收金额 费用合计 合计 维修金额 "
    "总费用 金额合计 维修费用 实收 费用",
    "advisor": "服务顾问 业务接待 接待员 服务顾问姓名 接车员 接待人 sa 服务专员 维修接待 接待",
    "store_code": "门店代码 经销商代码 店代码 服务站代码 门店编码 经销商编码 门店编号 "
    "网点代码 服务店代码 专营店代码 经销商编号 4s店代码",
    "part_number": "配件编号 配件号 配件编码 配件代码 零件号 零件编号 零件号码 零件编码 备件号 "
    "备件编号 备件编码 物料编码 配件图号 图号",
    "part_name": "配件名称 零件名称 备件名称 物料名称 名称 品名 配件",
    "unit": "单位 计量单位",
    "part_price": "销售价 销售单价 单价 售价 零售价 配件单价 价格 含税单价 建议零售价",
    "stock": "库存数量 库存 现有库存 库存数 当前库存 实盘数量 盘点数量 结存数量 账面库存 在库数量",
    "reorder_at": "补货点 订货点 再订货点 安全库存 最低库存 库存下限 最小库存",
    "op_code": "项目编码 项目代码 作业代码 作业编码 工时代码 项目编号 作业编号 工时编号 工项代码 "
    "工项编号 维修项目代码 维修项目编号 维修项目编码",
    "op_name": "项目名称 作业名称 工时名称 工项名称 维修项目名称 维修项目 作业项目 名称",
    "op_kind": "维修类型 业务类型 作业类型 项目类型 维修类别 作业类别 类型 类别",
    "skill": "工种 作业工种 工种类别 技能 班组",
    "minutes": "标准分钟 标准工时分钟 工时分钟 作业分钟 分钟数 分钟",
    "hours": "标准工时 标准工时小时 工时数 定额工时 工时 小时",
    "labour_price": "工时费 工时费用 工时金额 项目价格 工费 价格 单价 金额",
    "energy": "动力类型 能源类型 燃料类型 燃油类型 动力 能源",
    "guide_price": "指导价 厂商指导价 厂家指导价 官方指导价 市场指导价 新车指导价 "
    "建议零售价 指导价格",
    "price_from": "生效日期 执行日期 价格生效日 起始日期 调价日期",
    "price_until": "截止日期 有效期至 失效日期 价格截止日",
    "usual_parts": "常用配件 所需配件 标准用料 用料 配件清单 关联配件 配件",
}

PERSON: tuple[str, ...] = (
    *("name", "kind", "gender", "phone", "landline", "email", "birthday", "id_number"),
    *("address", "contact_name"),
)
CAR: tuple[str, ...] = (
    *("vin", "plate", "brand", "model", "variant", "colour", "engine_number", "registered_on"),
    *("warranty_months", "warranty_km", "insurer", "insured_until", "inspection_due_on"),
)

FIELDS: dict[str, tuple[str, ...]] = {
    FileKind.DELIVERIES: (*CAR, "delivered_on", *PERSON, "consultant", "store_code"),
    FileKind.CUSTOMERS: (*PERSON, "store_code"),
    FileKind.VEHICLES: (*CAR, *PERSON, "sold_here", "delivered_on", "km", "km_on", "store_code"),
    FileKind.SERVICES: (
        *("number", "vin", "plate", "repair_kind", "in_on", "out_on", "km", "amount", "advisor"),
        "store_code",
    ),
    FileKind.PARTS: (
        *("part_number", "part_name", "unit", "part_price", "stock", "reorder_at", "store_code"),
    ),
    FileKind.OPERATIONS: (
        *("op_code", "op_name", "op_kind", "skill", "minutes", "hours", "labour_price"),
        *("usual_parts", "store_code"),
    ),
    FileKind.PRICES: (
        *("brand", "model", "variant", "energy", "guide_price", "price_from", "price_until"),
        "store_code",
    ),
}
# A file of the kind must have one column of each group.
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    FileKind.DELIVERIES: (("vin",), ("delivered_on",)),
    FileKind.CUSTOMERS: (("name",),),
    FileKind.VEHICLES: (("vin",),),
    FileKind.SERVICES: (("vin",), ("repair_kind",), ("out_on", "in_on")),
    FileKind.PARTS: (("part_number",),),
    FileKind.OPERATIONS: (("op_code",),),
    FileKind.PRICES: (("model",), ("variant",), ("guide_price",)),
}
# Of several kinds that the headings make, the first. Two columns at least say more than a name.
_FIRST = (FileKind.SERVICES, FileKind.DELIVERIES, FileKind.VEHICLES)
_OF_TWO = (FileKind.OPERATIONS, FileKind.PARTS, FileKind.CUSTOMERS, FileKind.PRICES)
_UNITS = re.compile(r"(公里|千米|km|元|人民币|rmb|月|必填|选填)$")
_NOISE = re.compile(r"[\s\-_*:/、.。,()\[\]【】<>《》\"'#№]+")


def normal(heading: object) -> str:
    """A heading without what is mere dress: width, case, blanks, marks, units in brackets."""
    text = unicodedata.normalize("NFKC", str(heading)).lower()
    text = re.sub(r"[(\[【](公里|千米|km|元|月|必填|选填|人民币|万公里|yyyy.*?)[)\]】]", "", text)
    return _NOISE.sub("", text)


_PLACES = {
    field: {normal(word): place for place, word in enumerate(words.split())}
    for field, words in SPELLINGS.items()
}


def _place(field: str, heading: str) -> int | None:
    places = _PLACES[field]
    if heading in places:
        return places[heading]
    bare = _UNITS.sub("", heading)
    return places.get(bare) if bare != heading else None


def match(
    kind: str, headings: Iterable[str], remembered: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Our field → index of its column in a file of ``kind``; what a person chose goes first.

    ``remembered`` is normalised heading → field; an empty field means: leave this column out.
    """
    remembered = remembered or {}
    best: dict[str, tuple[int, int]] = {}
    for index, heading in enumerate(map(normal, headings)):
        if not heading:
            continue
        if heading in remembered:
            if remembered[heading] in FIELDS[kind]:
                best[remembered[heading]] = (-1, index)
            continue
        for field in FIELDS[kind]:
            place = _place(field, heading)
            if place is not None and (place, index) < best.get(field, (999, 0)):
                best[field] = (place, index)
    _second_phone(kind, headings, best)
    return {field: index for field, (_, index) in best.items()}


def _second_phone(kind: str, headings: Iterable[str], best: dict[str, tuple[int, int]]) -> None:
    """手机 beside 联系电话: the one that is not the phone is the second number."""
    if "landline" in FIELDS[kind] and "landline" not in best and "phone" in best:
        for index, heading in enumerate(map(normal, headings)):
            if index != best["phone"][1] and _place("phone", heading) is not None:
                best["landline"] = (0, index)
                return


def missing(kind: str, fields: Iterable[str]) -> list[str]:
    """The needed fields that no column gives; of alternatives the first."""
    have = set(fields)
    return [group[0] for group in NEEDED[kind] if not have & set(group)]


def usual(kind: str) -> list[str]:
    """The fields of a kind, the needed ones first."""
    needed = [field for group in NEEDED[kind] for field in group]
    people = ["name", "phone", "plate", "sold_here", "km", "km_on"]
    first = [*needed, *(field for field in people if field in FIELDS[kind])]
    return list(dict.fromkeys([*first, *FIELDS[kind]]))


def kind_of(
    headings: list[str], remembered: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[str, dict[str, int]]:
    """The kind of file that these headings make and its columns; ("", {}) when none fits."""
    remembered = remembered or {}
    maps = {kind: match(kind, headings, remembered.get(kind)) for kind in FIELDS}
    fits = [kind for kind in FIELDS if not missing(kind, maps[kind])]
    for kind in (*_FIRST, *_OF_TWO):
        if kind not in fits:
            continue
        columns = maps[kind]
        if kind == FileKind.DELIVERIES and {"sold_here", "km", "km_on"} & set(
            maps[FileKind.VEHICLES]
        ):
            continue  # a car file that also tells the delivery
        if kind in _OF_TWO and len(columns) < 2:
            continue
        return kind, columns
    return "", {}


def score(headings: list[str]) -> int:
    """How many of these cells are headings that we know."""
    return max(len(match(kind, headings)) for kind in FIELDS)
