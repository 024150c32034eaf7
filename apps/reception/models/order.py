"""New cars of the store and the contracts about them (REC-08, REC-12)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.customers.vins import check_digit_holds
from apps.reception.choices.order import (
    LIVE,
    ORDER_MOVES,
    OrderCancelReason,
    OrderStatus,
    PaidHow,
    StockStatus,
)
from apps.reception.models.opportunity import Opportunity
from apps.reception.models.quotation import Quotation
from apps.reception.models.sheet import Trim


@tracked()
class StockCar(models.Model):
    """A new car that the store has or gets: what a contract is given."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    vin = models.CharField(_("VIN"), max_length=17)
    trim = models.ForeignKey(
        Trim, models.PROTECT, related_name="+", verbose_name=_("configuration")
    )
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    engine_number = models.CharField(_("engine number"), max_length=40, blank=True, db_default="")
    status = models.CharField(
        _("status"), max_length=20, choices=StockStatus, default=StockStatus.HERE
    )
    arrived_on = models.DateField(_("arrived on"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("car in stock")
        ordering = ["arrived_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "vin"], name="reception_stockcar_once"),
            models.CheckConstraint(
                condition=Q(status__in=StockStatus.values), name="reception_stockcar_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.vin

    @property
    def vin_is_odd(self) -> bool:
        """Its check digit is wrong: a warning (CUS-02)."""
        return not check_digit_holds(self.vin)


@tracked()
class SalesOrder(models.Model):
    """A contract of sale 订单/购车合同 (REC-08)."""

    MOVES = ORDER_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="orders", verbose_name=_("opportunity")
    )
    quotation = models.ForeignKey(
        Quotation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("quotation"),
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="sales_orders", verbose_name=_("customer")
    )
    consultant = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("sales consultant")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus, default=OrderStatus.DRAFT
    )
    trim = models.ForeignKey(
        Trim, models.PROTECT, related_name="+", verbose_name=_("configuration")
    )
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    price_amount = models.DecimalField(_("price of the car"), max_digits=10, decimal_places=2)
    deposit_amount = models.DecimalField(
        _("deposit"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    paid_how = models.CharField(
        _("deposit paid how"), max_length=20, choices=PaidHow, blank=True, db_default=""
    )
    insurance_amount = models.DecimalField(
        _("insurance bought here"), max_digits=10, decimal_places=2, default=0, db_default=0
    )
    accessories_amount = models.DecimalField(
        _("accessories bought here"), max_digits=10, decimal_places=2, default=0, db_default=0
    )
    made_at = models.DateTimeField(_("made at"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    deposited_at = models.DateTimeField(_("deposit paid at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    promised_on = models.DateField(_("promised delivery"), null=True, blank=True)
    stock_car = models.ForeignKey(
        StockCar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("car given"),
    )
    copy_given_at = models.DateTimeField(_("copy handed to the customer"), null=True, blank=True)
    cancel_reason = models.CharField(
        _("why cancelled"), max_length=20, choices=OrderCancelReason, blank=True, db_default=""
    )
    cancel_note = models.CharField(
        _("remark to the cancellation"), max_length=200, blank=True, db_default=""
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    vehicle = models.ForeignKey(
        Vehicle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sales_orders",
        verbose_name=_("car of the archive"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales order")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stock_car"],
                condition=~Q(status=OrderStatus.CANCELLED),
                name="reception_order_car_given_once",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=~Q(status=OrderStatus.CANCELLED),
                name="reception_order_one_of_opportunity",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="reception_order_status_known"
            ),
            models.CheckConstraint(
                condition=Q(price_amount__gt=0, insurance_amount__gte=0, accessories_amount__gte=0)
                & (Q(deposit_amount=None) | Q(deposit_amount__gt=0)),
                name="reception_order_amounts_positive",
            ),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.DELIVERED)
                | Q(stock_car__isnull=False, delivered_at__isnull=False),
                name="reception_order_delivered_with_car",
            ),
            models.CheckConstraint(
                condition=Q(paid_how__in=["", *PaidHow.values])
                & Q(cancel_reason__in=["", *OrderCancelReason.values]),
                name="reception_order_words_known",
            ),
            models.CheckConstraint(
                condition=Q(deposited_at=None)
                | Q(deposit_amount__isnull=False, signed_at__isnull=False),
                name="reception_order_deposit_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.DRAFT, signed_at=None)
                | Q(status=OrderStatus.CANCELLED)
                | Q(signed_at__isnull=False),
                name="reception_order_signed_when_no_draft",
            ),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.CANCELLED, cancelled_at__isnull=False)
                & Q(cancel_reason__in=OrderCancelReason.values)
                | ~Q(status=OrderStatus.CANCELLED) & Q(cancelled_at=None, cancel_reason=""),
                name="reception_order_cancelled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-made_at"], name="reception_order_of_store"),
            models.Index(
                fields=["store", "delivered_at"],
                condition=Q(status=OrderStatus.DELIVERED),
                name="reception_order_delivered",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.made_at):%y%m%d}-{self.pk}"

    @property
    def number(self) -> str:
        return str(self)

    @property
    def is_live(self) -> bool:
        """Neither delivered nor cancelled."""
        return self.status in LIVE
