"""The words of the workshop."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RepairKind(models.TextChoices):
    FIRST_SERVICE = "first_service", _("first service")
    MAINTENANCE = "maintenance", _("scheduled maintenance")
    REPAIR = "repair", _("general repair")
    ACCIDENT = "accident", _("accident repair")
    OTHER = "other", _("other work")


# CARE-27: 首保 and 定保 are maintenance visits; the others are visits only.
MAINTENANCE_KINDS = (RepairKind.FIRST_SERVICE, RepairKind.MAINTENANCE)


class Skill(models.TextChoices):
    """What a bay is made for and a technician can do (SVC-02)."""

    QUICK = "quick", _("quick service")
    GENERAL = "general", _("general repair")
    BODY = "body", _("body work")
    PAINT = "paint", _("paint")


class AppointmentSource(models.TextChoices):
    """How the appointment came about (SVC-01)."""

    PHONE = "phone", _("phoned in")
    CARE = "care", _("care call")
    SHOWROOM = "showroom", _("in the showroom")
    SELF_SERVICE = "self_service", _("self-service page")


class AppointmentStatus(models.TextChoices):
    PENDING = "pending", _("not confirmed yet")
    CONFIRMED = "confirmed", _("confirmed")
    ARRIVED = "arrived", _("has come")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("did not come")


# An appointment of these holds its bay, its technician and its parts (SVC-14).
HOLDING = (
    AppointmentStatus.PENDING,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.ARRIVED,
)
AWAITED = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
APPOINTMENT_MOVES = {
    AppointmentStatus.PENDING: {
        AppointmentStatus.CONFIRMED,
        AppointmentStatus.ARRIVED,
        AppointmentStatus.CANCELLED,
        AppointmentStatus.NO_SHOW,
    },
    AppointmentStatus.CONFIRMED: {
        AppointmentStatus.ARRIVED,
        AppointmentStatus.CANCELLED,
        AppointmentStatus.NO_SHOW,
    },
    AppointmentStatus.NO_SHOW: {AppointmentStatus.ARRIVED},  # came late after all
}


class CancelReason(models.TextChoices):
    CUSTOMER = "customer", _("the customer cannot come")
    ELSEWHERE = "elsewhere", _("goes elsewhere")
    NOT_NEEDED = "not_needed", _("no longer needed")
    STORE = "store", _("the store was not ready")
    MISTAKE = "mistake", _("entered by mistake")


class WaitingStatus(models.TextChoices):
    WAITING = "waiting", _("waits")
    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")


class LeaveReason(models.TextChoices):
    """Why somebody waits no more without a time (SVC-14)."""

    CUSTOMER = "customer", _("does not want it any more")
    ELSEWHERE = "elsewhere", _("goes elsewhere")
    NOT_REACHED = "not_reached", _("could not be reached")
    PAST = "past", _("the days are past")
    MISTAKE = "mistake", _("entered by mistake")


class SupplyKind(models.TextChoices):
    """Where parts come from that are short (SVC-06)."""

    ORDER = "order", _("ordered")
    TRANSFER = "transfer", _("from another store")


class Stage(models.TextChoices):
    """Where a car in the house stands (SVC-09). Imported history has none."""

    WAITING = "waiting", _("waiting for work")
    IN_WORK = "in_work", _("in work")
    WAITING_PARTS = "waiting_parts", _("waiting for parts")
    WAITING_APPROVAL = "waiting_approval", _("waiting for approval")
    QUALITY_CHECK = "quality_check", _("quality check")
    WASHING = "washing", _("washing")
    READY = "ready", _("ready for hand-back")
    CLOSED = "closed", _("handed back")


IN_HOUSE = tuple(stage for stage in Stage if stage != Stage.CLOSED)
# The stages that people of the workshop set; the others follow from what is done.
BY_HAND = (
    Stage.WAITING,
    Stage.IN_WORK,
    Stage.WAITING_PARTS,
    Stage.WAITING_APPROVAL,
    Stage.QUALITY_CHECK,
)
_WAITING = {Stage.WAITING, Stage.WAITING_PARTS, Stage.WAITING_APPROVAL}
STAGE_MOVES = {
    # straight to ready: the customer does not agree, the car is as it was (SVC-10)
    **{now: (_WAITING | {Stage.IN_WORK, Stage.READY}) - {now} for now in _WAITING},
    Stage.IN_WORK: {
        Stage.WAITING_PARTS,
        Stage.WAITING_APPROVAL,
        Stage.QUALITY_CHECK,
        Stage.READY,
    },
    Stage.QUALITY_CHECK: {Stage.IN_WORK, Stage.WASHING, Stage.READY},  # in work: rework
    Stage.WASHING: {Stage.IN_WORK, Stage.READY},
    Stage.READY: {Stage.IN_WORK, Stage.CLOSED},
}


class LineState(models.TextChoices):
    """What the customer says to a line of the order (SVC-08, SVC-09, SVC-15)."""

    PROPOSED = "proposed", _("waits for an answer")
    APPROVED = "approved", _("approved by the customer")
    DECLINED = "declined", _("declined")
    PUT_OFF = "put_off", _("put off")


NOT_NOW = (LineState.DECLINED, LineState.PUT_OFF)  # comes back at the next visit (SVC-15)


class ApprovedHow(models.TextChoices):
    """How the customer said yes (SVC-08)."""

    SIGNED = "signed", _("signed on the spot")
    PHONE = "phone", _("by phone")
    MESSAGE = "message", _("by message")


class Outcome(models.TextChoices):
    DONE = "done", _("work done")
    NOT_AGREED = "not_agreed", _("customer did not agree")


class PaidHow(models.TextChoices):
    CASH = "cash", _("cash")
    CARD = "card", _("bank card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("bank transfer")
    ACCOUNT = "account", _("on account")
    WARRANTY = "warranty", _("warranty of the maker")
    INSURANCE = "insurance", _("paid by the insurer")
    NOTHING = "nothing", _("nothing to pay")


class HandBackPoint(models.TextChoices):
    """What is done with the customer before he drives off (SVC-10)."""

    CHECKED = "checked", _("car checked before the hand-back: clean, old parts, nothing left in it")
    TOLD = "told", _("customer told that the car is ready")
    WORK_EXPLAINED = "work_explained", _("work explained, with what should be done next")
    COST_EXPLAINED = "cost_explained", _("cost explained line by line")
    RESTORED = "restored", _("car is as it was brought")
    SEEN_OFF = "seen_off", _("customer seen off")


_ALWAYS = (HandBackPoint.CHECKED, HandBackPoint.TOLD)
HAND_BACK = {
    Outcome.DONE: (
        *_ALWAYS,
        HandBackPoint.WORK_EXPLAINED,
        HandBackPoint.COST_EXPLAINED,
        HandBackPoint.SEEN_OFF,
    ),
    Outcome.NOT_AGREED: (
        *_ALWAYS,
        HandBackPoint.RESTORED,
        HandBackPoint.COST_EXPLAINED,
        HandBackPoint.SEEN_OFF,
    ),
}


class Lack(models.TextChoices):
    """Why an appointment cannot be kept as it stands (SVC-02, SVC-14)."""

    DAY = "day", _("the workshop is closed then")
    BAY = "bay", _("the bay cannot be used then")
    TECHNICIAN = "technician", _("the technician is not there then")


class Cover(models.TextChoices):
    """Whether the pieces that a visit needs will lie there on its day (SVC-06)."""

    STOCK = "stock", _("in stock")
    COMING = "coming", _("comes in time")
    LATE = "late", _("comes too late")
    MISSING = "missing", _("not ordered")


class MarkKind(models.TextChoices):
    """What is seen on a car when it is taken in (SVC-07)."""

    SCRATCH = "scratch", _("scratch")
    DENT = "dent", _("dent")
    CRACK = "crack", _("crack")
    MISSING = "missing", _("missing part")


class TurnReason(models.TextChoices):
    """Why another advisor takes the car in than the one whose turn it is."""

    APPOINTED = "appointed", _("the appointment names him")
    WISHED = "wished", _("the customer asked for him")
    BUSY = "busy", _("the one whose turn it is is busy")


class RescueResult(models.TextChoices):
    """What came of an outside rescue (SVC-13)."""

    REPAIRED = "repaired", _("put right on the spot")
    TOWED = "towed", _("towed to the workshop")
    ELSEWHERE = "elsewhere", _("taken elsewhere")
    NOT_NEEDED = "not_needed", _("help was not needed any more")
