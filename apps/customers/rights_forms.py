"""Forms of what customers may ask for about their data (SEC-02)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.customers.choices import RightsHow, RightsKind, RightsStatus
from apps.customers.models import ConsentText, PrivacyPolicy


class RequestForm(forms.Form):
    kind = forms.ChoiceField(label=_("The customer asks"), choices=RightsKind.choices)
    how = forms.ChoiceField(label=_("how it was asked"), choices=RightsHow.choices)
    asked_on = forms.DateField(
        label=_("asked on"), widget=Day, help_text=_("the deadline runs from this day")
    )
    text = forms.CharField(
        label=_("what exactly"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("of a correction: what is wrong and what is right"),
    )


class SettleForm(forms.Form):
    status = forms.ChoiceField(
        choices=[(s.value, s.label) for s in (RightsStatus.DONE, RightsStatus.REFUSED)]
    )
    answer = forms.CharField(
        label=_("What was done, or why it is refused"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("this is what the customer is told"),
    )


class EraseForm(forms.Form):
    typed = forms.CharField(
        label=_("Type the customer's name to confirm"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PrivacyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PrivacyPolicy
        fields = ("effective_from", "request_days", "dormant_years")
        widgets = {"effective_from": Day}


class ConsentTextForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ConsentText
        fields = ("purpose", "effective_from", "text")
        widgets = {"effective_from": Day, "text": forms.Textarea(attrs={"rows": 6})}
