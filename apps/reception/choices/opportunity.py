"""The words of a purchase intention (REC-03, REC-10, REC-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """How near the purchase is; each sets when to ask again (REC-03)."""

    H = "h", _("H · decides within a week")
    A = "a", _("A · within 15 days")
    B = "b", _("B · within a month")
    C = "c", _("C · within three months")


class OpportunityStatus(models.TextChoices):
    OPEN = "open", _("being followed")
    LOST_PROPOSED = "lost_proposed", _("proposed as lost")
    LOST = "lost", _("lost")
    ORDERED = "ordered", _("ordered")
    DELIVERED = "delivered", pgettext_lazy("car", "delivered")


# Those a consultant still works on.
WORKED = (OpportunityStatus.OPEN, OpportunityStatus.LOST_PROPOSED)
OPPORTUNITY_MOVES = {
    OpportunityStatus.OPEN: {OpportunityStatus.LOST_PROPOSED, OpportunityStatus.ORDERED},
    OpportunityStatus.LOST_PROPOSED: {OpportunityStatus.LOST, OpportunityStatus.OPEN},
    OpportunityStatus.LOST: {OpportunityStatus.OPEN},  # came back after all
    OpportunityStatus.ORDERED: {OpportunityStatus.DELIVERED, OpportunityStatus.OPEN},
}


class LostReason(models.TextChoices):
    """Why a purchase did not come about (REC-11)."""

    COMPETITOR = "competitor", _("bought another brand")
    OTHER_DEALER = "other_dealer", _("bought at another dealer of the brand")
    PRICE = "price", _("the price")
    STOCK = "stock", _("car not available")
    GIVEN_UP = "given_up", _("does not buy any more")
    NOT_REACHED = "not_reached", _("cannot be reached any more")


class BuyingPurpose(models.TextChoices):
    """What the car is for (REC-03)."""

    FIRST = "first", _("first car")
    REPLACE = "replace", _("replaces a car")
    ADDITIONAL = "additional", _("one more car")
    BUSINESS = "business", _("business")


class PayMode(models.TextChoices):
    CASH = "cash", _("pays at once")
    LOAN = "loan", _("loan")
    UNDECIDED = "undecided", _("not decided")


class ContactHow(models.TextChoices):
    PHONE = "phone", _("telephone call")
    MESSAGE = "message", _("by message")
    SHOWROOM = "showroom", _("in the showroom")
    VISIT = "visit", _("at the customer's")


class ClockKind(models.TextChoices):
    """Contacts that are promised within hours (REC-10)."""

    THANKS = "thanks", _("thanks and plan after a visit")
    DRIVE_CALL = "drive_call", _("satisfaction after a test drive")
    ENQUIRY = "enquiry", _("answer to an online enquiry")
