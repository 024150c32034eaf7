"""What is typed about test drives and demonstrator cars (REC-05)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.pictures import drawn
from apps.core.widgets import Day
from apps.reception.choices.drive import Impression, LicenceClass
from apps.reception.models import CarModel, DemoCar, DriveRoute, Trim
from apps.reception.policy.drive import LENGTHS

WHEN = "%Y-%m-%dT%H:%M"
MINUTES = [(n, _("%(n)s minutes") % {"n": n}) for n in LENGTHS]


class DayAsked(forms.Form):
    """Which days of the calendar are shown."""

    day = forms.DateField(required=False)
    view = forms.ChoiceField(choices=[("day", ""), ("week", ""), ("month", "")], required=False)

    def asked(self, today: date) -> tuple[date, str]:
        """What cannot be understood is today."""
        self.is_valid()
        data = self.cleaned_data
        return data.get("day") or today, data.get("view") or "day"


class DriveForm(forms.Form):
    demo_car = forms.ModelChoiceField(
        DemoCar.objects.none(), label=_("demonstrator car"), empty_label=None
    )
    starts_at = forms.DateTimeField(
        label=_("from"),
        input_formats=[WHEN],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 900}, format=WHEN),
    )
    minutes = forms.TypedChoiceField(label=_("length"), choices=MINUTES, coerce=int, initial=30)
    route = forms.ModelChoiceField(
        DriveRoute.objects.none(), label=_("route"), required=False, empty_label="—"
    )
    remark = forms.CharField(label=_("remark"), max_length=200, required=False)

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cars: Any = self.fields["demo_car"]
        cars.queryset = DemoCar.objects.filter(store=store, is_used=True).select_related(
            "car_model"
        )
        routes: Any = self.fields["route"]
        routes.queryset = DriveRoute.objects.filter(store=store, is_used=True)


class LicenceForm(forms.Form):
    driver = forms.CharField(label=_("driver"), max_length=80)
    licence_class = forms.ChoiceField(
        label=_("class of licence"), choices=[("", "—"), *LicenceClass.choices]
    )
    number = forms.CharField(
        label=_("licence number"),
        max_length=24,
        help_text=_("is kept encrypted"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label=_("valid until"), required=False, widget=Day(), help_text=_("empty: for good")
    )
    seen = forms.BooleanField(label=_("the original was seen, the photo is the driver's"))


class KmForm(forms.Form):
    km = forms.IntegerField(
        label=_("mileage"),
        min_value=0,
        max_value=2_000_000,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class FeedbackForm(forms.Form):
    impression = forms.ChoiceField(
        label=_("impression"), choices=Impression, widget=forms.RadioSelect()
    )
    liked = forms.CharField(label=_("what was liked"), max_length=200, required=False)
    disliked = forms.CharField(label=_("what was not liked"), max_length=200, required=False)


class SignatureForm(forms.Form):
    signature = forms.FileField(required=False)

    def clean_signature(self) -> bytes:
        """A sheet on which somebody has written."""
        picture = drawn(self.cleaned_data["signature"])
        if picture is None:
            raise ValidationError(_("The customer has not signed yet."))
        return picture


class DemoCarForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = DemoCar
        fields = [
            *("plate", "car_model", "trim", "vin", "colour", "is_automatic", "km"),
            *("insured_until", "is_used", "remark"),
        ]
        widgets = {"insured_until": Day()}

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models: Any = self.fields["car_model"]
        models.queryset = CarModel.objects.filter(store=store)
        trims: Any = self.fields["trim"]
        trims.queryset = Trim.objects.filter(store=store).select_related("car_model")
        trims.label_from_instance = lambda trim: f"{trim.car_model.name} {trim.name}"


class RouteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = DriveRoute
        fields = ["name", "way", "km", "minutes", "is_used"]
