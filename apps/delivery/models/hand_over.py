"""A sold car is handed over to its buyer: planned, prepared, done (DEL-01…05, 07…09)."""

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Vehicle
from apps.delivery.choices.hand_over import (
    COMING,
    HAND_OVER_MOVES,
    HOLDING,
    AgreedHow,
    HandOverStatus,
    ReadyPoint,
    Step,
)
from apps.delivery.models.numbers import DeliveryArea
from apps.reception.models import SalesOrder

DURING = Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())
DAY_OF_START = Func(
    F("starts_at"),
    template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date",
    output_field=models.DateField(),
)


def never_two(what: str, name: str) -> ExclusionConstraint:
    """No two hand-overs hold one area, or one consultant, at one time: the last wall."""
    return ExclusionConstraint(
        name=name,
        expressions=[(what, RangeOperators.EQUAL), (DURING, RangeOperators.OVERLAPS)],
        condition=Q(status__in=HOLDING),
    )


def _person(label: Any, *, empty: bool = True) -> Any:
    return models.ForeignKey(
        User, models.PROTECT, null=empty, blank=empty, related_name="+", verbose_name=label
    )


def frozen(condition: pgtrigger.Q | None = None) -> pgtrigger.Protect:
    """What the customer signed changes no more (DEL-05), whoever tries."""
    return pgtrigger.Protect(
        name="frozen", operation=pgtrigger.Update | pgtrigger.Delete, condition=condition
    )


@tracked()
class HandOver(models.Model):
    """The hand-over 交车 of the car of one order: when and where, how far, and how it went."""

    MOVES = HAND_OVER_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.OneToOneField(
        SalesOrder, models.PROTECT, related_name="hand_over", verbose_name=_("sales order")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=HandOverStatus, default=HandOverStatus.PLANNED
    )
    consultant = _person(_("sales consultant"), empty=False)
    area = models.ForeignKey(
        DeliveryArea, models.PROTECT, related_name="+", verbose_name=_("delivery area")
    )
    on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    is_vip = models.BooleanField(
        _("VIP or fleet customer"), db_default=False, help_text=_("DEL-04; a manager takes part")
    )
    agreed_how = models.CharField(
        _("time agreed with the customer"),
        max_length=20,
        choices=AgreedHow,
        blank=True,
        db_default="",
    )
    agreed_at = models.DateTimeField(_("time agreed at"), null=True, blank=True)
    agreed_by = _person(_("time agreed by"))
    told_at = models.DateTimeField(_("customer told of the delay at"), null=True, blank=True)
    told = models.CharField(
        _("what the customer was told"), max_length=200, blank=True, db_default=""
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    made_by = _person(_("planned by"), empty=False)
    made_at = models.DateTimeField(_("planned at"))
    cancelled = models.CharField(_("why cancelled"), max_length=200, blank=True, db_default="")
    # The car's papers, into the archive with the hand-over (DEL-07).
    plate = models.CharField(_("plate"), max_length=12, blank=True, db_default="")
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    insurer = models.CharField(_("insurance company"), max_length=60, blank=True, db_default="")
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    # The hand-over itself.
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    manager = _person(_("manager who took part"))
    advisor = _person(_("service advisor introduced"))
    care = _person(_("care specialist introduced"))
    no_photo = models.BooleanField(_("the customer wants no photo"), db_default=False)
    signature = models.UUIDField(_("signature"), null=True, blank=True)
    vehicle = models.OneToOneField(
        Vehicle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hand_over",
        verbose_name=_("car"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over")
        ordering = ["starts_at", "pk"]
        triggers = [frozen(pgtrigger.Q(old__status=HandOverStatus.FINISHED))]
        constraints = [
            never_two("area", "delivery_handover_area_never_two"),
            never_two("consultant", "delivery_handover_consultant_never_two"),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), on=DAY_OF_START),
                name="delivery_handover_takes_time_of_its_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=HandOverStatus.values, agreed_how__in=["", *AgreedHow.values]
                ),
                name="delivery_handover_words_known",
            ),
            models.CheckConstraint(
                condition=Q(agreed_how="", agreed_at=None, agreed_by=None)
                | ~Q(agreed_how="") & Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="delivery_handover_agreed_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[HandOverStatus.RUNNING, HandOverStatus.FINISHED])
                | Q(started_at__isnull=False),
                name="delivery_handover_run_since",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=HandOverStatus.FINISHED,
                    finished_at__gte=F("started_at"),
                    signature__isnull=False,
                    advisor__isnull=False,
                    care__isnull=False,
                    vehicle__isnull=False,
                )
                | ~Q(status=HandOverStatus.FINISHED)
                & Q(finished_at=None, signature=None, vehicle=None),
                name="delivery_handover_finished_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status=HandOverStatus.FINISHED, is_vip=True)
                | Q(manager__isnull=False),
                name="delivery_handover_vip_with_manager",
            ),
            models.CheckConstraint(
                condition=~Q(status=HandOverStatus.CANCELLED) | ~Q(cancelled=""),
                name="delivery_handover_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "on"], name="delivery_handover_day"),
            models.Index(
                fields=["store", "on"],
                condition=Q(status__in=COMING),
                name="delivery_handover_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%y%m%d}-{self.pk}"


@tracked()
class Readiness(models.Model):
    """A point of the preparation that is done (DEL-02); without its row it is not."""

    hand_over = models.ForeignKey(
        HandOver, models.CASCADE, related_name="ready", verbose_name=_("hand-over")
    )
    point = models.CharField(_("point"), max_length=20, choices=ReadyPoint)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("done by"))
    at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("preparation of a hand-over")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "point"], name="delivery_readiness_once"),
            models.CheckConstraint(
                condition=Q(point__in=ReadyPoint.values), name="delivery_readiness_point_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_point_display()


class HandOverStep(models.Model):
    """How long a step of a signed hand-over was planned to take, and took (DEL-08)."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="steps")
    step = models.CharField(_("step"), max_length=20, choices=Step)
    place = models.PositiveSmallIntegerField()
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"))
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"))

    class Meta:
        verbose_name = _("step of a hand-over")
        ordering = ["place"]
        triggers = [frozen()]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "step"], name="delivery_step_once"),
            models.CheckConstraint(
                condition=Q(started_at__lte=F("ended_at"), step__in=Step.values),
                name="delivery_step_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.get_step_display()

    @property
    def minutes(self) -> int:
        return round((self.ended_at - self.started_at).total_seconds() / 60)


class HandOverPhoto(models.Model):
    """A picture of the ceremony."""

    hand_over = models.ForeignKey(HandOver, models.CASCADE, related_name="photos")
    stored = models.UUIDField(unique=True)
    at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("photo of a hand-over")
        ordering = ["pk"]
        triggers = [frozen()]

    def __str__(self) -> str:
        return str(self.stored)
