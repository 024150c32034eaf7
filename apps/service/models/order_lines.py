"""What an order made here consists of: its lines, its stages, its quality checks (SVC-08…10)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.history import tracked
from apps.service.choices import NOT_NOW, ApprovedHow, LineState, Stage
from apps.service.models.capacity import Technician
from apps.service.models.catalogue import Operation, Part
from apps.service.models.repair_order import RepairOrder


class Line(models.Model):
    """What work and parts of an order have in common: a price, and what the customer says."""

    state = models.CharField(
        _("state"), max_length=20, choices=LineState, default=LineState.PROPOSED
    )
    recommended = models.BooleanField(
        _("recommended by us"), default=False, help_text=_("not what the customer came for")
    )
    price_amount = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    decided_how = models.CharField(
        _("answered how"), max_length=20, choices=ApprovedHow, blank=True, db_default=""
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer noted by"),
    )

    class Meta:
        abstract = True

    @property
    def is_owed(self) -> bool:
        """The customer pays for it."""
        return self.state == LineState.APPROVED

    @property
    def amount(self) -> Decimal:
        return self.price_amount


def answered_or_open(name: str) -> models.CheckConstraint:
    """A line that is decided says when and how; one that is proposed has no answer."""
    return models.CheckConstraint(
        condition=Q(state=LineState.PROPOSED, decided_at=None, decided_how="")
        | Q(
            state__in=[s for s in LineState.values if s != LineState.PROPOSED],
            decided_at__isnull=False,
            decided_how__in=ApprovedHow.values,
        ),
        name=name,
    )


@tracked()
class RepairWork(Line):
    """One piece of work of an order, with its standard time and price (SVC-08)."""

    order = models.ForeignKey(
        RepairOrder, models.CASCADE, related_name="work", verbose_name=_("repair order")
    )
    operation = models.ForeignKey(
        Operation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operation"),
    )
    name = models.CharField(_("name of the operation"), max_length=80)
    minutes = models.PositiveSmallIntegerField(
        _("standard minutes"), validators=[MaxValueValidator(1440)]
    )
    technician = models.ForeignKey(
        Technician,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technician"),
    )
    done_at = models.DateTimeField(_("work done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("work of an order")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="service_repairwork_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(state=LineState.APPROVED),
                name="service_repairwork_done_when_approved",
            ),
            answered_or_open("service_repairwork_answered_or_open"),
        ]
        indexes = [
            models.Index(
                fields=["order"],
                condition=Q(state__in=NOT_NOW),
                name="service_repairwork_not_now",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class RepairPart(Line):
    """Pieces of a part for an order; issued, they have left the stock (SVC-06, SVC-08)."""

    order = models.ForeignKey(
        RepairOrder, models.CASCADE, related_name="parts", verbose_name=_("repair order")
    )
    work = models.ForeignKey(
        RepairWork,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("for the work"),
    )
    part = models.ForeignKey(Part, models.PROTECT, related_name="+", verbose_name=_("part"))
    quantity = models.PositiveSmallIntegerField(_("pieces"), validators=[MinValueValidator(1)])
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of an order")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="service_repairpart_some"),
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="service_repairpart_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None) | Q(state=LineState.APPROVED),
                name="service_repairpart_issued_when_approved",
            ),
            answered_or_open("service_repairpart_answered_or_open"),
        ]
        indexes = [
            models.Index(
                fields=["part"],
                condition=Q(issued_at=None, state__in=[LineState.PROPOSED, LineState.APPROVED]),
                name="service_repairpart_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} × {self.quantity}"

    @property
    def amount(self) -> Decimal:
        return self.price_amount * self.quantity


class StageChange(models.Model):
    """A car came to a stage of the workshop: when, and who said so (SVC-09). Never changed."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("change of stage")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.get_stage_display()}"


class QualityCheck(models.Model):
    """What the check after the work found; not passed means rework (SVC-09). Never changed."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, related_name="checks")
    passed = models.BooleanField()
    findings = models.CharField(max_length=500, blank=True, db_default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("quality check")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(findings=""),
                name="service_qualitycheck_says_what_is_wrong",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.at:%F %H:%M}"
