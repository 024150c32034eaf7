"""What is typed about a proposal, step by step (PEN-08)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, User
from apps.core.errors import Refused
from apps.core.papers import Brought, read_brought
from apps.core.pictures import drawn
from apps.core.widgets import MonthField
from apps.penalties.actions.proofs import MOST_FILES
from apps.penalties.choices import Clause, PenaltyStatus
from apps.penalties.queries.proposals import ALL, OPEN, first_asked

ANY = [("", _("all"))]


def _text(label: Any, most: int, *, required: bool = True, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=area)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal(0), max_digits=9, decimal_places=2)


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Pictures and PDFs as ``read_brought`` gives them: a list, empty when none was chosen."""

    widget = SeveralFiles(
        attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,application/pdf"}
    )

    def clean(self, data: Any, initial: Any = None) -> list[Brought]:
        files = [file for file in data or [] if file]
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("At most %(most)s files stand beside an explanation."),
                params={"most": MOST_FILES},
            )
        try:
            return [read_brought(super(FilesField, self).clean(file)) for file in files]
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ExplainForm(forms.Form):
    text = _text(_("what was special about it"), 500)
    attached = FilesField(
        label=_("pictures or papers that show it"),
        required=False,
        help_text=_("Photos (JPEG, PNG, WebP) or PDF, six at most. A paper can be photographed."),
    )


class ConfirmForm(forms.Form):
    amount = _amount(_("sum in CNY"))
    reason = _text(_("reason"), 300, required=False, rows=2)


class WaiveForm(forms.Form):
    reason = _text(_("reason"), 300, rows=2)


class AppealForm(forms.Form):
    text = _text(_("why you appeal"), 500)


class AnswerForm(forms.Form):
    """The general manager's answer to an appeal."""

    upheld = forms.TypedChoiceField(
        label=_("decision"),
        choices=[
            ("yes", _("The appeal is right: nothing is deducted")),
            ("no", _("The decision stays")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(),
    )
    reason = _text(_("reason"), 300, rows=2)


class CorrectForm(forms.Form):
    amount = _amount(_("what it should have come to, in CNY"))
    reason = _text(_("reason"), 300, rows=2)


class NoForm(forms.Form):
    """A button alone."""


class SignatureForm(forms.Form):
    signature = forms.FileField(required=False)

    def clean_signature(self) -> bytes:
        """A sheet on which somebody has written."""
        picture = drawn(self.cleaned_data["signature"])
        if picture is None:
            raise ValidationError(_("Nobody has signed yet."))
        return picture


class ProposalFilter(forms.Form):
    """Which proposals are asked for; left open it is what waits for a decision."""

    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[(OPEN, _("waits for my decision")), (ALL, _("all")), *PenaltyStatus.choices],
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("staff member"), required=False, empty_label=_("all")
    )
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("department"), required=False, empty_label=_("all")
    )
    clause = forms.ChoiceField(label=_("clause"), required=False, choices=[*ANY, *Clause.choices])
    month = MonthField(
        label=_("month"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["status"]
        if first_asked(user) == ALL:
            status.choices = [("", _("all")), *PenaltyStatus.choices]
        person: Any = self.fields["person"]
        person.queryset = User.objects.filter(store__in=user.store_ids).order_by("pk")
        department: Any = self.fields["department"]
        department.queryset = Department.objects.visible_to(user).order_by("pk")
