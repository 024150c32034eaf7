"""The steps of a proposal, each a button of its page (PEN-08)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.once import once
from apps.core.errors import Refused
from apps.penalties.actions import life, proofs, sheets
from apps.penalties.forms.proposals import SignatureForm
from apps.penalties.models import Penalty
from apps.penalties.queries import evidence
from apps.penalties.queries.signing import may_sign_as, signatures
from apps.penalties.views.gates import may_answer, may_decide, may_issue, may_view, own
from apps.penalties.views.proposals import form_of, proposal_page, steps_for

Do = Callable[..., Any]


@require_POST
@may_view
@once
def proposal_explain(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Saved. The care manager reads it before deciding.")
    return _step(request, pk, "explain", proofs.explain_with, said)


@require_POST
@may_view
@once
def proposal_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "appeal", life.appeal, _("The general manager has it."))


@require_POST
@may_decide
@once
def proposal_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "confirm", life.confirm, _("Confirmed. The person signs it now."))


@require_POST
@may_decide
@once
def proposal_waive(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "waive", life.waive, _("Waived: nothing is deducted."))


@require_POST
@may_answer
@once
def proposal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, "answer", life.decide_appeal, _("The appeal is decided."))


@require_POST
@may_issue
@once
def proposal_issue(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Issued. It comes with the sheet of its month.")
    return _step(request, pk, "issue", life.issue, said, then="penalties:issue-list")


@require_POST
@may_decide
@once
def proposal_correct(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("Saved. The next sheet takes the difference.")
    return _step(request, pk, "correct", sheets.correct, said)


@require_http_methods(["GET", "HEAD", "POST"])
@may_view
@once
def proposal_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Read and signed on the screen."""
    user: Any = request.user
    row = own(request, pk)
    form = SignatureForm(request.POST or None, request.FILES or None)
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                picture = form.cleaned_data["signature"]
                proofs.sign_on_screen(row, picture=picture, by=user, now=timezone.now())
            except Refused as refused:
                row.refresh_from_db()
                refusal, status = refused, 409
            else:
                messages.success(request, _("Signed."))
                return redirect("penalties:proposal", row.pk)
    context = {
        "row": row,
        "form": form,
        "signs_as": may_sign_as(user, row),
        "signatures": signatures(row),
        "photos": evidence.photos(row),
        "refusal": refusal,
    }
    return render(request, "penalties/proposal_sign.html", context, status=status)


def _step(
    request: HttpRequest, pk: int, name: str, do: Do, said: str, then: str = ""
) -> HttpResponse:
    row: Penalty = own(request, pk)
    form = form_of(name, row, request.POST, request.FILES)
    if not form.is_valid():
        return proposal_page(request, row, bound={name: form}, status=422)
    try:
        do(row, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        row = own(request, pk)
        typed = {name: form} if name in steps_for(request.user, row) else {}
        return proposal_page(request, row, bound=typed, refusal=refusal, status=409)
    messages.success(request, said)
    return redirect(then) if then else redirect("penalties:proposal", row.pk)
