"""Which survey responses are listed, which day the sheet is of, and answers put right."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.widgets import Day, MonthField
from apps.ssi.actions.scoring import Given
from apps.ssi.choices import Mark, Round
from apps.ssi.models import Response, SurveyModel
from apps.ssi.queries.sheets import Sheet

EVERY = [("", _("all"))]
NOT_APPLYING = "na"
_MONTH = forms.DateInput({"type": "month"}, format="%Y-%m")


class ResponseFilter(forms.Form):
    """Empty: everything that is finished."""

    month = MonthField(label=_("month"), required=False, widget=_MONTH)
    round = forms.ChoiceField(label=_("round"), required=False, choices=[*EVERY, *Round.choices])
    consultant = forms.ChoiceField(label=_("sales consultant"), required=False)
    interviewer = forms.ChoiceField(label=_("interviewer"), required=False)
    mark = forms.ChoiceField(
        label=_("mark"),
        required=False,
        choices=[*EVERY, ("any", _("any mark")), *Mark.choices],
    )
    low = forms.BooleanField(label=_("with a quick response"), required=False)
    model = forms.ModelChoiceField(
        SurveyModel.objects.none(), label=_("survey model"), required=False, empty_label=_("all")
    )
    store = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(store__in=user.store_ids).order_by("store", "pk")
        sellers = people.filter(roles__contains=["sales_consultant"])
        callers = people.filter(roles__overlap=["care_specialist", "care_manager"])
        self._offer("consultant", sellers, ("none", _("no account")))
        self._offer("interviewer", callers, ("customer", _("by the customer himself")))
        model: Any = self.fields["model"]
        model.queryset = SurveyModel.objects.visible_to(user).filter(effective_from__isnull=False)
        store: Any = self.fields["store"]
        store.choices = [(pk, pk) for pk in user.store_ids]

    def _offer(self, name: str, people: Any, other: tuple[str, Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [*EVERY, *((str(one.pk), str(one)) for one in people), other]


class DayFilter(forms.Form):
    on = forms.DateField(label=_("day"), required=False, widget=Day())

    def chosen(self, today: date) -> date:
        """The day of the sheet: never later than today."""
        self.is_valid()
        return min(self.cleaned_data.get("on") or today, today)


class CorrectForm(forms.Form):
    """Each question with its answer as it is; ``given`` is what was changed."""

    def __init__(
        self, *args: Any, response: Response, sheet: Sheet, before: dict[int, Given], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        scale = [(str(n), str(n)) for n in range(10, 0, -1)]
        for question in sheet.questions:
            now = before.get(question.pk)
            self.fields[f"q{question.pk}"] = forms.ChoiceField(
                label=f"{question.factor.name} · {question.text}",
                choices=[*scale, (NOT_APPLYING, _("does not apply"))],
                initial=NOT_APPLYING if now is None or now.value is None else str(now.value),
            )

    @property
    def given(self) -> dict[int, Given]:
        """By the pk of the question; words stay as they were noted."""
        found = {}
        for name, text in self.cleaned_data.items():
            pk = int(name.removeprefix("q"))
            value = None if text == NOT_APPLYING else int(text)
            word = self.before[pk].word if pk in self.before else ""
            found[pk] = Given(value, word)
        return found
