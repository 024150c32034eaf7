"""The words of the surveys (SSI)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.care.choices import CallKind


class Round(models.TextChoices):
    """Whom a response is asked of, and when (SSI-03, SSI-08)."""

    FIRST = "first", _("first round")
    SECOND = "second", _("second round")
    LOST = "lost", _("lost buyers")


ROUND_OF = {
    CallKind.SSI_FIRST: Round.FIRST,
    CallKind.SSI_SECOND: Round.SECOND,
    CallKind.SSI_LOST: Round.LOST,
}


class ResponseStatus(models.TextChoices):
    OPEN = "open", _("begun")
    DONE = "done", _("finished")


RESPONSE_MOVES = {ResponseStatus.OPEN: {ResponseStatus.DONE}}


class Mark(models.TextChoices):
    """What makes an answer doubtful (SSI-10)."""

    STRAIGHT_TENS = "straight_tens", _("nothing but tens")
    TOO_SHORT = "too_short", _("shorter than its script can be read")
    CHANGED = "changed", _("changed after it was finished")


class ModelState(models.TextChoices):
    """Where a survey model stands on a day (SSI-02)."""

    IN_USE = "in_use", _("in use")
    BEGINS = "begins", _("begins")
    DRAFT = "draft", _("draft")
    SUPPLIED = "supplied", _("supplied, not used")
    SUPERSEDED = "superseded", _("superseded")


class RecallStatus(models.TextChoices):
    """A response that the manager asks again himself (SSI-10)."""

    OPEN = "open", _("to be called")
    DONE = "done", _("asked again")
    NOT_REACHED = "not_reached", _("customer not reached")


RECALL_MOVES = {
    RecallStatus.OPEN: {RecallStatus.DONE, RecallStatus.NOT_REACHED},
    RecallStatus.NOT_REACHED: {RecallStatus.DONE},
}
