"""What is typed of a quick response, step by step (SSI-04)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.complaints import policy
from apps.complaints.choices import DEPARTMENTS, Origin, RootCause, Step
from apps.complaints.models import AskedAgain, ResponseNumbers
from apps.complaints.queries.lists import LATE, OPEN, UNKNOWN
from apps.complaints.queries.mine import departments_of
from apps.core.widgets import Day, MonthField
from apps.customers.models import Customer, Vehicle

ANY = [("", _("all"))]
SCALE = range(1, 11)


def _text(label: Any, *, required: bool = True, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


class ResponseFilter(forms.Form):
    """What of the quick responses is asked for; everything may be left open."""

    step = forms.ChoiceField(
        label=_("step"),
        required=False,
        choices=[*ANY, (OPEN, _("open")), (LATE, _("late")), *Step.choices],
    )
    department = forms.ChoiceField(label=_("department"), required=False)
    origin = forms.ChoiceField(
        label=_("opened by"), required=False, choices=[*ANY, *Origin.choices]
    )
    root_cause = forms.ChoiceField(
        label=_("root cause"),
        required=False,
        choices=[*ANY, *RootCause.choices, (UNKNOWN, _("not known yet"))],
    )
    month = MonthField(
        label=_("made in"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    handler = forms.ModelChoiceField(
        User.objects.none(), label=_("accepted by"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = departments_of(user)
        department: Any = self.fields["department"]
        department.choices = [
            *ANY,
            *((value, label) for value, label in DEPARTMENTS if value in seen),
        ]
        roles = {r.value for kind in seen for r in policy.roles_for(Step.HANDLE, kind)}
        handler: Any = self.fields["handler"]
        handler.queryset = User.objects.filter(
            store__in=user.store_ids, roles__overlap=sorted(roles)
        ).order_by("pk")


class MonthForm(forms.Form):
    """Which month and department a page is about."""

    month = MonthField(required=False)
    department = forms.ChoiceField(required=False, choices=[*ANY, *DEPARTMENTS])

    def chosen(self, today: date) -> date:
        asked = self.cleaned_data.get("month") if self.is_valid() else None
        return asked or today.replace(day=1)


class NewForm(forms.Form):
    """A matter that a customer brought up."""

    department = forms.ChoiceField(
        label=_("department"), choices=DEPARTMENTS, widget=forms.RadioSelect()
    )
    vehicle = forms.ModelChoiceField(
        Vehicle.objects.none(), label=_("car"), required=False, empty_label=_("about no car")
    )
    text = _text(_("what the customer said"), rows=5)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vehicle: Any = self.fields["vehicle"]
        vehicle.queryset = customer.vehicles.order_by("-pk")


class RemarkForm(forms.Form):
    text = _text(_("remark"), required=False, rows=2)


class WhyForm(forms.Form):
    text = _text(_("reason"), rows=2)


class MendForm(forms.Form):
    text = _text(_("what the customer said"), rows=4)


class HandleForm(forms.Form):
    root_cause = forms.ChoiceField(
        label=_("root cause"), choices=[("", _("choose")), *RootCause.choices]
    )
    measure = _text(_("what was done"))


class AskForm(forms.Form):
    """The failed questions asked again, and whether the customer is content now."""

    satisfied = forms.TypedChoiceField(
        label=_("Is the customer satisfied now?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(),
    )
    text = _text(_("what the customer said"), required=False, rows=2)

    def __init__(self, *args: Any, questions: Iterable[AskedAgain], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        asked: dict[str, forms.Field] = {
            f"q{question.pk}": forms.TypedChoiceField(
                label=question.question,
                choices=[(n, str(n)) for n in SCALE],
                coerce=int,
                required=False,
                empty_value=None,
                initial=question.after,
                widget=forms.RadioSelect(),
            )
            for question in self.questions
        }
        self.fields = asked | self.fields

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("satisfied"):
            for question in self.questions:
                name = f"q{question.pk}"
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, _("Ask this question again before the matter is closed."))
        return data

    @property
    def asked(self) -> list[tuple[AskedAgain, forms.BoundField]]:
        return [(question, self[f"q{question.pk}"]) for question in self.questions]

    def answers(self) -> dict[int, int]:
        """pk of the question → what is answered now."""
        told = {q.pk: self.cleaned_data.get(f"q{q.pk}") for q in self.questions}
        return {pk: answer for pk, answer in told.items() if answer is not None}


class NumbersForm(forms.ModelForm):  # type: ignore[type-arg]
    """The limits from a day on. Checked here, saved by the action."""

    class Meta:
        model = ResponseNumbers
        fields = [
            *("effective_from", "approve_hours", "handle_hours", "contact_hours", "close_hours"),
        ]
        widgets = {"effective_from": Day()}
