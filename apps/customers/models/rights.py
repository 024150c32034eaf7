"""What was erased of a customer, when, by whom and in which tables (SEC-02, SEC-04)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.customers.choices import ErasedFor
from apps.customers.models.people import Customer


@pgtrigger.register(
    pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(
        name="stays",
        fields=["store", "customer", "by", "at", "why", "transaction"],
    ),
)
class Erasure(models.Model):
    """One customer made anonymous, for good (SEC-02).

    The database function that blanks columns works only in the transaction that wrote such a
    row, and writes an ``ErasedTable`` for each table it touched.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="erasure")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("empty: the retention period was over"),
    )
    at = models.DateTimeField(_("at"))
    why = models.CharField(_("reason"), max_length=10, choices=ErasedFor)
    transaction = models.BigIntegerField(db_default=Func(function="txid_current"))
    # What lies outside the database is done with after the transaction: the pictures to paint over.
    pictures = ArrayField(models.UUIDField(), default=list)
    finished_at = models.DateTimeField(null=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["store", "-id"], name="customers_erasure_of_store"),
            models.Index(
                fields=["id"],
                condition=models.Q(finished_at=None),
                name="customers_erasure_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.at:%Y-%m-%d}"


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class ErasedTable(models.Model):
    """What the database function did in one table: written by the function itself."""

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="tables")
    table = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    rows = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("erased table")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.table} {self.rows}"
