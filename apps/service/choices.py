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


class SupplyKind(models.TextChoices):
    """Where parts come from that are short (SVC-06)."""

    ORDER = "order", _("ordered")
    TRANSFER = "transfer", _("from another store")
