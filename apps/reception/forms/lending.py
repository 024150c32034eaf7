"""What is typed about loans and purchase tax (REC-07)."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.reception.models import CarModel, LoanProduct, PurchaseTax
from apps.reception.policy.loan import LONGEST

TAX = ("rate_percent", "vat_percent", "relief_percent", "relief_cap_amount")


class TaxForm(forms.ModelForm):  # type: ignore[type-arg]
    """The purchase tax from a day on. Checked here, saved by the action."""

    class Meta:
        model = PurchaseTax
        fields = ["effective_from", *TAX]
        widgets = {"effective_from": Day()}


class LoanForm(forms.ModelForm):  # type: ignore[type-arg]
    terms = forms.CharField(
        label=_("months to choose from"), max_length=60, help_text=_("as 12, 24, 36")
    )

    class Meta:
        model = LoanProduct
        fields = ["lender", "name", "annual_percent", "terms", "least_down_percent", "most_amount"]
        fields += ["car_model", "effective_from", "until"]
        widgets = {"effective_from": Day(), "until": Day()}

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model: Any = self.fields["car_model"]
        model.queryset = CarModel.objects.filter(store=store, is_sold=True)

    def clean_terms(self) -> list[int]:
        told = [piece for piece in re.split(r"[\s,，、;；/]+", self.cleaned_data["terms"]) if piece]
        months = sorted({int(piece) for piece in told if re.fullmatch(r"[0-9]{1,3}", piece)})
        good = months and len(months) == len(set(told)) and 1 <= months[0] <= months[-1] <= LONGEST
        if not good:
            raise forms.ValidationError(
                _("Write the months with commas, each from 1 to %(most)s."),
                params={"most": LONGEST},
            )
        return months

    def clean_least_down_percent(self) -> Any:
        percent = self.cleaned_data["least_down_percent"]
        if percent >= 100:
            raise forms.ValidationError(_("With 100 per cent paid at once there is no loan."))
        return percent

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("effective_from"), data.get("until")
        if first and last and last < first:
            self.add_error("until", _("The last day is not before the first."))
        return data


class LoanEndForm(forms.Form):
    until = forms.DateField(label=_("offered until"), widget=Day())
