"""The words of the quick response, its steps, and which may follow which (SSI-04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.choices import DepartmentKind


class Origin(models.TextChoices):
    """What opened it."""

    SURVEY = "survey", _("low answers in a survey")
    FOLLOW_UP = "follow_up", _("service follow-up, not content")
    COMPLAINT = "complaint", _("complaint of the customer")


class Step(models.TextChoices):
    """Where it stands: what is to be done next."""

    APPROVE = "approve", _("to be approved")
    MEND = "mend", _("sent back to care")
    HANDLE = "handle", _("to be handled")
    CONTACT = "contact", _("customer to be asked again")
    CLOSE = "close", _("to be closed")
    CLOSED = "closed", pgettext_lazy("quick response", "closed")
    DROPPED = "dropped", _("dropped")


OPEN_STEPS = [step for step in Step if step not in (Step.CLOSED, Step.DROPPED)]

STEP_MOVES = {
    Step.APPROVE: {Step.HANDLE, Step.MEND, Step.DROPPED},
    Step.MEND: {Step.APPROVE, Step.DROPPED},
    Step.HANDLE: {Step.CONTACT},
    Step.CONTACT: {Step.HANDLE, Step.CLOSE},  # not satisfied: back to the department
    Step.CLOSE: {Step.CLOSED},
}


class RootCause(models.TextChoices):
    """Why it came to this, as the department found."""

    ATTITUDE = "attitude", _("attitude")
    KNOWLEDGE = "knowledge", _("product knowledge")
    PROMISE = "promise", _("promise not kept")
    TIME = "time", _("time it took")
    QUALITY = "quality", _("quality of car or repair")
    PRICE = "price", _("price or fees")
    PROCESS = "process", _("process not followed")
    FACILITY = "facility", _("rooms and equipment")
    OTHER = "other", _("other cause")


DEPARTMENTS = [(kind.value, kind.label) for kind in (DepartmentKind.SALES, DepartmentKind.SERVICE)]
