"""The words of a hand-over 交车 (DEL-01…09)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.checklists.choices import ChecklistKind


class HandOverStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    PREPARED = "prepared", _("ready")
    RUNNING = "running", _("being handed over")
    FINISHED = "finished", _("handed over")
    CANCELLED = "cancelled", _("cancelled")


COMING = (HandOverStatus.PLANNED, HandOverStatus.PREPARED)  # may still be moved
HOLDING = (*COMING, HandOverStatus.RUNNING, HandOverStatus.FINISHED)  # keep area and people
HAND_OVER_MOVES = {
    HandOverStatus.PLANNED: {HandOverStatus.PREPARED, HandOverStatus.CANCELLED},
    HandOverStatus.PREPARED: {
        HandOverStatus.PLANNED,
        HandOverStatus.RUNNING,
        HandOverStatus.CANCELLED,
    },
    HandOverStatus.RUNNING: {HandOverStatus.FINISHED},
    HandOverStatus.CANCELLED: {HandOverStatus.PLANNED},
}


class AgreedHow(models.TextChoices):
    """How the customer said that the time suits him (DEL-01)."""

    PHONE = "phone", _("by phone")
    HERE = "here", _("here in the showroom")
    MESSAGE = "message", _("by message")


class ReadyPoint(models.TextChoices):
    """What must be ready before the customer comes (DEL-02). PDI follows from its checklist."""

    PDI = "pdi", _("PDI")
    PAPERS = "papers", _("papers")
    PLATE = "plate", _("plate")
    GIFT = "gift", _("gift")
    WASHING = "washing", _("washing")
    FUEL = "fuel", _("fuel or charge")
    AREA = "area", _("delivery area")


BY_HAND = [point for point in ReadyPoint if point != ReadyPoint.PDI]
OF_THE_DAY = (ReadyPoint.AREA,)  # undone when the hand-over moves elsewhere


class Light(models.TextChoices):
    """How far the preparation is (DEL-08)."""

    GREEN = "green", _("all ready")
    AMBER = "amber", _("not all ready yet")
    RED = "red", _("late: the customer must be told")


class Step(models.TextChoices):
    """The steps of a hand-over in their order (DEL-03, DEL-08)."""

    WELCOME = "welcome", _("welcome and needs")
    PAPERS = "papers", _("documents and keys")
    FUNCTIONS = "functions", _("functions explained and operated")
    SERVICE = "service", _("maintenance and first service explained")
    INTRODUCE = "introduce", _("advisor and care specialist introduced")
    CEREMONY = "ceremony", _("ceremony and photo")


LISTS = {  # the steps that go through a checklist
    Step.PAPERS: ChecklistKind.HAND_PAPERS,
    Step.FUNCTIONS: ChecklistKind.HAND_FUNCTIONS,
    Step.SERVICE: ChecklistKind.HAND_SERVICE,
}
