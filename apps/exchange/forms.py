"""What is typed and ticked on the import pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.exchange import words
from apps.exchange.choices import DifferenceStatus, FileKind, Side
from apps.exchange.models import ImportFile


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or [None]]


class UploadForm(forms.Form):
    uploads = FilesField(
        label=_("Files from the DMS"),
        help_text=_("Several at once are one import. .xlsx, .xls or .csv, up to 20 MB each."),
        widget=SeveralFiles(
            attrs={"multiple": True, "class": "form-control", "accept": ".xlsx,.xls,.csv,.txt"}
        ),
        max_length=200,
    )


class ColumnsForm(forms.Form):
    """What one file is, and for each of our fields the column of the file."""

    def __init__(self, file: ImportFile, data: Any = None, *, kind: str = "") -> None:
        super().__init__(data, prefix=f"file-{file.pk}")
        self.file = file
        self.shown_kind = kind or file.kind
        self.fields["holds"] = forms.ChoiceField(
            label=_("This file holds"),
            choices=[("", _("please choose")), *FileKind.choices],
            initial=self.shown_kind,
        )
        headings = [(str(index), heading) for index, heading in enumerate(file.headings) if heading]
        columns = (
            file.columns
            if self.shown_kind == file.kind
            else words.match(self.shown_kind, file.headings)
            if self.shown_kind
            else {}
        )
        needed = {group[0] for group in words.NEEDED.get(self.shown_kind, ())}
        for name in words.FIELDS.get(self.shown_kind, ()):
            self.fields[name] = forms.TypedChoiceField(
                label=words.LABELS[name],
                choices=[("", "—"), *headings],
                coerce=int,
                empty_value=None,
                required=False,
                initial=columns.get(name),
            )
            self.fields[name].is_needed = name in needed  # type: ignore[attr-defined]

    @property
    def recognised(self) -> list[Any]:
        """The fields that have a column, or need one."""
        return [
            self[name]
            for name, field in self.fields.items()
            if name != "holds" and (field.initial is not None or field.is_needed)  # type: ignore[attr-defined]
        ]

    @property
    def others(self) -> list[Any]:
        shown = {field.name for field in self.recognised}
        return [self[name] for name in self.fields if name != "holds" and name not in shown]

    @property
    def left_out(self) -> list[str]:
        """Headings that no field uses."""
        used = {field.initial for field in self.fields.values() if isinstance(field.initial, int)}
        return [h for index, h in enumerate(self.file.headings) if h and index not in used]

    def columns(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in self.fields if name != "holds"}


class ApplyForm(forms.Form):
    skip_refused = forms.BooleanField(
        label=_("Take the good rows only and leave out the refused ones"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    consent_basis = forms.CharField(
        label=_("Set marketing consent for all customers in these files, on the basis of"),
        help_text=_(
            "For example: clause 8 of the sales contract. Left empty, consent stays as it is. "
            "Who has withdrawn consent stays withdrawn (CARE-29)."
        ),
        max_length=80,
        required=False,
    )


class DifferenceFilter(forms.Form):
    """Which differences are asked for; everything may be left open."""

    field = forms.ChoiceField(
        label=_("field"),
        required=False,
        choices=[("", _("all")), *words.DIFFERENCE_LABELS.items()],
    )
    of = forms.ChoiceField(
        label=_("of"),
        required=False,
        choices=[
            ("", _("all")),
            ("customer", _("customers")),
            ("car", _("cars")),
            ("order", _("visits")),
        ],
    )
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[("", _("undecided")), *DifferenceStatus.choices[1:]],
    )
    run = forms.IntegerField(required=False, widget=forms.HiddenInput())


class SettleForm(forms.Form):
    """Whose value is right: of one row, of the ticked ones, or of all that the filter shows."""

    side = forms.ChoiceField(choices=Side.choices, required=False)
    ours = forms.IntegerField(required=False)
    theirs = forms.IntegerField(required=False)
    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)
    newest = forms.IntegerField(required=False)  # what was found after the page was shown waits

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked: Any = self.fields["chosen"]
        ticked.choices = [(pk, pk) for pk in data.getlist("chosen")[:100] if pk.isdecimal()]

    def clean(self) -> dict[str, Any]:
        """One row's own button goes before what is ticked."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for side in Side.values:
            if data.get(side):
                data |= {"side": side, "chosen": [data[side]], "everything": False}
        if not data.get("side") or not (data.get("chosen") or data.get("everything")):
            raise forms.ValidationError(_("Tick at least one row."))
        return data
