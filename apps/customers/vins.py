"""Vehicle identification numbers (CUS-02)."""

import re
from functools import lru_cache

from django.utils.translation import gettext as _
from vininfo import Vin
from vininfo.exceptions import ValidationError

from apps.core.errors import Refused

LENGTH = 17


def normalise(raw: object) -> str:
    """The VIN in capitals without spaces. Refused unless it has 17 possible characters."""
    vin = "".join(str(raw or "").split()).upper()
    if len(vin) != LENGTH:
        raise Refused(_("A VIN has 17 characters; this one has %(count)s.") % {"count": len(vin)})
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", vin):
        raise Refused(_("A VIN has only letters and digits, and never I, O or Q."))
    return vin


@lru_cache(maxsize=50_000)  # an import asks of one car in several files
def check_digit_holds(vin: str) -> bool:
    """Whether the ninth character fits the others: a wrong one is a warning, not a refusal."""
    try:
        return bool(Vin(vin).verify_checksum(check_year=False))
    except ValidationError:
        return False
