"""From the cells of a table to clean rows, one at a time; what cannot be taken becomes a refusal.

A row is refused as a whole, with the heading and the sentence of everything that is wrong in it.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.customers import sealing
from apps.customers.choices import CustomerKind
from apps.customers.naming import initials
from apps.customers.phones import propose_locality
from apps.customers.vins import check_digit_holds
from apps.exchange import words
from apps.exchange.choices import CATALOGUE, FileKind
from apps.exchange.reading import Row, Table, formula_cells
from apps.exchange.resources import RESOURCES
from apps.exchange.widgets import text
from apps.service.choices import RepairKind

KIND_ORDER = list(FileKind.values)  # DATA-02: deliveries, customers, vehicles, services
TOTALS = re.compile(r"^[\s\-—=*]*(本页|本月|本期|累计)?(合计|小计|总计|共计|总数|汇总|总和)")
HAN = re.compile(r"[\u4e00-\u9fff]")
COMPANY = re.compile(
    r"(公司|集团|工厂|厂|局|医院|学院|学校|大学|中心|银行|合作社|事务所|委员会|经营部)$"
)
ROW_COLUMNS = (
    *("file", "row", "ord", "kind", "key", "vin", "name", "phone", "landline"),
    *("region", "landline_region", "id_hash", "id_sealed", "locality", "initials"),
    *("ckey", "vals"),
)
ORDER_COLUMNS = (
    *("file", "row", "number", "vin", "plate", "kind", "in_on", "out_on", "km", "amount"),
    "advisor",
)
ITEM_COLUMNS = ("file", "row", "kind", "key", "vals")
ITEM_KEYS = {
    FileKind.PARTS.value: "part_number",
    FileKind.OPERATIONS.value: "op_code",
    FileKind.PRICES.value: "variant",
}
ITEM_FIELDS = {  # of a file → of the row
    **{"part_name": "name", "part_price": "price_amount"},
    **{"op_name": "name", "op_kind": "kind", "labour_price": "price_amount"},
    **{"hours": "minutes", "usual_parts": "parts"},
    **{"guide_price": "guide_amount", "price_from": "effective_from", "price_until": "until"},
}


class Refusal(NamedTuple):
    """Why a row cannot be taken: where it stands, in the file's own words."""

    file: int
    row: int
    column: str
    reason: str


@dataclass
class Tally:
    """What became of the rows of one table while they were cleaned."""

    read: int = 0
    passed_over: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    odd_vins: list[int] = field(default_factory=list)  # row numbers, the first hundred
    odd_vin_count: int = 0


