"""What waits for the sales manager's word, one section a subject (REC-07, REC-11)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reception.actions import pipeline as keeping
from apps.reception.forms.opportunities import AgainForm, AnswerForm
from apps.reception.queries import days, quotations
from apps.reception.views.gates import a_form, may_approve
from apps.reception.views.opportunities import address, own

MOST = 100


@dataclass(frozen=True)
class Section:
    """A part of the page: its template gets ``rows``."""

    template: str
    rows: Callable[[Any], Any]


SECTIONS: list[Section] = [
    Section("reception/_approval_discounts.html", quotations.waiting_for),
    Section("reception/_approval_lost.html", days.proposed_losses),
]


@require_safe
@may_approve
def approval_list(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    found = [(section.template, list(section.rows(request.user)[:MOST])) for section in SECTIONS]
    context = {
        "sections": [(template, rows) for template, rows in found if rows],
        "now": timezone.now(),
        "today": timezone.localdate(),
        "refusal": refusal,
    }
    return render(request, "reception/approval_list.html", context, status=status)


@require_POST
@may_approve
@once
def lost_approve(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    try:
        keeping.approve_lost(own(request, pk), by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("It is lost now."))
    return redirect("reception:approval-list")


@require_POST
@may_approve
@once
def lost_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Not lost yet: with what is to be tried."""
    user: Any = request.user
    row, form = own(request, pk), AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Say what is to be tried yet."))
        keeping.send_back_lost(row, form.cleaned_data["answer"], by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Sent back to %(person)s.") % {"person": row.consultant})
    return redirect("reception:approval-list")


@a_form
@may_approve
@once
def opportunity_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A lost customer thinks of buying after all."""
    row = own(request, pk)

    def save(data: dict[str, Any]) -> str:
        return address(keeping.take_up_again(row, level=data["level"], now=timezone.now()))

    form = AgainForm(request.POST or None, initial={"level": row.level})
    title = _("Take %(customer)s up again") % {"customer": row.customer}
    return form_page(request, form, title=title, back=address(row), save=save)
