"""What each figure counts, in words: shown where the figure is (REP-08)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.reports.choices import Figure

WORDS: dict[Figure, Any] = {
    Figure.FIRST_RETURN: _(
        "Of the cars sold here whose time of the first service ended in the month: those that had"
        " it here not later than so many days after it as the numbers of care say."
    ),
    Figure.MAINTENANCE_RETURN: _(
        "Of the maintenance cycles due in the month: those that a maintenance visit here ended"
        " within so many days before or after their day as the numbers of care say."
    ),
    Figure.FIRST_REMINDED: _(
        "Of the first-service calls due in the month, without those made up: reached, or messaged"
        " after three lawful attempts, not later than the day they were due."
    ),
    Figure.MAINTENANCE_REMINDED: _(
        "Of the maintenance calls due in the month, without those made up: reached, or messaged"
        " after three lawful attempts, not later than the day they were due."
    ),
    Figure.APPOINTMENTS: _("Of the repair orders of the month: those opened from an appointment."),
    Figure.SHOW_UP: _(
        "Of the appointments of the month that were not cancelled: those whose customer came."
    ),
    Figure.CHURN: _(
        "Of the cars whose last visit lies within the days of churn before the end of the month:"
        " those that are lost."
    ),
    Figure.INSURANCE: _("Of the cars handed over in the month: those insured here."),
    Figure.LOANS: _("Of the cars handed over in the month: those with a loan that was granted."),
    Figure.ACCESSORIES: _("Of the cars handed over in the month: those with accessories."),
    Figure.DSM_IN_TIME: _(
        "Of the DSM records whose limit lies in the month: those complete within it."
    ),
    Figure.SSI: _(
        "The mean of the month's responses to the latest survey of buyers, 100 to 1000 points."
        " Internal: the official score is in no figure."
    ),
}
