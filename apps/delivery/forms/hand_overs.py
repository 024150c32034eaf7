"""What is typed about a hand-over (DEL-01…05)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.checklists.policy import Said
from apps.checklists.queries import Line
from apps.core.errors import Refused
from apps.core.pictures import drawn, read_picture
from apps.core.widgets import Day
from apps.delivery.actions.handing_over import MOST_PHOTOS, Sheet
from apps.delivery.choices.hand_over import BY_HAND, AgreedHow, HandOverStatus, Step
from apps.delivery.models import DeliveryArea, HandOver
from apps.reception.models import SalesOrder
from apps.reception.queries.opportunities import ALL

WHEN = "%Y-%m-%dT%H:%M"
LEADS = (Role.SALES_MANAGER, Role.GENERAL_MANAGER)


def people(store: Store | int, *roles: str) -> Any:
    """The active people of the store with one of these roles."""
    return User.objects.filter(
        store=store, is_active=True, roles__overlap=[str(role) for role in roles]
    ).order_by("pk")


def consultants_for(user: Any, order: SalesOrder) -> Any:
    """Who may hand the order over: its consultant; a manager may choose another one."""
    if not user.has_perm(ALL):
        return User.objects.filter(pk=order.consultant_id)
    return people(order.store_id, Role.SALES_CONSULTANT, Role.SALES_MANAGER)


class PlanForm(forms.Form):
    """When and where, and whether the customer agreed."""

    starts_at = forms.DateTimeField(
        label=_("time"),
        input_formats=[WHEN],
        error_messages={"required": _("Choose one of the free times.")},
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=WHEN),
    )
    area = forms.ModelChoiceField(
        DeliveryArea.objects.none(),
        label=_("delivery area"),
        required=False,
        empty_label=_("first free one"),
    )
    consultant = forms.ModelChoiceField(
        User.objects.none(), label=_("sales consultant"), empty_label=None
    )
    agreed_how = forms.ChoiceField(
        label=_("the customer said that the time suits him"),
        choices=[("", _("not asked yet")), *AgreedHow.choices],
        required=False,
    )
    is_vip = forms.BooleanField(
        label=_("VIP or fleet customer"),
        required=False,
        help_text=_("a manager takes part in the hand-over (DEL-04)"),
    )
    remark = forms.CharField(label=_("remark"), required=False, max_length=200)

    def __init__(self, *args: Any, store: Store, consultants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = DeliveryArea.objects.filter(store=store, active=True)
        consultant: Any = self.fields["consultant"]
        consultant.queryset = consultants


class AgreeForm(forms.Form):
    how = forms.ChoiceField(choices=AgreedHow)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=200)


class ToldForm(forms.Form):
    told = forms.CharField(label=_("what the customer was told"), max_length=200)


class PointForm(forms.Form):
    point = forms.ChoiceField(choices=[(point.value, point.label) for point in BY_HAND])
    done = forms.BooleanField(required=False)


class PapersForm(forms.ModelForm):  # type: ignore[type-arg]
    """What goes into the archive with the hand-over (DEL-07)."""

    class Meta:
        model = HandOver
        fields = ["plate", "registered_on", "insurer", "insured_until"]
        widgets = {"registered_on": Day(), "insured_until": Day()}


class SheetForm(forms.Form):
    """The run sheet on the tablet: points, times, people, signature, photos."""

    ended = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput())
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("service advisor introduced"), required=False
    )
    care = forms.ModelChoiceField(
        User.objects.none(), label=_("care specialist introduced"), required=False
    )
    manager = forms.ModelChoiceField(
        User.objects.none(), label=_("manager who takes part"), required=False
    )
    no_photo = forms.BooleanField(label=_("the customer wants no photo"), required=False)
    signature = forms.FileField(required=False)

    def __init__(
        self, *args: Any, row: HandOver, lists: dict[str, Sequence[Line]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists
        for name, roles in (
            ("advisor", (Role.SERVICE_ADVISOR, Role.SERVICE_SUPERVISOR)),
            ("care", (Role.CARE_SPECIALIST, Role.CARE_MANAGER)),
            ("manager", LEADS),
        ):
            field: Any = self.fields[name]
            field.queryset = people(row.store_id, *roles)
        for lines in lists.values():
            for line in lines:
                self.fields[f"point-{line.item.pk}"] = forms.BooleanField(
                    label=line.item.text,
                    required=False,
                    widget=forms.CheckboxInput({"class": "form-check-input"}),
                )

    def ticks(self, kind: str) -> list[Any]:
        """The fields of one list."""
        return [self[f"point-{line.item.pk}"] for line in self.lists.get(kind, ())]

    def clean_ended(self) -> dict[str, datetime]:
        try:
            told = json.loads(self.cleaned_data["ended"] or "{}")
            found = {step: parse_datetime(str(told[step])) for step in Step.values if step in told}
        except (ValueError, TypeError) as fault:
            raise ValidationError(_("The times cannot be read. Load the page again.")) from fault
        return {step: at for step, at in found.items() if at is not None and at.tzinfo is not None}

    def clean_signature(self) -> bytes | None:
        return drawn(self.cleaned_data["signature"])

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

    def sheet(self) -> Sheet:
        data = self.cleaned_data
        said = {
            kind: {line.item.pk: Said(data[f"point-{line.item.pk}"]) for line in lines}
            for kind, lines in self.lists.items()
        }
        told = {name: data[name] for name in ("ended", "advisor", "care", "manager", "no_photo")}
        return Sheet(said=said, **told)


class FirstServiceForm(forms.Form):
    starts_at = forms.DateTimeField(input_formats=[WHEN])


class RegisterFilter(forms.Form):
    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())
    status = forms.ChoiceField(
        label=_("status"), required=False, choices=[("", _("all")), *HandOverStatus.choices]
    )
    odd = forms.BooleanField(label=_("too short or too long only"), required=False)
