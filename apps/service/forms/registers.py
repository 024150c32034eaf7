"""What is typed into the registers and the daily preparation (SVC-13)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.checklists import policy
from apps.core.widgets import Day
from apps.service.models import Overnight, Rescue

WHEN = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeInput):
    def __init__(self) -> None:
        super().__init__({"type": "datetime-local"}, format=WHEN)


class RescueFilter(forms.Form):
    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())
    open = forms.BooleanField(label=_("without result only"), required=False)


class RescueForm(forms.ModelForm):  # type: ignore[type-arg]
    phone = forms.RegexField(
        r"^\+?[\d\- ]{5,20}$",
        label=_("phone"),
        max_length=20,
        error_messages={"invalid": _("Enter a phone number.")},
    )

    class Meta:
        model = Rescue
        fields = [
            *("called_at", "caller", "phone", "plate", "place", "trouble", "went", "left_at"),
            *("back_at", "result", "cost_amount", "remark"),
        ]
        widgets = {"called_at": Moment(), "left_at": Moment(), "back_at": Moment()}

    field_order = ["called_at", "caller", "phone", "plate", "place", "trouble"]

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        went: Any = self.fields["went"]
        went.queryset = User.objects.filter(store=store, is_active=True).order_by("pk")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        left, back = data.get("left_at"), data.get("back_at")
        if left and back and back < left:
            self.add_error("back_at", _("Nobody can be back before setting off."))
        return data


class NightForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Overnight
        fields = ["reason", "key_place"]


class PointsForm(forms.Form):
    """The points of the daily preparation, one a line."""

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
