"""5S: whose area it is, who answers for what was not in order, its photos, and who gets the sheet
(PEN-05). What was looked at and found are the answers of the checklists below."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Store, StoreQuerySet, User
from apps.checklists.models import ChecklistAnswer, ChecklistTemplate
from apps.core.history import tracked


def _store() -> Any:
    return models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )


def _by(label: Any) -> Any:
    return models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=label
    )


@tracked()
class Area(models.Model):
    """An area 区域 of a list of 5S points: its department, and who answers for it unless the check
    names somebody else. It holds as long as its list, and like it is only followed by another."""

    store = _store()
    template = models.ForeignKey(
        ChecklistTemplate, models.CASCADE, related_name="areas", verbose_name=_("checklist")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("area"), max_length=30)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    person = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("responsible"),
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of 5S")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["template", "name"], name="penalties_area_named_once"),
            models.UniqueConstraint(
                fields=["template", "place"], name="penalties_area_one_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Finding(models.Model):
    """A point that was not in order in a check: who answers for it, and since when it was found.

    It stands beside its answer; when that is corrected to *in order* the finding says nothing any
    more. ``spot``: looked at in the second check as a weak item, not because the first found it.
    """

    store = _store()
    answer = models.OneToOneField(
        ChecklistAnswer,
        models.PROTECT,
        related_name="finding",
        verbose_name=_("point of a checklist"),
    )
    person = models.ForeignKey(
        User, models.PROTECT, related_name="findings", verbose_name=_("responsible")
    )
    spot = models.BooleanField(_("spot check of a weak item"), db_default=False)
    at = models.DateTimeField(_("found at"))
    by = _by(_("found by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding of 5S")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.answer} {self.person}"


class FiveSPhoto(models.Model):
    """A photo of a point in a check. What was photographed stays, whoever tries."""

    store = _store()
    answer = models.ForeignKey(
        ChecklistAnswer,
        models.PROTECT,
        related_name="photos",
        verbose_name=_("point of a checklist"),
    )
    stored = models.UUIDField(unique=True)
    by = _by(_("taken by"))
    at = models.DateTimeField(_("taken at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of 5S")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.stored)


class SheetCopy(models.Model):
    """The 5S sheet of a day, sent to one of the people and leaders concerned."""

    store = _store()
    on = models.DateField(_("day"))
    person = _by(_("sent to"))
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a 5S sheet")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "store", "on"], name="penalties_sheetcopy_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(read_at=None),
                name="penalties_sheetcopy_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.person}"
