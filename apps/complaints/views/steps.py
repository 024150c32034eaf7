"""The steps of a quick response, each a button of its page (SSI-04)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.audit.once import once
from apps.complaints import actions
from apps.complaints.models import QuickResponse
from apps.complaints.views.gates import may_take, own
from apps.complaints.views.responses import form_of, response_page
from apps.core.errors import Refused

Do = Callable[..., QuickResponse]


@require_POST
@may_take
@once
def response_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "approve", actions.approve, _("Approved. The department has it."))


@require_POST
@may_take
@once
def response_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    def send_back(row: QuickResponse, *, text: str, **who: Any) -> QuickResponse:
        return actions.send_back(row, why=text, **who)

    return _step(request, pk, "send-back", send_back, _("Sent back."))


@require_POST
@may_take
@once
def response_mend(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "mend", actions.mend, _("Submitted for approval."))


@require_POST
@may_take
@once
def response_drop(request: HttpRequest, pk: int) -> HttpResponse:
    def drop(row: QuickResponse, *, text: str, **who: Any) -> QuickResponse:
        return actions.drop(row, why=text, **who)

    return _step(request, pk, "drop", drop, _("Dropped."))


@require_POST
@may_take
@once
def response_accept(request: HttpRequest, pk: int) -> HttpResponse:
    def accept(row: QuickResponse, *, text: str, **who: Any) -> QuickResponse:
        return actions.accept(row, **who)

    return _step(request, pk, "accept", accept, _("Accepted: it is yours."))


@require_POST
@may_take
@once
def response_handle(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "handle", actions.handle, _("Handled. Care asks the customer again."))


@require_POST
@may_take
@once
def response_ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers of the failed questions go beside the first ones."""
    row = own(request, pk)
    form: Any = form_of("ask-again", row, request.POST)

    def ask_again(row: QuickResponse, *, satisfied: bool, text: str, **more: Any) -> QuickResponse:
        who = {name: more[name] for name in ("by", "now")}
        return actions.ask_again(row, satisfied=satisfied, answers=form.answers(), text=text, **who)

    return _carry_out(request, row, "ask-again", form, ask_again, _("Saved."))


@require_POST
@may_take
@once
def response_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "close", actions.close, _("Closed."))


def _step(request: HttpRequest, pk: int, name: str, do: Do, said: str) -> HttpResponse:
    row = own(request, pk)
    return _carry_out(request, row, name, form_of(name, row, request.POST), do, said)


def _carry_out(
    request: HttpRequest, row: QuickResponse, name: str, form: Any, do: Do, said: str
) -> HttpResponse:
    show = partial(response_page, request, bound={name.replace("-", "_"): form})
    if not form.is_valid():
        return show(row, status=422)
    try:
        do(row, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        row.refresh_from_db()
        return show(row, refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("complaints:response", row.pk)
