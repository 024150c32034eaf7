"""The kinds of files as django-import-export resources: which columns, how each is cleaned.

The rows travel by our own reader and set-based writer (``reading``, ``taking``): the library's
own loop saves row by row.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from import_export import fields, resources, widgets

from apps.customers.choices import CustomerKind, Gender
from apps.exchange import widgets as cells
from apps.exchange import words
from apps.exchange.choices import FileKind
from apps.reception.choices.order import Energy
from apps.service.choices import RepairKind, Skill


def _all(words_of: Any, spellings: str) -> dict[str, Any]:
    return dict.fromkeys(spellings.split(), words_of)


KINDS = _all(CustomerKind.PERSON.value, "个人 个人客户 私人 自然人 私户 个体 散客 个人用户 person")
KINDS |= _all(
    CustomerKind.COMPANY.value,
    "单位 公司 企业 企业客户 单位客户 集团 集团客户 大客户 法人 对公 机构 公户 company",
)
GENDERS = _all(Gender.MALE.value, "男 先生 男性 m male")
GENDERS |= _all(Gender.FEMALE.value, "女 女士 小姐 女性 f female")
YES_NO = _all(True, "是 y yes 1 true 本店 √ 有")
YES_NO |= _all(False, "否 n no 0 false 外店 他店 非本店 不是 × 外购")
REPAIRS = _all(
    RepairKind.FIRST_SERVICE.value, "首保 首次保养 首保养 新车首保 免费首保 首次保养服务"
)
REPAIRS |= _all(
    RepairKind.MAINTENANCE.value,
    "定保 定期保养 保养 常规保养 例行保养 正常保养 普通保养 定期维护 二保 小保养 大保养 "
    "常规维护 有偿保养 付费保养 保养维护 日常保养",
)
REPAIRS |= _all(
    RepairKind.REPAIR.value,
    "一般维修 维修 普通维修 常规维修 机修 小修 大修 一般修理 修理 机电维修 保修 质保维修 "
    "索赔 保修维修 三包维修 返修 客户付费维修 自费维修",
)
REPAIRS |= _all(
    RepairKind.ACCIDENT.value,
    "事故 事故维修 事故车 钣喷 钣金喷漆 保险维修 事故车维修 保险事故 钣金 喷漆",
)
SKILLS = _all(Skill.QUICK.value, "快修 快保 保养 快速保养 quick")
SKILLS |= _all(Skill.GENERAL.value, "机修 机电 机电维修 一般维修 普修 general")
SKILLS |= _all(Skill.BODY.value, "钣金 钣金工 body")
SKILLS |= _all(Skill.PAINT.value, "喷漆 油漆 漆工 喷漆工 paint")
WORK = REPAIRS | _all(RepairKind.OTHER.value, "其他 其它 其他作业 其他维修 other")
ENERGIES = _all(Energy.FUEL.value, "燃油 汽油 柴油 燃油车 汽油车 油车 fuel petrol")
ENERGIES |= _all(
    Energy.HYBRID.value, "油电混合 混动 油混 混合动力 轻混 普通混动 非插电混动 hybrid hev"
)
ENERGIES |= _all(
    Energy.NEV.value, "新能源 纯电 电动 纯电动 插混 插电混动 插电式混合动力 增程 增程式 nev ev phev"
)
LONG_AGO, BORN = date(1980, 1, 1), date(1905, 1, 1)
TEXTS = {"brand": 40, "model": 60, "variant": 60, "colour": 20, "engine_number": 40, "name": 80}
TEXTS |= {"address": 200, "contact_name": 80, "consultant": 40, "advisor": 40, "insurer": 60}
TEXTS |= {"number": 40, "part_number": 40, "part_name": 80, "unit": 10}
TEXTS |= {"op_code": 20, "op_name": 80}
PAST = ("delivered_on", "registered_on", "km_on", "in_on", "out_on")
AHEAD = ("insured_until", "inspection_due_on", "price_from", "price_until")


# What cleans the cells of a field.
MAKERS: dict[str, Callable[[], widgets.Widget]] = {
    "vin": cells.VinWidget,
    "plate": cells.PlateWidget,
    "phone": cells.PhoneWidget,
    "landline": cells.PhoneWidget,
    "email": cells.EmailWidget,
    "id_number": cells.IdNumberWidget,
    "km": cells.MileageWidget,
    "warranty_km": cells.MileageWidget,
    "warranty_months": cells.CountWidget,
    "amount": cells.MoneyWidget,
    "kind": lambda: cells.ChoiceWidget(KINDS),
    "gender": lambda: cells.ChoiceWidget(GENDERS, other=Gender.UNKNOWN.value),
    "sold_here": lambda: cells.ChoiceWidget(YES_NO),
    "part_price": cells.PriceWidget,
    "labour_price": cells.PriceWidget,
    "stock": cells.PiecesWidget,
    "reorder_at": cells.PiecesWidget,
    "op_kind": lambda: cells.ChoiceWidget(WORK),
    "skill": lambda: cells.ChoiceWidget(SKILLS),
    "minutes": lambda: cells.LengthWidget(1),
    "hours": lambda: cells.LengthWidget(60),
    "usual_parts": cells.UsualPartsWidget,
    "energy": lambda: cells.ChoiceWidget(ENERGIES),
    "guide_price": cells.CarPriceWidget,
    "repair_kind": lambda: cells.ChoiceWidget(REPAIRS, other=RepairKind.OTHER.value),
}


def widget_for(
    field: str, *, on: date, from_1904: bool = False, store_code: str = ""
) -> widgets.Widget:
    """What cleans the cells of ``field`` when today is ``on``."""
    if field in TEXTS:
        return cells.TextWidget(TEXTS[field])
    if field in PAST or field == "birthday":
        earliest = BORN if field == "birthday" else LONG_AGO
        return cells.DateWidget(earliest=earliest, latest=on, from_1904=from_1904)
    if field in AHEAD:
        return cells.DateWidget(earliest=LONG_AGO, latest=None, from_1904=from_1904)
    if field == "store_code":
        return cells.StoreCodeWidget(store_code)
    return MAKERS[field]()


class FileRows(resources.Resource):
    """The columns of one kind of file; ``columns`` is our field → heading in this file."""

    kind: str = ""

    def __init__(
        self, columns: dict[str, str], *, on: date, from_1904: bool = False, store_code: str = ""
    ) -> None:
        super().__init__()
        self.fields = {
            field: fields.Field(
                attribute=field,
                column_name=columns[field],
                widget=widget_for(field, on=on, from_1904=from_1904, store_code=store_code),
            )
            for field in words.FIELDS[self.kind]
            if field in columns
        }

    def cleaners(self) -> list[tuple[str, str, Callable[[Any], Any]]]:
        """(field, heading, what cleans a cell of it)."""
        return [(name, f.column_name, f.widget.clean) for name, f in self.fields.items()]


class DeliveryRows(FileRows):
    kind = FileKind.DELIVERIES


class CustomerRows(FileRows):
    kind = FileKind.CUSTOMERS


class VehicleRows(FileRows):
    kind = FileKind.VEHICLES


class ServiceRows(FileRows):
    kind = FileKind.SERVICES


class PartRows(FileRows):
    kind = FileKind.PARTS


class OperationRows(FileRows):
    kind = FileKind.OPERATIONS


class PriceRows(FileRows):
    kind = FileKind.PRICES


KINDS_OF_ROWS: tuple[type[FileRows], ...] = (
    *(DeliveryRows, CustomerRows, VehicleRows, ServiceRows, PartRows, OperationRows, PriceRows),
)
RESOURCES: dict[str, type[FileRows]] = {rows.kind: rows for rows in KINDS_OF_ROWS}
