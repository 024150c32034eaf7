"""The forms of appointments."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.widgets import Day
from apps.service.actions.booking import Wish
from apps.service.choices import AppointmentSource, AppointmentStatus, CancelReason, Skill
from apps.service.models import Bay, Operation, Technician

WHEN = "%Y-%m-%dT%H:%M"
BY_HAND = [choice for choice in AppointmentSource.choices if choice[0] != "self_service"]


class DayFilter(forms.Form):
    """Which appointments of which day."""

    day = forms.DateField(label=_("day"), required=False, widget=Day())
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[
            ("", _("all")),
            ("holding", _("expected or here")),
            *AppointmentStatus.choices,
            ("not_ready", _("the store was not ready")),
        ],
    )
    bay = forms.ModelChoiceField(
        Bay.objects.none(), label=_("bay"), required=False, empty_label=_("all")
    )
    skill = forms.ChoiceField(
        label=_("skill"), required=False, choices=[("", _("all")), *Skill.choices]
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bay: Any = self.fields["bay"]
        bay.queryset = Bay.objects.visible_to(user)


class OfferForm(forms.Form):
    """What is to be done, which says how long it takes and what must be there."""

    operations = forms.ModelMultipleChoiceField(
        Operation.objects.none(),
        label=_("work"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    earliest = forms.DateField(label=_("earliest day"), required=False, widget=Day())

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operations: Any = self.fields["operations"]
        operations.queryset = Operation.objects.filter(store=store, active=True)

    def wish(self) -> Wish:
        """Of what was chosen so far, valid or not."""
        self.is_valid()
        return Wish(operations=list(self.cleaned_data.get("operations") or ()))


class AppointmentForm(OfferForm):
    """预约登记表 (SVC-01): what, when, and what was said."""

    starts_at = forms.DateTimeField(
        label=_("time"),
        input_formats=[WHEN],
        error_messages={"required": _("Choose one of the free times.")},
    )
    source = forms.ChoiceField(label=_("source"), choices=BY_HAND)
    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("service advisor"), required=False, empty_label=_("any")
    )
    km = forms.IntegerField(
        label=_("mileage told"), required=False, min_value=0, max_value=2_000_000
    )
    symptoms = forms.CharField(
        label=_("symptoms or work wanted"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    remark = forms.CharField(label=_("remark"), required=False, max_length=200)
    waiting = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, store=store, **kwargs)
        advisor: Any = self.fields["advisor"]
        advisor.queryset = advisors_of(store)

    def wish(self) -> Wish:
        self.is_valid()
        data = self.cleaned_data
        said = {name: data.get(name) for name in ("km", "symptoms", "remark", "advisor")}
        return Wish(operations=list(data.get("operations") or ()), said=said)


class SaidForm(forms.Form):
    """What was said about the visit, beside its time."""

    advisor = forms.ModelChoiceField(
        User.objects.none(), label=_("service advisor"), required=False, empty_label=_("any")
    )
    km = AppointmentForm.base_fields["km"]
    symptoms = AppointmentForm.base_fields["symptoms"]
    remark = AppointmentForm.base_fields["remark"]
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advisor: Any = self.fields["advisor"]
        advisor.queryset = advisors_of(store)


class MoveForm(forms.Form):
    """Another time, bay or technician."""

    starts_at = forms.DateTimeField(
        label=_("time"),
        input_formats=[WHEN],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=WHEN),
    )
    minutes = forms.IntegerField(label=_("minutes"), min_value=5, max_value=1440, step_size=5)
    bay = forms.ModelChoiceField(
        Bay.objects.none(), label=_("bay"), required=False, empty_label=_("any")
    )
    technician = forms.ModelChoiceField(
        Technician.objects.none(), label=_("technician"), required=False, empty_label=_("any")
    )
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bay: Any = self.fields["bay"]
        bay.queryset = Bay.objects.filter(store=store, active=True)
        technician: Any = self.fields["technician"]
        people = Technician.objects.filter(store=store, active=True)
        technician.queryset = people.select_related("user")


class TimeForm(forms.Form):
    """One of the free times."""

    starts_at = forms.DateTimeField(input_formats=[WHEN])


class CancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("reason"), choices=CancelReason)
    version = forms.IntegerField(widget=forms.HiddenInput())


def advisors_of(store: Any) -> Any:
    """Who receives cars."""
    return User.objects.filter(
        store=store, is_active=True, roles__contains=[Role.SERVICE_ADVISOR]
    ).order_by("pk")


def local(at: datetime) -> str:
    return timezone.localtime(at).strftime(WHEN)
