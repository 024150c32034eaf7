"""The registration form on the call screen (CARE-10, SVC-01)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.care.actions.visits import Visit
from apps.care.models import Call
from apps.service.actions.booking import Wish
from apps.service.forms import AppointmentForm
from apps.service.models import Appointment
from apps.service.queries.appointments import awaited_of

CALL_FORM = "call-form"  # its fields stand in a panel and are sent with the call's result


class VisitForm(AppointmentForm):
    """Without what the call says by itself: where it comes from, the mileage, the remark."""

    source = km = remark = None  # type: ignore[assignment]
    there = forms.ModelChoiceField(Appointment.objects.none(), required=False)

    def __init__(self, *args: Any, call: Call, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, store=call.store, **kwargs)
        there: Any = self.fields["there"]
        there.queryset = awaited_of(call.vehicle, now) if call.vehicle else there.queryset
        self.fields["starts_at"].required = False
        for field in self.fields.values():
            field.widget.attrs["form"] = CALL_FORM

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("starts_at") and not data.get("there"):
            raise forms.ValidationError(_("Choose one of the free times."))
        return data

    def visit(self) -> Visit:
        data = self.cleaned_data
        said = {name: data.get(name) for name in ("symptoms", "advisor")}
        wish = Wish(operations=list(data.get("operations") or ()), said=said)
        there = data.get("there")
        return Visit(None if there else data.get("starts_at"), wish, there)
