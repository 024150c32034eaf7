"""Rules as data: amounts, words and numbers with the date from which they hold (PEN-06)."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.penalties.choices import Clause


def an_amount(label: Any, **options: Any) -> Any:
    return models.DecimalField(label, max_digits=9, decimal_places=2, **options)


class RuleQuerySet(StoreQuerySet):
    def in_force(self, store: Any, on: Any) -> dict[str, Any]:
        """Clause → the rule of ``store`` that decides on day ``on``."""
        begun = self.filter(store=store, effective_from__lte=on).order_by("effective_from")
        return {rule.clause: rule for rule in begun}


@tracked()
class Rule(models.Model):
    """One clause of the regulation 奖惩条款 from a day on. The past is never changed."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    clause = models.CharField(_("clause"), max_length=20, choices=Clause)
    effective_from = models.DateField(_("in force from"))
    is_on = models.BooleanField(_("in use"), default=True)
    low_amount = an_amount(_("from CNY"), help_text=_("0: a warning"))
    high_amount = an_amount(_("up to CNY"))
    text = models.CharField(_("words of the clause"), max_length=300)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of penalties")
        ordering = ["clause", "-effective_from"]
        triggers = [
            pgtrigger.Protect(name="never_the_past", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "clause", "effective_from"], name="penalties_rule_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    clause__in=Clause.values, low_amount__gte=0, high_amount__gte=F("low_amount")
                ),
                name="penalties_rule_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_clause_display()} {self.effective_from}"


@tracked()
class PenaltyPolicy(models.Model):
    """The store's numbers for penalties, from a day on (DOMAIN section 8, every [P])."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    explain_days = models.PositiveSmallIntegerField(
        _("days to explain"), default=3, help_text="PEN-08"
    )
    least_calls = models.PositiveSmallIntegerField(
        _("own calls due in the month, at least"), default=10, help_text="PEN-02"
    )
    repeated_from = models.PositiveSmallIntegerField(
        _("5S: repeated from so many times in 30 days"), default=3, help_text="PEN-05"
    )
    month_limit_amount = an_amount(
        _("warn above CNY a month"), default=500, help_text=_("PEN-10; of one person")
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of penalties")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="penalties_policy_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(explain_days__gte=1, least_calls__gte=1, repeated_from__gte=2),
                name="penalties_policy_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class GreetingDuty(models.Model):
    """Who answers for the month's greetings and weather notices (PEN-03)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    person = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("named by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("person for the month's greetings")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "month"], name="penalties_greetingduty_one_a_month"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="penalties_greetingduty_of_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.person}"
