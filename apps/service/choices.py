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
