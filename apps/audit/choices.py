"""Why a person's data was looked at (SEC-01)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessKind(models.TextChoices):
    VIEW = "view", _("customer page viewed")
    UNMASK = "unmask", _("number shown")
    CLAIM = "claim", _("call claimed")
    EXPORT = "export", _("exported")
