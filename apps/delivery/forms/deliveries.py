"""Forms of deliveries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day


class DeliveryForm(forms.Form):
    delivered_on = forms.DateField(label=_("delivered on"), widget=Day())
