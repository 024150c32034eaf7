"""What is typed about papers, loans and used cars of a contract."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.reception.choices.order import CarPaper, Condition, LoanPaper, PaperCheck
from apps.reception.forms.orders import money


def ticks(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )


class PaperForm(forms.Form):
    number = forms.CharField(
        label=_("number of the paper"),
        max_length=40,
        help_text=_("is kept encrypted"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    valid_until = forms.DateField(label=_("valid until"), required=False, widget=Day())
    checks = ticks(_("checked"), PaperCheck.choices)


class LoanForm(forms.Form):
    lender = forms.CharField(label=_("bank"), max_length=60)
    amount = money(_("amount of the loan"))
    months = forms.IntegerField(label=_("term, months"), min_value=1, max_value=96, initial=36)
    papers = ticks(_("papers there"), LoanPaper.choices)
    note = forms.CharField(label=_("remark"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)


class TradeInForm(forms.Form):
    plate = forms.CharField(label=_("plate"), max_length=10)
    vin = forms.CharField(label=_("VIN"), max_length=20)
    model = forms.CharField(label=_("model"), max_length=60)
    registered_on = forms.DateField(label=_("registered on"), required=False, widget=Day())
    km = forms.IntegerField(label=_("mileage"), min_value=0, max_value=2_000_000)
    papers = ticks(_("papers verified"), CarPaper.choices)
    condition = forms.ChoiceField(label=_("condition"), choices=Condition)
    findings = forms.CharField(
        label=_("what was found"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )


class ValueForm(forms.Form):
    amount = money(_("valuation"))
    agreed = forms.BooleanField(label=_("customer agrees to the valuation"), required=False)
