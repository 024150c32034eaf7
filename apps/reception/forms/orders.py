"""What is typed about contracts of sale."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.widgets import Day
from apps.reception.choices.order import Along, OrderCancelReason, OrderStatus, PaidHow
from apps.reception.forms.stock import trim_label, trims_of
from apps.reception.models import CarModel, SalesOrder
from apps.reception.policy.order import FIELDS

CENT = Decimal("0.01")


def sellers_of(stores: Any) -> Any:
    """Who sells in these stores."""
    roles = [Role.SALES_CONSULTANT, Role.SALES_MANAGER]
    return User.objects.filter(store__in=stores, roles__overlap=roles).order_by("store", "pk")


def money(label: Any, least: Decimal = CENT, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=least, max_digits=10, decimal_places=2, **more)


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The contract, or what of it may still be changed: ``only``."""

    price_amount = money(_("price of the car"))
    deposit_amount = money(_("deposit agreed"), required=False)
    insurance_amount = money(_("insurance bought here"), Decimal(0), initial=0)
    accessories_amount = money(_("accessories bought here"), Decimal(0), initial=0)
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    class Meta:
        model = SalesOrder
        fields = FIELDS
        widgets = {"promised_on": Day()}

    def __init__(self, *args: Any, store: Any, only: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            if name not in only:
                del self.fields[name]
        if "trim" in self.fields:
            trim: Any = self.fields["trim"]
            trim.queryset = trims_of(store)
            trim.label_from_instance = trim_label
        if "consultant" in self.fields:
            consultant: Any = self.fields["consultant"]
            consultant.queryset = sellers_of([store]).filter(is_active=True)

    def _post_clean(self) -> None:
        """The action checks and saves; the row that was read stays as it was."""


def month_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput({"type": "month"}, format="%Y-%m"),
    )


class MonthForm(forms.Form):
    month = month_field(_("month of the delivery"))


class OrderFilter(forms.Form):
    """Which contracts."""

    q = forms.CharField(label=_("customer"), required=False, max_length=40)
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[("", _("all")), ("live", _("neither delivered nor cancelled"))]
        + [(one.value, one.label) for one in OrderStatus],
    )
    consultant = forms.ModelChoiceField(
        User.objects.none(), label=_("sales consultant"), required=False, empty_label=_("all")
    )
    car_model = forms.ModelChoiceField(
        CarModel.objects.none(), label=_("model"), required=False, empty_label=_("all")
    )
    car = forms.ChoiceField(
        label=_("car given"),
        required=False,
        choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))],
    )
    with_what = forms.ChoiceField(
        label=_("sold along"), required=False, choices=[("", _("all")), *Along.choices]
    )
    month = month_field(_("month of the delivery"))
    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        models: Any = self.fields["car_model"]
        models.queryset = CarModel.objects.visible_to(user)
        consultant: Any = self.fields["consultant"]
        consultant.queryset = sellers_of(user.store_ids)
        if not user.has_perm("reception.view_all_sales"):
            del self.fields["consultant"]


class DepositForm(forms.Form):
    amount = money(_("deposit"))
    paid_how = forms.ChoiceField(label=_("paid how"), choices=PaidHow)


class OrderCancelForm(forms.Form):
    reason = forms.ChoiceField(label=_("reason"), choices=OrderCancelReason)
    note = forms.CharField(label=_("remark"), required=False, max_length=200)
