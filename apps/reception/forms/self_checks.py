"""What a manager says of a reception that he watched (REC-09)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.checklists.models import ChecklistItem
from apps.checklists.policy import Said
from apps.reception.queries.self_checks import consultants_of

SEEN = [("yes", _("yes")), ("no", _("no")), ("", _("not seen"))]


class Month(forms.TextInput):
    input_type = "month"


class SelfCheckFilter(forms.Form):
    month = forms.CharField(label=_("month"), required=False, widget=Month())
    consultant = forms.ModelChoiceField(
        User.objects.none(), label=_("sales consultant"), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, store: Any, choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not choose:
            del self.fields["consultant"]
            return
        people: Any = self.fields["consultant"]
        people.queryset = consultants_of(store)


class SelfCheckForm(forms.Form):
    """Each point: kept, not kept, or not seen."""

    consultant = forms.ModelChoiceField(User.objects.none(), label=_("sales consultant"))
    note = forms.CharField(label=_("remark"), max_length=200, required=False)

    def __init__(self, *args: Any, store: Any, items: list[ChecklistItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["consultant"]
        people.queryset = consultants_of(store)
        self.items = items
        for item in items:
            self.fields[f"seen-{item.pk}"] = forms.ChoiceField(
                label=item.text, choices=SEEN, required=False, widget=forms.RadioSelect()
            )
            self.fields[f"remark-{item.pk}"] = forms.CharField(
                label=_("remark"),
                required=False,
                max_length=100,
                widget=forms.TextInput({"class": "form-control", "placeholder": _("remark")}),
            )

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(point, its three answers, its remark)"""
        return [(item, self[f"seen-{item.pk}"], self[f"remark-{item.pk}"]) for item in self.items]

    def seen(self) -> dict[int, Said]:
        data = self.cleaned_data
        return {
            item.pk: Said(data[f"seen-{item.pk}"] == "yes", remark=data[f"remark-{item.pk}"])
            for item in self.items
            if data[f"seen-{item.pk}"]
        }
