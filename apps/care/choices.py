"""The words of care, and which status of a call may follow which (CARE)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.customers.choices import CareKind as CallKind

__all__ = [
    "CALL_MOVES",
    "NOT_CONTENT",
    "NOT_REACHED",
    "OF_INSURANCE",
    "OPENED_BY_OTHERS",
    "REACHED",
    "SPECIALISTS",
    "SURVEYS",
    "TALKED",
    "CallKind",
    "CallStatus",
    "Cause",
    "ChurnGroup",
    "EndReason",
    "Finding",
    "Measure",
    "NotReached",
    "NotReturning",
    "RepairType",
    "Result",
    "Satisfaction",
    "Warned",
    "works_on",
]


# CARE-30: no fact of a car makes these, moves them or ends them.
OPENED_BY_OTHERS = (CallKind.INSURANCE_CHECK, CallKind.RECALL)
# SSI-03, SSI-08: the customer is asked the questions of a survey; the floor of SSI ends them.
SURVEYS = (CallKind.SSI_FIRST, CallKind.SSI_SECOND, CallKind.SSI_LOST)
# CARE-09: worked by the insurance specialists, all others by the care specialists.
OF_INSURANCE = (CallKind.INSURANCE,)
SPECIALISTS = (Role.CARE_SPECIALIST, Role.INSURANCE_SPECIALIST)


def works_on(kind: str) -> Role:
    """The role whose people answer for calls of this kind (CARE-28)."""
    return Role.INSURANCE_SPECIALIST if kind in OF_INSURANCE else Role.CARE_SPECIALIST


class CallStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being called")
    REACHED = "reached", _("reached")
    FAILED = "failed", _("not reached")
    MESSAGED = "messaged", _("greeted by message")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# A status that is not a key here is final.
CALL_MOVES = {
    CallStatus.WAITING: {
        CallStatus.CLAIMED,
        CallStatus.FAILED,  # abandoned (CARE-04)
        CallStatus.MESSAGED,  # birthday deadline (CARE-05)
        CallStatus.LAPSED,
        CallStatus.WITHDRAWN,
    },
    CallStatus.CLAIMED: {
        CallStatus.WAITING,
        CallStatus.REACHED,
        CallStatus.FAILED,
        CallStatus.MESSAGED,
        CallStatus.WITHDRAWN,
    },
    CallStatus.WITHDRAWN: {CallStatus.WAITING},  # CARE-18: its reason came back
}


class Result(models.TextChoices):
    """What came of one dialling (CARE-13)."""

    BOOKED = "booked", _("booked")
    WILL_COME = "will_come", _("will come, not booked")
    NOT_YET = "not_yet", _("not yet")
    ELSEWHERE = "elsewhere", _("already done elsewhere")
    NOT_NEEDED = "not_needed", _("not needed")
    SOLD = "sold", _("car sold")
    REFUSES = "refuses", _("refuses contact")
    CALL_LATER = "call_later", _("call again later")
    RENEWED = "renewed", _("already renewed")  # the insurance, or the inspection is done
    GREETED = "greeted", _("greeted")
    ANSWERED = "answered", _("answered how it was")
    VERIFIED = "verified", _("verified with the customer")  # CARE-09
    SIGNED_UP = "signed_up", _("signed up")  # CARE-12
    SPOKEN_TO = "spoken_to", _("spoken to about another matter")  # CARE-15
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy")
    SWITCHED_OFF = "switched_off", _("switched off")
    HUNG_UP = "hung_up", _("hung up")
    EMPTY_NUMBER = "empty_number", _("empty number")
    WRONG_NUMBER = "wrong_number", _("wrong number")


NOT_REACHED = (Result.NO_ANSWER, Result.BUSY, Result.SWITCHED_OFF, Result.HUNG_UP)
BAD_NUMBER = (Result.EMPTY_NUMBER, Result.WRONG_NUMBER)
REACHED = tuple(r for r in Result if r not in NOT_REACHED + BAD_NUMBER)
TALKED = tuple(r for r in REACHED if r != Result.SPOKEN_TO)  # about the call itself


class NotReturning(models.TextChoices):
    """Why a customer does not come (CARE-13, CARE-17)."""

    ELSEWHERE = "elsewhere", _("done elsewhere")
    NO_TIME = "no_time", _("no time at present")
    FEW_KM = "few_km", _("mileage not reached")
    CAR_AWAY = "car_away", _("car is out of town")
    PRICE = "price", _("price too high")
    SERVICE = "service", _("not content with the service")
    OTHER = "other", _("other reason")


class RepairType(models.TextChoices):
    """What the visit was for, as the follow-up asks (SVC-11)."""

    MAINTENANCE = "maintenance", _("maintenance visit")
    REPAIR = "repair", _("repair visit")


class Satisfaction(models.TextChoices):
    VERY_GOOD = "very_good", _("very good")
    GOOD = "good", _("good")
    AVERAGE = "average", _("average")
    DISSATISFIED = "dissatisfied", _("dissatisfied")
    COMPLAINT = "complaint", _("complaint")


NOT_CONTENT = (Satisfaction.DISSATISFIED, Satisfaction.COMPLAINT)


class Cause(models.TextChoices):
    """Why a customer is not content with his visit (SVC-11)."""

    ATTITUDE = "attitude", _("attitude")
    QUALITY = "quality", _("quality of the repair")
    PRICE = "price", _("price of the repair")
    TIME = "time", _("time it took")
    PARTS = "parts", _("parts supply")
    OTHER = "other", _("other cause")


class NotReached(models.TextChoices):
    """Why a follow-up was not answered (SVC-11)."""

    WRONG_NUMBER = "wrong_number", _("number is wrong")
    REFUSED = "refused", _("did not want to answer")
    OTHER = "other", _("other: never picked up")


class Finding(models.TextChoices):
    """What the customer says of an insurance call that is verified (CARE-09)."""

    CONFIRMED = "confirmed", _("as recorded")
    OTHERWISE = "otherwise", _("called, but told otherwise")
    NOT_CALLED = "not_called", _("was not called")


class EndReason(models.TextChoices):
    """Why a call ended without a conversation."""

    THREE_ATTEMPTS = "three_attempts", _("three attempts, not reached")
    ABANDONED = "abandoned", _("not tried again in time")
    OVERDUE = "overdue", _("not finished in time")
    TAKEN_OVER = "taken_over", _("due date passed: now at risk")
    VISITED = "visited", _("the car has been here")
    IN_WORKSHOP = "in_workshop", _("the car is in the workshop")
    CAR_GONE = "car_gone", _("car sold on or scrapped")
    NEW_OWNER = "new_owner", _("the car has a new owner")
    STOPPED = "stopped", _("contact stopped")
    NOT_OWED = "not_owed", _("no longer owed")
    NO_REPLY_SMS = "no_reply_sms", _("greeted by SMS after the deadline")
    RENEWED = "renewed", _("insured anew")
    REBOOKED = "rebooked", _("the car has a new appointment")
    ACTIVITY_OVER = "activity_over", _("the activity is over or cancelled")
    MERGED = "merged", _("the same call of a merged record stands for it")
    BY_LINK = "by_link", _("the customer answered by himself")


class ChurnGroup(models.TextChoices):
    """CARE-11: the four groups; local and non-local are their totals."""

    LOCAL_IN = "local_in", _("local, in warranty")
    LOCAL_OUT = "local_out", _("local, out of warranty")
    NON_LOCAL_IN = "non_local_in", _("non-local, in warranty")
    NON_LOCAL_OUT = "non_local_out", _("non-local, out of warranty")


class Warned(models.TextChoices):
    """The warnings of a day (CARE-23)."""

    FIRST = "first", _("first warning of the day")
    AGAIN = "again", _("second warning of the day")


class Measure(models.TextChoices):
    """What was offered to a customer who is lost or about to be (CARE-11)."""

    RECALL_OFFER = "recall_offer", _("recall offer")
    ACTIVITY = "activity", _("invited to an activity")
    FREE_CHECK = "free_check", _("free check of the car")
