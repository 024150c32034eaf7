"""What is typed about the workshop itself (SVC-02)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.widgets import Clock, Day
from apps.service.choices import Skill
from apps.service.models import Bay, Capacity, ServiceDay, Technician

NUMBERS = ("slot_minutes", "labour_hours", "book_ahead_days")


def skills() -> Any:
    return forms.MultipleChoiceField(
        label=_("skills"), choices=Skill, widget=forms.CheckboxSelectMultiple()
    )


class CapacityForm(forms.ModelForm):  # type: ignore[type-arg]
    """The numbers of the workshop from a day on. Checked here, saved by the action."""

    class Meta:
        model = Capacity
        fields = ["effective_from", *NUMBERS]
        widgets = {"effective_from": Day()}


class BayForm(forms.ModelForm):  # type: ignore[type-arg]
    skills = skills()

    class Meta:
        model = Bay
        fields = ["name", "skills", "place", "active"]


class TechnicianForm(forms.ModelForm):  # type: ignore[type-arg]
    skills = skills()

    class Meta:
        model = Technician
        fields = ["skills", "works_from", "works_until", "active"]
        widgets = {"works_from": Clock(), "works_until": Clock()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("works_from"), data.get("works_until")
        if begins and ends and begins >= ends:
            self.add_error("works_until", _("The work must end after it begins."))
        return data


class NewTechnicianForm(TechnicianForm):
    """Somebody of the workshop who is not booked yet."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("person"))
    field_order = ["user"]

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = User.objects.filter(
            store=store, is_active=True, roles__contains=[Role.WORKSHOP], technician=None
        ).order_by("pk")


class ClosureForm(forms.Form):
    """Days on which a bay cannot be used."""

    bay = forms.ModelChoiceField(Bay.objects.none(), label=_("bay"))
    first = forms.DateField(label=_("first day"), widget=Day())
    last = forms.DateField(label=_("last day"), widget=Day())
    reason = forms.CharField(label=_("reason"), max_length=80)

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bay: Any = self.fields["bay"]
        bay.queryset = Bay.objects.filter(store=store, active=True)


class ServiceDayForm(forms.ModelForm):  # type: ignore[type-arg]
    """A day that is otherwise than usual."""

    class Meta:
        model = ServiceDay
        fields = ["on", "closed", "opens_at", "closes_at", "labour_hours", "reason"]
        widgets = {"on": Day(), "opens_at": Clock(), "closes_at": Clock()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("reason"):
            self.add_error("reason", _("Say why."))
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("The workshop must open before it closes."))
        return data
