"""The widest numbers of the stores that are planned together."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from apps.care.models import PlannedDay
from apps.care.models.numbers import INSPECTION_YEARS
from apps.customers.models import CustomerPolicy

EARLY_DAYS = 21  # CARE-27: maintenance opens so many days before; earlier is proactive


@dataclass(frozen=True)
class Bounds:
    """The widest numbers of the stores concerned: ranges that an index can serve."""

    lapse_days: int = 31
    early_days: int = 30
    at_risk_days: int = 30
    churn_from_days: int = 90
    churn_until_days: int = 360
    follow_up_days: int = 3
    warranty_opens_days: int = 45
    inspection_years: tuple[int, ...] = INSPECTION_YEARS
    inspection_after: int = INSPECTION_YEARS[-1]  # and every year after
    inspection_opens_months: int = 1
    inspection_lead_days: int = 7
    insurance_opens_months: int = 2
    insurance_lead_days: int = 30
    ssi_second_from_months: int = 3
    ssi_second_until_months: int = 8


def bounds_of(day: date, stores: list[int]) -> Bounds:
    """Read from the policies that the planned day names. Two queries."""
    planned = PlannedDay.objects.filter(on=day, store__in=stores).select_related("policy")
    policies = [row.policy for row in planned] or [None]
    near = CustomerPolicy.objects.filter(store__in=stores).aggregate(most=Max("near_days"))["most"]
    if policies == [None]:
        return Bounds()
    return Bounds(
        lapse_days=max(p.lapse_days for p in policies),
        early_days=max(EARLY_DAYS, near or 0, 30),
        at_risk_days=max(p.at_risk_days for p in policies),
        churn_from_days=min(p.churn_from_days for p in policies),
        churn_until_days=max(p.churn_until_days for p in policies),
        follow_up_days=max(p.follow_up_days for p in policies),
        warranty_opens_days=max(p.warranty_opens_days for p in policies),
        inspection_years=tuple({years for p in policies for years in p.inspection_years}),
        inspection_after=min(max(p.inspection_years) for p in policies),
        inspection_opens_months=max(p.inspection_opens_months for p in policies),
        inspection_lead_days=min(p.inspection_lead_days for p in policies),
        insurance_opens_months=max(p.insurance_opens_months for p in policies),
        insurance_lead_days=min(p.insurance_lead_days for p in policies),
        ssi_second_from_months=min(p.ssi_second_from_months for p in policies),
        ssi_second_until_months=max(p.ssi_second_until_months for p in policies),
    )
