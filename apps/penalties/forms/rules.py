"""What is typed as a rule, as the store's numbers, and as the person for a month's greetings."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Store, User
from apps.core.dates import add_months
from apps.core.widgets import Day
from apps.penalties.models import PenaltyPolicy, Rule

MOST = Decimal(100_000)
_LIMITS = {
    "explain_days": (1, 30),
    "least_calls": (1, 1000),
    "repeated_from": (2, 30),
    "month_limit_amount": (0, MOST),
    "reward_points": (100, 1000),
    "reward_answers": (1, 1000),
}


def _between(form: Any, data: dict[str, Any], name: str, least: Any, most: Any) -> None:
    if name in data and not least <= data[name] <= most:
        words = {"least": least, "most": most}
        form.add_error(name, _("Enter a number from %(least)s to %(most)s.") % words)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One clause from a day on. Checked here, saved by the action."""

    class Meta:
        model = Rule
        fields = ("effective_from", "is_on", "low_amount", "high_amount", "text")
        widgets = {"effective_from": Day(), "text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "effective_from": gettext_lazy(
                "From tomorrow on. What is saved is not changed any more: another day follows it,"
                " or it is taken back before its day."
            ),
            "is_on": gettext_lazy("Facts from that day on are looked for under this clause."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("low_amount", "high_amount"):
            self.fields[name].widget.attrs |= {"min": 0, "max": MOST, "step": "0.01"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("low_amount", "high_amount"):
            _between(self, data, name, 0, MOST)
        low, high = data.get("low_amount"), data.get("high_amount")
        if low is not None and high is not None and high < low:
            self.add_error("high_amount", _("It lies under the lower amount."))
        return data


class NumbersForm(forms.ModelForm):  # type: ignore[type-arg]
    """The numbers from a day on. Checked here, saved by the action."""

    class Meta:
        model = PenaltyPolicy
        fields = ("effective_from", *_LIMITS)
        widgets = {"effective_from": Day()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in _LIMITS.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, (least, most) in _LIMITS.items():
            _between(self, data, name, least, most)
        return data


class GreeterForm(forms.Form):
    """Who answers for the greetings of this month or the next."""

    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=date.fromisoformat)
    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("responsible"))

    def __init__(self, *args: Any, store: Store, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this: Any = today.replace(day=1)
        months = (this, add_months(this, 1))
        chosen: Any = self.fields["month"]
        chosen.choices = [(month.isoformat(), f"{month:%Y-%m}") for month in months]
        people: Any = self.fields["person"]
        people.queryset = User.objects.filter(store=store, is_active=True).order_by("name", "pk")
