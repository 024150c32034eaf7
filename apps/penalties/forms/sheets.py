"""Which month's sheet is meant (PEN-09)."""

from django import forms

from apps.core.widgets import MonthField


class MonthForm(forms.Form):
    month = MonthField(required=False)
