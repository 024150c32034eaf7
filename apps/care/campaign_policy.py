"""The rules of campaigns as plain values: no database, no clock (CARE-06)."""

from apps.messaging import policy
from apps.messaging.policy import PLACEHOLDERS as KNOWN

# What is known of every customer or of the car that the audience was asked for.
PLACEHOLDERS = {name: KNOWN[name] for name in ("name", "title", "store", "model", "plate")}
OF_CARS = ("model", "plate")
SMS_CHARACTERS, LONG_SMS_CHARACTERS = 70, 67  # of one SMS; of each of several joined ones


def check_text(text: str, purpose: str) -> None:
    """Refuse a placeholder that nobody fills, or marketing without a way out (CARE-29)."""
    policy.check_placeholders(text, PLACEHOLDERS)
    policy.check_text(text, purpose)


def parts_of(text: str) -> int:
    """How many SMS the provider counts for ``text``."""
    length = len(text)
    return 1 if length <= SMS_CHARACTERS else -(-length // LONG_SMS_CHARACTERS)
