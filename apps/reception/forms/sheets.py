"""What is typed about models, prices, sheets and the numbers of the showroom (REC-04, REC-07)."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.reception.actions.sheets import MODEL, SHEET, TRIM
from apps.reception.choices.presentation import Position
from apps.reception.models import CarModel, ModelSheet, SalesNumbers, Trim
from apps.reception.policy import rivals

NUMBERS = [
    *("greet_within_seconds", "level_h_days", "level_a_days", "level_b_days", "level_c_days"),
    *("thanks_within_hours", "drive_call_within_hours", "enquiry_within_hours"),
    *("consultant_discount_percent", "manager_discount_percent"),
]


class ModelFilter(forms.Form):
    text = forms.CharField(label=_("brand or model"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("which"),
        required=False,
        choices=[("", _("sold")), ("gone", _("not sold any more"))],
    )


class ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CarModel
        fields = MODEL


class TrimForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Trim
        fields = TRIM


class PriceForm(forms.Form):
    effective_from = forms.DateField(label=_("in force from"), widget=Day())
    guide_amount = forms.DecimalField(
        label=_("guide price"),
        min_value=1,
        max_digits=10,
        decimal_places=2,
        help_text=_("VAT included"),
    )
    until = forms.DateField(
        label=_("holds until"),
        required=False,
        widget=Day(),
        help_text=_("empty: until further notice"),
    )


class SheetForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ModelSheet
        fields = SHEET
        widgets = {
            "valid_until": Day(),
            "selling_points": forms.Textarea({"rows": 4}),
            "competitors": forms.Textarea({"rows": 5}),
            **{place: forms.Textarea({"rows": 3}) for place in Position.values},
        }
        help_texts = {
            "selling_points": _("one a line"),
            "competitors": _("one a line: name | price | where we are better | where it is better"),
        }

    def clean_competitors(self) -> str:
        text: str = self.cleaned_data["competitors"]
        MaxLengthValidator(4000)(text)
        try:
            rivals.rivals(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None
        return text


class PresentationForm(forms.Form):
    """What was shown of a car."""

    car_model = forms.IntegerField(widget=forms.HiddenInput())
    positions = forms.MultipleChoiceField(
        label=_("positions shown"),
        choices=Position.choices,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Tick the positions that were shown.")},
    )
    compared_with = forms.CharField(label=_("competitor compared"), required=False, max_length=100)
    questions = forms.CharField(
        label=_("questions left open"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )


class NumbersForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SalesNumbers
        fields = ["effective_from", *NUMBERS]
        widgets = {"effective_from": Day()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        days = [data.get(f"level_{level}_days") for level in "habc"]
        if None not in days and days != sorted(days):  # type: ignore[type-var]
            self.add_error("level_h_days", _("H is asked again first, then A, B and C."))
        limits = [data.get(f"{who}_discount_percent") for who in ("consultant", "manager")]
        if None not in limits and limits != sorted(limits):  # type: ignore[type-var]
            self.add_error(
                "manager_discount_percent", _("A manager may give at least what a consultant may.")
            )
        return data
