"""A car in the workshop: imported history and the orders made here are one table (SVC-08…12)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.service.choices import (
    IN_HOUSE,
    STAGE_MOVES,
    ApprovedHow,
    HandBackPoint,
    Outcome,
    PaidHow,
    RepairKind,
    Stage,
)
from apps.service.models.appointment import Appointment
from apps.service.models.capacity import Bay, Technician

MADE_HERE = ~Q(status="")


def quiet_link(to: type[models.Model], label: Any, related_name: str = "+") -> Any:
    """A link that imported history does not have: no index of millions of empty values."""
    return models.ForeignKey(
        to,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name=related_name,
        verbose_name=label,
    )


@tracked()
class RepairOrder(models.Model):
    """A car in the workshop, from coming in to its settlement, the visit's day (SVC-12).

    Imported and typed history has only the first columns, and no ``status``.
    """

    MOVES = STAGE_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    number = models.CharField(_("order number"), max_length=40)
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="repair_orders")
    kind = models.CharField(_("kind"), max_length=20, choices=RepairKind)
    in_on = models.DateField(_("came in"), null=True, blank=True)
    out_on = models.DateField(
        _("settled"), null=True, blank=True, help_text=_("empty: the car is in the workshop")
    )
    km = models.PositiveIntegerField(_("mileage"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    advisor = models.CharField(_("service advisor"), max_length=40, blank=True, db_default="")
    source = models.CharField(_("source"), max_length=20, db_default="import")
    # Of an order made here.
    status = models.CharField(_("stage"), max_length=20, choices=Stage, blank=True, db_default="")
    appointment = quiet_link(Appointment, _("appointment"), related_name="orders")
    customer = quiet_link(Customer, _("brought by"), related_name="orders_brought")
    advisor_user = quiet_link(User, _("service advisor"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    complaints = models.TextField(_("complaints of the customer"), blank=True, db_default="")
    diagnosis = models.TextField(_("diagnosis"), blank=True, db_default="")
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_how = models.CharField(
        _("approved how"), max_length=20, choices=ApprovedHow, blank=True, db_default=""
    )
    technician = quiet_link(Technician, _("technician"))
    bay = quiet_link(Bay, _("bay"))
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome, blank=True, db_default=""
    )
    discount_amount = models.DecimalField(
        _("discount"), max_digits=10, decimal_places=2, default=0, db_default=0
    )
    paid_how = models.CharField(
        _("paid how"), max_length=20, choices=PaidHow, blank=True, db_default=""
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = quiet_link(User, _("settled by"))
    points = ArrayField(
        models.CharField(max_length=20, choices=HandBackPoint),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("done at the hand-back"),
    )
    closed_at = models.DateTimeField(_("handed back at"), null=True, blank=True)
    closed_by = quiet_link(User, _("handed back by"))
    version = models.PositiveIntegerField(
        _("version"),
        default=1,
        db_default=1,
        help_text=_("counts changes: two tabs do not overwrite"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("repair order")
        ordering = ["-out_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="service_repairorder_once"),
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(appointment__isnull=False),
                name="service_repairorder_of_appointment",
            ),
            models.UniqueConstraint(
                fields=["vehicle"],
                condition=Q(status__in=IN_HOUSE),
                name="service_repairorder_one_open_of_car",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RepairKind.values), name="service_repairorder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(in_on=None) | Q(out_on=None) | Q(in_on__lte=F("out_on")),
                name="service_repairorder_in_before_out",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["", *Stage.values])
                & Q(outcome__in=["", *Outcome.values])
                & Q(approved_how__in=["", *ApprovedHow.values])
                & Q(paid_how__in=["", *PaidHow.values]),
                name="service_repairorder_words_known",
            ),
            models.CheckConstraint(
                condition=Q(status="")
                | Q(opened_at__isnull=False, in_on__isnull=False, customer__isnull=False),
                name="service_repairorder_opened_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="")
                | Q(status=Stage.CLOSED, out_on__isnull=False, closed_at__isnull=False)
                & Q(settled_at__isnull=False, outcome__in=Outcome.values)
                | Q(status__in=IN_HOUSE, out_on=None, closed_at=None),
                name="service_repairorder_out_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, paid_how="")
                | Q(settled_at__isnull=False, amount__isnull=False, paid_how__in=PaidHow.values),
                name="service_repairorder_settled_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_how="")
                | Q(approved_at__isnull=False, approved_how__in=ApprovedHow.values),
                name="service_repairorder_approved_somehow",
            ),
            models.CheckConstraint(
                condition=Q(discount_amount__gte=0), name="service_repairorder_discount_not_less"
            ),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-out_on"], name="service_repairorder_of_car"),
            models.Index(fields=["store", "-out_on"], name="service_repairorder_day"),
            models.Index(
                fields=["store", "promised_at"],
                condition=Q(status__in=IN_HOUSE),
                name="service_repairorder_in_house",
            ),
            models.Index(
                fields=["store", "opened_at"],
                condition=MADE_HERE,
                name="service_repairorder_opened",
            ),
            models.Index(
                fields=["store", "in_on"],
                condition=MADE_HERE,
                name="service_repairorder_came_in",
            ),
            models.Index(
                fields=["store", "closed_at"],
                condition=Q(status=Stage.CLOSED),
                name="service_repairorder_closed",
            ),
            models.Index(
                fields=["customer"],
                condition=Q(customer__isnull=False),
                name="service_repairorder_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def in_house(self) -> bool:
        """Made here and not handed back yet."""
        return self.status in IN_HOUSE
