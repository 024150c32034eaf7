"""Contracts of sale: list, page, writing, and each step of the way to the delivery (REC-08)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.meanwhile import ChangedMeanwhile, version_of
from apps.audit.once import once
from apps.audit.queries import changes
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reception.actions import orders as actions
from apps.reception.actions import stock
from apps.reception.choices.order import LOAN_ENDED, LOAN_MOVES, CarPaper, LoanPaper, LoanStatus
from apps.reception.figures import penetration
from apps.reception.forms.orders import DepositForm, OrderCancelForm, OrderFilter, OrderForm
from apps.reception.models import LoanApplication, Opportunity, SalesOrder, StockCar
from apps.reception.policy import order as policy
from apps.reception.queries import orders, papers, quotations
from apps.reception.queries.opportunities import seen_by
from apps.reception.queries.stock import cars_for
from apps.reception.views.gates import a_form, may_see_sales, may_sell

PAGE = 50


@require_safe
@may_see_sales
def order_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = OrderFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = penetration.narrow(orders.orders(user, form.cleaned_data), form.cleaned_data)
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(orders.seen(user), pk=after)
        rows = rows.filter(made_at__lte=last.made_at).exclude(made_at=last.made_at, pk__gte=last.pk)
    found = list(rows[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "today": timezone.localdate(),
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/order_list.html", context)


@require_safe
@may_see_sales
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return order_page(request, get_object_or_404(orders.seen(request.user), pk=pk))


def own_order(request: HttpRequest, pk: int) -> SalesOrder:
    """One that the person sees, of the store in which he works."""
    user: Any = request.user
    row: SalesOrder = get_object_or_404(orders.seen(user).filter(store=user.store_id), pk=pk)
    return row


def order_page(
    request: HttpRequest, row: SalesOrder, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    own = row.store_id == user.store_id and user.has_perm(policy.SELL)
    may = policy.changeable(row.status, user.has_perm) if own else frozenset()
    run = orders.contract_run(row)
    loan, trade_in = papers.running_loan(row), papers.trade_in_of(row)
    context = {
        "row": row,
        "own": own,
        "may": may,
        "may_edit": bool(may & set(policy.FIELDS)),
        "may_take": ("other_car" if row.stock_car_id else "stock_car") in may,
        "cars": cars_for(row) if "stock_car" in may and row.stock_car_id is None else [],
        "run": run,
        "steps": [(step, step.label) for step in policy.STEPS[:4]],
        "today": timezone.localdate(),
        "cancel_form": OrderCancelForm(),
        "deposit_form": DepositForm(initial={"amount": row.deposit_amount}),
        "papers": papers.paper_lines(row),
        "loan": loan,
        "loan_steps": _steps_of(loan),
        "loan_papers": LoanPaper.choices,
        "trade_in_papers": CarPaper.choices,
        "loans_over": list(row.loans.filter(status__in=LOAN_ENDED)),
        "trade_in": trade_in,
        "gaps": papers.gaps(row) if row.is_live else [],
        "changes": changes(row, *filter(None, [loan, trade_in]))[:20],
        "refusal": refusal,
    }
    return render(request, "reception/order.html", context, status=status)


def _steps_of(loan: LoanApplication | None) -> list[tuple[str, Any]]:
    """The next steps of an application, in the order of its states."""
    to = LOAN_MOVES.get(LoanStatus(loan.status), ()) if loan else ()
    return [(step.value, step.label) for step in LoanStatus if step in to]


def done(
    request: HttpRequest, pk: int, act: Callable[[SalesOrder], Any], said: str = ""
) -> HttpResponse:
    """Do it and show the order, or say on its page as it is now why not."""
    row = own_order(request, pk)
    try:
        act(row)
    except Refused as refusal:
        return order_page(request, own_order(request, pk), refusal=refusal, status=409)
    messages.success(request, said or _("Saved."))
    return redirect("reception:order", pk)


@a_form
@may_sell
@once
def order_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A contract at a plain price for the opportunity ``pk``."""
    user: Any = request.user
    rows = seen_by(user, Opportunity.objects.filter(store=user.store_id))
    wanted = get_object_or_404(rows.select_related("store", "customer", "trim"), pk=pk)
    only = frozenset(policy.FIELDS) - {"consultant"}
    initial = {"trim": wanted.trim_id, "colour": wanted.colour}
    if wanted.trim:
        initial["price_amount"] = orders.guide_price(wanted.trim, timezone.localdate())
    form = OrderForm(request.POST or None, store=wanted.store, only=only, initial=initial)

    def save(facts: dict[str, Any]) -> str:
        made = actions.open_order(wanted, facts, by=user, now=timezone.now())
        return reverse("reception:order", args=[made.pk])

    title = _("New order of %(customer)s") % {"customer": wanted.customer}
    return form_page(request, form, title=title, back=reverse("reception:order-list"), save=save)