class Cleaner:
    """Cleans the rows of one table. Today is ``on``: what lies after it has not happened yet."""

    def __init__(self, table: Table, file: int, *, store: Store, on: date) -> None:
        self.table, self.file, self.kind = table, file, table.kind
        self.tally, self.on = Tally(), on
        headings = {name: table.headings[index] for name, index in table.columns.items()}
        resource = RESOURCES[table.kind](
            headings, on=on, from_1904=table.serials_from_1904, store_code=store.code
        )
        self._headings = headings
        self._columns = [
            (name, heading, table.columns[name], clean)
            for name, heading, clean in sorted(
                resource.cleaners(), key=lambda column: column[0] != "store_code"
            )
        ]
        self._width = max(table.columns.values(), default=-1) + 1
        self._needed = [
            (group, next((headings[name] for name in group if name in headings), ""))
            for group in words.NEEDED[table.kind]
            if group != ("repair_kind",)
        ]
        self._locality: Callable[[str, str], str] = lru_cache(maxsize=20_000)(
            lambda region, plate: str(propose_locality(store, [region] if region else [], plate))
        )
        self._initials = lru_cache(maxsize=20_000)(initials)
        finish = {FileKind.SERVICES: self._order, **dict.fromkeys(CATALOGUE, self._item)}
        self._finish = finish.get(FileKind(self.kind), self._row)

    def clean(self) -> Iterator[tuple[Any, ...]]:
        """The clean rows as tuples of ``ROW_COLUMNS`` (services: ``ORDER_COLUMNS``; parts and
        operations: ``ITEM_COLUMNS``)."""
        formulas = formula_cells(self.table) if self.kind == FileKind.PRICES else {}
        for number, cells in self.table.rows():
            if len(cells) < self._width:
                cells = [*cells, *[""] * (self._width - len(cells))]
            self.tally.read += 1
            if self._is_passed_over(cells):
                self.tally.passed_over += 1
                continue
            if number in formulas:
                self._refuse_formula(number, formulas[number])
                continue
            values = self._values(number, cells)
            if values is not None:
                yield self._finish(number, values)

    def _refuse_formula(self, number: int, column: int) -> None:
        reason = _("holds a formula: paste the values and save it again")
        heading = self.table.headings[column]
        self.tally.refusals.append(Refusal(self.file, number, heading, reason))

    def _is_passed_over(self, cells: Row) -> bool:
        """Totals, blanks and foot lines (DATA-02)."""
        columns = self.table.columns
        if self.kind in CATALOGUE:
            filled = next((found for cell in cells if (found := text(cell))), "")
            return not filled or bool(TOTALS.match(filled))
        if self.kind == FileKind.CUSTOMERS:
            name = text(cells[columns["name"]])
            has_phone = "phone" in columns and text(cells[columns["phone"]])
            return bool(TOTALS.match(name)) or not (name or has_phone)
        vin = text(cells[columns["vin"]])
        if vin and not TOTALS.match(vin):
            return False
        number = text(cells[columns["number"]]) if "number" in columns else ""
        return not re.search(r"\d", number) or bool(HAN.search(number))

    def _values(self, number: int, cells: Row) -> dict[str, Any] | None:
        values, problems = {}, []
        for name, heading, index, clean in self._columns:
            cell = cells[index]
            if cell == "" or cell is None:
                continue
            try:
                value = clean(cell)
            except ValueError as problem:
                problems.append((heading, str(problem).rstrip("。.")))
            else:
                if value is not None:
                    values[name] = value
        wrong = {heading for heading, _reason in problems}
        for group, needed in self._needed:
            if needed and needed not in wrong and not any(name in values for name in group):
                problems.append((needed, _("is empty")))
        if not problems:
            problems = self._together(values)
        if not problems:
            return values
        first, *others = problems
        reason = "；".join([first[1], *(f"{where}：{why}" for where, why in others)])
        self.tally.refusals.append(Refusal(self.file, number, first[0], reason))
        return None

    def _together(self, values: dict[str, Any]) -> list[tuple[str, str]]:
        """What is wrong only of two cells together."""
        if "in_on" in values and "out_on" in values and values["in_on"] > values["out_on"]:
            return [(self._headings["out_on"], _("the car left before it came in"))]
        if "price_until" in values and values["price_until"] < values.get("price_from", self.on):
            return [(self._headings["price_until"], _("the price ends before it begins"))]
        return []

    def _row(self, number: int, values: dict[str, Any]) -> tuple[Any, ...]:
        """A delivery, customer or car: all it says is in ``vals``, keys also apart."""
        vin = values.get("vin")
        if vin and not check_digit_holds(vin):
            self._note_odd(number)
        phone, landline = _two_numbers(values.pop("phone", ()), values.pop("landline", ()))
        id_number = values.pop("id_number", None)
        id_hash = sealing.hash(id_number) if id_number else None
        values.pop("store_code", None)
        name = values.get("name")
        if name and "kind" not in values and COMPANY.search(name):
            values["kind"] = CustomerKind.COMPANY.value
        if self.kind == FileKind.DELIVERIES:
            values["sold_here"] = True
        elif values.get("sold_here") is False:
            del values["sold_here"]  # a word in a list takes no delivery back
        if phone:
            values["main_phone"] = phone.number
        if landline:
            values["landline"] = landline.number
        if id_hash:
            values["id_number_hash"] = id_hash
        key, ckey = _keys(values)
        kind = KIND_ORDER.index(self.kind)
        return (
            *(self.file, number, kind * 10**13 + self.file * 10**9 + number, kind, key, vin, name),
            phone and phone.number,
            landline and landline.number,
            phone and phone.region,
            landline and landline.region,
            id_hash,
            sealing.seal(id_number) if id_number else None,
            self._locality((phone.region or "") if phone else "", values.get("plate", "")),
            self._initials(name) if name else None,
            ckey,
            _json(values),
        )

    def _order(self, number: int, values: dict[str, Any]) -> tuple[Any, ...]:
        vin, kind = values["vin"], values.get("repair_kind", RepairKind.OTHER.value)
        if not check_digit_holds(vin):
            self._note_odd(number)
        in_on, out_on = values.get("in_on"), values.get("out_on")
        if "out_on" not in self._headings:
            out_on = in_on  # a list of settled orders that tells one day only
        order = values.get("number") or f"{vin}-{(out_on or in_on):%Y%m%d}-{kind}"
        return (
            *(self.file, number, order, vin, values.get("plate"), kind, in_on, out_on),
            *(values.get("km"), values.get("amount"), values.get("advisor")),
        )

    def _item(self, number: int, values: dict[str, Any]) -> tuple[Any, ...]:
        """A part, an operation or a price: all it says is in ``vals``, by our columns' names."""
        values.pop("store_code", None)
        if self.kind == FileKind.PRICES:
            key = f"{values['model']} {values['variant']}"
            if "price_from" in values:
                key += f" {values['price_from']}"
        else:
            key = values.pop(ITEM_KEYS[self.kind])
        if "minutes" in values:
            values.pop("hours", None)
        named = {ITEM_FIELDS.get(name, name): value for name, value in values.items()}
        return (self.file, number, self.kind, key, _json(named))

    def _note_odd(self, number: int) -> None:
        self.tally.odd_vin_count += 1
        if len(self.tally.odd_vins) < 100:
            self.tally.odd_vins.append(number)


def _two_numbers(first: Any, second: Any) -> tuple[Any, Any]:
    """The number that is rung first and one kept beside it (DATA-02): a mobile goes first."""
    found = sorted((*first, *second), key=lambda phone: phone.kind != "mobile")
    distinct = list({phone.number: phone for phone in found}.values())
    return (distinct[0] if distinct else None, distinct[1] if len(distinct) > 1 else None)


def _keys(values: dict[str, Any]) -> tuple[str, str | None]:
    """(what the row is about, who its customer is: same phone and name, else ID, else car)."""
    name, phone, vin = values.get("name"), values.get("main_phone"), values.get("vin")
    if not name:
        return vin or "", None
    if phone:
        who = f"p{phone}|{name}"
    elif "id_number_hash" in values:
        who = f"i{values['id_number_hash']}|{name}"
    else:
        who = f"v{vin}|{name}" if vin else f"n|{name}"
    return vin or who, who


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
