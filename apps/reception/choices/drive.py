"""The words of test drives 试乘试驾 (REC-05)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DriveStatus(models.TextChoices):
    BOOKED = "booked", _("booked")
    OUT = "out", _("on the road")
    BACK = "back", _("back")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("customer did not come")


# Those that hold the car and the consultant.
HOLDING = (DriveStatus.BOOKED, DriveStatus.OUT)
DRIVE_MOVES = {
    DriveStatus.BOOKED: {DriveStatus.OUT, DriveStatus.CANCELLED, DriveStatus.NO_SHOW},
    DriveStatus.OUT: {DriveStatus.BACK},
}


class LicenceClass(models.TextChoices):
    """The class of a Chinese driving licence 准驾车型 (公安部令第162号, annex 1)."""

    C1 = "c1", _("C1 · cars")
    C2 = "c2", _("C2 · cars with automatic gearbox")
    B1 = "b1", _("B1 · medium buses and below")
    B2 = "b2", _("B2 · lorries and below")
    A1 = "a1", _("A1 · buses and below")
    A2 = "a2", _("A2 · road trains and below")
    A3 = "a3", _("A3 · city buses and below")
    C5 = "c5", _("C5 · adapted automatic cars only")
    OTHER = "other", _("another class: not for cars")


class Impression(models.TextChoices):
    """What the customer says of the car after the drive."""

    DELIGHTED = "delighted", _("very pleased")
    PLEASED = "pleased", _("pleased")
    MIXED = "mixed", _("so-so")
    DISAPPOINTED = "disappointed", _("disappointed")
