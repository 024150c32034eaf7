"""Who waits for a time, and why somebody waits no more (SVC-14)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.service.choices import LeaveReason
from apps.service.forms import OfferForm


class WaitingForm(OfferForm):
    """What is to be done, and on which days the customer would come."""

    earliest = None  # type: ignore[assignment]  # Django's way to leave a field out
    wanted_from = forms.DateField(label=_("earliest day"), widget=Day())
    wanted_until = forms.DateField(label=_("latest day"), widget=Day())
    remark = forms.CharField(label=_("remark"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("wanted_from"), data.get("wanted_until")
        if first and last and last < first:
            self.add_error("wanted_until", _("The latest day lies before the earliest."))
        return data


class LeaveForm(forms.Form):
    reason = forms.ChoiceField(label=_("reason"), choices=LeaveReason)
