"""Quotations, one a scheme, and the dated rows they are reckoned with (REC-07)."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.reception.choices.order import Energy
from apps.reception.choices.quotation import (
    MEANING,
    QUOTATION_MOVES,
    SETTLED,
    TAKEN_OFF,
    WORKED_OUT,
    Approval,
    LineKind,
    QuotationStatus,
)
from apps.reception.models.opportunity import Opportunity
from apps.reception.models.sheet import CarModel, Trim
from apps.reception.policy import quotation as policy
from apps.reception.policy.loan import HIGHEST, LEAST, LONGEST


def percent(label: Any, most: int | Decimal = 100, **more: Any) -> Any:
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(most)],
        **more,
    )


def money(label: Any, **more: Any) -> Any:
    return models.DecimalField(
        label, max_digits=10, decimal_places=2, validators=[MinValueValidator(0)], **more
    )


@tracked()
class PurchaseTax(models.Model):
    """The purchase tax of cars 车辆购置税 from a day on (车辆购置税法; relief of new energy)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    rate_percent = percent(_("rate, per cent of the price without VAT"), default=10)
    vat_percent = percent(_("VAT in the price, per cent"), default=13)
    relief_percent = percent(_("new energy: part of the tax that is waived, per cent"), default=0)
    relief_cap_amount = money(_("new energy: waived at most for one car"), default=0)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase tax")
        ordering = ["effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="reception_tax_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    rate_percent__range=(0, 100),
                    vat_percent__range=(0, 100),
                    relief_percent__range=(0, 100),
                    relief_cap_amount__gte=0,
                ),
                name="reception_tax_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_from}"


