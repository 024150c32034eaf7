"""What is typed about operations, parts and their supplies (SVC-06, SVC-08)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.service import policy
from apps.service.choices import RepairKind, Skill, SupplyKind
from apps.service.models import Operation, Part


class PartFilter(forms.Form):
    text = forms.CharField(label=_("number or name"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("which"),
        required=False,
        choices=[
            ("", _("in use")),
            ("low", _("below the reorder level")),
            ("short", _("more promised than there is")),
            ("gone", _("not in use")),
        ],
    )


class OperationFilter(forms.Form):
    text = forms.CharField(label=_("code or name"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("kind"), required=False, choices=[("", _("all")), *RepairKind.choices]
    )
    skill = forms.ChoiceField(
        label=_("skill"), required=False, choices=[("", _("all")), *Skill.choices]
    )
    state = forms.ChoiceField(
        label=_("which"), required=False, choices=[("", _("in use")), ("gone", _("not in use"))]
    )


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Part
        fields = ["number", "name", "unit", "price_amount", "reorder_at", "active"]


class NewPartForm(PartForm):
    class Meta(PartForm.Meta):
        fields = ["number", "name", "unit", "price_amount", "stock", "reorder_at"]


class StockForm(forms.Form):
    """What was counted. ``seen`` is what the page said when it was opened."""

    stock = forms.IntegerField(label=_("counted pieces"), min_value=0, max_value=1_000_000)
    reason = forms.CharField(label=_("reason"), max_length=80)
    seen = forms.IntegerField(widget=forms.HiddenInput())


class SupplyForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=SupplyKind)
    quantity = forms.IntegerField(label=_("pieces"), min_value=1, max_value=100_000)
    expected_on = forms.DateField(label=_("expected on"), widget=Day())
    note = forms.CharField(label=_("order number or other store"), max_length=80, required=False)


class PostponeForm(forms.Form):
    expected_on = forms.DateField(label=_("expected on"), widget=Day())


class OperationForm(forms.ModelForm):  # type: ignore[type-arg]
    """An operation; its usual parts one a line. ``data["usual"]`` is part → pieces."""

    usual = forms.CharField(
        label=_("usual parts"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("one a line: part number × pieces, as A-100 × 2"),
    )

    class Meta:
        model = Operation
        fields = ["code", "name", "kind", "skill", "minutes", "price_amount", "active"]

    field_order = ["code", "name", "kind", "skill", "minutes", "price_amount", "usual", "active"]

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.store = store

    def clean_usual(self) -> dict[Part, int]:
        try:
            wanted = policy.usual_parts(self.cleaned_data["usual"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None
        parts = Part.objects.filter(store=self.store, active=True, number__in=wanted)
        there = {part.number: part for part in parts}
        if unknown := [number for number in wanted if number not in there]:
            raise forms.ValidationError(
                _now("No part in use has the number %(numbers)s.")
                % {"numbers": "、".join(unknown[:5])}
            )
        return {there[number]: pieces for number, pieces in wanted.items()}
