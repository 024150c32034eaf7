"""What is typed into a report; actions write it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, User
from apps.core.widgets import Day
from apps.reports.choices import SCORES, Figure
from apps.reports.models import FigureTarget, MonthlyReport, ReportAction


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Cause and action of a figure that is short of its target."""

    class Meta:
        model = ReportAction
        fields = ("cause", "action", "owner", "due_on")
        widgets = {"due_on": Day()}

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("responsible"),
            required=False,
            queryset=User.objects.filter(store=store, is_active=True).order_by("pk"),
        )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("what came of it"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """All three are needed."""

    class Meta:
        model = MonthlyReport
        fields = ("analysis", "plan", "focus")
        widgets = {
            "analysis": forms.Textarea(attrs={"rows": 6}),
            "plan": forms.Textarea(attrs={"rows": 5}),
            "focus": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            field.max_length = 5000  # type: ignore[attr-defined]
            field.widget.attrs["maxlength"] = 5000


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=_("why it is sent back"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """A target from a day on."""

    figure = forms.ChoiceField(label=_("figure"), choices=Figure.choices)

    class Meta:
        model = FigureTarget
        fields = ("figure", "target", "effective_from")
        widgets = {"effective_from": Day()}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = today + timedelta(days=1)
        self.fields["target"].help_text = _("per cent; of the internal SSI points")
        self.fields["target"].widget.attrs |= {"min": 0, "max": 1000, "step": "0.01"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        most = 1000 if data.get("figure") == Figure.SSI else 100
        if "target" in data and not 0 <= data["target"] <= most:
            words = {"least": 0, "most": most}
            self.add_error("target", _("Enter a number from %(least)s to %(most)s.") % words)
        return data


class TargetsForm(forms.Form):
    """All figures on one page: what is filled in is set, from one day on."""

    effective_from = forms.DateField(label=_("in force from"), widget=Day())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].initial = today + timedelta(days=1)
        for figure in Figure:
            score = figure in SCORES
            self.fields[figure.value] = forms.DecimalField(
                label=figure.label,
                required=False,
                min_value=0,
                max_value=1000 if score else 100,
                decimal_places=2,
                help_text=_("points") if score else _("per cent"),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.targets():
            raise forms.ValidationError(_("Fill in at least one target."))
        return data

    def targets(self) -> dict[str, Any]:
        given = {figure.value: self.cleaned_data.get(figure.value) for figure in Figure}
        return {figure: target for figure, target in given.items() if target is not None}
