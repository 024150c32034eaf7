"""What belongs to a contract: papers, the loan, the car taken in part exchange (REC-06, REC-08)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.reception.choices.order import (
    LOAN_ENDED,
    LOAN_MOVES,
    CarPaper,
    Condition,
    LoanPaper,
    LoanStatus,
    PaperCheck,
    PaperKind,
)
from apps.reception.models.order import SalesOrder


@tracked(exclude=("number_sealed",))
class OrderPaper(models.Model):
    """A paper of the buyer that was looked at, and what was checked of it (REC-06)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.ForeignKey(
        SalesOrder, models.PROTECT, related_name="papers", verbose_name=_("sales order")
    )
    kind = models.CharField(_("paper"), max_length=20, choices=PaperKind)
    number_sealed = models.CharField(_("number of the paper"), max_length=200, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    checks = ArrayField(
        models.CharField(max_length=20, choices=PaperCheck),
        default=list,
        blank=True,
        verbose_name=_("checked"),
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("checked at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a buyer")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="reception_paper_once"),
            models.CheckConstraint(
                condition=Q(kind__in=PaperKind.values, checks__contained_by=PaperCheck.values),
                name="reception_paper_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_kind_display()}"


@tracked()
class LoanApplication(models.Model):
    """A loan asked for, with its papers, and what the bank said (REC-08)."""

    MOVES = LOAN_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.ForeignKey(
        SalesOrder, models.PROTECT, related_name="loans", verbose_name=_("sales order")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=LoanStatus, default=LoanStatus.PREPARING
    )
    lender = models.CharField(_("bank"), max_length=60)
    amount = models.DecimalField(_("amount of the loan"), max_digits=10, decimal_places=2)
    months = models.PositiveSmallIntegerField(_("term, months"))
    papers = ArrayField(
        models.CharField(max_length=20, choices=LoanPaper),
        default=list,
        blank=True,
        verbose_name=_("papers there"),
    )
    note = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered at"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    paid_out_at = models.DateTimeField(_("paid out at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan application")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status__in=LOAN_ENDED),
                name="reception_loan_one_running",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LoanStatus.values, papers__contained_by=LoanPaper.values),
                name="reception_loan_words_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, months__range=(1, 96)), name="reception_loan_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender} {self.amount}"


@tracked()
class TradeIn(models.Model):
    """The buyer's used car, verified and valued (REC-06)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.OneToOneField(
        SalesOrder, models.PROTECT, related_name="trade_in", verbose_name=_("sales order")
    )
    plate = models.CharField(_("plate"), max_length=10)
    vin = models.CharField(_("VIN"), max_length=17)
    model = models.CharField(_("model"), max_length=60)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    km = models.PositiveIntegerField(_("mileage"))
    papers = ArrayField(
        models.CharField(max_length=20, choices=CarPaper),
        default=list,
        blank=True,
        verbose_name=_("papers verified"),
    )
    condition = models.CharField(_("condition"), max_length=20, choices=Condition)
    findings = models.CharField(_("what was found"), max_length=500, blank=True, db_default="")
    value_amount = models.DecimalField(
        _("valuation"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    valued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("valued by")
    )
    valued_at = models.DateTimeField(_("valued at"), null=True, blank=True)
    is_agreed = models.BooleanField(_("customer agrees to the valuation"), default=False)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("car taken in part exchange")
        constraints = [
            models.CheckConstraint(
                condition=Q(condition__in=Condition.values, papers__contained_by=CarPaper.values),
                name="reception_tradein_words_known",
            ),
            models.CheckConstraint(
                condition=Q(value_amount=None, valued_by=None, valued_at=None, is_agreed=False)
                | Q(value_amount__gt=0, valued_by__isnull=False, valued_at__isnull=False),
                name="reception_tradein_valued_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {self.model}"