@tracked()
class LoanProduct(models.Model):
    """A loan that a lender offers our customers, on the days on which it is offered."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    name = models.CharField(_("name of the loan"), max_length=40)
    lender = models.CharField(_("lender"), max_length=40)
    car_model = models.ForeignKey(
        CarModel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for the model"),
    )
    annual_percent = percent(
        _("annual rate, per cent"),
        HIGHEST,
        help_text=_("simple annual rate as the lender has to state it; 0: without interest"),
    )
    terms = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("months to choose from"))
    least_down_percent = percent(_("down payment at least, per cent"), default=20)
    most_amount = money(_("loan at most"), null=True, blank=True)
    effective_from = models.DateField(_("offered from"))
    until = models.DateField(_("offered until"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan product")
        ordering = ["annual_percent", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    annual_percent__range=(0, HIGHEST),
                    least_down_percent__gte=0,
                    least_down_percent__lt=100,
                    terms__len__gt=0,
                    terms__contained_by=list(range(1, LONGEST + 1)),
                ),
                name="reception_loan_in_range",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("effective_from")),
                name="reception_loan_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender} {self.name}"


@tracked()
class Quotation(models.Model):
    """One purchase scheme 购车方案 for one opportunity; its lines say what it consists of.

    What was worked out is kept as the customer was told it: rates that change later change no
    quotation.
    """

    MOVES = QUOTATION_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="quotations", verbose_name=_("opportunity")
    )
    place = models.PositiveSmallIntegerField(_("scheme"))
    name = models.CharField(_("name of the scheme"), max_length=40, blank=True, db_default="")
    status = models.CharField(
        _("status"), max_length=20, choices=QuotationStatus, default=QuotationStatus.OPEN
    )
    trim = models.ForeignKey(
        Trim, models.PROTECT, related_name="+", verbose_name=_("configuration")
    )
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    energy = models.CharField(_("drive"), max_length=10, choices=Energy)
    guide_amount = money(_("guide price"))
    invoice_amount = money(_("price on the invoice"))
    tax_base_amount = money(_("price without VAT"))
    tax_relief_amount = money(_("tax waived"))
    given_amount = money(_("given by the house"))
    total_amount = money(_("altogether"))
    loan_product = models.ForeignKey(
        LoanProduct, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("loan")
    )
    annual_percent = percent(_("annual rate, per cent"), HIGHEST, null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    down_percent = percent(_("down payment, per cent"), null=True, blank=True)
    loan_amount = money(_("amount of the loan"), null=True, blank=True)
    monthly_amount = money(_("monthly instalment"), null=True, blank=True)
    last_amount = money(_("last instalment"), null=True, blank=True)
    valid_until = models.DateField(_("holds until"))
    remark = models.CharField(_("remark for the customer"), max_length=200, blank=True, default="")
    approval = models.CharField(
        _("discount"), max_length=20, choices=Approval, default=Approval.NOT_NEEDED
    )
    reason = models.CharField(_("why so much"), max_length=200, blank=True, db_default="")
    asked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("words of the manager"), max_length=200, blank=True, default="")
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    accepted_at = models.DateTimeField(_("chosen at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        ordering = ["opportunity", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "place"], name="reception_quotation_numbered"
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(status=QuotationStatus.ACCEPTED),
                name="reception_quotation_one_chosen",
            ),
            models.CheckConstraint(
                condition=Q(guide_amount__gt=0, invoice_amount__gt=0, given_amount__gte=0)
                & Q(invoice_amount__lte=F("guide_amount"), total_amount__gte=0),
                name="reception_quotation_amounts",
            ),
            models.CheckConstraint(
                condition=Q(loan_product=None, annual_percent=None, months=None, down_percent=None)
                & Q(loan_amount=None, monthly_amount=None, last_amount=None)
                | Q(loan_product__isnull=False, annual_percent__range=(0, HIGHEST))
                & Q(months__range=(1, LONGEST), down_percent__gte=0, down_percent__lt=100)
                & Q(loan_amount__gte=LEAST, loan_amount__lte=F("invoice_amount"))
                & Q(monthly_amount__gt=0, last_amount__gt=0),
                name="reception_quotation_loan_whole",
            ),
            models.CheckConstraint(
                condition=Q(approval=Approval.NOT_NEEDED)
                | Q(approval=Approval.WAITING, asked_by__isnull=False, asked_at__isnull=False)
                | Q(approval__in=[Approval.APPROVED, Approval.SENT_BACK])
                & Q(asked_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("asked_by")),
                name="reception_quotation_never_approved_by_who_asks",
            ),
            models.CheckConstraint(
                condition=~Q(status=QuotationStatus.ACCEPTED)
                | Q(approval__in=SETTLED, accepted_at__isnull=False),
                name="reception_quotation_chosen_when_settled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "asked_at"],
                condition=Q(approval=Approval.WAITING),
                name="reception_quotation_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%y%m%d}-{self.opportunity_id}-{self.place}"

    @property
    def is_settled(self) -> bool:
        """Nothing of it waits for a manager: the customer may have it."""
        return self.approval in SETTLED

    @property
    def instalments_amount(self) -> Decimal:
        """All instalments together; without a loan nothing."""
        if self.months is None:
            return Decimal("0.00")
        return Decimal(self.monthly_amount * (self.months - 1) + self.last_amount)

    @property
    def at_once_amount(self) -> Decimal:
        """What the customer pays by the day of delivery."""
        return Decimal(self.total_amount) - self.instalments_amount

    @property
    def down_amount(self) -> Decimal:
        return Decimal(self.invoice_amount) - (self.loan_amount or Decimal(0))

    @property
    def given_percent(self) -> Decimal:
        return policy.percent_of(self.given_amount, self.guide_amount)


@tracked()
class QuotationLine(models.Model):
    """One item of a quotation, and whether it was explained to the customer."""

    quotation = models.ForeignKey(
        Quotation, models.CASCADE, related_name="lines", verbose_name=_("quotation")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    kind = models.CharField(_("kind"), max_length=20, choices=LineKind)
    name = models.CharField(_("item"), max_length=60, blank=True, db_default="")
    amount = money(_("amount"))
    remark = models.CharField(_("remark"), max_length=80, blank=True, db_default="")
    explained_at = models.DateTimeField(_("explained at"), null=True, blank=True)
    explained_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("explained by"),
    )

    class Meta:
        verbose_name = _("line of a quotation")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["quotation", "kind"],
                condition=Q(kind__in=WORKED_OUT),
                name="reception_quotationline_worked_out_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, kind__in=LineKind.values),
                name="reception_quotationline_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(explained_at=None, explained_by=None)
                | Q(explained_at__isnull=False, explained_by__isnull=False),
                name="reception_quotationline_explained_by_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def is_taken_off(self) -> bool:
        return self.kind in TAKEN_OFF

    @property
    def meaning(self) -> str:
        """What the consultant says about it."""
        return str(MEANING[LineKind(self.kind)])

    @property
    def signed_amount(self) -> Decimal:
        return policy.signed(self.kind, self.amount)
