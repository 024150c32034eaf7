"""The schemes of a purchase: shown, compared, explained, approved, chosen, printed (REC-07)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.reception.actions import quotations as acts
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.quotation import Approval, QuotationStatus
from apps.reception.forms.quotations import DecisionForm
from apps.reception.models import Quotation
from apps.reception.policy import loan as loans
from apps.reception.queries import quotations
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import may_approve, may_see_sales, may_sell


@require_safe
@may_see_sales
def quotation(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(quotations.seen(request.user), pk=pk))


def _own(request: HttpRequest, pk: int) -> Quotation:
    user: Any = request.user
    return get_object_or_404(quotations.seen(user).filter(store=user.store_id), pk=pk)


def _page(
    request: HttpRequest, row: Quotation, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    lines, today = list(row.lines.select_related("explained_by")), timezone.localdate()
    open_here = row.store_id == user.store_id and row.opportunity.status in WORKED
    writes = open_here and user.has_perm("reception.sell")
    is_open = row.status == QuotationStatus.OPEN
    waits = is_open and row.approval == Approval.WAITING
    context = {
        "row": row,
        "opportunity": row.opportunity,
        "lines": lines,
        "explained": sum(1 for line in lines if line.explained_at),
        "schedule": _schedule(row),
        "over": row.valid_until < today,
        "may_write": writes and is_open,
        "may_withdraw": writes and row.status != QuotationStatus.WITHDRAWN,
        "may_decide": waits and open_here and user.has_perm("reception.approve_sales"),
        "own_request": row.asked_by_id == user.pk,
        "refusal": refusal,
    }
    return render(request, "reception/quotation.html", context, status=status)


def _schedule(row: Quotation) -> list[loans.Instalment]:
    if row.loan_amount is None or row.annual_percent is None or row.months is None:
        return []
    return loans.schedule(row.loan_amount, row.annual_percent, row.months)


def _version(request: HttpRequest) -> int:
    """The version that was looked at; none is not the present one."""
    told = request.POST.get("version", "")
    return int(told) if told.isdecimal() and len(told) < 9 else 0


def _done(
    request: HttpRequest, pk: int, act: Callable[[Quotation], Any], said: str, back: str = ""
) -> HttpResponse:
    """Do it and show the quotation (or ``back``), or say on its page as it is now why not."""
    row = _own(request, pk)
    try:
        act(row)
    except Refused as refusal:
        return _page(request, _own(request, pk), refusal=refusal, status=409)
    messages.success(request, said)
    return redirect(back) if back else redirect("reception:quotation", pk)


@require_POST
@may_sell
@once
def quotation_explain(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    ticked = {int(told) for told in request.POST.getlist("line") if told.isdecimal()}

    def act(row: Quotation) -> Any:
        version, now = _version(request), timezone.now()
        return acts.explain_lines(row, ticked, version=version, now=now, by=user)

    return _done(request, pk, act, _("Noted what is explained."))


@require_POST
@may_approve
@once
def quotation_decide(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, _own(request, pk), status=422)

    def act(row: Quotation) -> Any:
        return acts.decide_discount(row, **form.cleaned_data, now=timezone.now(), by=user)

    said = _("The discount is approved.") if form.cleaned_data["approved"] else _("Sent back.")
    back = "reception:approval-list" if request.POST.get("back") == "approvals" else ""
    return _done(request, pk, act, said, back)


@require_POST
@may_sell
@once
def quotation_accept(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user

    def act(row: Quotation) -> Any:
        return acts.accept(row, version=_version(request), now=timezone.now(), by=user)

    return _done(request, pk, act, _("The customer has chosen this scheme."))


@require_POST
@may_sell
@once
def quotation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user

    def act(row: Quotation) -> Any:
        return acts.withdraw(row, version=_version(request), by=user)

    return _done(request, pk, act, _("The quotation is withdrawn."))


@require_safe
@may_see_sales
def quotation_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """All schemes of a purchase side by side; withdrawn ones are left out."""
    context = _of_purchase(request, pk)
    schemes = context["schemes"]
    shown = [row for row in schemes if row.status != QuotationStatus.WITHDRAWN]
    context |= {
        "schemes": shown,
        "withdrawn": [row for row in schemes if row.status == QuotationStatus.WITHDRAWN],
        "table": quotations.side_by_side(shown),
        "waits": any(not row.is_settled for row in shown),
        "today": timezone.localdate(),
    }
    return render(request, "reception/quotation_compare.html", context)


def _of_purchase(request: HttpRequest, pk: int) -> dict[str, Any]:
    user: Any = request.user
    rows = seen_by(user).select_related("customer", "consultant", "store")
    opportunity = get_object_or_404(rows, pk=pk)
    own = opportunity.store_id == user.store_id and opportunity.status in WORKED
    return {
        "opportunity": opportunity,
        "schemes": quotations.of_opportunity(opportunity),
        "may_write": own and user.has_perm("reception.sell"),
    }


@require_safe
@may_see_sales
def opportunity_quotations(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the purchase's page that lists its schemes."""
    return render(request, "reception/_opportunity_quotations.html", _of_purchase(request, pk))


@require_safe
@may_see_sales
def quotation_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper 购车费用明细表. Not before the discount on it is settled (REC-07)."""
    row = get_object_or_404(quotations.seen(request.user).select_related("store"), pk=pk)
    if not row.is_settled:
        refusal = Refused(_("The discount is not approved: it is not handed to the customer yet."))
        return _page(request, row, refusal=refusal, status=409)
    context = {
        "row": row,
        "lines": list(row.lines.all()),
        "over": row.valid_until < timezone.localdate(),
        "now": timezone.now(),
    }
    return render(request, "reception/quotation_print.html", context)
