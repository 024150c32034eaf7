"""Which parties a page is about (REC-01, REC-02)."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.widgets import Day
from apps.reception.choices.visit import Purpose, Source, VisitResult
from apps.reception.figures.traffic import NOBODY, STAGES

ALL = ("", _("all"))
FIRST = [("1", _("first visit")), ("0", _("returning"))]


class TrafficFilter(forms.Form):
    """What the analysis is about. What cannot be understood is left out and marked."""

    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())
    source = forms.ChoiceField(label=_("source"), required=False, choices=[ALL, *Source.choices])
    consultant = forms.ChoiceField(label=_("sales consultant"), required=False)
    first = forms.TypedChoiceField(
        label=_("been here before"),
        required=False,
        choices=[ALL, *FIRST],
        coerce=lambda said: said == "1",
        empty_value=None,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = User.objects.filter(
            store__in=user.store_ids, roles__contains=[Role.SALES_CONSULTANT]
        ).order_by("pk")
        asked = self.data.get("consultant", "")
        if asked.isdecimal() and len(asked) < 10:  # also who sells no more
            people |= User.objects.filter(store__in=user.store_ids, pk=asked)
        consultant: Any = self.fields["consultant"]
        known = [(str(person.pk), str(person)) for person in people]
        consultant.choices = [ALL, (NOBODY, _("nobody")), *known]


class VisitFilter(TrafficFilter):
    """Which parties of the register. ``hour`` and ``weekday`` come from the analysis."""

    purpose = forms.ChoiceField(
        label=_("comes to"), required=False, choices=[ALL, *Purpose.choices]
    )
    result = forms.ChoiceField(
        label=_("result"), required=False, choices=[ALL, *VisitResult.choices]
    )
    stage = forms.ChoiceField(
        label=_("went as far as"),
        required=False,
        choices=[ALL, *((stage, stage.label) for stage in STAGES)],
    )
    late = forms.BooleanField(label=_("greeted late only"), required=False)
    hour = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *((n, f"{n}:00–{n + 1}:00") for n in range(24))],
        widget=forms.HiddenInput,
    )
    weekday = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", ""), *((n + 1, name) for n, name in WEEKDAYS.items())],
        widget=forms.HiddenInput,
    )

    @property
    def only(self) -> str:
        """Which weekday and hour the hidden fields ask for, in words."""
        asked = self.cleaned_data
        day, hour = asked.get("weekday"), asked.get("hour")
        told = [str(WEEKDAYS[day - 1])] if day else []
        return " ".join(told + ([f"{hour}:00–{hour + 1}:00"] if hour is not None else []))
