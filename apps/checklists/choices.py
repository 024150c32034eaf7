"""The words of checklists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChecklistKind(models.TextChoices):
    """What is gone through point by point."""

    PREPARATION = "preparation", _("daily preparation of the reception")
