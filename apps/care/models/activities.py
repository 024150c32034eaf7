"""The care activity of a month: planned, invited to, held, evaluated (CARE-12)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.care.activity_choices import (
    ACTIVITY_MOVES,
    TOOK_PLACE,
    ActivityStatus,
    Answer,
    Invited,
)
from apps.care.models.calls import Call
from apps.care.models.campaigns import Campaign
from apps.core.history import tracked
from apps.customers.models import Customer


def _person(label: Any, *, empty: bool = True) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=empty,
        blank=empty,
        related_name="+",
        verbose_name=label,
    )


def _amount(label: Any, *, empty: bool = False) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(
        label,
        max_digits=10,
        decimal_places=2,
        null=empty,
        blank=empty,
        validators=[MinValueValidator(0)],
    )


@tracked()
class Activity(models.Model):
    """One care activity 关怀活动: what, when, where, for how much, and what came of it."""

    MOVES = ACTIVITY_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    name = models.CharField(_("name of the activity"), max_length=80)
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=120)
    capacity = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("empty: as many as come"),
        validators=[MinValueValidator(1)],
    )
    budget_amount = _amount(_("budget"))
    plan = models.TextField(_("plan"), max_length=2000)
    sales_part = models.CharField(
        _("part of sales and market"), max_length=300, blank=True, db_default=""
    )
    service_part = models.CharField(
        _("part of the workshop"), max_length=300, blank=True, db_default=""
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ActivityStatus, db_default=ActivityStatus.PLANNED
    )
    campaign = models.OneToOneField(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activity",
        verbose_name=_("invitation by message"),
    )
    made_by = _person(_("planned by"), empty=False)
    made_at = models.DateTimeField(_("planned at"))
    cancelled = models.CharField(_("why cancelled"), max_length=200, blank=True, db_default="")
    spent_amount = _amount(_("spent"), empty=True)
    summary = models.TextField(_("summary"), max_length=2000, blank=True, db_default="")
    evaluation = models.TextField(_("evaluation"), max_length=2000, blank=True, db_default="")
    evaluated_by = _person(_("evaluated by"))
    evaluated_at = models.DateTimeField(_("evaluated at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("care activity")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ActivityStatus.values), name="care_activity_status_known"
            ),
            models.CheckConstraint(
                condition=Q(budget_amount__gte=0)
                & (Q(spent_amount=None) | Q(spent_amount__gte=0))
                & (Q(capacity=None) | Q(capacity__gte=1)),
                name="care_activity_possible",
            ),
            models.CheckConstraint(
                condition=~Q(status=ActivityStatus.CANCELLED) | ~Q(cancelled=""),
                name="care_activity_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=ActivityStatus.EVALUATED, evaluated_at__isnull=False)
                & ~Q(summary="")
                & ~Q(evaluation="")
                & Q(evaluated_by__isnull=False, spent_amount__isnull=False)
                | ~Q(status=ActivityStatus.EVALUATED)
                & Q(evaluated_at=None, evaluated_by=None, spent_amount=None),
                name="care_activity_evaluated_whole",
            ),
        ]
        indexes = [models.Index(fields=["store", "-on", "-id"], name="care_activity_of_store")]

    def __str__(self) -> str:
        return self.name

    @property
    def month(self) -> date:
        return self.on.replace(day=1)

    @property
    def took_place(self) -> bool:
        return self.status in TOOK_PLACE


class ParticipantQuerySet(StoreQuerySet):
    def taken(self) -> int:
        """How many places those who signed up take."""
        signed_up = self.filter(answer=Answer.SIGNED_UP).order_by()
        return int(signed_up.aggregate(n=Sum("people", default=0))["n"])


@tracked()
class Participant(models.Model):
    """One customer who was asked to an activity or came to it, with what he said."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="participants", verbose_name=_("care activity")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="participations", verbose_name=_("customer")
    )
    invited = models.CharField(_("invited"), max_length=12, choices=Invited)
    call = models.OneToOneField(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participant",
        verbose_name=_("inviting call"),
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True, db_default="")
    people = models.PositiveSmallIntegerField(_("number of people"), db_default=1, default=1)
    answered_by = _person(_("answer noted by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    attended_at = models.DateTimeField(_("was there at"), null=True, blank=True)
    attended_by = _person(_("seen by"))

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "customer"], name="care_participant_once"),
            models.CheckConstraint(
                condition=Q(invited__in=Invited.values, people__range=(1, 20)),
                name="care_participant_possible",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer__in=Answer.values, answered_at__isnull=False)
                & Q(answered_by__isnull=False),
                name="care_participant_answered_by_one",
            ),
            models.CheckConstraint(
                condition=Q(attended_at=None, attended_by=None)
                | Q(attended_at__isnull=False, attended_by__isnull=False),
                name="care_participant_seen_by_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} – {self.activity}"


class ActivityPhoto(models.Model):
    """A picture of an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos")
    stored = models.UUIDField(unique=True)
    by = _person(_("by"), empty=False)
    at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("photo of a care activity")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.stored)
