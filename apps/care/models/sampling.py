"""Insurance calls drawn by lot and verified with the customer (CARE-09)."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.care.choices import Finding
from apps.care.models.calls import Call
from apps.core.history import tracked


class InsuranceSample(models.Model):
    """The draw of one month's insurance calls 保险抽查: what it was drawn from, and by which seed.

    ``policy.drawn(seed, population, share)`` gives the calls drawn, now and in ten years. Drawn
    once: the row never changes, and there is one a store and month.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    month = models.DateField(_("month"), help_text=_("its first day"))
    seed = models.BigIntegerField(_("seed"))
    share = models.PositiveSmallIntegerField(_("share in per cent"), help_text="CARE-09")
    population = ArrayField(
        models.BigIntegerField(), verbose_name=_("calls it was drawn from"), default=list
    )
    drawn_at = models.DateTimeField(_("drawn at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("insurance sample")
        ordering = ["-month", "store"]
        triggers = [
            pgtrigger.Protect(name="drawn_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "month"], name="care_insurancesample_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, share__range=(1, 100)),
                name="care_insurancesample_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.month:%Y-%m}"


@tracked()
class InsuranceCheck(models.Model):
    """One insurance call that was drawn, the call that verifies it, and what the customer said."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    sample = models.ForeignKey(
        InsuranceSample, models.PROTECT, related_name="checks", verbose_name=_("sample")
    )
    sampled = models.OneToOneField(
        Call, models.PROTECT, related_name="insurance_check", verbose_name=_("insurance call")
    )
    call = models.OneToOneField(
        Call, models.PROTECT, related_name="verifies", verbose_name=_("verifying call")
    )
    specialist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("insurance specialist"),
        help_text=_("who dialled last, else who answered for the call"),
    )
    finding = models.CharField(
        _("what the customer says"), max_length=20, choices=Finding, blank=True, db_default=""
    )
    text = models.CharField(_("difference"), max_length=500, blank=True, db_default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    at = models.DateTimeField(_("verified at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("insurance verification")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="", by=None, at=None, text="")
                | Q(finding__in=Finding.values, by__isnull=False, at__isnull=False),
                name="care_insurancecheck_said_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.OTHERWISE) | ~Q(text=""),
                name="care_insurancecheck_says_the_difference",
            ),
            models.CheckConstraint(
                condition=~Q(sampled=F("call")), name="care_insurancecheck_two_calls"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sampled} {self.get_finding_display()}"
