"""The filter of an audience: what is typed, and the plain values that are kept (CARE-06)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store
from apps.care.campaign_choices import Yes
from apps.core.widgets import Day
from apps.customers.choices import CustomerKind, Gender, Locality
from apps.customers.models import Vehicle

ANY = [("", _("all"))]


class Models(forms.MultipleChoiceField):
    """Car models of the archive. What was chosen is kept even when no such car is left."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 60


class AudienceForm(forms.Form):
    """Everything may be left open; then all customers who may be written to are meant."""

    models = Models(
        label=_("car model"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    sold_here = forms.ChoiceField(
        label=_("car bought here"), required=False, choices=[*ANY, *Yes.choices]
    )
    in_warranty = forms.ChoiceField(
        label=_("car in warranty"), required=False, choices=[*ANY, *Yes.choices]
    )
    car_age_from = forms.IntegerField(
        label=_("age of the car from (years)"), required=False, min_value=0, max_value=40
    )
    car_age_until = forms.IntegerField(
        label=_("age of the car until (years)"), required=False, min_value=0, max_value=40
    )
    visit_from = forms.DateField(label=_("last visit from"), required=False, widget=Day())
    visit_until = forms.DateField(label=_("last visit until"), required=False, widget=Day())
    kind = forms.ChoiceField(
        label=_("person or company"), required=False, choices=[*ANY, *CustomerKind.choices]
    )
    gender = forms.ChoiceField(label=_("sex"), required=False, choices=[*ANY, *Gender.choices])
    locality = forms.ChoiceField(
        label=_("locality"), required=False, choices=[*ANY, *Locality.choices]
    )
    age_from = forms.IntegerField(
        label=_("age from (years)"), required=False, min_value=0, max_value=120
    )
    age_until = forms.IntegerField(
        label=_("age until (years)"), required=False, min_value=0, max_value=120
    )
    birth_month = forms.TypedChoiceField(
        label=_("birthday in"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[*ANY, *MONTHS.items()],
    )

    def __init__(self, *args: Any, store: Store | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["models"]
        chosen.choices = lambda: models_of(store)  # asked only when the field is drawn

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("age", "car_age", "visit"):
            first, last = data.get(f"{name}_from"), data.get(f"{name}_until")
            if first is not None and last is not None and first > last:
                self.add_error(f"{name}_until", _("This must not be less than the one before."))
        return data

    def asked(self) -> dict[str, Any]:
        """What ``audience`` takes and a campaign keeps; only of a valid form."""
        data = {name: self.cleaned_data.get(name) for name in self.fields}
        kept = {name: value for name, value in data.items() if value not in ("", None, [])}
        return {n: v.isoformat() if isinstance(v, date) else v for n, v in kept.items()}


def models_of(store: Store | None) -> list[tuple[str, str]]:
    """The models of the cars in the store's archive."""
    rows = Vehicle.objects.filter(store=store).exclude(model="").order_by("model")
    return [(name, name) for name in rows.values_list("model", flat=True).distinct()]


def in_words(filters: dict[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) of each thing that the filter asks, as a person reads it."""
    found = []
    for name, field in AudienceForm.base_fields.items():
        if (value := filters.get(name)) is None:
            continue
        choices: Any = {} if name == "models" else getattr(field, "choices", ())
        words = {str(key): str(label) for key, label in dict(choices).items()}
        values = value if isinstance(value, list) else [value]
        shown = "、".join(words.get(str(one), str(one)) for one in values)
        found.append((str(field.label), shown))
    return found
