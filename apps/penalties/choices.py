"""The words of penalties and rewards, and which may follow which (PEN)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Clause(models.TextChoices):
    """What is judged. One fact falls under one clause (PEN-06)."""

    ABANDONED = "abandoned", _("first reminder failed and not followed up")  # PEN-01
    FIRST_RATE = "first_rate", _("first-service reminder rate under its line")  # PEN-02
    BIRTHDAY = "birthday", _("birthday greeting short of standard")  # PEN-03
    GREETINGS = "greetings", _("too few greetings and notices in a month")  # PEN-03
    REMINDER = "reminder", _("reminder not as the standard says")  # PEN-04
    FIVE_S = "five_s", _("5S: not put right by the second check")  # PEN-05
    WEAK_ITEM = "weak_item", _("5S: among the department's weakest items")  # PEN-05
    DSM_LATE = "dsm_late", _("DSM record late or incomplete")  # PEN-07, DEL-06
    FORM_LATE = "form_late", _("registration form not handed over in time")  # PEN-07, SVC-04
    REWARD = "reward", _("reward for satisfaction with the delivery")  # PEN-09


FIVE_S = (Clause.FIVE_S, Clause.WEAK_ITEM)


class PenaltyStatus(models.TextChoices):
    """PEN-08, in the order in which it goes."""

    PROPOSED = "proposed", _("detected")
    EXPLAINED = "explained", _("explained")
    CONFIRMED = "confirmed", _("confirmed")
    APPEALED = "appealed", _("appealed")
    SIGNED = "signed", pgettext_lazy("penalty", "signed")
    ISSUED = "issued", pgettext_lazy("penalty", "issued")
    WAIVED = "waived", _("waived")
    WITHDRAWN = "withdrawn", _("withdrawn by itself")


UNDECIDED = (PenaltyStatus.PROPOSED, PenaltyStatus.EXPLAINED)
COUNTED = (PenaltyStatus.CONFIRMED, PenaltyStatus.SIGNED, PenaltyStatus.ISSUED)

# A status that is not a key here is final.
PENALTY_MOVES = {
    PenaltyStatus.PROPOSED: {
        PenaltyStatus.EXPLAINED,
        PenaltyStatus.CONFIRMED,
        PenaltyStatus.WAIVED,
        PenaltyStatus.WITHDRAWN,
    },
    PenaltyStatus.EXPLAINED: {
        PenaltyStatus.CONFIRMED,
        PenaltyStatus.WAIVED,
        PenaltyStatus.WITHDRAWN,
    },
    PenaltyStatus.CONFIRMED: {PenaltyStatus.APPEALED, PenaltyStatus.SIGNED},
    PenaltyStatus.APPEALED: {PenaltyStatus.CONFIRMED, PenaltyStatus.WAIVED},
    PenaltyStatus.SIGNED: {PenaltyStatus.APPEALED, PenaltyStatus.ISSUED},
    PenaltyStatus.WITHDRAWN: {PenaltyStatus.PROPOSED},  # its fact came back
}


class SignedHow(models.TextChoices):
    """PEN-05: by the offender, or for who offends repeatedly by his manager and care's."""

    OFFENDER = "offender", _("by the person")
    MANAGERS = "managers", _("by the department's and the care manager")


class EntryKind(models.TextChoices):
    """What a line of the monthly sheet is."""

    PENALTY = "penalty", _("performance deduction")
    REWARD = "reward", _("reward")
    CORRECTION = "correction", _("correction of an earlier month")


class ProofKind(models.TextChoices):
    """What a picture beside a proposal is: brought to explain it, or one of its signatures."""

    ATTACHED = "attached", _("attached to the explanation")
    OFFENDER = "offender", _("signature of the person")
    DEPARTMENT = "department", _("signature of the department's manager")
    CARE = "care", _("signature of the care manager")
