"""What stands on the call screen in words: the script with its values, and why a call is here."""

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.customers.choices import CustomerKind, Gender

# What a script may say in braces (CARE-01).
PLACEHOLDERS = {
    "name": gettext_lazy("customer's name"),
    "title": gettext_lazy("Mr or Ms"),
    "model": gettext_lazy("car model"),
    "plate": gettext_lazy("plate"),
    "due": gettext_lazy("day it is about"),
    "km": gettext_lazy("mileage it is about"),
    "store": gettext_lazy("store"),
    "specialist": gettext_lazy("who is calling"),
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Scripts are spoken to customers, so these are Chinese whatever the page's language.
_TITLES: dict[str, str] = {Gender.MALE: "先生", Gender.FEMALE: "女士"}
_UNKNOWN = {"model": "爱车", "km": "手册规定的", "due": "近期", "name": "车主"}


def spoken_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def values_of(call: Call, *, by: User | None = None, km: int | None = None) -> dict[str, str]:
    """What is filled into scripts and messages about this call."""
    customer, car = call.customer, call.vehicle
    person = customer.kind == CustomerKind.PERSON
    return {
        "name": customer.name if person else customer.contact_name or customer.name,
        "title": _TITLES.get(customer.gender, "") if person else "",
        "model": (car.model or car.brand) if car else "",
        "plate": car.plate if car else "",
        "due": spoken_day(call.event_on),
        "km": f"{km:,}" if km else "",
        "store": call.store.name,
        "specialist": str(by) if by else "",
    }


def paragraphs(text: str, values: dict[str, str]) -> list[list[tuple[str, bool]]]:
    """The script's paragraphs as pieces (text, whether it is a filled-in value)."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        pieces = _PLACEHOLDER.split(line)
        spoken = [
            (values.get(piece) or _UNKNOWN.get(piece, ""), True) if n % 2 else (piece, False)
            for n, piece in enumerate(pieces)
        ]
        found.append([piece for piece in spoken if piece[0]])
    return found


PROACTIVE = "proactive"  # a reason on the maintenance call, not a kind (CARE-10)
SENTENCES: dict[str, Any] = {
    CallKind.FIRST_SERVICE: gettext_lazy(
        "Delivered on %(delivered)s and no first service yet (CARE-02): remind until %(due)s. "
        "Ends by itself when the car comes in."
    ),
    PROACTIVE: gettext_lazy(
        "Near due by time and by mileage, about %(km)s km (CARE-10): maintenance due on "
        "%(event)s, remind until %(due)s. Ends by itself when the car comes in."
    ),
    CallKind.MAINTENANCE: gettext_lazy(
        "Last maintenance %(base)s, about %(km)s km now (CARE-03): due on %(event)s, remind "
        "until %(due)s. Ends by itself when the car comes in."
    ),
    CallKind.AT_RISK: gettext_lazy(
        "Maintenance was due on %(event)s and the car has not come, last seen %(seen)s "
        "(CARE-11): ask why, until %(due)s. Ends by itself when the car comes in."
    ),
    CallKind.CHURN: gettext_lazy(
        "Not seen since %(seen)s and maintenance overdue by more than 30 days (CARE-11): "
        "win back, until %(due)s. Ends by itself when the car comes in."
    ),
    CallKind.SERVICE_FOLLOW_UP: gettext_lazy(
        "Handed back on %(event)s, order %(cycle)s (SVC-11): ask how it was, until %(due)s. "
        "Ends by itself when the car comes in again."
    ),
    CallKind.RECALL: gettext_lazy(
        "Invitation to the care activity on %(event)s (CARE-12): invite until %(due)s. Ends by "
        "itself when the activity is over or cancelled."
    ),
    CallKind.WARRANTY: gettext_lazy(
        "Delivered on %(delivered)s, about %(km)s km now: the warranty ends on %(event)s "
        "(CARE-07). Invite for a free inspection until %(due)s. Leaves when it has ended."
    ),
    CallKind.INSPECTION: gettext_lazy(
        "Registered on %(registered)s: the inspection is due on %(event)s (CARE-08). Remind "
        "until %(due)s. Leaves a month after that."
    ),
    CallKind.INSURANCE: gettext_lazy(
        "The insurance (%(insurer)s) ends on %(event)s (CARE-09): remind until %(due)s. Ends "
        "by itself when a new end is known."
    ),
    CallKind.INSURANCE_CHECK: gettext_lazy(
        "The insurance call of %(event)s was drawn by lot (CARE-09): ask the customer whether "
        "he was called and told rightly, until %(due)s."
    ),
    CallKind.NO_SHOW: gettext_lazy(
        "Had an appointment on %(event)s and did not come (SVC-05): ask why and book again. "
        "Ends by itself when the car comes in or has another appointment."
    ),
    CallKind.SSI_FIRST: gettext_lazy(
        "The car was delivered on %(event)s (SSI-03): ask the first round of the survey until "
        "%(due)s. Leaves a week after that."
    ),
    CallKind.SSI_SECOND: gettext_lazy(
        "The car was delivered on %(event)s and the first round was answered (SSI-03): ask the "
        "second round until %(due)s. Leaves after that."
    ),
    CallKind.SSI_LOST: gettext_lazy(
        "The purchase was given up as lost on %(event)s (SSI-08, REC-11): ask the survey of lost "
        "buyers until %(due)s. Leaves a week after that, or when he buys after all."
    ),
    CallKind.BIRTHDAY: gettext_lazy(
        "Birthday on %(event)s (CARE-05): greet by phone; who is not reached in time gets an "
        "SMS by itself."
    ),
}


def why(call: Call) -> str:
    """Why this call is here and when it leaves, in one sentence with its clause (CARE-19)."""
    car = call.vehicle
    km = _km_then(call)
    return str(SENTENCES[PROACTIVE if call.proactive else call.kind]) % {
        "event": call.event_on,
        "cycle": call.cycle,
        "due": call.due_on,
        "delivered": (car and car.delivered_on) or "–",
        "registered": (car and (car.registered_on or car.delivered_on)) or "–",
        "insurer": (car and car.insurer) or _("company unknown"),
        "base": (car and car.base_on) or "–",
        "seen": (car and car.last_seen_on) or "–",
        "km": f"{km:,}" if km else "–",
    }


def _km_then(call: Call) -> int | None:
    """About what the odometer shows at the day the call opened, by the car's own rate."""
    car = call.vehicle
    if car is None or car.last_km is None or car.last_km_on is None:
        return None
    days = max(0, (call.opens_on - car.last_km_on).days)
    return car.last_km + days * car.rate_km // car.rate_days
