"""What is typed about a quotation (REC-07)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from apps.core.widgets import Day
from apps.reception.choices.quotation import TYPED, LineKind
from apps.reception.models import LoanProduct, Quotation, TrimPrice
from apps.reception.policy.quotation import Line
from apps.reception.queries.quotations import Scheme

MOST_LINES = 40
MORE = 3  # empty rows that are offered at once


class SchemeForm(forms.Form):
    """The car, how it is paid, until when it holds. The lines are ``LineFormSet``."""

    trim = forms.TypedChoiceField(label=_("configuration"))
    colour = forms.CharField(label=_("colour"), max_length=40, required=False)
    name = forms.CharField(label=_("name of the scheme"), max_length=40, required=False)
    valid_until = forms.DateField(label=_("holds until"), widget=Day())
    loan = forms.TypedChoiceField(label=_("loan"), required=False, empty_value=None)
    down_percent = forms.DecimalField(
        label=_("down payment, per cent"),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput({"step": "any"}),
        help_text=_("of the price of the car on the invoice"),
    )
    remark = forms.CharField(label=_("remark for the customer"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("why so much is given"),
        max_length=200,
        required=False,
        help_text=_("for the sales manager, when the discount is over your limit"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput(), required=False)

    def __init__(
        self, *args: Any, prices: list[TrimPrice], loans: list[LoanProduct], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        trims, trim = {str(one.trim_id): one.trim for one in prices}, self.fields["trim"]
        trim.choices = [("", "—"), *((str(one.trim_id), _priced(one)) for one in prices)]  # type: ignore[attr-defined]
        trim.coerce = trims.__getitem__  # type: ignore[attr-defined]
        offers = {f"{one.pk}:{months}": (one, months) for one in loans for months in one.terms}
        loan = self.fields["loan"]
        loan.choices = [("", _("pays at once")), *((key, _offer(*o)) for key, o in offers.items())]  # type: ignore[attr-defined]
        loan.coerce = offers.__getitem__  # type: ignore[attr-defined]

    def clean_down_percent(self) -> Decimal | None:
        percent: Decimal | None = self.cleaned_data["down_percent"]
        if percent is not None and percent >= 100:
            raise forms.ValidationError(_("With 100 per cent paid at once there is no loan."))
        return percent

    def scheme(self, lines: list[Line]) -> Scheme:
        """Of a valid form. Without a word about the down payment it is the least of the loan."""
        data = dict(self.cleaned_data)
        loan, months = data.pop("loan") or (None, 0)
        down = data.pop("down_percent")
        if loan is not None and down is None:
            down = loan.least_down_percent
        data.pop("version")
        return Scheme(
            **data, lines=lines, loan=loan, months=months, down_percent=down or Decimal(0)
        )


def _priced(price: TrimPrice) -> str:
    return f"{price.trim.car_model} {price.trim} · ¥{intcomma(price.guide_amount)}"


def _offer(loan: LoanProduct, months: int) -> str:
    words = _("%(loan)s · %(months)s months · %(percent)s %%")
    return words % {"loan": loan, "months": months, "percent": loan.annual_percent}


def _small(label: Any) -> forms.TextInput:
    return forms.TextInput(
        {"class": "form-control", "aria-label": label, "placeholder": label, "autocomplete": "off"}
    )


class LineForm(forms.Form):
    """One item. A row without an amount is left out."""

    kind = forms.ChoiceField(
        label=_("kind"),
        choices=[("", "—"), *((kind.value, kind.label) for kind in TYPED)],
        required=False,
        widget=forms.Select({"class": "form-select", "aria-label": _("kind")}),
    )
    name = forms.CharField(label=_("item"), max_length=60, required=False, widget=_small(_("item")))
    amount = forms.DecimalField(
        label=_("amount"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        widget=forms.NumberInput(
            {
                **{"step": "any", "class": "form-control text-end", "inputmode": "decimal"},
                **{"aria-label": _("amount"), "placeholder": _("amount")},
            }
        ),
    )
    remark = forms.CharField(
        label=_("remark"), max_length=80, required=False, widget=_small(_("remark"))
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("amount") is not None and not data.get("kind"):
            self.add_error("kind", _("Say what the amount is for."))
        return data


class BaseLines(forms.BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[Line]:
        """Of a valid formset: the rows with an amount, nothing else."""
        told = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return [
            Line(one["kind"], one["name"], one["amount"].quantize(Decimal("0.01")), one["remark"])
            for one in told
            if one["amount"] is not None
        ]


LineFormSet = forms.formset_factory(
    LineForm, formset=BaseLines, extra=0, max_num=MOST_LINES, validate_max=True
)


def with_more_rows(data: Any) -> Any:
    """The sent form with some more empty rows."""
    told = data.get("lines-TOTAL_FORMS", "0")
    rows = int(told) if told.isdecimal() and len(told) < 4 else 0
    copy = data.copy()
    copy["lines-TOTAL_FORMS"] = str(min(rows + MORE, MOST_LINES))
    return copy


def as_typed(row: Quotation) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A quotation as it was typed: the form's fields, and the rows of its lines."""
    fields: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("colour", "name", "valid_until", "down_percent", "remark", "reason")
    }
    fields["trim"] = str(row.trim_id)
    fields["loan"] = f"{row.loan_product_id}:{row.months}" if row.months else ""
    lines = [
        {"kind": one.kind, "name": one.name, "amount": one.amount, "remark": one.remark}
        for one in row.lines.all()
        if LineKind(one.kind) in TYPED
    ]
    return fields, lines


class DecisionForm(forms.Form):
    """What the sales manager says to a discount over the limit."""

    approved = forms.TypedChoiceField(
        choices=[("yes", _("Approve")), ("no", _("Do not approve"))],
        coerce=lambda told: told == "yes",
    )
    words = forms.CharField(label=_("words of the manager"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput())
