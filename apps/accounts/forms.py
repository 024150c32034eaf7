"""What people type about people, days and stores."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import DayKind, Role, Slot
from apps.accounts.models import Department, Store, Team, TeamMember, User

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, roles and department of one person of ``store``; actions write them."""

    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Role, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = User
        fields = ("name", "department", "roles")

    reads = forms.ModelMultipleChoiceField(
        Store.objects.none(),
        label=_("also reads"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, store: Store, gives: QuerySet[Store] | None = None, **kwargs: Any
    ) -> None:
        """``gives``: the stores that whoever fills this in may let the person read."""
        super().__init__(*args, **kwargs)
        reads: Any = self.fields["reads"]
        reads.queryset = gives.exclude(pk=store.pk) if gives is not None else reads.queryset
        reads.initial = list(self.instance.reads.all()) if self.instance.pk else []
        if not reads.queryset:
            del self.fields["reads"]
        department: Any = self.fields["department"]
        department.queryset = Department.objects.filter(store=store).order_by("pk")
        department.empty_label = _("(none)")


class NewPersonForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ("username", "name", "department", "roles")  # type: ignore[assignment]
        help_texts = {"username": _("for signing in: letters, digits, dots; cannot be changed")}


class CorrectionForm(forms.Form):
    """One day of the calendar, said by hand."""

    on = forms.DateField(label=_("day"), widget=DAY)
    kind = forms.ChoiceField(label=_("this day is"), choices=DayKind)
    note = forms.CharField(label=_("remark"), max_length=80, required=False)


class StoreForm(forms.ModelForm):  # type: ignore[type-arg]
    """Address, regions and hours of a store; an action writes them."""

    class Meta:
        model = Store
        fields = ("name", "city", "local_regions", "opens_at", "weekend_opens_at", "closes_at")
        help_texts = {"opens_at": "", "closes_at": ""}
        widgets = {"opens_at": CLOCK, "weekend_opens_at": CLOCK, "closes_at": CLOCK}


class SlotsForm(forms.Form):
    """Call slots from a day on."""

    effective_from = forms.DateField(label=_("in force from"), widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slot in Slot:
            for end, label in (("from", _("from")), ("until", _("until"))):
                self.fields[f"{slot}_{end}"] = forms.TimeField(
                    label=f"{slot.label} {label}", widget=CLOCK
                )

    def times(self) -> dict[str, Any]:
        return {name: v for name, v in self.cleaned_data.items() if name != "effective_from"}


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name of a team; an action writes it."""

    class Meta:
        model = Team
        fields = ("name",)


class TeamMemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who belongs to which team of ``store`` from when on; an action writes it."""

    class Meta:
        model = TeamMember
        fields = ("user", "team", "from_on")
        widgets = {"from_on": DAY}

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = User.objects.filter(store=store, is_active=True).order_by("name")
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(store=store)
        team.empty_label = _("(none)")

    def validate_unique(self) -> None:
        """The newer word for a day holds, so the same day again is no mistake."""
