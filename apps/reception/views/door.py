"""The door of the showroom: who comes, who greets, who takes, who goes (REC-01, ORG-04)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.doubles import alike
from apps.customers.phones import normalise
from apps.customers.views.page import form_page
from apps.reception.actions import door as actions
from apps.reception.choices.visit import VisitResult, VisitTurnReason
from apps.reception.forms.door import (
    ChosenForm,
    LeaveForm,
    NewCardForm,
    RegisterForm,
    TakeForm,
    VisitForm,
)
from apps.reception.models import ShowroomVisit
from apps.reception.queries import door as queries
from apps.reception.views.gates import a_form, may_register, may_see_door

LONGEST = 40  # of what is looked for


@require_safe
@may_see_door
def door(request: HttpRequest) -> HttpResponse:
    """The register and the parties in the house, those who wait first."""
    return _door(request)


@require_safe
@may_see_door
def door_parties(request: HttpRequest) -> HttpResponse:
    """The part that the page asks for again by itself. Four queries beside the session's."""
    return render(request, "reception/_door.html", _now(request))


def _now(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    now = timezone.now()
    store = store_shown(user, request.GET)
    manages = user.has_perm("reception.approve_sales")
    reasons = (
        VisitTurnReason.choices
        if manages
        else [choice for choice in VisitTurnReason.choices if choice[0] != VisitTurnReason.MANAGER]
    )
    return {
        "store": store,
        "door": queries.door(store, now),
        "now": now,
        "may": store.pk == user.store_id and user.has_perm("reception.register_visit"),
        "reasons": reasons,
        "results": VisitResult.choices,
    }


def _door(
    request: HttpRequest,
    form: RegisterForm | None = None,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _now(request) | {"refusal": refusal}
    context["form"] = form or RegisterForm(store=context["store"])
    return render(request, "reception/door.html", context, status=status)


@require_safe
@may_register
def door_known(request: HttpRequest) -> HttpResponse:
    """Whom the party may be, by the last digits of a phone, a plate or a name (CUS-05)."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = queries.known(user.store, text) if text else []
    return render(request, "reception/_known.html", {"found": found, "text": text})


@require_POST
@may_register
@once
def visit_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = RegisterForm(request.POST, store=user.store)
    if not form.is_valid():
        return _door(request, form, status=422)
    try:
        actions.register(user.store, by=user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _door(request, form, refusal=refusal, status=409)
    return redirect("reception:door")


def _visit(request: HttpRequest, pk: int) -> ShowroomVisit:
    rows = ShowroomVisit.objects.of_own_store(request.user)
    row: ShowroomVisit = get_object_or_404(rows.select_related("store"), pk=pk)
    return row


def _done(
    request: HttpRequest, form: Form | None, act: Callable[[dict[str, Any]], ShowroomVisit]
) -> HttpResponse:
    """Carry out what one button asks for; the door as it is then, or why not."""
    if form is not None and not form.is_valid():
        return _door(request, refusal=Refused(_("Choose who, and why.")), status=422)
    try:
        act(form.cleaned_data if form else {})
    except Refused as refusal:
        return _door(request, refusal=refusal, status=409)
    return redirect("reception:door")


@require_POST
@may_register
@once
def visit_greet(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    visit = _visit(request, pk)
    return _done(request, None, lambda _: actions.greet(visit, by=user, now=timezone.now()))


@require_POST
@may_register
@once
def visit_take(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    visit = _visit(request, pk)
    form = TakeForm(request.POST, store=visit.store)
    return _done(
        request, form, lambda data: actions.take(visit, by=user, now=timezone.now(), **data)
    )


@require_POST
@may_register
@once
def visit_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """With the result; who left a card that nobody has entered yet is asked for it."""
    visit = _visit(request, pk)
    form = LeaveForm(request.POST)
    answer = _done(request, form, lambda data: actions.leave(visit, now=timezone.now(), **data))
    wants_card = form.is_valid() and form.cleaned_data["result"] == VisitResult.CARD
    if answer.status_code == 302 and wants_card and visit.opportunity_id is None:
        return redirect("reception:visit-card", pk)
    return answer


@a_form
@may_register
@once
def visit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    back = reverse("reception:door")

    def save(data: dict[str, Any]) -> str:
        actions.change_visit(visit, data)
        return back

    form = VisitForm(request.POST or None, instance=visit)
    title = _("Party of %(time)s") % {"time": f"{timezone.localtime(visit.arrived_at):%m-%d %H:%M}"}
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_register
@once
def visit_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer card: somebody of the archive, or somebody new (REC-03)."""
    visit = _visit(request, pk)
    user: Any = request.user
    forms = {
        "chosen": ChosenForm(store=visit.store, prefix="chosen"),
        "new": NewCardForm(store=visit.store, prefix="new"),
    }
    if request.method != "POST":
        return _card(request, visit, forms)
    which = "new" if request.POST.get("which") == "new" else "chosen"
    form = forms[which] = type(forms[which])(request.POST, store=visit.store, prefix=which)
    if not form.is_valid():
        return _card(request, visit, forms, status=422)
    data, now = form.cleaned_data, timezone.now()
    try:
        if which == "new":
            seen = _alike(visit, data["phone"])
            if seen and not request.POST.get("another"):
                return _card(request, visit, forms, alike=seen, status=409)
            data["not_these"] = [customer.pk for customer in seen]
            visit = actions.leave_new_card(visit, by=user, now=now, **data)
        else:
            visit = actions.leave_card(visit, by=user, now=now, **data)
    except Refused as refusal:
        return _card(request, visit, forms, refusal=refusal, status=409)
    _tell(request, visit)
    return redirect("reception:door")


def _alike(visit: ShowroomVisit, phone: str) -> list[Any]:
    number = normalise(phone).number
    return [who for who, _signs in alike(visit.store_id, number=number)]


def _tell(request: HttpRequest, visit: ShowroomVisit) -> None:
    opportunity: Any = visit.opportunity
    if visit.consultant_id not in (None, opportunity.consultant_id):
        said = _("%(customer)s speaks with %(consultant)s already: joined to that card.")
        names = {"customer": visit.customer, "consultant": opportunity.consultant}
        messages.info(request, said % names)
    else:
        messages.success(request, _("The customer card is left."))


def _card(
    request: HttpRequest,
    visit: ShowroomVisit,
    forms: dict[str, Any],
    *,
    alike: list[Any] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    context = {
        "visit": visit,
        "text": text,
        "found": queries.known(visit.store, text) if text else [],
        "alike": alike or [],
        "refusal": refusal,
        **forms,
    }
    return render(request, "reception/visit_card.html", context, status=status)
