"""What is typed about hand-overs as such."""

from django import forms

from apps.core.widgets import Clock, Day
from apps.delivery.choices.hand_over import Step
from apps.delivery.models import DeliveryArea, DeliveryNumbers

NUMBERS = (
    *(f"{step}_minutes" for step in Step.values),
    *("prepared_by", "dsm_by", "warranty_months", "warranty_km", "inspection_months"),
)


class NumbersForm(forms.ModelForm):  # type: ignore[type-arg]
    """Numbers from a day on. Checked here, saved by the action."""

    class Meta:
        model = DeliveryNumbers
        fields = ["effective_from", *NUMBERS]
        widgets = {"effective_from": Day(), "prepared_by": Clock(), "dsm_by": Clock()}


class AreaForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = DeliveryArea
        fields = ["name", "place", "active"]
