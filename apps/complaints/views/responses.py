"""One quick response: its page, its sheet for paper, and how one is made by hand (SSI-04)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.once import once
from apps.audit.queries import changes
from apps.complaints import queries
from apps.complaints.actions import open_response
from apps.complaints.choices import OPEN_STEPS, Origin, Step
from apps.complaints.forms import AskForm, HandleForm, MendForm, NewForm, RemarkForm, WhyForm
from apps.complaints.models import QuickResponse
from apps.complaints.queries.board import cards
from apps.complaints.queries.lists import steps_of, who_takes
from apps.complaints.views.gates import may_view, seen
from apps.core.codes import code_of
from apps.core.errors import Refused
from apps.customers.choices import NumberStatus
from apps.customers.models import Customer
from apps.customers.views.page import form_page


@require_safe
@may_view
def response(request: HttpRequest, pk: int) -> HttpResponse:
    return response_page(request, _looked_at(request, pk))


def _looked_at(request: HttpRequest, pk: int) -> QuickResponse:
    """A look at a customer's data is written down (SEC-01)."""
    user: Any = request.user
    row = seen(request, pk)
    note_access([row.customer], by=user, kind=AccessKind.VIEW, now=timezone.now())
    return row


def response_page(
    request: HttpRequest,
    row: QuickResponse,
    *,
    bound: dict[str, Form] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """What was said, what was done about it, and the form of the step that is next. ``bound``:
    the form that was sent and is not right, by the name of its button."""
    user: Any = request.user
    now = timezone.now()
    is_open = row.status in OPEN_STEPS
    mine = is_open and user.has_perm("complaints.take_step")
    mine = mine and queries.to_take(user, now).filter(pk=row.pk).exists()
    context = {
        "row": row,
        "card": cards(user, [row], now)[0] if is_open else None,
        "mine": mine,
        "own": row.store_id == user.store_id,
        "people": who_takes(row) if is_open and not mine else [],
        "steps": steps_of(row),
        "questions": list(row.questions.all()),
        "forms": (_forms(row) | (bound or {})) if mine else {},
        "numbers": row.customer.numbers.filter(status=NumberStatus.GOOD) if mine else [],
        "changes": changes(row),
        "refusal": refusal,
    }
    return render(request, "complaints/response.html", context, status=status)


def form_of(name: str, row: QuickResponse, data: Any = None) -> Form:
    """The form of one button of the page."""
    named: dict[str, Any] = {"auto_id": f"{name}-%s"}
    if name == "ask-again":
        return AskForm(data, questions=row.questions.all(), **named)
    if name == "mend":
        return MendForm(data, initial={"text": row.text}, **named)
    if name == "handle":
        initial = {"root_cause": row.root_cause, "measure": row.measure}
        return HandleForm(data, initial=initial, **named)
    return (WhyForm if name in ("send-back", "drop") else RemarkForm)(data, **named)


BUTTONS = {
    Step.APPROVE: ("approve", "send-back"),
    Step.MEND: ("mend", "drop"),
    Step.HANDLE: ("handle",),
    Step.CONTACT: ("ask-again",),
    Step.CLOSE: ("close",),
}


def _forms(row: QuickResponse) -> dict[str, Form]:
    names = BUTTONS.get(Step(row.status), ())
    return {name.replace("-", "_"): form_of(name, row) for name in names}


@require_safe
@may_view
def response_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One A4 with a line for each signature; the code opens the page (SVC-16)."""
    row = _looked_at(request, pk)
    context = {
        "row": row,
        "steps": steps_of(row),
        "questions": row.questions.all(),
        "code": code_of(request, "complaints:response", row.pk),
    }
    return render(request, "complaints/response_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("complaints.make_response", raise_exception=True)
@once
def response_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer complains: care writes it down."""
    user: Any = request.user
    rows = Customer.objects.of_own_store(user).filter(erased_at=None)
    customer = get_object_or_404(rows, pk=pk)
    data = request.POST if request.method == "POST" else None
    cars = list(customer.vehicles.values_list("pk", flat=True)[:2])
    initial = {"vehicle": request.GET.get("car") or (cars[0] if len(cars) == 1 else None)}

    def save(typed: dict[str, Any]) -> str:
        made = open_response(
            customer, origin=Origin.COMPLAINT, by=user, now=timezone.now(), **typed
        )
        return reverse("complaints:response", args=[made.pk])

    return form_page(
        request,
        NewForm(data, customer=customer, initial=initial),
        title=_("Quick response for %(customer)s") % {"customer": customer},
        back=reverse("desk:customer", args=[customer.pk]),
        save=save,
    )
