"""Whose scores are looked at, over which months, and behind which number the rows are listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.delivery.forms.dsm import Month
from apps.ssi.choices import Round
from apps.ssi.figures.rows import KEPT
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import LENGTHS, Span

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
BIGGEST = 2**63 - 1
RAISED = 50  # points by which each factor is raised unless another number is asked
BUYERS_ROUNDS = [
    (Round.FIRST.value, Round.FIRST.label),
    (Round.SECOND.value, Round.SECOND.label),
]


def _number(least: int = 0, most: int = BIGGEST) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=least, max_value=most)


class ScoresFilter(forms.Form):
    """What cannot be understood is as if it was not asked."""

    month = Month(label=_("month"), required=False)
    months = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(n, n) for n in LENGTHS]
    )
    round = forms.ChoiceField(required=False, choices=BUYERS_ROUNDS)
    model = _number()
    team = _number()  # 0: those without one, here and in the next two
    consultant = _number()
    car_model = _number()
    name = forms.CharField(required=False, max_length=40, strip=False)
    by = _number(1, 900)
    factor = _number()
    question = _number()
    standard = _number()
    low = forms.BooleanField(required=False)
    kept = forms.ChoiceField(required=False, choices=[(name, name) for name in KEPT])

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.cleaned_data
        empty: dict[str, Any] = dict.fromkeys(self.fields)
        asked = empty | {"round": "", "name": "", "kept": "", "low": False} | asked
        if asked["month"] and not EARLIEST <= asked["month"] <= LATEST:
            asked["month"] = None
        return asked

    def span(self, today: date) -> Span:
        """The months asked for; the present one when none was."""
        return Span.of(self.cleaned_data["month"] or today, self.cleaned_data["months"] or 1)

    def scope(self, store: Store) -> Scope:
        asked = self.cleaned_data
        names = ("model", "round", "team", "consultant", "name", "car_model")
        return Scope((store.pk,), **{name: asked[name] for name in names})


@dataclass(frozen=True)
class Chosen:
    """What an address of the scores asks for."""

    store: Store
    today: date
    asked: dict[str, Any]
    span: Span
    scope: Scope

    @property
    def by(self) -> int:
        return self.asked["by"] or RAISED


def chosen(user: Any, told: Mapping[str, Any], today: date) -> Chosen:
    """What cannot be understood is left out; another's store is not found."""
    form = ScoresFilter(told)
    form.is_valid()
    store = store_shown(user, told)
    return Chosen(store, today, form.cleaned_data, form.span(today), form.scope(store))
