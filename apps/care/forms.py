"""The forms of the lists, the scripts and the store's numbers."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.care.actions.scripts import check_text
from apps.care.choices import SPECIALISTS, CallKind, CallStatus, ChurnGroup, EndReason
from apps.care.models import CarePolicy
from apps.core.errors import Refused
from apps.core.widgets import Clock, Day, MonthField

ANY = [("", _("all"))]
PERIODS = [(30, _("30 days")), (90, _("90 days")), (365, _("one year"))]
STATE_CHOICES = [
    ("", _("open")),
    ("overdue", _("overdue")),
    ("today", _("due today")),
    ("promised", _("call-back promised")),
    ("paused", _("waits for a number")),
    ("held", CallStatus.CLAIMED.label),
    *((s.value, s.label) for s in CallStatus if s not in (CallStatus.WAITING, CallStatus.CLAIMED)),
]


def specialists_seen_by(user: Any) -> Any:
    """Who may own calls in the stores that ``user`` sees."""
    return User.objects.filter(
        store__in=user.store_ids, is_active=True, roles__overlap=list(SPECIALISTS)
    ).order_by("pk")


class TeamFilter(forms.Form):
    """What of the team's calls is asked for; everything may be left open."""

    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[*ANY, *CallKind.choices])
    state = forms.ChoiceField(label=_("state"), required=False, choices=STATE_CHOICES)
    specialist = forms.ModelChoiceField(
        User.objects.none(), label=_("responsible"), required=False, empty_label=_("all")
    )
    due_from = forms.DateField(label=_("due from"), required=False, widget=Day())
    due_until = forms.DateField(label=_("due until"), required=False, widget=Day())
    group = forms.ChoiceField(
        label=_("churn group"), required=False, choices=[*ANY, *ChurnGroup.choices]
    )
    made_up = forms.TypedChoiceField(
        label=_("made up"),
        required=False,
        coerce=lambda value: value == "yes",
        empty_value="",
        choices=[*ANY, ("no", _("without made up")), ("yes", _("made up only"))],
    )
    opens_from = forms.DateField(required=False, widget=forms.HiddenInput())
    opens_until = forms.DateField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["specialist"]
        owner.queryset = specialists_seen_by(user)


class FailedFilter(forms.Form):
    """What of the failed reminders is asked for."""

    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[*ANY, *CallKind.choices])
    reason = forms.ChoiceField(
        label=_("reason"),
        required=False,
        choices=[
            *ANY,
            *((r.value, r.label) for r in (EndReason.THREE_ATTEMPTS, EndReason.ABANDONED)),
        ],
    )
    specialist = forms.ModelChoiceField(
        User.objects.none(), label=_("responsible"), required=False, empty_label=_("all")
    )
    since = forms.DateField(label=_("failed since"), required=False, widget=Day())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["specialist"]
        owner.queryset = specialists_seen_by(user)


