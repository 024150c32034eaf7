"""Papers, loan and used car of a contract (REC-06, REC-08)."""

from typing import Any

from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.audit.meanwhile import ChangedMeanwhile, version_of
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reception.actions import papers as actions
from apps.reception.choices.order import LoanStatus, PaperKind
from apps.reception.forms.papers import LoanForm, PaperForm, TradeInForm, ValueForm
from apps.reception.models import LoanApplication, SalesOrder
from apps.reception.queries import papers
from apps.reception.views.gates import a_form, may_sell
from apps.reception.views.orders import done, own_order


def _page(row: SalesOrder) -> str:
    return reverse("reception:order", args=[row.pk])


@a_form
@may_sell
@once
def order_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A paper is looked at; its number is typed anew each time."""
    user: Any = request.user
    row = own_order(request, pk)
    if kind not in PaperKind.values:
        raise Http404
    there = row.papers.filter(kind=kind).first()
    initial = {"valid_until": there.valid_until, "checks": there.checks} if there else {}
    form = PaperForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> str:
        actions.note_paper(row, kind, **data, by=user, now=timezone.now())
        return _page(row)

    return form_page(request, form, title=str(PaperKind(kind).label), back=_page(row), save=save)


@a_form
@may_sell
@once
def order_loan(request: HttpRequest, pk: int) -> HttpResponse:
    """The running application, or a new one."""
    user: Any = request.user
    row = own_order(request, pk)
    loan = papers.running_loan(row)
    form = LoanForm(request.POST or None, initial=model_to_dict(loan) if loan else None)

    def save(data: dict[str, Any]) -> str:
        version = data.pop("version", None) or 0
        if loan is None:
            actions.start_loan(row, data, by=user, now=timezone.now())
            return _page(row)
        try:
            actions.change_loan(loan, data, by=user, version=version)
        except ChangedMeanwhile as told:  # who reads it and saves again means it
            form.data = request.POST.copy()
            form.data["version"] = told.version
            raise
        return _page(row)

    return form_page(request, form, title=_("Loan application"), back=_page(row), save=save)


@require_POST
@may_sell
@once
def order_loan_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The running application takes its next step."""

    def act(row: SalesOrder) -> Any:
        loan: LoanApplication | None = papers.running_loan(row)
        to = request.POST.get("to", "")
        if loan is None or to not in LoanStatus.values:
            raise Refused(_("There is no loan application to go on with."))
        user: Any = request.user
        said: dict[str, Any] = {"by": user, "version": version_of(request), "now": timezone.now()}
        return actions.move_loan(loan, to, note=request.POST.get("note", ""), **said)

    return done(request, pk, act)


@a_form
@may_sell
@once
def order_trade_in(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = own_order(request, pk)
    there = papers.trade_in_of(row)
    form = TradeInForm(request.POST or None, initial=model_to_dict(there) if there else None)

    def save(data: dict[str, Any]) -> str:
        actions.verify_trade_in(row, data, by=user)
        return _page(row)

    title = _("Car taken in part exchange")
    return form_page(request, form, title=title, back=_page(row), save=save)


@a_form
@may_sell
@once
def order_value(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = own_order(request, pk)
    there = papers.trade_in_of(row)
    initial = {"amount": there.value_amount, "agreed": there.is_agreed} if there else {}
    form = ValueForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> str:
        actions.value_trade_in(row, **data, by=user, now=timezone.now())
        return _page(row)

    return form_page(request, form, title=_("Valuation"), back=_page(row), save=save)


@require_POST
@may_sell
@once
def order_trade_in_drop(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    return done(request, pk, lambda row: actions.drop_trade_in(row, by=user))
