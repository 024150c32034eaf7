"""What the workshop does and what it needs for it, with times, prices and stock (SVC-06, 08)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.service.choices import RepairKind, Skill, SupplyKind
from apps.service.models.capacity import STEP


@tracked()
class Part(models.Model):
    """A spare part by its number, and how many lie in the store 配件 (SVC-06)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    number = models.CharField(_("part number"), max_length=40)
    name = models.CharField(_("name of the part"), max_length=80)
    unit = models.CharField(_("unit"), max_length=10, default="件")
    price_amount = models.DecimalField(_("price"), max_digits=10, decimal_places=2)
    stock = models.PositiveIntegerField(_("in stock"), default=0)
    reorder_at = models.PositiveIntegerField(_("reorder at"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("part")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="service_part_number_once"),
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="service_part_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


@tracked()
class Operation(models.Model):
    """A kind of work with its standard time and price 作业项目 (SVC-08)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    code = models.CharField(_("operation code"), max_length=20)
    name = models.CharField(_("name of the operation"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=RepairKind)
    skill = models.CharField(_("skill"), max_length=20, choices=Skill)
    minutes = models.PositiveSmallIntegerField(
        _("standard minutes"), validators=[MinValueValidator(STEP), MaxValueValidator(1440)]
    )
    price_amount = models.DecimalField(_("labour price"), max_digits=10, decimal_places=2)
    active = models.BooleanField(_("in use"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="service_operation_code_once"),
            models.CheckConstraint(
                condition=Q(price_amount__gte=0), name="service_operation_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(STEP, 1440)), name="service_operation_minutes_possible"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RepairKind.values, skill__in=Skill.values),
                name="service_operation_words_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OperationPart(models.Model):
    """How many of a part an operation usually takes."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "part"], name="service_operationpart_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="service_operationpart_some"),
        ]

    def __str__(self) -> str:
        return f"{self.part} × {self.quantity}"


@tracked()
class PartSupply(models.Model):
    """Pieces of a part that are on their way: ordered, or from another store (SVC-06)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    part = models.ForeignKey(Part, models.PROTECT, related_name="supplies", verbose_name=_("part"))
    kind = models.CharField(_("kind"), max_length=20, choices=SupplyKind)
    quantity = models.PositiveIntegerField(_("pieces"), validators=[MinValueValidator(1)])
    expected_on = models.DateField(_("expected on"))
    arrived_on = models.DateField(_("arrived on"), null=True, blank=True)
    cancelled = models.BooleanField(_("cancelled"), db_default=False)
    note = models.CharField(
        _("order number or other store"), max_length=80, blank=True, db_default=""
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("ordered by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("supply of parts")
        ordering = ["expected_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SupplyKind.values), name="service_partsupply_kind_known"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="service_partsupply_some"),
            models.CheckConstraint(
                condition=Q(arrived_on=None) | Q(cancelled=False),
                name="service_partsupply_arrived_or_cancelled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["part", "expected_on"],
                condition=Q(arrived_on=None, cancelled=False),
                name="service_partsupply_expected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} × {self.quantity}"
