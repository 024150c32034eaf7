"""The words of the register at the door (REC-01)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """How a party, or a purchase, came to us."""

    WALK_IN = "walk_in", _("walk-in")
    PHONE = "phone", _("phoned in before")
    WEB = "web", _("web enquiry")
    REFERRAL = "referral", _("referred by a customer")
    EXHIBITION = "exhibition", _("exhibition")
    OTHER = "other", _("other source")


class Purpose(models.TextChoices):
    """What a party comes for."""

    LOOK = "look", _("look at cars")
    TEST_DRIVE = "test_drive", _("test drive")
    NEGOTIATE = "negotiate", _("talk about a purchase")
    ORDER = "order", _("sign or pay")
    DELIVERY = "delivery", _("collect the new car")
    OTHER = "other", _("something else")


class VisitResult(models.TextChoices):
    """What came of it when the party left."""

    LOOKED = "looked", _("looked only")
    CARD = "card", _("left a customer card")
    QUOTED = "quoted", _("got a quotation")
    ORDERED = "ordered", _("ordered")
    DELIVERED = "delivered", _("took the car home")
    NOT_BUYING = "not_buying", _("not about a purchase")


class VisitTurnReason(models.TextChoices):
    """Why another consultant takes the party than the one whose turn it is (ORG-04)."""

    HIS_CUSTOMER = "his_customer", _("it is his customer")
    WISHED = "wished", _("the customer asked for him")
    BUSY = "busy", _("the one whose turn it is is busy")
    MANAGER = "manager", _("the manager says so")


class Stage(models.TextChoices):
    """How far a purchase went that came through the door (REC-02)."""

    CARD = "card", _("customer card left")
    DRIVE = "drive", _("test drive")
    QUOTATION = "quotation", _("quotation")
    ORDER = "order", _("sales order")
    DELIVERY = "delivery", _("delivery")


COSTS_NO_TURN = (VisitTurnReason.HIS_CUSTOMER,)
# Who left like this hears from us again (REC-10).
OWES_THANKS = (VisitResult.LOOKED, VisitResult.CARD, VisitResult.QUOTED)
