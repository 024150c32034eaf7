"""The points of a list as its manager writes them, and what is said of each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.checklists import policy
from apps.core.widgets import Day


class PointsForm(forms.Form):
    """The points of a list, one a line."""

    effective_from = forms.DateField(label=_("in force from"), widget=Day())
    points = forms.CharField(
        label=_("points"),
        max_length=6000,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("one a line: four-piece sets × 50; check forms × 10/人 for each advisor"),
    )

    def clean_points(self) -> list[policy.Point]:
        try:
            return policy.points(self.cleaned_data["points"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None


class AnswersForm(forms.Form):
    """What is said of each point: done, how many, remark."""

    def __init__(self, *args: Any, lines: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            said, pk = line.said, line.item.pk
            self.fields[f"done-{pk}"] = forms.BooleanField(
                label=line.item.text, required=False, initial=bool(said and said.done)
            )
            if line.wanted is not None:
                self.fields[f"quantity-{pk}"] = forms.IntegerField(
                    label=_("there"),
                    required=False,
                    min_value=0,
                    max_value=30_000,
                    initial=said.quantity if said else None,
                )
            self.fields[f"remark-{pk}"] = forms.CharField(
                label=_("remark"),
                required=False,
                max_length=100,
                initial=said.remark if said else "",
                widget=forms.TextInput({"placeholder": _("remark")}),
            )
        for name, field in self.fields.items():
            tick = name.startswith("done")
            field.widget.attrs["class"] = "form-check-input" if tick else "form-control"

    def rows(self) -> list[tuple[Any, Any, Any, Any]]:
        """(line, its tick, its number or None, its remark)"""
        return [
            (
                line,
                self[f"done-{line.item.pk}"],
                self[f"quantity-{line.item.pk}"] if line.wanted is not None else None,
                self[f"remark-{line.item.pk}"],
            )
            for line in self.lines
        ]

    def said(self) -> dict[int, policy.Said]:
        data = self.cleaned_data
        return {
            line.item.pk: policy.Said(
                data[f"done-{line.item.pk}"],
                data.get(f"quantity-{line.item.pk}"),
                data[f"remark-{line.item.pk}"],
            )
            for line in self.lines
        }
