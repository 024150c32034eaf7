"""Month reports: figures as they were submitted, what is done about them, who approved (REP-06)."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.reports.choices import REPORT_MOVES, Figure, ReportStatus

# A figure of a report that was submitted does not change, go, or come to it.
SUBMITTED = f"""
    IF EXISTS (SELECT FROM reports_monthlyreport
               WHERE id IN (OLD.report_id, NEW.report_id) AND status <> '{ReportStatus.DRAFT}') THEN
        RAISE EXCEPTION 'the report was submitted';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
# What is to be done stands fast with an approved report; what came of it is said later.
APPROVED = f"""
    IF EXISTS (SELECT FROM reports_monthlyreport
               WHERE id IN (OLD.report_id, NEW.report_id) AND status = '{ReportStatus.APPROVED}')
        AND (TG_OP <> 'UPDATE'
             OR (OLD.report_id, OLD.figure, OLD.cause, OLD.action, OLD.owner_id, OLD.due_on)
                IS DISTINCT FROM
                (NEW.report_id, NEW.figure, NEW.cause, NEW.action, NEW.owner_id, NEW.due_on)) THEN
        RAISE EXCEPTION 'the report is approved';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


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


def a_value(label: Any, **options: Any) -> Any:
    """Per cent to 0.01; of the index points to 0.01."""
    return models.DecimalField(label, max_digits=7, decimal_places=2, **options)


@tracked()
class FigureTarget(models.Model):
    """What a figure is to reach from a day on (REP-07)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    figure = models.CharField(_("figure"), max_length=30, choices=Figure)
    effective_from = models.DateField(_("in force from"))
    target = a_value(_("target"))

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        ordering = ["figure", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "figure", "effective_from"], name="reports_target_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(figure__in=Figure.values, target__gte=0, target__lte=1000),
                name="reports_target_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} {self.target}"


@tracked()
class MonthlyReport(models.Model):
    """The report of a store's month 月度汇报: written on the 1st, submitted, reviewed, approved."""

    MOVES = REPORT_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ReportStatus,
        default=ReportStatus.DRAFT,
        db_default=ReportStatus.DRAFT,
    )
    written_at = models.DateTimeField(_("figures counted at"))
    submitted_by = _person(_("submitted by"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    reviewed_by = _person(_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    analysis = models.TextField(_("analysis"), blank=True, db_default="")
    plan = models.TextField(_("improvement plan"), blank=True, db_default="")
    focus = models.TextField(_("focus of the next month"), blank=True, db_default="")
    decided_by = _person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    sent_back_why = models.CharField(
        _("why it was sent back"), max_length=500, blank=True, db_default=""
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("month report")
        ordering = ["-month", "store"]
        triggers = [
            pgtrigger.Protect(
                name="approved",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status=ReportStatus.APPROVED),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["store", "month"], name="reports_report_one_a_month"),
            models.CheckConstraint(
                condition=Q(month__day=1, status__in=ReportStatus.values),
                name="reports_report_of_a_month",
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.DRAFT)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="reports_report_submitted_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.APPROVED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="reports_report_approved_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.SENT_BACK) | ~Q(sent_back_why=""),
                name="reports_report_sent_back_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"


class ReportFigure(models.Model):
    """One figure of a report as it was counted: so many of so many, and which rows these were.

    ``counted`` and ``whole`` are the pks of the rows, ``digest`` the SHA-256 of both, so that
    the number can be shown row by row and counted again for ever (REP-08, I9).
    """

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    report = models.ForeignKey(
        MonthlyReport, models.CASCADE, related_name="figures", verbose_name=_("month report")
    )
    figure = models.CharField(_("figure"), max_length=30, choices=Figure)
    month = models.DateField(_("month"), help_text=_("REP-02: the month it is final of"))
    is_final = models.BooleanField(_("final"), help_text=_("else so far (REP-02)"))
    n = models.PositiveIntegerField(_("counted"))
    of = models.PositiveIntegerField(_("of"))
    value = a_value(_("value"), null=True, blank=True)
    target = a_value(_("target"), null=True, blank=True)
    counted = ArrayField(models.BigIntegerField(), default=list)
    whole = ArrayField(models.BigIntegerField(), default=list)
    digest = models.CharField(max_length=64)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure of a report")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=SUBMITTED,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "figure", "month"], name="reports_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} {self.value}"


@tracked()
class ReportAction(models.Model):
    """What is done about a figure short of its target, and what came of it (REP-09)."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    report = models.ForeignKey(
        MonthlyReport, models.CASCADE, related_name="actions", verbose_name=_("month report")
    )
    figure = models.CharField(_("figure"), max_length=30, choices=Figure)
    cause = models.CharField(_("cause"), max_length=300)
    action = models.CharField(_("action"), max_length=300)
    owner = _person(_("responsible"))
    due_on = models.DateField(_("until"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True, db_default="")
    outcome_at = models.DateTimeField(_("said at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("action of a report")
        ordering = ["pk"]
        triggers = [
            pgtrigger.Trigger(
                name="approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=APPROVED,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["report", "figure"], name="reports_action_once"),
        ]

    def __str__(self) -> str:
        return self.action
