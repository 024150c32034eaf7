"""How one cell becomes a value: the cleaning of django-import-export's fields (DATA-01).

``clean`` returns None for an empty cell and raises ``ValueError`` with a sentence that a person
at a dealership understands.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from import_export import widgets

from apps.core.errors import Refused
from apps.customers import sealing, vins
from apps.customers.phones import normalise
from apps.exchange.reading import MAX_CELL
from apps.service.policy import usual_parts

NOTHING = {"", "-", "--", "---", "/", "\\", "无", "null", "none", "n/a", "nan"}
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
PLACEHOLDERS = {date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}  # DMS for "unknown"
KEPT = 50_000  # how many distinct values a widget remembers


def text(value: Any) -> str:
    """The cell as one line of half-width text; numbers without ``.0``."""
    if isinstance(value, str):
        if not value.isascii():
            value = unicodedata.normalize("NFKC", value)
        value = " ".join(value.split())
    elif isinstance(value, float):
        value = str(int(value)) if value.is_integer() else repr(value)
    else:
        value = str(value)
    if "\x00" in value:
        value = value.replace("\x00", "")
    return "" if value.lower() in NOTHING else value


class TextWidget(widgets.Widget):
    """Text of at most ``most`` characters."""

    def __init__(self, most: int = MAX_CELL) -> None:
        super().__init__()
        self.most = most

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = text(value)
        if len(found) > self.most:
            raise ValueError(_("is longer than %(most)s characters") % {"most": self.most})
        return found or None


class PlateWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = re.sub(r"[\s·•.\-]", "", text(value)).upper()
        if found in ("未上牌", "新车", "无牌", "临牌", "未挂牌"):
            return None
        if len(found) > 12:
            raise ValueError(_("is longer than %(most)s characters") % {"most": 12})
        return found or None


class VinWidget(widgets.Widget):
    """17 possible characters; the check digit is a warning only, see ``cleaning`` (CUS-02)."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = text(value).replace("-", "")
        if not found:
            return None
        try:
            return vins.normalise(found)
        except Refused as refusal:
            raise ValueError(str(refusal)) from None


