"""What is typed as the store's numbers for surveys, and as the official score."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.core.widgets import Clock, Day
from apps.ssi.models import OfficialScore, SsiPolicy

FIRST_YEAR = 1990
_HOURS = ("second_from", "second_until")
_LIMITS = {
    "low_factor": (100, 1000),
    "low_question": (1, 10),
    "link_days": (1, 60),
    "signs_a_second": (1, 30),
    "far_above": (1, 900),
    "recall_percent": (0, 100),
}


class NumbersForm(forms.ModelForm):  # type: ignore[type-arg]
    """The numbers from a day on. Checked here, saved by the action."""

    class Meta:
        model = SsiPolicy
        fields = ("effective_from", *_LIMITS, *_HOURS)
        widgets = {"effective_from": Day()} | {name: Clock() for name in _HOURS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in _LIMITS.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, (least, most) in _LIMITS.items():
            if name in data and not least <= data[name] <= most:
                words = {"least": least, "most": most}
                wrong = _("Enter a number from %(least)s to %(most)s.") % words
                self.add_error(name, wrong)
        starts, ends = (data.get(name) for name in _HOURS)
        if starts and ends and ends <= starts:
            self.add_error("second_until", _("It must end after it begins."))
        return data


class OfficialForm(forms.ModelForm):  # type: ignore[type-arg]
    """The official score of a year; an action writes it."""

    class Meta:
        model = OfficialScore
        fields = ("year", "score", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].widget.attrs |= {"min": FIRST_YEAR}
        self.fields["score"].widget.attrs |= {"min": 0, "max": 1000, "step": "0.01"}
        if self.instance.pk:
            del self.fields["year"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, least, most in (("score", 0, 1000), ("year", FIRST_YEAR, 2100)):
            if name in data and not least <= data[name] <= most:
                words = {"least": least, "most": most}
                self.add_error(name, _("Enter a number from %(least)s to %(most)s.") % words)
        return data
