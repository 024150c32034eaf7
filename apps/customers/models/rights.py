"""What customers ask for about their data, what they agree to, what was erased (SEC-02, SEC-04)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import RIGHTS_MOVES, ErasedFor, RightsHow, RightsKind, RightsStatus
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
                condition=Q(finished_at=None),
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


@tracked()
class PrivacyPolicy(models.Model):
    """The store's numbers about personal data, from a day on (SEC-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="privacy_policies")
    effective_from = models.DateField(_("in force from"))
    request_days = models.PositiveSmallIntegerField(
        _("days to settle a request"), default=15, help_text="SEC-02"
    )
    dormant_years = models.PositiveSmallIntegerField(
        _("years after the last contact until a customer is made anonymous"),
        default=5,
        help_text="SEC-02",
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy policy")
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="customers_privacypolicy_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(request_days__range=(1, 60), dormant_years__range=(1, 30)),
                name="customers_privacypolicy_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class RightsRequest(models.Model):
    """One request of a customer about the data that are kept of him, with its deadline (SEC-02)."""

    MOVES = RIGHTS_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="requests", verbose_name=_("customer")
    )
    kind = models.CharField(_("asks"), max_length=10, choices=RightsKind)
    how = models.CharField(_("how it was asked"), max_length=10, choices=RightsHow)
    text = models.CharField(_("what exactly"), max_length=500, blank=True, db_default="")
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("to be settled by"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken down at"))
    status = models.CharField(
        _("status"), max_length=10, choices=RightsStatus, db_default=RightsStatus.OPEN
    )
    answer = models.CharField(_("answer"), max_length=500, blank=True, db_default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    settled_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=RightsStatus.OPEN, settled_at=None, settled_by=None)
                | Q(status=RightsStatus.DONE, settled_at__isnull=False, settled_by__isnull=False)
                | Q(status=RightsStatus.REFUSED, settled_at__isnull=False)
                & Q(settled_by__isnull=False)
                & ~Q(answer=""),
                name="customers_rightsrequest_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("asked_on")),
                name="customers_rightsrequest_due_after_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "due_on", "id"],
                condition=Q(status=RightsStatus.OPEN),
                name="customers_rights_open",
            ),
            models.Index(fields=["store", "status", "-id"], name="customers_rights_of_store"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_on}"