@a_form
@may_sell
@once
def quotation_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The scheme ``pk`` that the customer chose becomes a contract."""
    user: Any = request.user
    rows = quotations.seen(user).filter(store=user.store_id)
    chosen = get_object_or_404(rows, pk=pk)
    only = frozenset(actions.TOLD)
    form = OrderForm(request.POST or None, store=chosen.store, only=only)

    def save(facts: dict[str, Any]) -> str:
        made = actions.order_quoted(chosen, facts, by=user, now=timezone.now())
        return reverse("reception:order", args=[made.pk])

    title = _("Order from scheme %(quotation)s") % {"quotation": chosen}
    back = reverse("reception:quotation", args=[pk])
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_sell
@once
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the step of the contract still lets this person change (REC-12)."""
    user: Any = request.user
    row = own_order(request, pk)
    here = reverse("reception:order", args=[pk])
    only = policy.changeable(row.status, user.has_perm)
    if not only & set(policy.FIELDS):
        messages.warning(request, _("Nothing of this order can be changed by you any more."))
        return redirect(here)
    form = OrderForm(request.POST or None, store=row.store, only=only, initial=model_to_dict(row))

    def save(facts: dict[str, Any]) -> str:
        version = facts.pop("version", None) or 0
        try:
            actions.change_order(row, facts, by=user, version=version, now=timezone.now())
        except ChangedMeanwhile as told:  # who reads it and saves again means it
            form.data = request.POST.dict() | {"version": told.version}
            raise
        return here

    title = _("Edit order %(order)s") % {"order": row}
    return form_page(request, form, title=title, back=here, save=save)


@require_POST
@may_sell
@once
def order_sign(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row: SalesOrder) -> Any:
        copy = bool(request.POST.get("copy"))
        return actions.sign(row, copy_given=copy, version=version_of(request), now=timezone.now())

    return done(request, pk, act, _("The contract is signed."))


@require_POST
@may_sell
@once
def order_copy(request: HttpRequest, pk: int) -> HttpResponse:
    return done(request, pk, lambda row: actions.give_copy(row, now=timezone.now()))


@require_POST
@may_sell
@once
def order_deposit(request: HttpRequest, pk: int) -> HttpResponse:
    form = DepositForm(request.POST)

    def act(row: SalesOrder) -> Any:
        if not form.is_valid():
            raise Refused(_("Enter an amount and how it was paid."))
        amount, how = form.cleaned_data["amount"], form.cleaned_data["paid_how"]
        version, now = version_of(request), timezone.now()
        return actions.take_deposit(row, amount=amount, paid_how=how, version=version, now=now)

    return done(request, pk, act, _("The deposit is noted."))


@require_POST
@may_sell
@once
def order_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = OrderCancelForm(request.POST)

    def act(row: SalesOrder) -> Any:
        if not form.is_valid():
            raise Refused(_("Say why the order is cancelled."))
        user: Any = request.user
        said = form.cleaned_data | {"by": user, "version": version_of(request)}
        return actions.cancel(row, **said, now=timezone.now())

    return done(request, pk, act, _("The order is cancelled."))


@require_POST
@may_sell
@once
def order_car(request: HttpRequest, pk: int) -> HttpResponse:
    """A car of the stock is given to the contract, or taken from it."""
    user: Any = request.user

    def act(row: SalesOrder) -> Any:
        version = version_of(request)
        if request.POST.get("back"):
            return stock.take_car_back(row, by=user, version=version)
        asked = request.POST.get("car", "")
        cars = StockCar.objects.of_own_store(user).filter(pk=asked if asked.isdecimal() else 0)
        if (car := cars.first()) is None:
            raise Refused(_("Choose a car."))
        return stock.give_car(row, car, by=user, version=version)

    return done(request, pk, act)
