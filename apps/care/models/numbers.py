"""The numbers of care that a manager may change."""

from datetime import time
from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store
from apps.core.history import tracked

# CARE-08: after these years, and every year after the last.
INSPECTION_YEARS = (2, 4, 6, 8, 10)


@tracked()
class CarePolicy(models.Model):
    """The store's numbers for care, from a day on (DOMAIN section 6, every [P])."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="care_policies")
    effective_from = models.DateField(_("in force from"))
    maintenance_lead_days = models.PositiveSmallIntegerField(
        _("maintenance: days before due"), default=7, help_text="CARE-03"
    )
    at_risk_days = models.PositiveSmallIntegerField(
        _("overdue days until churn"), default=30, help_text="CARE-11"
    )
    churn_from_days = models.PositiveSmallIntegerField(
        _("churn: days since last visit, from"), default=90, help_text="CARE-11"
    )
    churn_until_days = models.PositiveSmallIntegerField(
        _("churn: days since last visit, until"), default=360, help_text="CARE-11"
    )
    churn_rest_days = models.PositiveSmallIntegerField(
        _("churn: days of rest after a reached call"), default=90, help_text="CARE-11"
    )
    lapse_days = models.PositiveSmallIntegerField(
        _("days after due until a call lapses"), default=31, help_text="CARE-28"
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("minutes a call may be held"), default=20, help_text="CARE-14"
    )
    birthday_within_minutes = models.PositiveSmallIntegerField(
        _("birthday: minutes after opening"), default=120, help_text="CARE-05"
    )
    follow_up_days = models.PositiveSmallIntegerField(
        _("service follow-up: days after the hand-back"),
        default=3,
        db_default=3,
        help_text="SVC-11",
    )
    credit_days = models.PositiveSmallIntegerField(
        _("booking credit: days from the call to the visit"),
        default=5,
        db_default=5,
        help_text="CARE-24",
    )
    campaigns_a_month = models.PositiveSmallIntegerField(
        _("greetings and weather notices: at least so many a month"),
        default=3,
        db_default=3,
        help_text="CARE-06",
    )
    first_service_return_days = models.PositiveSmallIntegerField(
        _("first service: returned until so many days after its time"),
        default=31,
        db_default=31,
        help_text="REP-01",
    )
    maintenance_return_days = models.PositiveSmallIntegerField(
        _("maintenance: returned so many days before or after it was due"),
        default=30,
        db_default=30,
        help_text="REP-02",
    )
    measure_days = models.PositiveSmallIntegerField(
        _("lost customers: came back within so many days of the call"),
        default=60,
        db_default=60,
        help_text="CARE-11",
    )
    warn_first_at = models.TimeField(
        _("first warning of the day"), default=time(10), db_default=time(10), help_text="CARE-23"
    )
    warn_again_at = models.TimeField(
        _("second warning of the day"), default=time(15), db_default=time(15), help_text="CARE-23"
    )
    rate_line = models.PositiveSmallIntegerField(
        _("line of the reminder rates, in per cent"),
        default=95,
        db_default=95,
        help_text="CARE-23, PEN-02",
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("insurance calls verified: least share in per cent"),
        default=60,
        db_default=60,
        help_text="CARE-09",
    )
    sample_due_day = models.PositiveSmallIntegerField(
        _("insurance calls verified: until this day of the next month"),
        default=15,
        db_default=15,
        help_text="CARE-09",
    )
    warranty_opens_days = models.PositiveSmallIntegerField(
        _("warranty: call from, days before its end"),
        default=45,
        db_default=45,
        help_text="CARE-07",
    )
    inspection_years = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("inspection: due after years"),
        default=partial(list, INSPECTION_YEARS),
        db_default=list(INSPECTION_YEARS),
        help_text="CARE-08",
    )
    inspection_opens_months = models.PositiveSmallIntegerField(
        _("inspection: call from, months before"), default=1, db_default=1, help_text="CARE-08"
    )
    inspection_lead_days = models.PositiveSmallIntegerField(
        _("inspection: days before due"), default=7, db_default=7, help_text="CARE-08"
    )
    insurance_opens_months = models.PositiveSmallIntegerField(
        _("insurance: call from, months before"), default=2, db_default=2, help_text="CARE-09"
    )
    insurance_lead_days = models.PositiveSmallIntegerField(
        _("insurance: days before the end"), default=30, db_default=30, help_text="CARE-09"
    )
    ssi_second_from_months = models.PositiveSmallIntegerField(
        _("SSI, second round: months after the delivery, from"),
        default=3,
        db_default=3,
        help_text="SSI-03",
    )
    ssi_second_until_months = models.PositiveSmallIntegerField(
        _("SSI, second round: months after the delivery, until"),
        default=8,
        db_default=8,
        help_text="SSI-03",
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("care policy")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="care_carepolicy_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(churn_from_days__lt=F("churn_until_days"), hold_minutes__gte=1),
                name="care_carepolicy_possible",
            ),
            models.CheckConstraint(
                condition=Q(
                    inspection_years__len__gte=1,
                    inspection_opens_months__range=(1, 4),
                    insurance_opens_months__range=(1, 4),
                ),
                name="care_carepolicy_yearly_possible",
            ),
            models.CheckConstraint(
                condition=Q(
                    ssi_second_from_months__gte=1,
                    ssi_second_from_months__lt=F("ssi_second_until_months"),
                ),
                name="care_carepolicy_second_round_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"
