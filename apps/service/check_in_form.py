"""The form at the car (SVC-07): what is asked, the marks that were tapped, the photos."""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.core.pictures import drawn, read_picture
from apps.service.actions.check_in import MOST_MARKS, MOST_PHOTOS, Spot
from apps.service.choices import RepairKind, TurnReason
from apps.service.forms import WHEN, AppointmentForm, advisors_of
from apps.service.models.check_in import FULL_TANK

FUEL = [(n, str(n)) for n in range(FULL_TANK + 1)]
ASKED_REASONS = [choice for choice in TurnReason.choices if choice[0] != TurnReason.APPOINTED]
OPENING = ("advisor", "kind", "km", "km_sure", "complaints", "promised_at")
SEEN = ("has_book", "fuel", "valuables", "is_protected", "remark", "in_hurry")


class WalkForm(forms.Form):
    """Marks and photos of a walk-around."""

    marks = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput())

    def clean_marks(self) -> list[Spot]:
        try:
            rows = json.loads(self.cleaned_data["marks"] or "[]")
            return [_spot(row) for row in rows[: MOST_MARKS + 1]]
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise ValidationError(_("The marks cannot be read. Set them again.")) from fault

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["photos"] = []
        files: Any = self.files
        for upload in files.getlist("photos")[: MOST_PHOTOS + 1] if files else []:
            try:
                data["photos"].append(read_picture(upload))
            except Refused as refusal:
                self.add_error(None, str(refusal))
        return data


def _spot(row: dict[str, Any]) -> Spot:
    since = row.get("since")
    return Spot(
        kind=str(row["kind"]),
        x=int(row["x"]),
        y=int(row["y"]),
        note=str(row.get("note") or ""),
        since=date.fromisoformat(since) if since else None,
    )


class CheckInForm(WalkForm):
    """接车单: what the advisor asks and sees."""

    kind = forms.ChoiceField(label=_("kind of visit"), choices=RepairKind)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("service advisor"), empty_label=None
    )
    turn_reason = forms.ChoiceField(
        label=_("why out of turn"), choices=[("", "—"), *ASKED_REASONS], required=False
    )
    km = forms.IntegerField(
        label=_("mileage"),
        min_value=0,
        max_value=2_000_000,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    km_sure = forms.BooleanField(label=_("read again, the mileage is right"), required=False)
    complaints = AppointmentForm.base_fields["symptoms"]
    promised_at = forms.DateTimeField(
        label=_("promised for"),
        required=False,
        input_formats=[WHEN],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=WHEN),
    )
    fuel = forms.TypedChoiceField(
        label=_("fuel, in eighths of a tank"), choices=FUEL, coerce=int, widget=forms.RadioSelect()
    )
    has_book = forms.BooleanField(label=_("maintenance book is there"), required=False)
    is_protected = forms.BooleanField(label=_("four-piece protection is laid"), required=False)
    valuables = forms.CharField(label=_("valuables in the car"), required=False, max_length=200)
    remark = forms.CharField(label=_("remark"), required=False, max_length=200)
    in_hurry = forms.BooleanField(label=_("customer in a hurry"), required=False)
    signature = forms.FileField(required=False)

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advisor: Any = self.fields["advisor"]
        advisor.queryset = advisors_of(store)

    def clean_signature(self) -> bytes | None:
        return drawn(self.cleaned_data["signature"])

    def opening(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OPENING}

    def seen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SEEN}
