"""The forms of repair orders and of the workshop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.service.choices import (
    BY_HAND,
    IN_HOUSE,
    ApprovedHow,
    HandBackPoint,
    LineState,
    PaidHow,
    RepairKind,
    Stage,
)
from apps.service.forms import WHEN, advisors_of
from apps.service.models import Bay, Technician


def moment_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=[WHEN],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=WHEN),
    )


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput())


def text_field(label: Any, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=2000, widget=forms.Textarea({"rows": rows})
    )


class OrderForm(forms.Form):
    """What is said and found about the car."""

    kind = forms.ChoiceField(label=_("kind"), choices=RepairKind)
    advisor_user = forms.ModelChoiceField(User.objects.none(), label=_("service advisor"))
    complaints = text_field(_("complaints of the customer"), 3)
    diagnosis = text_field(_("diagnosis"), 3)
    promised_at = moment_field(_("promised for"))
    version = version_field()

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advisor: Any = self.fields["advisor_user"]
        advisor.queryset = advisors_of(store)


class FreeLineForm(forms.Form):
    """Work that is not in the catalogue."""

    name = forms.CharField(label=_("work"), max_length=80)
    minutes = forms.IntegerField(label=_("minutes"), min_value=0, max_value=1440, initial=30)
    price_amount = forms.DecimalField(label=_("price"), min_value=0, max_digits=8, decimal_places=2)
    recommended = forms.BooleanField(label=_("recommended by us"), required=False)


class DispatchForm(forms.Form):
    technician = forms.ModelChoiceField(
        Technician.objects.none(), label=_("technician"), required=False, empty_label="—"
    )
    bay = forms.ModelChoiceField(
        Bay.objects.none(), label=_("bay"), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        technician: Any = self.fields["technician"]
        people = Technician.objects.filter(store=store, active=True)
        technician.queryset = people.select_related("user")
        bay: Any = self.fields["bay"]
        bay.queryset = Bay.objects.filter(store=store, active=True)


class StageForm(forms.Form):
    to = forms.ChoiceField(choices=[(s.value, s.label) for s in (*BY_HAND, Stage.READY)])
    note = forms.CharField(label=_("remark"), required=False, max_length=200)


class CheckForm(forms.Form):
    """The quality check: passed or not, and what was found."""

    passed = forms.TypedChoiceField(
        choices=[("yes", _("passed")), ("no", _("not passed: rework"))],
        coerce=lambda value: value == "yes",
    )
    wash = forms.BooleanField(label=_("to be washed"), required=False, initial=True)
    findings = forms.CharField(label=_("findings"), required=False, max_length=500)


class NotAgreeForm(forms.Form):
    reason = forms.CharField(label=_("why not"), max_length=200)


class SettleForm(forms.Form):
    discount_amount = forms.DecimalField(
        label=_("discount"), min_value=0, max_digits=8, decimal_places=2, initial=0
    )
    paid_how = forms.ChoiceField(label=_("paid how"), choices=PaidHow)


class HandBackForm(forms.Form):
    points = forms.MultipleChoiceField(choices=HandBackPoint, required=False)


class AnswerForm(forms.Form):
    """What the customer says: the lines are fields ``w12``, ``p7`` of the page."""

    how = forms.ChoiceField(label=_("said how"), choices=ApprovedHow)

    def states(self) -> dict[str, str]:
        """Of the lines that were answered."""
        said = {key: str(value) for key, value in self.data.items() if key[:1] in "wp"}
        lines = {key: value for key, value in said.items() if key[1:].isdecimal()}
        return {key: value for key, value in lines.items() if value in LineState.values}


class WorkshopFilter(forms.Form):
    """Which cars of the house."""

    stage = forms.ChoiceField(
        label=_("stage"),
        required=False,
        choices=[("", _("all")), ("late", _("late")), *((s.value, s.label) for s in IN_HOUSE)],
    )
    advisor_user = forms.ModelChoiceField(
        User.objects.none(), label=_("service advisor"), required=False, empty_label=_("all")
    )
    technician = forms.ModelChoiceField(
        Technician.objects.none(), label=_("technician"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advisor: Any = self.fields["advisor_user"]
        advisor.queryset = advisors_of(user.store)
        technician: Any = self.fields["technician"]
        people = Technician.objects.visible_to(user).filter(active=True)
        technician.queryset = people.select_related("user")
