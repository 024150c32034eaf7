"""A quotation is written, with its figures worked out while one types (REC-07)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.audit.once import once
from apps.core.errors import Refused
from apps.reception.actions import quotations as acts
from apps.reception.choices.quotation import USUAL, Approval, QuotationStatus
from apps.reception.forms.quotations import (
    MORE,
    LineFormSet,
    SchemeForm,
    as_typed,
    with_more_rows,
)
from apps.reception.models import Opportunity, Quotation
from apps.reception.policy import quotation as policy
from apps.reception.queries import quotations
from apps.reception.queries.numbers import numbers_of
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import a_form, may_sell

HOLDS = timedelta(days=7)  # what a new quotation offers
Save = Callable[[quotations.Scheme, int], Quotation]


def own_opportunity(request: HttpRequest, pk: int) -> Opportunity:
    user: Any = request.user
    rows = seen_by(user).filter(store=user.store_id).select_related("customer", "store")
    row: Opportunity = get_object_or_404(rows, pk=pk)
    return row


@a_form
@may_sell
@once
def quotation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more scheme; ``like`` in the address: another one of this purchase to begin with."""
    user: Any = request.user
    opportunity = own_opportunity(request, pk)

    def save(scheme: quotations.Scheme, version: int) -> Quotation:
        return acts.make_quotation(opportunity, scheme, now=timezone.now(), by=user)

    return _page(request, opportunity, _begin(request, opportunity), save, title=_("New scheme"))


def _begin(request: HttpRequest, opportunity: Opportunity) -> tuple[dict[str, Any], list[Any]]:
    like = request.GET.get("like", "")
    rows = opportunity.quotations.prefetch_related("lines")
    row = rows.filter(pk=like).first() if like.isdecimal() and len(like) < 10 else None
    fields: dict[str, Any] = {"trim": str(opportunity.trim_id or ""), "colour": opportunity.colour}
    lines: list[Any] = [{"kind": kind.value, "name": name} for kind, name in USUAL]
    if row is not None:
        fields, lines = as_typed(row)
        fields |= {"name": "", "reason": ""}
    return fields | {"valid_until": timezone.localdate() + HOLDS}, lines


@a_form
@may_sell
@once
def quotation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = quotations.seen(user).filter(store=user.store_id, status=QuotationStatus.OPEN)
    row = get_object_or_404(rows, pk=pk)
    fields, lines = as_typed(row)

    def save(scheme: quotations.Scheme, version: int) -> Quotation:
        now = timezone.now()
        return acts.change_quotation(row, scheme, version=version, now=now, by=user)

    begin = (fields | {"version": row.version}, lines)
    return _page(request, row.opportunity, begin, save, title=str(row), row=row)


def _page(
    request: HttpRequest,
    opportunity: Opportunity,
    begin: tuple[dict[str, Any], list[Any]],
    save: Save,
    **shown: Any,
) -> HttpResponse:
    more = "more" in request.POST
    form, lines = _forms(request, opportunity, begin)
    refusal, status = None, 200
    if request.method == "POST" and not more:
        status = 422
        if form.is_valid() and lines.is_valid():
            try:
                row = save(form.scheme(lines.lines()), form.cleaned_data["version"] or 0)
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _said(row))
                return redirect("reception:quotation", row.pk)
    context = {"opportunity": opportunity, "form": form, "lines": lines, "refusal": refusal}
    context |= shown | _panel(request, opportunity, form, lines, quiet=True)
    return render(request, "reception/quotation_form.html", context, status=status)


def _said(row: Quotation) -> str:
    if row.approval == Approval.WAITING:
        return _("Saved. The discount waits for the sales manager.")
    return _("Saved.")


def _forms(
    request: HttpRequest, opportunity: Opportunity, begin: tuple[dict[str, Any], list[Any]]
) -> tuple[SchemeForm, Any]:
    today = timezone.localdate()
    offered: dict[str, Any] = {
        "prices": quotations.prices_on(opportunity.store, today),
        "loans": quotations.loans_on(opportunity.store, today),
    }
    if request.method != "POST":
        fields, lines = begin
        rows = lines + [{}] * MORE
        return SchemeForm(initial=fields, **offered), LineFormSet(initial=rows, prefix="lines")
    data = with_more_rows(request.POST) if "more" in request.POST else request.POST
    return SchemeForm(data, **offered), LineFormSet(data, prefix="lines")


@require_POST
@may_sell
def quotation_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """What is typed so far, worked out; nothing is kept. What is wrong is told beside the form,
    not answered as a failure: half a form is no mistake."""
    opportunity = own_opportunity(request, pk)
    form, lines = _forms(request, opportunity, ({}, []))
    context = _panel(request, opportunity, form, lines)
    return render(request, "reception/_figures.html", context)


def _panel(
    request: HttpRequest,
    opportunity: Opportunity,
    form: SchemeForm,
    lines: Any,
    *,
    quiet: bool = False,
) -> dict[str, Any]:
    """The figures beside the form. ``quiet``: the page shows what is wrong itself."""
    context: dict[str, Any] = {"figures": None, "wrong": None}
    if not form.is_bound:
        return context
    if not (form.is_valid() and lines.is_valid()):
        context["wrong"] = None if quiet else _first_fault(form, lines)
        return context
    scheme, today = form.scheme(lines.lines()), timezone.localdate()
    try:
        found = quotations.reckon(opportunity.store, scheme, today)
        limits = _limits(request.user, opportunity, found, today)
    except Refused as refused:
        return context | {"wrong": None if quiet else refused}
    names = {"scheme": scheme, "found": found, "figures": found.figures}
    return context | names | limits


def _first_fault(form: SchemeForm, lines: Any) -> str | None:
    """In words, with its field; None: the car is not chosen yet."""
    if not form["trim"].value():
        return None
    for one in (form, *lines.forms):
        for name, faults in one.errors.items():
            return f"{one[name].label}: {faults[0]}"
    return str(next(iter(lines.non_form_errors()), "")) or None


def _limits(user: Any, opportunity: Opportunity, found: Any, today: Any) -> dict[str, Any]:
    numbers = numbers_of(opportunity.store, today)
    most = numbers.manager_discount_percent
    own = most if user.has_perm(acts.MANAGES) else numbers.consultant_discount_percent
    given, guide = found.figures.given, found.guide
    try:
        need = policy.standing(given, guide, own, most)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    return {
        "given_percent": policy.percent_of(given, guide),
        "own_percent": own,
        "needs_approval": need == Approval.WAITING,
    }
