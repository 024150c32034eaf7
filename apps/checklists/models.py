"""Checklists: dated templates with their points, and the runs in which people go through them.

Below every app that has something to check (reception, hand-over, workshop): who it is about is
a plain text of that app, ``subject``.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Point
from apps.core.history import tracked

# No answer of a list that was signed changes, or comes to it.
SEALED = """
    IF EXISTS (SELECT FROM checklists_checklistrun
               WHERE id = coalesce(OLD.run_id, NEW.run_id) AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the checklist is signed';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@tracked()
class ChecklistTemplate(models.Model):
    """The points of a kind of list from a day on. Never changed, only followed by another."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    kind = models.CharField(_("kind"), max_length=20, choices=ChecklistKind)
    effective_from = models.DateField(_("in force from"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "effective_from"], name="checklists_template_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChecklistKind.values), name="checklists_template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_from}"


class ChecklistItem(models.Model):
    """One point of a list."""

    template = models.ForeignKey(ChecklistTemplate, models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(_("point"), max_length=100)
    quantity = models.PositiveSmallIntegerField(_("wanted"), null=True, blank=True)
    each = models.BooleanField(_("for each person"), db_default=False)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "place"], name="checklists_item_one_a_place"
            ),
            models.UniqueConstraint(fields=["template", "text"], name="checklists_item_once"),
        ]

    def __str__(self) -> str:
        return str(self.point)

    @property
    def point(self) -> Point:
        return Point(self.text, self.quantity, self.each)


@tracked()
class ChecklistRun(models.Model):
    """A list gone through on a day, by whom; ``subject``: about what, empty: the whole store.

    ``people``: how many were on duty then, for points that count for each.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    template = models.ForeignKey(
        ChecklistTemplate, models.PROTECT, related_name="runs", verbose_name=_("checklist")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ChecklistKind)
    on = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=40, blank=True, db_default="")
    people = models.PositiveSmallIntegerField(_("people on duty"), db_default=0)
    missing = models.PositiveSmallIntegerField(_("missing points"), db_default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("done by")
    )
    at = models.DateTimeField(_("done at"))
    sealed_at = models.DateTimeField(
        _("signed at"), null=True, blank=True, help_text=_("from then on nothing in it changes")
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist gone through")
        ordering = ["-on", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="sealed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sealed_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "on", "subject"], name="checklists_run_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChecklistKind.values), name="checklists_run_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


@tracked()
class ChecklistAnswer(models.Model):
    """What was said of one point in a run."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    run = models.ForeignKey(ChecklistRun, models.CASCADE, related_name="answers")
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, related_name="+", verbose_name=_("point")
    )
    done = models.BooleanField(_("done"))
    quantity = models.PositiveSmallIntegerField(_("there"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=100, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of a checklist")
        triggers = [
            pgtrigger.Trigger(
                name="sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=SEALED,
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="checklists_answer_once"),
        ]

    def __str__(self) -> str:
        return str(self.item)
