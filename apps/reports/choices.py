"""The words of the month reports, and which status may follow which (REP)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Figure(models.TextChoices):
    """What a month is judged by; each is counted in one place, ``figures.catalogue``."""

    FIRST_RETURN = "first_return", _("first-service return rate")  # REP-01
    MAINTENANCE_RETURN = "maintenance_return", _("maintenance return rate")  # REP-02
    FIRST_REMINDED = "first_reminded", _("first-service reminder rate")  # REP-03
    MAINTENANCE_REMINDED = "maintenance_reminded", _("maintenance reminder rate")  # REP-03
    APPOINTMENTS = "appointments", _("appointment rate")  # REP-04
    SHOW_UP = "show_up", _("show-up rate")  # REP-04
    CHURN = "churn", _("churn rate")  # REP-05
    INSURANCE = "insurance", _("insurance penetration")  # REP-10
    LOANS = "loans", _("loan penetration")  # REP-10
    ACCESSORIES = "accessories", _("accessories penetration")  # REP-10
    DSM_IN_TIME = "dsm_in_time", _("DSM records complete in time")  # DEL-06
    SSI = "ssi", _("internal SSI")  # SSI-07


# The lower, the better.
FALLING = (Figure.CHURN,)
# A mean on the scale of the index, no share of rows.
SCORES = (Figure.SSI,)


class ReportStatus(models.TextChoices):
    """REP-06."""

    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("submitted to the care manager")
    REVIEWED = "reviewed", _("reviewed, before the general manager")
    SENT_BACK = "sent_back", _("sent back with a reason")
    APPROVED = "approved", _("approved")


REPORT_MOVES = {
    ReportStatus.DRAFT: {ReportStatus.SUBMITTED},
    ReportStatus.SUBMITTED: {ReportStatus.REVIEWED},
    ReportStatus.REVIEWED: {ReportStatus.APPROVED, ReportStatus.SENT_BACK},
    ReportStatus.SENT_BACK: {ReportStatus.REVIEWED},
}
