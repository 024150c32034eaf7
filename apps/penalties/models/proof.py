"""The files beside a proposal: what explains it, and who signed it (PEN-05, PEN-08)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.penalties.choices import ProofKind
from apps.penalties.models.penalty import Penalty


class Proof(models.Model):
    """One file: a picture, or a PDF. What was handed in or signed stays as it was, whoever tries.

    ``paper_name``: what the PDF was called; empty: a picture.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    penalty = models.ForeignKey(
        Penalty, models.PROTECT, related_name="proofs", verbose_name=_("proposal")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ProofKind)
    stored = models.UUIDField(unique=True)
    paper_name = models.CharField(_("name of the PDF"), max_length=120, blank=True, db_default="")
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("kept at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a proposal")
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ProofKind.values), name="penalties_proof_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ProofKind.ATTACHED) | Q(paper_name=""),
                name="penalties_proof_signed_by_picture",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
