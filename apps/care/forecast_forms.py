"""Other numbers to try: what would the next 90 days be with them? Nothing is saved (CARE-26)."""

from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store
from apps.care.models import CarePolicy
from apps.care.queries.forecast import Trial
from apps.care.queries.workload import AHEAD, DAY, KINDS
from apps.customers.policy import Interval

# What can be tried, and between which bounds.
NUMBERS = {
    "maintenance_lead_days": (0, 60),
    "at_risk_days": (1, 180),
    "churn_from_days": (1, 1000),
    "churn_until_days": (2, 3000),
    "churn_rest_days": (0, 400),
    "lapse_days": (0, 180),
    "warranty_opens_days": (1, 180),
    "inspection_opens_months": (1, 4),
    "inspection_lead_days": (0, 60),
    "insurance_opens_months": (1, 4),
    "insurance_lead_days": (0, 90),
}


class TrialForm(forms.Form):
    """Every field may be left empty: then today's number holds."""

    by = forms.ChoiceField(required=False, choices=[("opens", ""), ("due", "")])
    interval_months = forms.IntegerField(
        label=_("maintenance: months, every model"), required=False, min_value=1, max_value=60
    )
    interval_km = forms.IntegerField(
        label=_("maintenance: km, every model"), required=False, min_value=500, max_value=100_000
    )
    on = forms.DateField(required=False, widget=forms.HiddenInput())
    kind = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in KINDS])
    trial = forms.BooleanField(required=False)

    def __init__(self, *args: Any, numbers: CarePolicy, interval: Interval, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers, self.interval = numbers, interval
        now: dict[str, int] = {"interval_months": interval.months, "interval_km": interval.km}
        for name, (least, most) in NUMBERS.items():
            label = CarePolicy._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=least, max_value=most
            )
            now[name] = getattr(numbers, name)
        self.tried = [self[name] for name in now]
        for name, value in now.items():
            self.fields[name].widget.attrs["placeholder"] = value

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        first, last = (
            asked.get(name) or getattr(self.numbers, name)
            for name in ("churn_from_days", "churn_until_days")
        )
        if first >= last:
            self.add_error("churn_until_days", _("This must be more days than the one before."))
        return asked

    @property
    def day_of(self) -> str:
        """Under which of its days a call stands: when it opens, or when it is due."""
        return self.cleaned_data.get("by") or "opens"

    def today(self, store: Store, today: date) -> Trial:
        """The days ahead under the numbers in force."""
        return Trial(store, today + DAY, today + DAY * AHEAD, self.numbers)

    def other(self, store: Store, today: date) -> Trial | None:
        """The same under the numbers that were typed; None when none was, or one cannot be."""
        given = {
            field.name: self.cleaned_data[field.name]
            for field in self.tried
            if self.cleaned_data.get(field.name) is not None
        }
        if not given or not self.is_valid():
            return None
        numbers, interval = copy(self.numbers), None
        for name in NUMBERS:
            setattr(numbers, name, given.get(name, getattr(numbers, name)))
        if "interval_months" in given or "interval_km" in given:
            interval = Interval(
                given.get("interval_months", self.interval.months),
                given.get("interval_km", self.interval.km),
                near_days=self.interval.near_days,
                near_km=self.interval.near_km,
            )
        changed = frozenset({*given, "interval"} if interval else given)
        last = today + DAY * AHEAD
        return Trial(store, today + DAY, last, numbers, interval, late=True, changed=changed)
