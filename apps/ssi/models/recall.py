"""The manager's random re-calls, and what differed (SSI-10)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.ssi.choices import RECALL_MOVES, RecallStatus
from apps.ssi.models.response import Response
from apps.ssi.models.survey import SurveyQuestion


class RecallSample(models.Model):
    """The draw of one month's responses for the manager's re-calls. Drawn once, never changed."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    seed = models.BigIntegerField(_("seed"))
    share = models.PositiveSmallIntegerField(_("share in per cent"))
    population = ArrayField(
        models.BigIntegerField(), verbose_name=_("responses it was drawn from"), default=list
    )
    drawn_at = models.DateTimeField(_("drawn at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample of re-calls")
        ordering = ["-month", "store"]
        triggers = [
            pgtrigger.Protect(name="drawn_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.UniqueConstraint(fields=["store", "month"], name="ssi_recallsample_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"


@tracked()
class Recall(models.Model):
    """One response that was drawn: the manager calls the customer himself."""

    MOVES = RECALL_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    sample = models.ForeignKey(
        RecallSample, models.PROTECT, related_name="recalls", verbose_name=_("sample of re-calls")
    )
    response = models.OneToOneField(
        Response, models.PROTECT, related_name="recall", verbose_name=_("survey response")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=RecallStatus, default=RecallStatus.OPEN
    )
    was_called = models.BooleanField(
        _("the customer says that he was asked"), null=True, blank=True
    )
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called by")
    )
    at = models.DateTimeField(_("called at"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-call")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=RecallStatus.OPEN, at=None)
                | Q(status__in=[RecallStatus.DONE, RecallStatus.NOT_REACHED], at__isnull=False),
                name="ssi_recall_called_by_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.response} {self.get_status_display()}"


@tracked()
class RecallAnswer(models.Model):
    """What the customer answers to one question when he is asked again."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    recall = models.ForeignKey(
        Recall, models.CASCADE, db_index=False, related_name="answers", verbose_name=_("re-call")
    )
    question = models.ForeignKey(
        SurveyQuestion, models.PROTECT, related_name="+", verbose_name=_("survey question")
    )
    value = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a re-call")
        constraints = [
            models.UniqueConstraint(fields=["recall", "question"], name="ssi_recallanswer_once"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__range=(1, 10)),
                name="ssi_recallanswer_on_the_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value or '–'}"
