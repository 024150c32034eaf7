"""What is typed about a care activity (CARE-12)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.care.actions.activities import MOST_PHOTOS, Plan
from apps.care.activity_choices import Invited
from apps.care.models import Activity
from apps.core.errors import Refused
from apps.core.pictures import read_picture
from apps.core.widgets import Clock, Day

TEXT = forms.Textarea(attrs={"rows": 4})


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    """The plan. Checked here, saved by the action."""

    class Meta:
        model = Activity
        fields = [
            *("name", "on", "starts_at", "place", "capacity", "budget_amount", "plan"),
            *("sales_part", "service_part"),
        ]
        widgets = {"on": Day(), "starts_at": Clock(), "plan": TEXT}

    def planned(self) -> Plan:
        return Plan(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=200)


class EvaluationForm(forms.Form):
    spent_amount = forms.DecimalField(
        label=_("spent"), min_value=0, max_digits=10, decimal_places=2
    )
    summary = forms.CharField(
        label=_("summary"), max_length=2000, widget=TEXT, help_text=_("how it was")
    )
    evaluation = forms.CharField(
        label=_("evaluation"),
        max_length=2000,
        widget=TEXT,
        help_text=_("what it brought, what is done better next time"),
    )


class PhotosForm(forms.Form):
    """Pictures are checked and drawn anew before they are kept."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["photos"] = []
        files: Any = self.files
        for upload in files.getlist("photos")[: MOST_PHOTOS + 1] if files else []:
            try:
                data["photos"].append(read_picture(upload))
            except Refused as refusal:
                self.add_error(None, str(refusal))
        if not data["photos"] and not self.errors:
            self.add_error(None, _("Choose at least one photo."))
        return data


class ComingForm(forms.Form):
    """A customer signs up, or stands at the door."""

    customer = forms.IntegerField(min_value=1)
    people = forms.IntegerField(label=_("number of people"), min_value=1, max_value=20)
    invited = forms.ChoiceField(
        label=_("how he came to know of it"),
        choices=[(one.value, one.label) for one in Invited if one != Invited.CALL],
    )


class AttendForm(forms.Form):
    there = forms.BooleanField(required=False)
