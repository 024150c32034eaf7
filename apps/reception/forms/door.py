"""What is typed and tapped at the door (REC-01)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.customers.models import Customer
from apps.reception.choices.opportunity import Level
from apps.reception.choices.visit import Purpose, Source, VisitResult, VisitTurnReason
from apps.reception.models import CarModel, ShowroomVisit

SIZES = [(n, str(n)) for n in range(1, 7)]
BY_DAY = [reason for reason in VisitTurnReason if reason != VisitTurnReason.MANAGER]


def consultants_of(store: Store | None) -> Any:
    people: Any = User.objects.filter(
        store=store, is_active=True, roles__contains=[Role.SALES_CONSULTANT]
    )
    return people.order_by("pk")


class RegisterForm(forms.Form):
    """One party, in under ten seconds: everything has the usual answer already."""

    party_size = forms.TypedChoiceField(
        label=_("people in the party"),
        choices=SIZES,
        coerce=int,
        widget=forms.RadioSelect,
        initial=1,
    )
    first_time = forms.TypedChoiceField(
        label=_("been here before"),
        choices=[("1", _("first visit")), ("0", _("returning"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
        initial="1",
    )
    source = forms.ChoiceField(
        label=_("source"), choices=Source, widget=forms.RadioSelect, initial=Source.WALK_IN
    )
    purpose = forms.ChoiceField(
        label=_("comes to"), choices=Purpose, widget=forms.RadioSelect, initial=Purpose.LOOK
    )
    remark = forms.CharField(label=_("to recognise them by"), max_length=100, required=False)
    customer = forms.ModelChoiceField(Customer.objects.none(), required=False)
    greeted = forms.BooleanField(required=False)

    def __init__(self, *args: Any, store: Store | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Any = self.fields["customer"]
        customer.queryset = Customer.objects.filter(store=store)


class TakeForm(forms.Form):
    consultant = forms.ModelChoiceField(User.objects.none(), label=_("sales consultant"))
    reason = forms.ChoiceField(
        label=_("reason"), required=False, choices=[("", "—"), *VisitTurnReason.choices]
    )

    def __init__(self, *args: Any, store: Store | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultant: Any = self.fields["consultant"]
        consultant.queryset = consultants_of(store)


class LeaveForm(forms.Form):
    result = forms.ChoiceField(label=_("result"), choices=VisitResult)


class VisitForm(forms.ModelForm):  # type: ignore[type-arg]
    """What was typed at the door, put right."""

    class Meta:
        model = ShowroomVisit
        fields = ["party_size", "first_time", "source", "purpose", "remark"]


class CardForm(forms.Form):
    """The few things with which a purchase is opened; the rest is asked on its own page."""

    level = forms.ChoiceField(
        label=_("level"), choices=Level, widget=forms.RadioSelect, initial=Level.B
    )
    car_model = forms.ModelChoiceField(
        CarModel.objects.none(), label=_("model"), required=False, empty_label=_("not said")
    )

    def __init__(self, *args: Any, store: Store | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models: Any = self.fields["car_model"]
        models.queryset = CarModel.objects.filter(store=store, is_sold=True)


class ChosenForm(CardForm):
    """The card of a customer whom the archive has."""

    customer = forms.ModelChoiceField(Customer.objects.none())

    def __init__(self, *args: Any, store: Store | None, **kwargs: Any) -> None:
        super().__init__(*args, store=store, **kwargs)
        customer: Any = self.fields["customer"]
        customer.queryset = Customer.objects.filter(store=store)


class NewCardForm(CardForm):
    """The card of somebody new: name and number are enough."""

    name = forms.CharField(label=_("name"), max_length=40)
    phone = forms.CharField(label=_("telephone number"), max_length=30)
    field_order = ["name", "phone", "level", "car_model"]
