"""What is typed into the registers and the daily preparation (SVC-13)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.widgets import Day
from apps.service.models import Overnight, Rescue

WHEN = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeInput):
    def __init__(self) -> None:
        super().__init__({"type": "datetime-local"}, format=WHEN)


class RescueFilter(forms.Form):
    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())
    open = forms.BooleanField(label=_("without result only"), required=False)


class RescueForm(forms.ModelForm):  # type: ignore[type-arg]
    phone = forms.RegexField(
        r"^\+?[\d\- ]{5,20}$",
        label=_("phone"),
        max_length=20,
        error_messages={"invalid": _("Enter a phone number.")},
    )

    class Meta:
        model = Rescue
        fields = [
            *("called_at", "caller", "phone", "plate", "place", "trouble", "went", "left_at"),
            *("back_at", "result", "cost_amount", "remark"),
        ]
        widgets = {"called_at": Moment(), "left_at": Moment(), "back_at": Moment()}

    field_order = ["called_at", "caller", "phone", "plate", "place", "trouble"]

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        went: Any = self.fields["went"]
        went.queryset = User.objects.filter(store=store, is_active=True).order_by("pk")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        left, back = data.get("left_at"), data.get("back_at")
        if left and back and back < left:
            self.add_error("back_at", _("Nobody can be back before setting off."))
        return data


class NightForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Overnight
        fields = ["reason", "key_place"]
