"""One proposal: what was found, what was said and decided, and the next step (PEN-08)."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.audit.queries import changes
from apps.core.codes import code_of
from apps.core.errors import Refused
from apps.core.papers import paper_answer
from apps.core.pictures import picture_answer
from apps.penalties.choices import UNDECIDED, PenaltyStatus, ProofKind
from apps.penalties.forms.proposals import (
    AnswerForm,
    AppealForm,
    ConfirmForm,
    CorrectForm,
    ExplainForm,
    NoForm,
    WaiveForm,
)
from apps.penalties.models import Penalty
from apps.penalties.policy import decides
from apps.penalties.queries import evidence
from apps.penalties.queries.proposals import for_me, mine, month_sums
from apps.penalties.queries.signing import is_repeated, may_sign_as, signatures
from apps.penalties.views.gates import may_view, seen

PAGE = 50
FORMS: dict[str, type[Form]] = {
    "explain": ExplainForm,
    "appeal": AppealForm,
    "confirm": ConfirmForm,
    "waive": WaiveForm,
    "answer": AnswerForm,
    "issue": NoForm,
    "correct": CorrectForm,
}


@require_safe
@may_view
def mine_list(request: HttpRequest) -> HttpResponse:
    """Everything that concerns me; what waits for me stands first."""
    user: Any = request.user
    today = timezone.localdate()
    rows = mine(user)
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    waiting = [] if after else list(for_me(user, today).select_related("rule").order_by("pk"))
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "waiting": waiting,
        "today": today,
    }
    return render(request, "penalties/mine.html", context)


@require_safe
@may_view
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    return proposal_page(request, seen(request, pk))


def form_of(name: str, row: Penalty, data: Any = None, files: Any = None) -> Form:
    """The form of one button of the page."""
    initial: dict[str, Any] = {"explain": {"text": row.explanation}}.get(name, {})
    if name in ("confirm", "correct"):
        initial = {"amount": row.amount}
    return FORMS[name](data, files, initial=initial, auto_id=f"{name}-%s")


def steps_for(user: Any, row: Penalty) -> list[str]:
    """The buttons that this person has now; the action decides again when one is pressed."""
    if row.store_id != user.store_id:
        return []
    today, concerned = timezone.localdate(), row.person_id == user.pk
    undecided = row.status in UNDECIDED
    deciding = user.has_perm("penalties.decide") and not concerned
    deciding = deciding and decides(user.roles, row.person.roles)
    ripe = row.status == PenaltyStatus.EXPLAINED or today > row.explain_until
    status = PenaltyStatus(row.status)
    may = {
        "explain": concerned and undecided and today <= row.explain_until,
        "appeal": concerned
        and status in (PenaltyStatus.CONFIRMED, PenaltyStatus.SIGNED)
        and row.appealed_at is None,
        "confirm": deciding and undecided and ripe,
        "waive": deciding and undecided,
        "answer": user.has_perm("penalties.decide_appeal")
        and status == PenaltyStatus.APPEALED
        and user.pk not in (row.person_id, row.decided_by_id),
        "issue": user.has_perm("penalties.issue")
        and status == PenaltyStatus.SIGNED
        and not concerned,
        "correct": user.has_perm("penalties.decide")
        and not concerned
        and status == PenaltyStatus.ISSUED
        and row.entries.exists(),
    }
    return [name for name, allowed in may.items() if allowed]


def proposal_page(
    request: HttpRequest,
    row: Penalty,
    *,
    bound: dict[str, Form] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """``bound``: the form that was sent and is not right, by the name of its button."""
    user: Any = request.user
    forms = {name: form_of(name, row) for name in steps_for(user, row)} | (bound or {})
    context = {
        "row": row,
        "forms": forms,
        "signs_as": may_sign_as(user, row),
        "repeated": is_repeated(row),
        "month": month_sums([row])[row.pk],
        "corrections": row.corrections.select_related("by", "entry__sheet"),
        "changes": changes(row),
        "today": timezone.localdate(),
        "refusal": refusal,
        **_found(row),
    }
    return render(request, "penalties/proposal.html", context, status=status)


def _found(row: Penalty) -> dict[str, Any]:
    return {
        "lines": evidence.lines(row),
        "tries": evidence.tries(row),
        "photos": evidence.photos(row),
        "attached": row.proofs.filter(kind=ProofKind.ATTACHED).select_related("by"),
        "signatures": signatures(row),
    }


@require_safe
@may_view
def proposal_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """绩效扣减建议单: one A4 with what was found and who signed."""
    row = seen(request, pk)
    context = {
        "row": row,
        "code": code_of(request, "penalties:proposal", row.pk),
        **_found(row),
    }
    return render(request, "penalties/proposal_sheet.html", context)


@require_safe
@may_view
def proposal_picture(request: HttpRequest, pk: int, stored: UUID) -> HttpResponseBase:
    """A picture of a proposal that may be seen, its own or of the checks; a PDF, to be saved."""
    row = seen(request, pk)
    if str(stored) in {name for _check, name in evidence.photos(row)}:
        return picture_answer(stored)
    proof = get_object_or_404(row.proofs, stored=stored)
    if proof.paper_name:
        return paper_answer(stored, proof.paper_name)
    return picture_answer(stored)
