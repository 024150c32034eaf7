"""Who saw what, and which forms have been answered. Who changed what is in the history tables."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.audit.choices import AccessKind


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
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.model} {self.object_pk}"


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
