"""Rules as data: amounts, words and numbers with the date from which they hold (PEN-06)."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.penalties.choices import Clause


def an_amount(label: Any, **options: Any) -> Any:
    return models.DecimalField(label, max_digits=9, decimal_places=2, **options)


class Withdrawable(models.Model):
    """A row with a day from which it holds, that may be taken back before that day has begun."""

    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("taken back by"),
    )
    withdrawn_why = models.CharField(
        _("why it was taken back"), max_length=200, blank=True, db_default=""
    )

    class Meta:
        abstract = True


STANDING = Q(withdrawn_at=None)
# The store's day of the withdrawal lies before the day from which the row was to hold.
BEFORE_ITS_DAY = STANDING | Q(
    effective_from__gt=Func(
        F("withdrawn_at"),
        template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date",
        output_field=models.DateField(),
    )
) & ~Q(withdrawn_why="") & Q(withdrawn_by__isnull=False)


def never_the_past(*columns: str) -> list[pgtrigger.Trigger]:
    """Nothing is deleted, and nothing changed but that a row is taken back, once."""
    same = pgtrigger.Q(old__withdrawn_at__isnull=True)
    for column in columns:
        same &= pgtrigger.Q(**{f"old__{column}__ndf": pgtrigger.F(f"new__{column}")})
    return [
        pgtrigger.Protect(name="never_the_past", operation=pgtrigger.Delete),
        pgtrigger.Protect(name="only_taken_back", operation=pgtrigger.Update, condition=~same),
    ]


class RuleQuerySet(StoreQuerySet):
    def standing(self) -> "RuleQuerySet":
        return self.filter(STANDING)

    def in_force(self, store: Any, on: Any) -> dict[str, Any]:
        """Clause → the rule of ``store`` that decides on day ``on``."""
        begun = self.standing().filter(store=store, effective_from__lte=on)
        return {rule.clause: rule for rule in begun.order_by("effective_from")}


@tracked()
class Rule(Withdrawable):
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
        triggers = never_the_past(
            "store_id",
            "clause",
            "effective_from",
            "is_on",
            "low_amount",
            "high_amount",
            "text",
            "made_by_id",
            "made_at",
        )
        constraints = [
            models.UniqueConstraint(
                fields=["store", "clause", "effective_from"],
                condition=STANDING,
                name="penalties_rule_one_a_day",
            ),
            models.CheckConstraint(
                condition=BEFORE_ITS_DAY, name="penalties_rule_taken_back_before_its_day"
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


class NumbersQuerySet(InForceQuerySet):
    def standing(self) -> "NumbersQuerySet":
        return self.filter(STANDING)

    def in_force(self, store: Any, on: Any) -> Any:
        """The row of ``store`` that decides on day ``on``; None before the first."""
        begun = self.standing().filter(store=store, effective_from__lte=on)
        return begun.order_by("-effective_from").first()


@tracked()
class PenaltyPolicy(Withdrawable):
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
    # Nine of ten on average; the source says that satisfaction counts, and names no line.
    reward_points = models.PositiveSmallIntegerField(
        _("reward: mean of the delivery from points on"),
        default=900,
        db_default=900,
        help_text=_("PEN-09; 100 to 1000"),
    )
    # A consultant hands over some ten cars a month and half of the customers answer: with fewer
    # answers than these one friend would decide.
    reward_answers = models.PositiveSmallIntegerField(
        _("reward: answers in the month, at least"), default=5, db_default=5, help_text="PEN-09"
    )

    objects = NumbersQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of penalties")
        triggers = never_the_past(
            "store_id",
            "effective_from",
            "explain_days",
            "least_calls",
            "repeated_from",
            "month_limit_amount",
            "reward_points",
            "reward_answers",
        )
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"],
                condition=STANDING,
                name="penalties_policy_one_a_day",
            ),
            models.CheckConstraint(
                condition=BEFORE_ITS_DAY, name="penalties_policy_taken_back_before_its_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    explain_days__gte=1,
                    least_calls__gte=1,
                    repeated_from__gte=2,
                    reward_points__range=(100, 1000),
                    reward_answers__gte=1,
                ),
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
