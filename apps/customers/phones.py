"""Telephone numbers as people write them, made one way; where they come from (CUS-01).

A value module like policy.py: no database, no clock.
"""

import unicodedata
from typing import NamedTuple

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType, geocoder

from apps.accounts.models import Store
from apps.core.errors import Refused
from apps.customers.choices import Locality, NumberKind

MOBILE_DIGITS = 11


class Phone(NamedTuple):
    """A valid number: 11 digits of a mobile, or area code and number of a landline."""

    number: str
    kind: NumberKind
    region: str  # the home region in Chinese, as 江苏; "" when unknown


def normalise(raw: object) -> Phone:
    """The number in ``raw`` (text, or the float that a spreadsheet made of it).

    Takes full-width digits, spaces, dashes, brackets, +86 and 0086. Refused with the reason
    in plain words.
    """
    digits = digits_of(raw)
    if not digits:
        raise Refused(_("There is no number in it."))
    looks_mobile = digits.startswith("1") and not digits.startswith("10")
    if looks_mobile and len(digits) != MOBILE_DIGITS:
        raise Refused(
            _("A mobile number has 11 digits; this one has %(count)s.") % {"count": len(digits)}
        )
    if not looks_mobile and not digits.startswith(("0", "400", "800")):
        raise Refused(_("A landline needs its area code, as 021-55551234."))
    try:
        parsed = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        raise Refused(_("This is not a telephone number.")) from None
    if looks_mobile and not phonenumbers.is_valid_number(parsed):
        raise Refused(_("No mobile number begins with %(start)s.") % {"start": digits[:3]})
    if not phonenumbers.is_valid_number(parsed):
        raise Refused(_("This landline number does not exist: check its length."))
    mobile = phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE
    kind = NumberKind.MOBILE if mobile else NumberKind.LANDLINE
    return Phone(digits, kind, _region(parsed))


def digits_of(raw: object) -> str:
    """The digits of the national number, without 86 in front; "" when there are none."""
    if isinstance(raw, float):
        raw = int(raw) if raw.is_integer() else raw
    text = unicodedata.normalize("NFKC", str(raw if raw is not None else "")).strip()
    digits = "".join(c for c in text if c in "0123456789")
    if digits.startswith("0086"):
        digits = digits[4:]
    elif text.startswith("+86") or (digits.startswith("86") and len(digits) > MOBILE_DIGITS):
        digits = digits[2:]
    else:
        return digits
    abroad = digits and digits[0] not in "01"  # +86 21 5555 1234: the area code without its 0
    return f"0{digits}" if abroad else digits


def _region(parsed: phonenumbers.PhoneNumber) -> str:
    """江苏省南京市 → 江苏, 上海市 → 上海: what a store names in its local regions."""
    place = str(geocoder.description_for_number(parsed, "zh"))
    for end in ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"):
        if end in place:
            return place.split(end)[0]
    return "" if place == "中国" else place


def propose_locality(store: Store, regions: list[str], plate: str) -> Locality:
    """Local when the plate or else one of the numbers is of the store's regions (CUS-01).

    The plate says more: a number often stays when its owner moves.
    """
    if not store.local_regions:
        return Locality.UNKNOWN
    if plate:
        local = any(plate.startswith(region) for region in store.local_regions)
        return Locality.LOCAL if local else Locality.NON_LOCAL
    known = [region for region in regions if region]
    if not known:
        return Locality.UNKNOWN
    local = any(region in store.local_regions for region in known)
    return Locality.LOCAL if local else Locality.NON_LOCAL
