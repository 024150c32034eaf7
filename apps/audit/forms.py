"""What the audit pages can be narrowed to."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit.choices import AccessKind
from apps.audit.queries import tracked_models
from apps.core.widgets import Day

ANY = [("", _("all"))]
DAYS = 7  # how far back a page looks when nobody says otherwise


class Period(forms.Form):
    """From which day until which, both included; the last week unless said otherwise."""

    since = forms.DateField(label=_("from day"), required=False, widget=Day())
    until = forms.DateField(label=_("until day"), required=False, widget=Day())

    def __init__(self, asked: Any, *, user: Any, today: date) -> None:
        super().__init__({**{name: asked.get(name) for name in asked}, **_period(asked, today)})
        person: Any = self.fields.get("person")
        if person is not None:
            person.queryset = User.objects.filter(store__in=user.store_ids).order_by("name", "pk")


def _period(asked: Any, today: date) -> dict[str, str]:
    since = asked.get("since") or (today - timedelta(days=DAYS - 1)).isoformat()
    return {"since": since, "until": asked.get("until") or today.isoformat()}


class PersonAndPeriod(Period):
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("person"), required=False, empty_label=_("all")
    )
    field_order = ("person",)


class LooksFilter(PersonAndPeriod):
    """Who looked at whom."""

    kind = forms.ChoiceField(label=_("kind"), required=False, choices=[*ANY, *AccessKind.choices])
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput())


class OpenedFilter(PersonAndPeriod):
    """Whose data one person opened."""


class ChangesFilter(PersonAndPeriod):
    """Who changed what."""

    thing = forms.ChoiceField(label=_("record"), required=False)
    by = forms.ChoiceField(
        label=_("changed by"),
        required=False,
        choices=[("", _("people")), ("system", _("the system")), ("all", _("all"))],
    )
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        thing: Any = self.fields["thing"]
        thing.choices = [
            *ANY,
            *((m._meta.label_lower, m._meta.verbose_name) for m in tracked_models()),
        ]


class SignInFilter(PersonAndPeriod):
    """Who signed in, and who failed to."""

    result = forms.ChoiceField(
        label=_("result"),
        required=False,
        choices=[*ANY, ("ok", _("signed in")), ("failed", _("refused"))],
    )