class DateWidget(widgets.Widget):
    """A date in any spelling of DATA-01, from ``earliest`` to ``latest``."""

    FORM = re.compile(
        r"(\d{4}) ?[-/.年\\] ?(\d{1,2}) ?[-/.月\\] ?(\d{1,2}) ?日?(?:[T ]+\d{1,2}[:时].*)?"
    )
    COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?: ?\d{2}:?\d{2}(:?\d{2})?)?")
    SERIAL = re.compile(r"\d{5}(?:\.\d+)?")

    def __init__(self, *, earliest: date, latest: date | None, from_1904: bool = False) -> None:
        super().__init__()
        self.earliest, self.latest = earliest, latest
        self.epoch = EPOCH_1904 if from_1904 else EPOCH
        self._known: dict[Any, date | None] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in self._known:
            return self._known[value]
        found = self._read(value)
        if found is not None:
            self._within(found)
        if len(self._known) < KEPT:
            self._known[value] = found
        return found

    def _read(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            found = value.date()
        elif isinstance(value, date):
            found = value
        else:
            written = text(value)
            if not written or written.startswith(("0000", "1900-01-00")):
                return None
            found = self._from_text(written)
        return None if found in PLACEHOLDERS else found

    def _from_text(self, written: str) -> date:
        form = self.FORM.fullmatch(written) or self.COMPACT.fullmatch(written)
        try:
            if form:
                year, month, day = (int(part) for part in form.groups()[:3])
                return date(year, month, day)
            if self.SERIAL.fullmatch(written):
                return self.epoch + timedelta(days=int(float(written)))
        except ValueError:
            raise ValueError(
                _("“%(value)s” is no day of the calendar") % {"value": written}
            ) from None
        raise ValueError(
            _("“%(value)s” is not a date; write it as 2026-03-05") % {"value": written[:40]}
        )

    def _within(self, found: date) -> None:
        if found < self.earliest:
            raise ValueError(_("%(day)s is too long ago") % {"day": found})
        if self.latest and found > self.latest:
            raise ValueError(_("%(day)s lies in the future") % {"day": found})


class MileageWidget(widgets.Widget):
    """Whole kilometres: 4406, "4,406", "50828公里", "5.1万公里"."""

    FORM = re.compile(r"(\d+(?:\.\d+)?)(万)?(?:公里|千米|km)?", re.I)
    MOST = 3_000_000

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = text(value)
        if not written:
            return None
        form = self.FORM.fullmatch(re.sub(r"[,\s']", "", written))
        if isinstance(value, bool | date) or not form:
            raise ValueError(_("“%(value)s” is not a mileage") % {"value": written[:40]})
        km = int(Decimal(form[1]) * (10_000 if form[2] else 1))
        if km > self.MOST:
            raise ValueError(_("%(km)s km is more than a car drives") % {"km": km})
        return km


class CountWidget(widgets.Widget):
    """A small whole number with its unit behind it, in months: 36, "36个月", "3年"."""

    FORM = re.compile(r"(\d{1,3})(?:\.0+)?(个月|月|年)?")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = text(value).replace(" ", "")
        if not written:
            return None
        form = self.FORM.fullmatch(written)
        if not form:
            raise ValueError(_("“%(value)s” is not a number of months") % {"value": written[:40]})
        return int(form[1]) * (12 if form[2] == "年" else 1)


class MoneyWidget(widgets.Widget):
    FORM = re.compile(r"-?\d{1,9}(\.\d+)?")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = re.sub(r"[,\s¥￥元]|RMB|CNY", "", text(value), flags=re.I)
        if not written:
            return None
        try:
            if not self.FORM.fullmatch(written):
                raise InvalidOperation
            return Decimal(written).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise ValueError(_("“%(value)s” is not an amount") % {"value": written[:40]}) from None


class PriceWidget(MoneyWidget):
    """An amount that is not below nothing."""

    MOST = Decimal(10**8)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = super().clean(value)
        if found is not None and found < 0:
            raise ValueError(_("a price cannot be below zero"))
        if found is not None and found >= self.MOST:
            raise ValueError(_("“%(value)s” is not an amount") % {"value": found})
        return found


class CarPriceWidget(PriceWidget):
    """What a new car costs, in yuan: 199800, "19.98万"."""

    LEAST = Decimal(10_000)  # less is an amount in 万元 whose unit was left out

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = re.sub(r"[,\s¥￥元]", "", text(value))
        if form := re.fullmatch(r"(\d{1,4}(?:\.\d{1,6})?)万", written):
            value = str(Decimal(form[1]) * 10_000)
        found = super().clean(value)
        if found is not None and found < self.LEAST:
            raise ValueError(
                _("a new car does not cost %(price)s yuan: write the price in yuan")
                % {"price": found}
            )
        return found


class PiecesWidget(widgets.Widget):
    """How many lie there, with or without the unit behind: 12, "12件"."""

    FORM = re.compile(r"(-?\d{1,6})(?:\.0+)?\D{0,4}")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = re.sub(r"[,\s]", "", text(value))
        if not written:
            return None
        form = self.FORM.fullmatch(written)
        if not form or isinstance(value, bool | date):
            raise ValueError(
                _("“%(value)s” is not a whole number of pieces") % {"value": written[:40]}
            )
        if int(form[1]) < 0:
            raise ValueError(_("fewer than no pieces cannot lie there"))
        return int(form[1])


class LengthWidget(widgets.Widget):
    """How long work takes, in minutes: "1.5小时", "90分钟", or a number of ``unit`` minutes."""

    FORM = re.compile(r"(\d{1,4}(?:\.\d+)?)(小时|h|分钟|分|min)?", re.I)
    LEAST, MOST = 5, 24 * 60

    def __init__(self, unit: int) -> None:
        super().__init__()
        self.unit = unit

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = text(value).replace(" ", "")
        if not written:
            return None
        form = self.FORM.fullmatch(written)
        if not form or isinstance(value, bool | date):
            raise ValueError(_("“%(value)s” is not a length of work") % {"value": written[:40]})
        named = form[2] and (60 if form[2].lower() in ("小时", "h") else 1)
        minutes = int((Decimal(form[1]) * (named or self.unit)).to_integral_value(ROUND_HALF_UP))
        if not self.LEAST <= minutes <= self.MOST:
            raise ValueError(_("work takes from 5 minutes to 24 hours"))
        return minutes


class UsualPartsWidget(widgets.Widget):
    """ "A-1 × 2; B-2" → number → pieces."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        lines = [text(line) for line in str(value).splitlines()]
        return usual_parts("\n".join(lines)) or None


class PhoneWidget(widgets.Widget):
    """One or several numbers in a cell → a tuple of ``Phone``; a mobile first."""

    SEVERAL = re.compile(r"[/、;,|]|\s+(?=1[3-9]\d{9}\b)")
    COUNTRY = re.compile(r"(?:(?:\+|\b00)86|^86)[\s\-]*(?=1[3-9])")

    def __init__(self) -> None:
        super().__init__()
        self._regions: dict[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = text(value)
        if not written:
            return None
        if re.fullmatch(r"\d(\.\d+)?E\+?1\d", written, re.I):  # Excel's 1.3916613186E+10
            written = str(int(float(written)))
        parts = self.SEVERAL.split(self.COUNTRY.sub("", written))
        parts = [part for part in parts if part.strip()]
        found = [self._one(part) for part in parts]
        return tuple(sorted(found, key=lambda phone: phone.kind != "mobile")) or None

    def _one(self, written: str) -> Any:
        digits = re.sub(r"[\s\-()]", "", written)
        try:
            if len(digits) == 11 and digits.isdigit() and digits[0] == "1":
                # what a mobile is and where it is at home follows from its first seven digits
                known = self._regions.get(digits[:7])
                if known is None:
                    known = self._regions[digits[:7]] = normalise(digits)
                return known._replace(number=digits)
            return normalise(written)
        except Refused as refusal:
            raise ValueError(str(refusal)) from None


class ChoiceWidget(widgets.Widget):
    """Words → one of our choices; ``other`` for a word that is not in the table."""

    def __init__(self, table: dict[str, Any], *, other: Any = ValueError) -> None:
        super().__init__()
        self.table, self.other = table, other

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        written = text(value).lower()
        if not written:
            return None
        if written in self.table:
            return self.table[written]
        if self.other is ValueError:
            known = "、".join(list(self.table)[:4])
            raise ValueError(
                _("“%(value)s” is not one of: %(known)s") % {"value": written[:40], "known": known}
            )
        return self.other


class EmailWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = super().clean(value)
        if found:
            try:
                validate_email(found)
            except ValidationError:
                raise ValueError(
                    _("“%(value)s” is not an e-mail address") % {"value": found[:60]}
                ) from None
        return found


class IdNumberWidget(widgets.Widget):
    """A Chinese ID number of 18 characters, or another paper's number as it is."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = text(value).replace(" ", "").upper()
        if not found:
            return None
        if isinstance(value, float) or re.fullmatch(r"\d(\.\d+)?E\+\d+", found):
            raise ValueError(_("must be text: as a number Excel loses the last digits"))
        if re.fullmatch(r"\d{17}[\dX]", found):
            if not sealing.id_number_holds(found):
                raise ValueError(_("the last character of the ID number does not fit the others"))
        elif len(found) > 30:
            raise ValueError(_("is longer than %(most)s characters") % {"most": 30})
        return found


class StoreCodeWidget(widgets.Widget):
    """The code of the store that the row belongs to: only ours is taken (ORG-02)."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = text(value)
        if found and found.upper() != self.code.upper():
            raise ValueError(
                _("this row belongs to another store (%(code)s)") % {"code": found[:20]}
            )
        return found or None
