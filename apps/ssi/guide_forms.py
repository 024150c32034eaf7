"""A line of the action guide as the care manager writes it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 999


class LineForm(forms.Form):
    """``factors``: (code, name) to choose from; none: the factor stays."""

    factor = forms.ChoiceField(label=_("factor"))
    weakness = forms.CharField(label=_("weakness"), max_length=200)
    action = forms.CharField(
        label=_("action"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300})
    )
    place = forms.IntegerField(
        label=_("place"),
        help_text=_("empty: at the end"),
        required=False,
        min_value=1,
        max_value=MOST,
    )

    def __init__(self, *args: Any, factors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        factor: Any = self.fields["factor"]
        factor.choices = factors


class LineEditForm(forms.Form):
    weakness = forms.CharField(label=_("weakness"), max_length=200)
    action = forms.CharField(
        label=_("action"), max_length=300, widget=forms.Textarea({"rows": 3, "maxlength": 300})
    )
    place = forms.IntegerField(label=_("place"), min_value=1, max_value=MOST)
    is_active = forms.BooleanField(label=_("in use"), required=False)
