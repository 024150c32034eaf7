"""Survey models: factors, questions and their weights, frozen at first use (SSI-01, SSI-02)."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked

USED = """
    IF EXISTS (SELECT FROM ssi_response WHERE model_id IN ({models})) THEN
        RAISE EXCEPTION 'the survey model is in use';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
CHANGES = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
OF_QUESTION = "SELECT model_id FROM ssi_surveyfactor WHERE id IN (OLD.factor_id, NEW.factor_id)"


def frozen(models_changed: str, operation: Any = CHANGES) -> pgtrigger.Trigger:
    """Nothing of a model that somebody has answered changes, whoever tries (SSI-02)."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=operation,
        func=USED.format(models=models_changed),
    )


def _weight(label: Any) -> Any:
    return models.DecimalField(label, max_digits=5, decimal_places=2, help_text=_("per cent"))


class SurveyModelQuerySet(StoreQuerySet):
    def in_force(self, store: Any, on: Any, *, of_buyers: bool) -> Any:
        """The model by which ``store`` asks on day ``on``; None before the first."""
        begun = self.filter(store=store, of_buyers=of_buyers, effective_from__lte=on)
        return begun.order_by("-effective_from").first()


@tracked()
class SurveyModel(models.Model):
    """One version of the survey 问卷模型. The one that began last is asked; it ends with the next.

    A response keeps its model, so that old scores stay and a trend breaks where models change.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    origin = models.CharField(_("origin"), max_length=200)
    of_buyers = models.BooleanField(_("asked of buyers"), help_text=_("SSI-08; else lost buyers"))
    effective_from = models.DateField(
        _("asked from"), null=True, blank=True, help_text=_("empty: not in use")
    )

    objects = SurveyModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey model")
        ordering = ["-effective_from", "pk"]
        triggers = [frozen("OLD.id", pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(fields=["store", "code"], name="ssi_surveymodel_code_once"),
            models.UniqueConstraint(
                fields=["store", "of_buyers", "effective_from"], name="ssi_surveymodel_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SurveyFactor(models.Model):
    """One factor 因子 and its share of the index."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    model = models.ForeignKey(
        SurveyModel, models.CASCADE, related_name="factors", verbose_name=_("survey model")
    )
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    weight = _weight(_("share of the index"))
    published = models.BooleanField(
        _("weight as published"), help_text=_("SSI-02; else set by the store")
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("factor")
        ordering = ["model", "place"]
        triggers = [frozen("OLD.model_id, NEW.model_id")]
        constraints = [
            models.UniqueConstraint(fields=["model", "code"], name="ssi_factor_code_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="ssi_factor_weight_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SurveyQuestion(models.Model):
    """One question with its share of its factor; the text is what is read to the customer."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    factor = models.ForeignKey(
        SurveyFactor, models.CASCADE, related_name="questions", verbose_name=_("factor")
    )
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    code = models.CharField(_("code"), max_length=30)
    text = models.CharField(_("question"), max_length=200)
    weight = _weight(_("share of the factor"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey question")
        ordering = ["factor__place", "place"]
        triggers = [frozen(OF_QUESTION)]
        constraints = [
            models.UniqueConstraint(fields=["factor", "code"], name="ssi_question_code_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="ssi_question_weight_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class SurveyStandard(models.Model):
    """A question that is answered yes or no: was the standard kept? It has no weight."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    model = models.ForeignKey(
        SurveyModel, models.CASCADE, related_name="standards", verbose_name=_("survey model")
    )
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    code = models.CharField(_("code"), max_length=30)
    text = models.CharField(_("question"), max_length=200)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard asked")
        ordering = ["model", "place"]
        triggers = [frozen("OLD.model_id, NEW.model_id")]
        constraints = [
            models.UniqueConstraint(fields=["model", "code"], name="ssi_standard_code_once"),
        ]

    def __str__(self) -> str:
        return self.text
