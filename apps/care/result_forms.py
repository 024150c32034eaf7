"""The one form of the call screen: every result key sends it (CARE-13)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.care import policy
from apps.care.actions.answers import Answer, Checked, Coming, Renewed, Said
from apps.care.actions.results import Elsewhere, Outcome, Talk
from apps.care.choices import (
    NOT_CONTENT,
    SURVEYS,
    CallKind,
    Cause,
    Finding,
    Measure,
    NotReturning,
    RepairType,
    Result,
    Satisfaction,
)
from apps.care.models import Call, Script
from apps.care.visit_form import VisitForm
from apps.core.widgets import Clock, Day


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=Day())


class ResultForm(forms.Form):
    """Nothing is required by itself: which fields count follows from the result."""

    result = forms.ChoiceField(label=_("result"), choices=Result)
    claim = forms.UUIDField(required=False, widget=forms.HiddenInput)
    number = forms.CharField(max_length=20, required=False)
    km = forms.IntegerField(
        label=_("mileage now"), required=False, min_value=0, max_value=2_000_000
    )
    note = forms.CharField(label=_("remark"), max_length=500, required=False)
    ticks = forms.TypedMultipleChoiceField(coerce=int, required=False)
    script = forms.ModelChoiceField(Script.objects.none(), required=False)
    not_yet_reason = forms.ChoiceField(
        label=_("why not"), choices=[("", "–"), *NotReturning.choices], required=False
    )
    not_needed_reason = forms.ChoiceField(
        label=_("why not"), choices=[("", "–"), *NotReturning.choices], required=False
    )
    measure = forms.ChoiceField(
        label=_("measure taken"), choices=[("", "–"), *Measure.choices], required=False
    )
    again_on = _day(_("day"))
    again_time = forms.TimeField(label=_("time"), required=False, widget=Clock())
    again_by = forms.ChoiceField(
        label=_("who calls again"),
        required=False,
        choices=[("me", _("I do")), ("anyone", _("anyone"))],
    )
    elsewhere_on = _day(_("day"))
    elsewhere_km = forms.IntegerField(
        label=_("km then"), required=False, min_value=0, max_value=2_000_000
    )
    elsewhere_shop = forms.CharField(label=_("name of the shop"), max_length=80, required=False)
    elsewhere_place = forms.CharField(label=_("place"), max_length=80, required=False)
    elsewhere_cost = forms.DecimalField(
        label=_("cost"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    confirmed = forms.BooleanField(required=False)
    repair_type = forms.ChoiceField(
        label=_("repair type"), choices=RepairType.choices, required=False
    )
    satisfaction = forms.ChoiceField(
        label=_("satisfaction"), choices=Satisfaction.choices, required=False
    )
    causes = forms.MultipleChoiceField(
        label=_("causes of dissatisfaction"), choices=Cause.choices, required=False
    )
    in_person = forms.BooleanField(required=False)
    finding = forms.ChoiceField(
        label=_("what the customer says"), choices=Finding.choices, required=False
    )
    renewed_until = _day(_("until"))
    insurer = forms.CharField(label=_("insurance company"), max_length=60, required=False)
    difference = forms.CharField(label=_("difference"), max_length=500, required=False)
    people = forms.IntegerField(
        label=_("number of people"), required=False, min_value=1, max_value=20
    )

    @property
    def asks_measure(self) -> bool:
        """Whether something can be offered to win the customer back (CARE-11)."""
        return self.call.kind in policy.LOST

    def __init__(self, *args: Any, call: Call, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.now = call, now
        self.visit: VisitForm | None = None
        self.fields["script"].queryset = Script.objects.filter(  # type: ignore[attr-defined]
            store=call.store_id, kind=call.kind
        )
        self.fields["ticks"].choices = [(n, str(n)) for n in range(30)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked: dict[str, tuple[str, ...]] = {
            Result.ELSEWHERE: ("elsewhere_on", "elsewhere_shop"),
            Result.CALL_LATER: ("again_on", "again_time"),
            Result.NOT_YET: ("not_yet_reason",),
            Result.NOT_NEEDED: ("not_needed_reason",),
            Result.ANSWERED: ("repair_type", "satisfaction"),
            Result.VERIFIED: ("finding",),
            Result.SIGNED_UP: ("people",),
        }
        if self.call.kind == CallKind.INSURANCE:
            asked[Result.RENEWED] = ("renewed_until",)
        if self.call.kind in SURVEYS:  # what is asked there the survey keeps
            asked.pop(Result.ANSWERED)
        for name in asked.get(data.get("result", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Ask for this and fill it in."))
        if data.get("result") == Result.BOOKED:
            self.visit = VisitForm(self.data, call=self.call, now=self.now)
            for errors in self.visit.errors.values():
                self.add_error(None, errors)
        said = data.get("result") == Result.ANSWERED and data.get("satisfaction")
        if said in NOT_CONTENT and not data.get("causes"):
            self.add_error("causes", _("Ask for this and fill it in."))
        told = data.get("result") == Result.VERIFIED and data.get("finding")
        if told == Finding.OTHERWISE and not data.get("difference"):
            self.add_error("difference", _("Ask for this and fill it in."))
        return data

    @property
    def talk(self) -> Talk:
        data = self.cleaned_data
        return Talk(
            number=data["number"],
            km=data["km"],
            note=data["note"],
            ticks=tuple(data["ticks"]),
            script=data["script"],
        )

    @property
    def outcome(self) -> Outcome:
        data = self.cleaned_data
        result = Result(data["result"])
        elsewhere = None
        if result == Result.ELSEWHERE:
            elsewhere = Elsewhere(
                on=data["elsewhere_on"],
                shop=data["elsewhere_shop"],
                km=data["elsewhere_km"],
                place=data["elsewhere_place"],
                cost_amount=data["elsewhere_cost"],
            )
        return Outcome(
            result=result,
            visit=self.visit.visit() if self.visit else None,
            reason=data.get(f"{result.value}_reason") or "",
            measure=data["measure"],
            again_at=self._again_at() if result == Result.CALL_LATER else None,
            again_by_me=data["again_by"] != "anyone",
            elsewhere=elsewhere,
            said=self._said(result),
            confirmed=data["confirmed"],
        )

    def _said(self, result: Result) -> Answer | None:
        data = self.cleaned_data
        if result == Result.VERIFIED:
            return Checked(data["finding"], data["difference"])
        if result == Result.SIGNED_UP:
            return Coming(data["people"])
        if result == Result.RENEWED:
            return Renewed(data["renewed_until"], data["insurer"].strip())
        if result != Result.ANSWERED or self.call.kind in SURVEYS:
            return None
        return Said(
            repair_type=data["repair_type"],
            satisfaction=data["satisfaction"],
            causes=tuple(data["causes"]),
            in_person=data["in_person"],
        )

    def _again_at(self) -> datetime:
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["again_on"], data["again_time"]))
