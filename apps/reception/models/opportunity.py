"""A purchase intention, what was said about it, and what is promised (REC-03, 10, 11)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Customer
from apps.reception.choices.opportunity import (
    OPPORTUNITY_MOVES,
    WORKED,
    BuyingPurpose,
    ClockKind,
    ContactHow,
    Level,
    LostReason,
    OpportunityStatus,
    PayMode,
)
from apps.reception.choices.visit import Source
from apps.reception.models.sheet import CarModel, Trim


@tracked()
class Opportunity(models.Model):
    """One purchase that a customer thinks of 意向/商机: needs, level, next contact (REC-03)."""

    MOVES = OPPORTUNITY_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="opportunities", verbose_name=_("customer")
    )
    consultant = models.ForeignKey(
        User, models.PROTECT, related_name="opportunities", verbose_name=_("sales consultant")
    )
    source = models.CharField(_("source"), max_length=20, choices=Source)
    status = models.CharField(
        _("status"), max_length=20, choices=OpportunityStatus, default=OpportunityStatus.OPEN
    )
    level = models.CharField(_("level"), max_length=1, choices=Level, default=Level.B)
    car_model = models.ForeignKey(
        CarModel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("model")
    )
    trim = models.ForeignKey(
        Trim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("configuration"),
    )
    colour = models.CharField(_("colour"), max_length=40, blank=True, db_default="")
    purpose = models.CharField(
        _("what the car is for"), max_length=20, choices=BuyingPurpose, blank=True, db_default=""
    )
    budget_amount = models.DecimalField(
        _("budget up to"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    pay_mode = models.CharField(
        _("payment"), max_length=20, choices=PayMode, default=PayMode.UNDECIDED
    )
    current_car = models.CharField(_("present car"), max_length=60, blank=True, db_default="")
    decides_on = models.DateField(_("wants to decide by"), null=True, blank=True)
    needs = models.CharField(_("what matters to him"), max_length=500, blank=True, db_default="")
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    follow_up_on = models.DateField(_("next contact"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    lost_reason = models.CharField(
        _("why lost"), max_length=20, choices=LostReason, blank=True, db_default=""
    )
    lost_to = models.CharField(_("bought instead"), max_length=60, blank=True, db_default="")
    lost_note = models.CharField(_("what was tried"), max_length=200, blank=True, db_default="")
    lost_proposed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("proposed as lost by"),
    )
    lost_proposed_at = models.DateTimeField(_("proposed as lost at"), null=True, blank=True)
    lost_decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("decided by"),
    )
    lost_answer = models.CharField(
        _("what is to be tried yet"), max_length=200, blank=True, db_default=""
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        ordering = ["follow_up_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    source__in=Source.values,
                    status__in=OpportunityStatus.values,
                    level__in=Level.values,
                    pay_mode__in=PayMode.values,
                ),
                name="reception_opportunity_words_known",
            ),
            models.CheckConstraint(
                condition=Q(budget_amount=None) | Q(budget_amount__gt=0),
                name="reception_opportunity_budget_positive",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[OpportunityStatus.LOST_PROPOSED, OpportunityStatus.LOST])
                | Q(lost_reason__in=LostReason.values),
                name="reception_opportunity_lost_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WORKED) | Q(follow_up_on__isnull=False),
                name="reception_opportunity_open_has_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "follow_up_on", "id"],
                condition=Q(status__in=WORKED),
                name="reception_opportunity_due",
            ),
            models.Index(
                fields=["consultant", "follow_up_on", "id"],
                condition=Q(status__in=WORKED),
                name="reception_opportunity_mine",
            ),
            models.Index(
                fields=["store", "-opened_at", "-id"], name="reception_opportunity_opened"
            ),
            # closed ones, which are read from the last one back
            models.Index(
                fields=["store", "status", "-opened_at", "-id"], name="reception_opportunity_state"
            ),
            models.Index(
                fields=["consultant", "status", "-opened_at", "-id"],
                name="reception_opportunity_of",
            ),
            models.Index(
                fields=["store", "closed_at"],
                condition=Q(status=OpportunityStatus.LOST),
                name="reception_opportunity_lost_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.trim or self.car_model or ''}".strip()


@tracked()
class Contact(models.Model):
    """One contact about a purchase, with what was said (REC-03, REC-10)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="contacts", verbose_name=_("opportunity")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    how = models.CharField(_("how"), max_length=20, choices=ContactHow)
    reached = models.BooleanField(_("reached"), default=True)
    level = models.CharField(_("level afterwards"), max_length=1, choices=Level)
    text = models.CharField(_("what was said"), max_length=500, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact about a purchase")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how__in=ContactHow.values, level__in=Level.values),
                name="reception_contact_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity} {self.at:%Y-%m-%d}"


@tracked()
class Clock(models.Model):
    """A contact promised within hours of a moment, and the one that kept the promise (REC-10)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="clocks", verbose_name=_("opportunity")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ClockKind)
    since = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("until"))
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clocks",
        verbose_name=_("contact"),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("promised contact")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "kind", "since"], name="reception_clock_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ClockKind.values, since__lt=F("due_at")),
                name="reception_clock_runs",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "due_at"],
                condition=Q(done_at=None),
                name="reception_clock_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_at:%Y-%m-%d %H:%M}"
