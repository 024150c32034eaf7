"""Records that may be one customer, and those that were made one (CUS-04)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import DUPLICATE_MOVES, DuplicateStatus, Sign
from apps.customers.models.people import Customer


@tracked(exclude=("strength",))
class Duplicate(models.Model):
    """Two records that may be one customer: by which signs, and what a person decided of it."""

    MOVES = DUPLICATE_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", db_index=False)
    low = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    high = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    signs = ArrayField(models.CharField(max_length=20, choices=Sign), verbose_name=_("signs"))
    strength = models.PositiveSmallIntegerField(help_text=_("the sum of its signs"))
    status = models.CharField(
        _("status"), max_length=10, choices=DuplicateStatus, db_default=DuplicateStatus.OPEN
    )
    found_at = models.DateTimeField(_("found at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        ordering = ["-strength", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="customers_duplicate_once"),
            models.CheckConstraint(
                condition=Q(low__lt=F("high")), name="customers_duplicate_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "-strength", "-id"],
                name="customers_duplicate_open",
                condition=Q(status=DuplicateStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low} / {self.high}"

    @property
    def sign_labels(self) -> list[str]:
        return [str(sign.label) for sign in Sign if sign in self.signs]


@tracked(exclude=("journal",))
class Merge(models.Model):
    """One record was merged into another, and can be taken out again for 30 days (CUS-04).

    ``journal`` says of every row what it was before (``core.journal``); it is emptied when the
    time for undoing is over.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    kept = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", verbose_name=_("record kept")
    )
    gone = models.ForeignKey(
        Customer, models.PROTECT, related_name="+", verbose_name=_("record merged")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    journal = models.JSONField(default=list, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="customers_merge_once"
            ),
        ]
        indexes = [models.Index(fields=["store", "-id"], name="customers_merge_of_store")]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
