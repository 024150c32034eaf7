"""The live warnings of a person: for the page, the home page and the file (CARE-23)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, User
from apps.care.choices import CallKind
from apps.care.figures import near, reminders
from apps.care.figures.periods import MONTH, Period
from apps.care.models import Call, CarePolicy
from apps.care.queries import warnings
from apps.care.queries.lists import shown

LIMIT_LABELS = {
    "third_day": _("third day is today"),
    "birthday": _("birthdays"),
    "due": _("due today"),
    "promised": _("promised call-backs"),
}


@dataclass(frozen=True)
class Warned:
    """``limits``: what, in words, how many. ``people``: the same by person, for a manager."""

    limits: list[tuple[str, Any, int]]
    rates: list[tuple[CallKind, near.Near]]
    people: list[tuple[User, list[tuple[str, Any, int]], list[tuple[CallKind, near.Near]]]]

    def __bool__(self) -> bool:
        return any(n for _name, _label, n in self.limits) or bool(self.rates)


def warned(user: User, today: date, *, by_person: bool = True) -> Warned:
    """A specialist's own; all of the stores for who watches the team. Four queries at most.

    The rates are of one store: who reads several sees them on the analysis of each.
    """
    watches = user.has_perm("care.view_team")
    calls = Call.objects.visible_to(user)
    seen = calls if watches else calls.filter(warnings.of_person(user))
    own = warnings.counts_by_person(seen, today)
    whole = {name: sum(line[name] for line in own.values()) for name in warnings.LIMITS}
    rates = near.Rates([], {})
    if len(user.store_ids) == 1:
        store = Store(pk=next(iter(user.store_ids)))
        numbers = CarePolicy.objects.in_force(store, today) or CarePolicy()
        rates = near.rates(store, numbers, today)
    people = []
    if watches and by_person:
        answering = [pk for pk in {*own, *rates.people} if pk]
        for person in User.objects.filter(pk__in=answering).order_by("pk"):
            line = own.get(person.pk, {})
            told = _near(rates.people.get(person.pk, []))
            if line or told:
                people.append((person, _limits(line), told))
    return Warned(
        _limits(whole),
        _near(rates.store if watches else rates.people.get(user.pk, [])),
        people,
    )


def _limits(counts: dict[str, int]) -> list[tuple[str, Any, int]]:
    return [(name, LIMIT_LABELS[name], counts.get(name, 0)) for name in warnings.LIMITS]


def _near(rates: list[near.Near]) -> list[tuple[CallKind, near.Near]]:
    return [(CallKind(one.kind), one) for one in rates if one]


def saving(user: User, kind: str, person: int | None, today: date) -> Any:
    """The calls of the month that are still to be made in time: exactly those that count."""
    month = Period.of(MONTH, today)
    store = Store(pk=user.store_id or next(iter(user.store_ids), 0))
    calls = reminders.calls_due(store, [kind], month.first, month.last)
    calls = calls.filter(reminders.parts(today)["open"], store__in=user.store_ids)
    if not user.has_perm("care.view_team"):
        calls = calls.filter(owner=user)
    elif person is not None:
        calls = calls.filter(owner=person)
    return shown(calls).order_by("due_on", "pk")
