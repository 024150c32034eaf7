"""One penalty or reward from its detection to its issue, and the month's sheet (PEN-06, 08, 09)."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.penalties.choices import (
    COUNTED,
    PENALTY_MOVES,
    UNDECIDED,
    Clause,
    EntryKind,
    PenaltyStatus,
    SignedHow,
)
from apps.penalties.models.rules import Rule, an_amount


def _person(label: Any) -> Any:
    return models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


class PenaltyQuerySet(StoreQuerySet):
    def counted(self) -> "PenaltyQuerySet":
        return self.filter(status__in=COUNTED)


@tracked()
class Penalty(models.Model):
    """A performance deduction proposal 绩效扣减建议 (PEN-10): one fact under one clause.

    ``fact`` names the fact within its clause (``call/12``, ``2026-11/7``): with store and
    clause it is unique, so that detection may run as often as it likes. ``evidence`` is what
    was found, in numbers and words; it follows the fact until somebody decides, then stays.
    """

    MOVES = PENALTY_MOVES

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    clause = models.CharField(_("clause"), max_length=20, choices=Clause)
    rule = models.ForeignKey(
        Rule, models.PROTECT, related_name="+", db_index=False, verbose_name=_("rule")
    )
    fact = models.CharField(_("fact"), max_length=60)
    event_on = models.DateField(_("day of the fact"))
    person = models.ForeignKey(
        User, models.PROTECT, related_name="penalties", verbose_name=_("staff member")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    evidence = models.JSONField(_("evidence"), default=dict)
    amount = an_amount(_("amount"), help_text=_("CNY; proposed, then decided"))
    is_reward = models.BooleanField(_("reward"), db_default=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=PenaltyStatus,
        default=PenaltyStatus.PROPOSED,
        db_default=PenaltyStatus.PROPOSED,
    )
    detected_at = models.DateTimeField(_("detected at"))
    explain_until = models.DateField(_("explain until"))
    explanation = models.CharField(_("explanation"), max_length=500, blank=True, db_default="")
    explained_at = models.DateTimeField(_("explained at"), null=True, blank=True)
    decided_by = _person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    appeal = models.CharField(_("appeal"), max_length=500, blank=True, db_default="")
    appealed_at = models.DateTimeField(_("appealed at"), null=True, blank=True)
    appeal_decided_by = _person(_("appeal decided by"))
    appeal_decided_at = models.DateTimeField(_("appeal decided at"), null=True, blank=True)
    appeal_reason = models.CharField(
        _("reason of the decision on the appeal"), max_length=300, blank=True, db_default=""
    )
    signed_how = models.CharField(
        _("signed"), max_length=10, choices=SignedHow, blank=True, db_default=""
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    issued_by = _person(_("issued by"))
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)

    objects = PenaltyQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance deduction proposal")
        ordering = ["-event_on", "-pk"]
        triggers = [
            # what was judged stays what it was judged by
            pgtrigger.Protect(
                name="evidence_frozen",
                operation=pgtrigger.Update,
                condition=(
                    ~pgtrigger.Q(old__status__in=[*UNDECIDED, PenaltyStatus.WITHDRAWN])
                    & (
                        pgtrigger.Q(old__evidence__df=pgtrigger.F("new__evidence"))
                        | pgtrigger.Q(old__person_id__df=pgtrigger.F("new__person_id"))
                        | pgtrigger.Q(old__rule_id__df=pgtrigger.F("new__rule_id"))
                        | pgtrigger.Q(old__fact__df=pgtrigger.F("new__fact"))
                        | pgtrigger.Q(old__event_on__df=pgtrigger.F("new__event_on"))
                    )
                ),
            ),
            # what was issued is final: a correction comes in the next sheet (PEN-09)
            pgtrigger.Protect(
                name="issued",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=PenaltyStatus.ISSUED),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]
        constraints = [
            # PEN-06: never twice for one fact
            models.UniqueConstraint(
                fields=["store", "clause", "fact"], name="penalties_penalty_once_a_fact"
            ),
            models.CheckConstraint(
                condition=Q(
                    clause__in=Clause.values, status__in=PenaltyStatus.values, amount__gte=0
                ),
                name="penalties_penalty_possible",
            ),
            # PEN-08: no one decides on his own
            models.CheckConstraint(
                condition=(Q(decided_by=None) | ~Q(decided_by=F("person")))
                & (Q(appeal_decided_by=None) | ~Q(appeal_decided_by=F("person"))),
                name="penalties_penalty_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[*COUNTED, PenaltyStatus.APPEALED, PenaltyStatus.WAIVED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="penalties_penalty_decided_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status=PenaltyStatus.ISSUED)
                | Q(issued_by__isnull=False, issued_at__isnull=False, signed_at__isnull=False),
                name="penalties_penalty_signed_before_issued",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "event_on", "id"], name="penalties_penalty_of_store"),
            models.Index(fields=["person", "event_on"], name="penalties_penalty_of_person"),
            models.Index(
                fields=["store", "status", "id"],
                condition=~Q(
                    status__in=[
                        PenaltyStatus.ISSUED,
                        PenaltyStatus.WAIVED,
                        PenaltyStatus.WITHDRAWN,
                    ]
                ),
                name="penalties_penalty_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_clause_display()} {self.event_on}"


# No line of a sealed sheet changes, goes, or comes to it.
SEALED = """
    IF EXISTS (SELECT FROM penalties_monthsheet
               WHERE id IN (OLD.sheet_id, NEW.sheet_id) AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the month is closed';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class MonthSheet(models.Model):
    """The closed month of a store 月度奖惩表. Sealed it does not change; corrections come next."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    closed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    sealed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly sheet")
        ordering = ["-month"]
        triggers = [
            pgtrigger.Protect(
                name="sealed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sealed_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["store", "month"], name="penalties_sheet_one_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="penalties_sheet_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"


class SheetEntry(models.Model):
    """One line of a closed month: what payroll takes over for one person (PEN-09).

    ``amount`` is what is taken from (below 0) or added to (above 0) the person's month.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    sheet = models.ForeignKey(
        MonthSheet, models.PROTECT, related_name="entries", verbose_name=_("monthly sheet")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    person = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("staff member")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    penalty = models.ForeignKey(
        Penalty, models.PROTECT, related_name="entries", verbose_name=_("proposal")
    )
    amount = an_amount(_("amount"))
    text = models.CharField(_("remark"), max_length=300, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the monthly sheet")
        ordering = ["person", "pk"]
        triggers = [
            pgtrigger.Trigger(
                name="sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=SEALED,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["penalty"],
                condition=~Q(kind=EntryKind.CORRECTION),
                name="penalties_entry_once_a_penalty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.amount}"


@tracked()
class Correction(models.Model):
    """What a line of a closed month should have come to; the next sheet takes the difference."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    penalty = models.ForeignKey(
        Penalty, models.PROTECT, related_name="corrections", verbose_name=_("proposal")
    )
    amount = an_amount(_("right amount"), help_text=_("CNY; what it should have come to"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("corrected by"))
    at = models.DateTimeField(_("corrected at"))
    entry = models.OneToOneField(
        SheetEntry,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("line of the monthly sheet"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["penalty"],
                condition=Q(entry=None),
                name="penalties_correction_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & ~Q(reason=""), name="penalties_correction_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.penalty} {self.amount}"
