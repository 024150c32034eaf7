"""What is typed about new cars."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.reception.actions.stock import BY_HAND, CAR_FIELDS
from apps.reception.choices.order import StockStatus
from apps.reception.models import CarModel, StockCar, Trim


def trim_label(trim: Trim) -> str:
    return f"{trim.car_model} {trim.name}"


def trims_of(store: Any) -> Any:
    """The configurations of a store, those that are sold first."""
    return (
        Trim.objects.filter(store=store)
        .select_related("car_model")
        .order_by("-is_sold", "car_model__brand", "car_model__name", "name")
    )


class CarForm(forms.ModelForm):  # type: ignore[type-arg]
    vin = forms.CharField(label=_("VIN"), max_length=20)
    confirmed = forms.BooleanField(
        label=_("take the VIN although its check digit is wrong"), required=False
    )
    field_order = ("vin", "confirmed")

    class Meta:
        model = StockCar
        fields = CAR_FIELDS
        widgets = {"arrived_on": Day()}

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trim: Any = self.fields["trim"]
        trim.queryset = trims_of(store)
        trim.label_from_instance = trim_label
        status: Any = self.fields["status"]
        status.choices = [(one.value, one.label) for one in BY_HAND]

    def _post_clean(self) -> None:
        """The action checks and saves; the row that was read stays as it was."""


class StockFilter(forms.Form):
    """Which new cars."""

    q = forms.CharField(label=_("part of the VIN"), required=False, max_length=17)
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[
            ("", _("in stock or coming")),
            ("free", _("without order")),
            *StockStatus.choices,
            ("all", _("all")),
        ],
    )
    car_model = forms.ModelChoiceField(
        CarModel.objects.none(), label=_("model"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models: Any = self.fields["car_model"]
        models.queryset = CarModel.objects.visible_to(user)
