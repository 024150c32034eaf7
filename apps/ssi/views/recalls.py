"""The manager's random re-calls, and what differed (SSI-10)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.dates import add_months
from apps.core.errors import Refused
from apps.ssi.actions import recalls as actions
from apps.ssi.choices import RecallStatus
from apps.ssi.models import Recall, RecallSample
from apps.ssi.policy.honesty import NOTABLE
from apps.ssi.queries import recalls as queries
from apps.ssi.recall_forms import MissedForm, RecallForm
from apps.ssi.views.gates import a_form, may_recall, may_see_honesty

MOST = 200
WHAT_LABELS = {
    "drawn": gettext_lazy("Drawn"),
    "open": gettext_lazy("To be called"),
    "done": gettext_lazy("Asked again"),
    "not_reached": gettext_lazy("Not reached"),
    "not_asked": gettext_lazy("Says nobody asked"),
    "differs": gettext_lazy("Answers differ"),
}


@require_safe
@may_see_honesty
def recalls(request: HttpRequest) -> HttpResponse:
    """One month's re-calls with their rows; without a month those of the last one."""
    user: Any = request.user
    today = timezone.localdate()
    store, first = store_shown(user, request.GET), queries.month_of(request.GET, today)
    what = request.GET.get("what", "drawn")
    rows = list(queries.asked_for(user, request.GET, today)[:MOST])
    lines = queries.findings(store, first)
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "first": first,
        "before": add_months(first, -1),
        "after": add_months(first, 1),
        "has_ended": add_months(first, 1) <= today,
        "sample": RecallSample.objects.filter(store=store, month=first).first(),
        "months": queries.progress(store),
        "columns": WHAT_LABELS,
        "lines": lines,
        "sums": {name: sum(line.numbers[name] for line in lines) for name in WHAT_LABELS},
        "what_label": WHAT_LABELS.get(what, WHAT_LABELS["drawn"]),
        "person": request.GET.get("person", ""),
        "rows": rows,
        "most": MOST,
        "notable": NOTABLE,
        "me": user.pk,
    }
    return render(request, "ssi/recalls.html", context)


@a_form
@may_see_honesty
@once
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """One re-call: a blank form while it is open, afterwards both answers side by side."""
    user: Any = request.user
    rows: Any = Recall.objects.visible_to(user)
    if request.method == "POST":
        if not user.has_perm("ssi.recall"):
            return _page(request, get_object_or_404(rows, pk=pk), status=403)
        rows = Recall.objects.of_own_store(user)
    row: Recall = get_object_or_404(rows, pk=pk)
    if request.method != "POST":
        return _page(request, row)
    form = _form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    try:
        actions.write_recall(
            row,
            was_called=form.cleaned_data["was_called"] == "yes",
            answers=form.answers(),
            remark=form.cleaned_data["remark"],
            by=user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, row, form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("ssi:recall", pk)


@require_POST
@may_recall
@once
def recall_missed(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer did not pick up."""
    user: Any = request.user
    row: Recall = get_object_or_404(Recall.objects.of_own_store(user), pk=pk)
    form = MissedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422)
    try:
        actions.miss_recall(row, remark=form.cleaned_data["remark"], by=user, now=timezone.now())
    except Refused as refusal:
        return _page(request, row, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("ssi:recalls")


def _form(row: Recall, data: Any = None) -> RecallForm:
    questions = [answer.question for answer in queries.first_answers(row)]
    return RecallForm(data, questions=questions)


def _page(
    request: HttpRequest,
    row: Recall,
    *,
    form: RecallForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    row.refresh_from_db()
    done = row.status == RecallStatus.DONE
    pairs = queries.pairs(row) if done else []
    customer = row.response.customer
    own = row.store_id == user.store_id
    context = {
        "row": row,
        "customer": customer,
        "numbers": customer.numbers.order_by("pk"),
        "own": own,
        "done": done,
        "pairs": pairs,
        "means": (queries.mean(pairs, "first"), queries.mean(pairs, "again")),
        "form": None if done else form or _form(row),
        "can_write": own and not done and user.has_perm("ssi.recall"),
        "was_me": row.response.interviewer_id == user.pk,
        "refusal": refusal,
    }
    return render(request, "ssi/recall.html", context, status=status)
