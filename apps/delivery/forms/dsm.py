"""What is typed about the buyer of a delivered car, and what of the records is asked for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.templatetags.ui import masked
from apps.core.widgets import Day
from apps.customers.choices import CustomerKind
from apps.customers.forms import CustomerForm
from apps.customers.models import Customer
from apps.delivery.actions.dsm import BUYER
from apps.delivery.choices.dsm import DsmStatus, Fault, Needed
from apps.delivery.models import DsmRecord

FIELDS = {need.value: need.value for need in Needed} | {Needed.CONTACT: "contact_name"}
NOBODY = "nobody"


class DsmForm(CustomerForm):
    """The buyer's data: a company has who speaks for it, a person birthday and ID number."""

    phone = forms.CharField(label=_("telephone number"), required=False, max_length=30)

    class Meta:
        model = Customer
        fields = BUYER
        widgets = {"birthday": Day()}

    field_order = ("contact_name", "phone", "id_number", "birthday", "lunar_birth_mmdd", "address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance
        company = instance.kind == CustomerKind.COMPANY
        left_out = ("id_number", "birthday", "lunar_birth_mmdd") if company else ("contact_name",)
        for name in left_out:
            del self.fields[name]
        if instance.reachable:
            self.fields["phone"].help_text = _("in use: %(phone)s; enter only another one") % {
                "phone": masked(instance.main_phone)
            }
        if "birthday" in self.fields:
            self.fields["birthday"].help_text = _("empty: as the ID number says")
        if instance.id_number_sealed and not company:
            self.fields["id_number"].help_text = _("there already; enter only another one")


class WhyForm(forms.Form):
    why = forms.CharField(label=_("what is wrong with the data"), max_length=200)


class CheckForm(forms.Form):
    why = forms.CharField(
        label=_("why it is accepted with something missing"),
        required=False,
        max_length=200,
        help_text=_("empty: everything is there and right"),
    )


class Month(forms.DateField):
    """A month as 2026-11; its first day."""

    widget = forms.DateInput({"type": "month"}, format="%Y-%m")
    input_formats = ["%Y-%m"]

    def to_python(self, value: Any) -> date | None:
        found: date | None = super().to_python(value)
        return found and found.replace(day=1)


class DsmFilter(forms.Form):
    """Which records are listed; empty: what is to be done."""

    month = Month(label=_("month"), required=False)
    status = forms.ChoiceField(
        label=_("status"), required=False, choices=[("", _("all")), *DsmStatus.choices]
    )
    fault = forms.ChoiceField(
        label=_("late or incomplete"), required=False, choices=[("", _("all")), *Fault.choices]
    )
    consultant = forms.ChoiceField(label=_("sales consultant"), required=False)
    in_time = forms.BooleanField(required=False, widget=forms.HiddenInput())
    store = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = DsmRecord.objects.visible_to(user).order_by().values("consultant")
        people = User.objects.filter(pk__in=named).order_by("store", "pk")
        consultant: Any = self.fields["consultant"]
        consultant.choices = [
            *(("", _("anybody")), (NOBODY, _("nobody yet"))),
            *((str(person.pk), str(person)) for person in people),
        ]
        store: Any = self.fields["store"]
        store.choices = [(pk, pk) for pk in user.store_ids]
