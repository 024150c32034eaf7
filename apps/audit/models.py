"""Who saw what, and which forms have been answered. Who changed what is in the history tables."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.audit.choices import DOWNLOAD_MOVES, AccessKind, DownloadStatus, FileFormat


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Access(models.Model):
    """One look at personal data: who, when, at what, why (SEC-01). Cannot be changed.

    ``model`` and ``object_pk`` are plain columns: audit stands below the things looked at.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=AccessKind)
    model = models.CharField(max_length=40)  # "customers.customer"
    object_pk = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        indexes = [
            models.Index(fields=["model", "object_pk", "at"], name="audit_access_object"),
            models.Index(fields=["user", "at"], name="audit_access_user"),
            models.Index(fields=["store", "at", "id"], name="audit_access_store"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.model} {self.object_pk}"


@pgtrigger.register(
    pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(
        name="asked_stays",
        fields=["store", "store_ids", "user", "asked_at", "listing", "query", "format", "reason"],
    ),
)
class Download(models.Model):
    """One export of a list: who took which rows out, when, why, and how many (DATA-03, SEC-01).

    A small one is given at once; a large one is written by the worker and waits here for its
    maker until it expires. Who asked for what cannot be changed.
    """

    MOVES = DOWNLOAD_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")  # the maker's, or the first
    store_ids = ArrayField(models.BigIntegerField())  # whose rows could be in it
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    listing = models.CharField(_("list"), max_length=60)  # the URL name of its page
    query = models.CharField(_("filter"), max_length=1000, blank=True)  # as in the address
    format = models.CharField(_("form"), max_length=4, choices=FileFormat)
    language = models.CharField(max_length=10)
    reason = models.CharField(_("reason"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=DownloadStatus)
    rows = models.PositiveIntegerField(_("rows"), null=True)  # None: not known (yet)
    stored = models.UUIDField(default=uuid4)  # its name in the private file folder
    size = models.PositiveBigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(db_default=0)
    ready_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        indexes = [
            models.Index(fields=["user", "-id"], name="audit_download_mine"),
            models.Index(
                fields=["status", "asked_at"],
                condition=Q(status__in=["waiting", "working", "ready"]),
                name="audit_download_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.asked_at:%F %H:%M}"


class AnsweredForm(models.Model):
    """A form that was carried out, by the token it carried: sent again, it writes nothing."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer_url = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["at"], name="audit_answeredform_at")]

    def __str__(self) -> str:
        return str(self.token)
