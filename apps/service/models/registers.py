"""What the reception writes down beside orders: rescues, cars that stay the night (SVC-13)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Vehicle
from apps.service.choices import RescueResult
from apps.service.models.repair_order import RepairOrder


@tracked()
class Rescue(models.Model):
    """A car that broke down outside, and who went there 外出救援 (SVC-13)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    called_at = models.DateTimeField(_("called at"))
    caller = models.CharField(_("caller"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20)
    plate = models.CharField(_("plate"), max_length=12, blank=True, db_default="")
    vehicle = models.ForeignKey(
        Vehicle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rescues",
        verbose_name=_("car"),
    )
    place = models.CharField(_("place"), max_length=120)
    trouble = models.CharField(_("what is wrong"), max_length=200, blank=True, db_default="")
    went = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who went"),
    )
    left_at = models.DateTimeField(_("set off at"), null=True, blank=True)
    back_at = models.DateTimeField(_("back at"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=20, choices=RescueResult, blank=True, db_default=""
    )
    cost_amount = models.DecimalField(
        _("cost"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside rescue")
        ordering = ["-called_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["", *RescueResult.values]),
                name="service_rescue_result_known",
            ),
            models.CheckConstraint(
                condition=Q(cost_amount=None) | Q(cost_amount__gte=0),
                name="service_rescue_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(back_at=None) | Q(left_at__lte=F("back_at")),
                name="service_rescue_back_after_leaving",
            ),
        ]
        indexes = [models.Index(fields=["store", "-called_at"], name="service_rescue_day")]

    def __str__(self) -> str:
        return f"{self.plate or self.caller} {self.place}"


@tracked()
class Overnight(models.Model):
    """Why a car in the house stays the night, and where its key hangs 过夜车辆 (SVC-13)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, related_name="nights", verbose_name=_("repair order")
    )
    on = models.DateField(_("night of"))
    reason = models.CharField(_("reason"), max_length=100)
    key_place = models.CharField(_("where the key is"), max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("car that stays the night")
        ordering = ["-on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "on"], name="service_overnight_once"),
        ]
        indexes = [models.Index(fields=["store", "-on"], name="service_overnight_day")]

    def __str__(self) -> str:
        return f"{self.order} {self.on}"
