"""Which figures the board shows, of which store, over which months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.core.widgets import MonthField
from apps.reports.board import GROUPS, months_until
from apps.reports.choices import Figure

LENGTHS = (6, 13, 25)  # months; of 13 the same month of the year before is the first
USUAL = 13
EARLIEST = date(2000, 1, 1)


class BoardFilter(forms.Form):
    """What cannot be understood is as if it was not asked."""

    month = MonthField(label=_("month"), required=False)
    months = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(n, n) for n in LENGTHS]
    )
    figure = forms.ChoiceField(label=_("figure"), required=False, choices=Figure.choices)
    group = forms.ChoiceField(required=False, choices=[(name, name) for name in GROUPS])
    after = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


@dataclass(frozen=True)
class Chosen:
    """``months``: their first days, the oldest first; ``figure`` None: all of them."""

    store: Store
    figure: Figure | None
    group: str
    months: list[date]
    after: int

    @property
    def last(self) -> date:
        return self.months[-1]


def chosen(user: Any, told: Mapping[str, Any], today: date) -> Chosen:
    """Up to this month at the latest; another's store is not found."""
    form = BoardFilter(told)
    form.is_valid()
    asked = form.cleaned_data
    this = today.replace(day=1)
    last = asked.get("month") or this
    if not EARLIEST <= last <= this:
        last = this
    months = months_until(last, asked.get("months") or USUAL)
    figure = Figure(asked["figure"]) if asked.get("figure") else None
    group = asked.get("group") or ""
    return Chosen(store_shown(user, told), figure, group, months, asked.get("after") or 0)
