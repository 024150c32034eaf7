"""The words of checklists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChecklistKind(models.TextChoices):
    """What is gone through point by point."""

    CONTRACT = "contract", _("explanation of a contract of sale")
    PREPARATION = "preparation", _("daily preparation of the reception")
    PDI = "pdi", _("PDI of a new car")
    HAND_PAPERS = "hand_papers", _("documents and keys handed over")
    HAND_FUNCTIONS = "hand_functions", _("functions explained and operated")
    HAND_SERVICE = "hand_service", _("maintenance explained at the hand-over")
    SELF_CHECK = "self_check", _("self-check of the reception")
    FIVE_S_FIRST = "five_s_first", _("5S: first check of the day")
    FIVE_S_SECOND = "five_s_second", _("5S: second check")
    FACILITY = "facility", _("showroom facilities")
