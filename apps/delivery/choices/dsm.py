"""The words of a DSM record DSM录入 (DEL-06)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DsmStatus(models.TextChoices):
    OPEN = "open", _("to be entered")
    ENTERED = "entered", _("to be checked")
    SENT_BACK = "sent_back", _("sent back")
    CHECKED = "checked", _("checked")


TO_ENTER = (DsmStatus.OPEN, DsmStatus.SENT_BACK)
UNCHECKED = (*TO_ENTER, DsmStatus.ENTERED)
DSM_MOVES = {
    DsmStatus.OPEN: {DsmStatus.ENTERED, DsmStatus.CHECKED},
    DsmStatus.ENTERED: {DsmStatus.CHECKED, DsmStatus.SENT_BACK, DsmStatus.OPEN},
    DsmStatus.SENT_BACK: {DsmStatus.ENTERED, DsmStatus.CHECKED},
}


class Needed(models.TextChoices):
    """What must be known of the buyer of a delivered car (DEL-06)."""

    CONTACT = "contact", _("contact person")
    PHONE = "phone", _("phone number in use")
    BIRTHDAY = "birthday", _("birthday")
    ID_NUMBER = "id_number", _("ID number")
    ADDRESS = "address", _("address")


class Fault(models.TextChoices):
    """What PEN-07 judges: a record has one of them or none."""

    LATE = "late", _("late")
    INCOMPLETE = "incomplete", _("incomplete")