class ReassignForm(forms.Form):
    """Which calls go to whom."""

    calls = forms.TypedMultipleChoiceField(coerce=int, required=False)
    to = forms.ModelChoiceField(User.objects.none(), label=_("give to"), empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = specialists_seen_by(user).filter(store=user.store_id)
        sent: Any = self.data
        calls: Any = self.fields["calls"]
        ticked = sent.getlist("calls") if self.is_bound else []
        calls.choices = [(pk, pk) for pk in ticked if pk.isdecimal()]


class MonthForm(forms.Form):
    month = MonthField(required=False)

    def chosen(self, today: date) -> date:
        """The first day of the month asked for, else of this one."""
        asked = self.cleaned_data.get("month") if self.is_valid() else None
        return asked or today.replace(day=1)


class DayForm(forms.Form):
    day = forms.DateField(label=_("day"), required=False, widget=Day())

    def chosen(self, today: date) -> date:
        asked = self.cleaned_data.get("day") if self.is_valid() else None
        return asked or today


class ScriptForm(forms.Form):
    """A new version; the points are one a line (CARE-21)."""

    kind = forms.ChoiceField(label=_("kind"), choices=CallKind.choices)
    text = forms.CharField(
        label=_("text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10})
    )
    points = forms.CharField(
        label=_("must be said"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("one a line, at most 9; ticked while talking (CARE-21)"),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            check_text(text)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return text

    def clean_points(self) -> list[str]:
        points = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        points = [point for point in points if point]
        if len(points) > 9:
            raise ValidationError(_("At most 9 points can be ticked in one call."))
        if any(len(point) > 60 for point in points):
            raise ValidationError(_("A point has at most 60 characters."))
        return points


class ScriptWorkFilter(forms.Form):
    """Which kind over how many days, and behind which number the rows are listed (CARE-21)."""

    kind = forms.ChoiceField(required=False, choices=[*ANY, *CallKind.choices])
    days = forms.TypedChoiceField(required=False, coerce=int, choices=PERIODS)
    script = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    what = forms.ChoiceField(
        required=False,
        choices=[
            (name, name) for name in ("used", "reached", "booked", "mature", "returned", "ticked")
        ],
    )
    point = forms.IntegerField(required=False, min_value=0, max_value=9)

    def clean(self) -> dict[str, Any]:
        """What cannot be understood is as if it was not asked."""
        asked: dict[str, Any] = self.cleaned_data
        empty = {"kind": "", "script": None, "what": "", "point": None}
        return empty | asked | {"days": asked.get("days") or 90}


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The store's numbers from a day on. Checked here, saved by the action."""

    class Meta:
        model = CarePolicy
        fields = [
            "effective_from",
            "maintenance_lead_days",
            "at_risk_days",
            "churn_from_days",
            "churn_until_days",
            "churn_rest_days",
            "lapse_days",
            "hold_minutes",
            "birthday_within_minutes",
            "follow_up_days",
            "credit_days",
            "campaigns_a_month",
            "first_service_return_days",
            "maintenance_return_days",
            "measure_days",
            "warn_first_at",
            "warn_again_at",
            "rate_line",
            "sample_percent",
            "sample_due_day",
            "warranty_opens_days",
            "inspection_years",
            "inspection_opens_months",
            "inspection_lead_days",
            "insurance_opens_months",
            "insurance_lead_days",
            "ssi_second_from_months",
            "ssi_second_until_months",
        ]
        widgets = {"effective_from": Day(), "warn_first_at": Clock(), "warn_again_at": Clock()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in _LIMITS.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, (least, most) in _LIMITS.items():
            if name in data and not least <= data[name] <= most:
                self.add_error(
                    name,
                    _("Enter a number from %(least)s to %(most)s.")
                    % {"least": least, "most": most},
                )
        first, last = data.get("churn_from_days"), data.get("churn_until_days")
        if first is not None and last is not None and first >= last:
            self.add_error("churn_until_days", _("This must be more days than the one before."))
        first, last = data.get("ssi_second_from_months"), data.get("ssi_second_until_months")
        if first is not None and last is not None and first >= last:
            self.add_error("ssi_second_until_months", _("This must be later than the one before."))
        months = data.get("insurance_opens_months")
        lead = data.get("insurance_lead_days")
        if months and lead is not None and lead >= 28 * months:
            self.add_error("insurance_lead_days", _("The calls open later than that."))
        years = data.get("inspection_years")
        if years and (years != sorted(set(years)) or not 1 <= years[0] <= years[-1] <= 30):
            self.add_error("inspection_years", _("Enter years in their order, as 2, 4, 6, 8, 10."))
        early, late = data.get("warn_first_at"), data.get("warn_again_at")
        if early and late and early >= late:
            self.add_error("warn_again_at", _("This must be later than the one before."))
        return data


_LIMITS = {
    "follow_up_days": (1, 30),
    "credit_days": (1, 31),
    "campaigns_a_month": (0, 31),
    "first_service_return_days": (1, 180),
    "maintenance_return_days": (1, 180),
    "measure_days": (1, 365),
    "rate_line": (1, 100),
    "sample_percent": (1, 100),
    "sample_due_day": (1, 28),
    "warranty_opens_days": (31, 180),
    "inspection_opens_months": (1, 4),
    "inspection_lead_days": (0, 27),
    "insurance_opens_months": (1, 4),
    "insurance_lead_days": (0, 58),
    "ssi_second_from_months": (1, 24),
    "ssi_second_until_months": (2, 36),
    "maintenance_lead_days": (0, 60),
    "at_risk_days": (1, 180),
    "churn_from_days": (1, 1000),
    "churn_until_days": (2, 3000),
    "churn_rest_days": (0, 400),
    "lapse_days": (0, 180),
    "hold_minutes": (1, 480),
    "birthday_within_minutes": (0, 600),
}
