"""Which week or month the analysis is about, and behind which number the rows are listed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.care.figures.periods import MONTH, WEEK, Period
from apps.care.figures.reminders import KINDS, PARTS
from apps.care.models import Script
from apps.core.widgets import Day

RETURNS = ("came", "stayed_away", "time_over")
WHAT = (*PARTS, *RETURNS, "reason", "shop", "version")
SPANS = [(WEEK, _("week")), (MONTH, _("month"))]


class AnalysisFilter(forms.Form):
    """What cannot be understood is as if it was not asked."""

    period = forms.ChoiceField(required=False, choices=SPANS)
    on = forms.DateField(label=_("a day of it"), required=False, widget=Day())
    kind = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in KINDS])
    what = forms.ChoiceField(required=False, choices=[(name, name) for name in WHAT])
    owner = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)  # 0: nobody
    reason = forms.CharField(required=False, max_length=20)
    shop = forms.CharField(required=False, max_length=80)
    place = forms.CharField(required=False, max_length=80)
    version = forms.ModelChoiceField(Script.objects.none(), required=False)

    def __init__(self, *args: Any, store: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: Any = self.fields["version"]
        version.queryset = Script.objects.filter(store=store)

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.cleaned_data
        empty = dict.fromkeys(self.fields, "") | {"on": None, "owner": None, "version": None}
        return empty | asked

    def chosen(self, today: date) -> Period:
        """The period asked for; the present month when none was."""
        asked = self.cleaned_data
        return Period.of(asked["period"] or MONTH, asked["on"] or today)
