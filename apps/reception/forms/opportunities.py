"""What is typed about a purchase (REC-03, REC-10, REC-11)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.widgets import Day
from apps.customers.choices import Gender
from apps.reception.choices.opportunity import (
    BuyingPurpose,
    ContactHow,
    Level,
    LostReason,
    OpportunityStatus,
    PayMode,
)
from apps.reception.choices.visit import Source
from apps.reception.models import CarModel, Trim
from apps.reception.queries.opportunities import ALL

ANY = [("", _("all"))]
SELLERS = (Role.SALES_CONSULTANT, Role.SALES_MANAGER)


def sellers(store_ids: Any) -> Any:
    """Who may follow a purchase in these stores."""
    people = User.objects.filter(store__in=store_ids, is_active=True, roles__overlap=SELLERS)
    return people.order_by("pk")


class OpportunityFilter(forms.Form):
    """Which purchases are asked for; everything may be left open."""

    text = forms.CharField(
        label=_("customer"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"placeholder": _("name, or the last digits of the phone")}),
    )
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[("", _("being followed")), *OpportunityStatus.choices, ("all", _("all"))],
    )
    due = forms.ChoiceField(
        label=_("next contact"),
        required=False,
        choices=[
            *ANY,
            ("overdue", _("overdue")),
            ("today", _("today")),
            ("week", _("until in a week")),
            ("clock", _("a promise is overdue")),
        ],
    )
    level = forms.ChoiceField(label=_("level"), required=False, choices=[*ANY, *Level.choices])
    source = forms.ChoiceField(label=_("source"), required=False, choices=[*ANY, *Source.choices])
    car_model = forms.ModelChoiceField(
        CarModel.objects.none(), label=_("model"), required=False, empty_label=_("all")
    )
    consultant = forms.ModelChoiceField(
        User.objects.none(), label=_("sales consultant"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models: Any = self.fields["car_model"]
        models.queryset = CarModel.objects.visible_to(user).order_by("brand", "name")
        if user.has_perm(ALL):
            people: Any = self.fields["consultant"]
            people.queryset = sellers(user.store_ids)
        else:
            del self.fields["consultant"]


class NeedsForm(forms.Form):
    """What a customer looks for 需求. A model, and its configuration if he knows it, are one
    field."""

    wanted = forms.ChoiceField(label=_("model and configuration"), required=False)
    colour = forms.CharField(label=_("colour"), required=False, max_length=40)
    source = forms.ChoiceField(label=_("source"), choices=Source.choices)
    purpose = forms.ChoiceField(
        label=_("what the car is for"),
        required=False,
        choices=[("", _("not asked yet")), *BuyingPurpose.choices],
    )
    budget_amount = forms.DecimalField(
        label=_("budget up to"), required=False, min_value=1, max_digits=10, decimal_places=2
    )
    pay_mode = forms.ChoiceField(label=_("payment"), choices=PayMode.choices)
    current_car = forms.CharField(label=_("present car"), required=False, max_length=60)
    decides_on = forms.DateField(label=_("wants to decide by"), required=False, widget=Day())
    needs = forms.CharField(
        label=_("what matters to him"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._models = {
            model.pk: model for model in CarModel.objects.filter(store=store, is_sold=True)
        }
        trims = Trim.objects.filter(car_model__in=self._models, is_sold=True)
        self._trims = {trim.pk: trim for trim in trims.order_by("car_model", "name")}
        groups: list[Any] = [("", _("not known yet"))]
        for model in self._models.values():
            of_model = [t for t in self._trims.values() if t.car_model_id == model.pk]
            any_trim = (f"m{model.pk}", _("%(model)s, no configuration yet") % {"model": model})
            groups.append((str(model), [any_trim, *((f"t{t.pk}", str(t)) for t in of_model)]))
        wanted: Any = self.fields["wanted"]
        wanted.choices = groups

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = data.pop("wanted", "")
        trim = self._trims.get(int(chosen[1:])) if chosen.startswith("t") else None
        data["trim"] = trim
        of = trim.car_model_id if trim else int(chosen[1:]) if chosen else None
        data["car_model"] = self._models.get(of) if of else None
        return data


def as_wanted(row: Any) -> str:
    """The value of ``wanted`` that says what the purchase says."""
    if row.trim_id:
        return f"t{row.trim_id}"
    return f"m{row.car_model_id}" if row.car_model_id else ""


class OpportunityForm(NeedsForm):
    """A new purchase of a customer whom we know."""

    level = forms.ChoiceField(label=_("level"), choices=Level.choices)
    consultant = forms.ModelChoiceField(
        User.objects.none(), label=_("sales consultant"), empty_label=None
    )
    field_order: tuple[str, ...] = ("level", "wanted", "colour", "source")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, store=user.store, **kwargs)
        if user.has_perm(ALL):
            people: Any = self.fields["consultant"]
            people.queryset = sellers([user.store_id])
        else:
            del self.fields["consultant"]


class CardForm(OpportunityForm):
    """A customer card 客户信息卡 of somebody new: who he is and what he looks for."""

    name = forms.CharField(label=_("name"), max_length=80)
    phone = forms.CharField(label=_("telephone number"), max_length=30)
    gender = forms.ChoiceField(label=_("gender"), choices=Gender.choices)
    field_order = ("name", "phone", "gender", "level", "wanted", "colour", "source")


class ContactForm(forms.Form):
    """What was said, and how near the purchase is afterwards."""

    how = forms.ChoiceField(label=_("how"), choices=ContactHow.choices)
    reached = forms.BooleanField(label=_("the customer was reached"), required=False, initial=True)
    text = forms.CharField(
        label=_("what was said"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )
    level = forms.ChoiceField(label=_("level afterwards"), choices=Level.choices)
    next_on = forms.DateField(
        label=_("agreed for"),
        required=False,
        widget=Day(),
        help_text=_("empty: by the level"),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("reached") and not data.get("text"):
            self.add_error("text", _("Write in a few words what was said."))
        return data


class LostForm(forms.Form):
    """Why the purchase did not come about (REC-11)."""

    lost_reason = forms.ChoiceField(label=_("why lost"), choices=LostReason.choices)
    lost_to = forms.CharField(
        label=_("bought instead"),
        required=False,
        max_length=60,
        help_text=_("brand and model, or the other dealer"),
    )
    lost_note = forms.CharField(
        label=_("what was tried"),
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        elsewhere = (LostReason.COMPETITOR, LostReason.OTHER_DEALER)
        if data.get("lost_reason") in elsewhere and not data.get("lost_to"):
            self.add_error("lost_to", _("Say what was bought instead, or where."))
        return data


class GiveForm(forms.Form):
    """Who follows the purchase from now on."""

    to = forms.ModelChoiceField(User.objects.none(), label=_("give to"), empty_label=None)

    def __init__(self, *args: Any, store_id: Any, besides: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = sellers([store_id]).exclude(pk=besides)


class AnswerForm(forms.Form):
    """Why a proposed loss is not taken as lost."""

    answer = forms.CharField(label=_("what is to be tried yet"), max_length=200)


class AgainForm(forms.Form):
    """How near the purchase of somebody is who was lost."""

    level = forms.ChoiceField(label=_("level"), choices=Level.choices)
