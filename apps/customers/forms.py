"""Forms of the archive. What they take is checked again by the actions."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.widgets import Day
from apps.customers.actions.people import CUSTOMER_FIELDS, VEHICLE_FIELDS
from apps.customers.choices import (
    CareKind,
    ConsentState,
    Fate,
    Lack,
    Locality,
    NumberStatus,
    Purpose,
    Sign,
)
from apps.customers.figures import FOUND
from apps.customers.gaps import IMPORTED
from apps.customers.models import ConsentText, Customer, MaintenanceSchedule, Vehicle


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    id_number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=18,
        help_text=_("is kept encrypted; leave empty to keep what is there"),
    )

    class Meta:
        model = Customer
        fields = CUSTOMER_FIELDS
        widgets = {"birthday": Day()}

    def clean_lunar_birth_mmdd(self) -> int | None:
        """Month 1–12, day 1–30 of the lunar calendar."""
        value: int | None = self.cleaned_data["lunar_birth_mmdd"]
        if value is not None and not (1 <= value // 100 <= 12 and 1 <= value % 100 <= 30):
            raise forms.ValidationError(_("Month 1–12 and day 1–30, as 815 for 八月十五."))
        return value


class NewCustomerForm(CustomerForm):
    phone = forms.CharField(label=_("telephone number"), required=False, max_length=30)
    field_order = ("kind", "name", "phone", "gender")


class NumberForm(forms.Form):
    number = forms.CharField(label=_("telephone number"), max_length=30)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=200)


class MarkForm(forms.Form):
    status = forms.ChoiceField(
        label=_("found to be"),
        choices=[(s.value, s.label) for s in (NumberStatus.EMPTY, NumberStatus.WRONG)],
    )


class StopForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind of care"), choices=CareKind.choices)
    vehicle = forms.ModelChoiceField(
        Vehicle.objects.none(),
        label=_("car"),
        required=False,
        empty_label=_("none (birthday)"),
    )
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cars: Any = self.fields["vehicle"]
        cars.queryset = customer.vehicles.all()


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("purpose"), choices=Purpose.choices)
    state = forms.ChoiceField(label=_("what was said"), choices=ConsentState.choices)
    source = forms.CharField(
        label=_("source"), max_length=80, help_text=_("where it was said, as: on the phone")
    )

    def __init__(self, *args: Any, texts: Iterable[ConsentText] = (), **kwargs: Any) -> None:
        """``texts``: what the customer is told, shown beside the purposes (SEC-02)."""
        super().__init__(*args, **kwargs)
        told = [(text.get_purpose_display(), text.version, text.text) for text in texts]
        self.fields["purpose"].help_text = format_html_join("", "<p><b>{} · {}</b> {}</p>", told)


class VehicleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Vehicle
        fields = VEHICLE_FIELDS
        widgets = {"registered_on": Day(), "insured_until": Day(), "inspection_due_on": Day()}


class NewVehicleForm(VehicleForm):
    vin = forms.CharField(label=_("VIN"), max_length=20)
    confirmed = forms.BooleanField(
        label=_("take the VIN although its check digit is wrong"), required=False
    )
    field_order = ("vin", "confirmed")


class FateForm(forms.Form):
    fate = forms.ChoiceField(label=_("use"), choices=Fate.choices)


class OwnerForm(forms.Form):
    phone = forms.CharField(
        label=_("telephone number of the new owner"),
        required=False,
        max_length=30,
        help_text=_("of a customer in the archive; empty: not known"),
    )


class ReadingForm(forms.Form):
    on = forms.DateField(label=_("day"), widget=Day())
    km = forms.IntegerField(label=_("mileage"), min_value=0, max_value=2_000_000)


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = MaintenanceSchedule
        fields = (
            "model",
            "effective_from",
            "first_opens_months",
            "first_months",
            "first_km",
            "interval_months",
            "interval_km",
        )
        widgets = {"effective_from": Day()}
        help_texts = {"model": _("empty: all models without a schedule of their own")}


class DuplicateFilter(forms.Form):
    sign = forms.ChoiceField(
        label=_("why"), required=False, choices=[("", _("all signs")), *Sign.choices]
    )


class CustomerFilter(forms.Form):
    """What the customer list can be narrowed to."""

    locality = forms.ChoiceField(
        label=_("locality"), required=False, choices=[("", _("all")), *Locality.choices]
    )
    reachable = forms.ChoiceField(
        label=_("reachable"),
        required=False,
        choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))],
    )
    due = forms.BooleanField(label=_("has a car that is due"), required=False)


class GapFilter(forms.Form):
    """What of the work list is asked for (CUS-10)."""

    q = forms.CharField(label=_("name, number, plate"), required=False, max_length=40)
    lack = forms.ChoiceField(
        label=_("lacks"), required=False, choices=[("", _("anything")), *Lack.choices]
    )
    recorder = forms.ChoiceField(label=_("recorded by"), required=False)
    store = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(store__in=user.store_ids).order_by("store", "pk")
        recorder: Any = self.fields["recorder"]
        recorder.choices = [
            *(("", _("anybody")), (IMPORTED, _("an import"))),
            *((person.pk, str(person)) for person in people),
        ]
        store: Any = self.fields["store"]
        store.choices = [(pk, pk) for pk in user.store_ids]


class HealthFilter(forms.Form):
    """Over how many days the archive is looked at, and whose bad numbers are listed (CUS-09)."""

    days = forms.TypedChoiceField(
        label=_("period"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("one year"))],
    )
    person = forms.CharField(required=False, widget=forms.HiddenInput())
    what = forms.ChoiceField(
        required=False, widget=forms.HiddenInput(), choices=[(name, name) for name in FOUND]
    )

    def clean_days(self) -> int:
        """90 if not asked."""
        return self.cleaned_data["days"] or 90

    def clean_person(self) -> str:
        """The number of a person, or "import"."""
        person: str = self.cleaned_data["person"]
        return person if person.isdecimal() or person == IMPORTED else ""
