"""What a customer says when the manager asks him again: a blank form (SSI-10)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.ssi.models import SurveyQuestion
from apps.ssi.policy.score import HIGHEST, LOWEST

NOT_APPLYING = "n"
SCALE = [
    *((str(value), str(value)) for value in range(LOWEST, HIGHEST + 1)),
    (NOT_APPLYING, _("N/A")),
]
TICK = {"class": "form-check-input"}
CALLED = [("yes", _("yes, he was asked")), ("no", _("no, nobody asked him"))]


class RecallForm(forms.Form):
    """Was he asked, and each question again. The first answers are not in it."""

    was_called = forms.ChoiceField(
        label=_("Was the customer asked?"), choices=CALLED, widget=forms.RadioSelect(TICK)
    )
    remark = forms.CharField(
        label=_("remark"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, questions: Iterable[SurveyQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[f"q-{question.pk}"] = forms.ChoiceField(
                label=question.text, choices=SCALE, required=False, widget=forms.RadioSelect()
            )

    def rows(self) -> list[tuple[SurveyQuestion, Any]]:
        return [(question, self[f"q-{question.pk}"]) for question in self.questions]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("was_called") == "yes":
            for question in self.questions:
                if not data.get(f"q-{question.pk}"):
                    self.add_error(f"q-{question.pk}", _("Ask this question again, too."))
        return data

    def answers(self) -> dict[int, int | None]:
        found = {q.pk: self.cleaned_data[f"q-{q.pk}"] for q in self.questions}
        return {
            pk: None if value == NOT_APPLYING else int(value)
            for pk, value in found.items()
            if value
        }


class MissedForm(forms.Form):
    remark = forms.CharField(label=_("remark"), required=False, max_length=500)
