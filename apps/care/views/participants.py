"""Who is invited, signs up, and comes: the invitations and the list at the door (CARE-12)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.care.actions import participants as actions
from apps.care.activity_choices import COMING, Answer, Invited
from apps.care.activity_forms import ComingForm
from apps.care.audience_forms import AudienceForm
from apps.care.models import Activity, Participant
from apps.care.queries import activities as queries
from apps.care.views.activities import (
    WHAT_LABELS,
    a_form,
    change,
    may_keep,
    may_run,
    may_see,
    own,
)
from apps.core.errors import Refused
from apps.customers.models import Customer

MOST = 500
SAMPLE = 5


@a_form
@may_run
@once
def activity_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom a filter finds, counted as it is typed; sent, each of them is owed a call."""
    user: Any = request.user
    row = own(request, pk)
    if request.method != "POST":
        form = AudienceForm(request.GET or None, store=row.store)
        return _invite_page(request, row, form)
    form = AudienceForm(request.POST, store=row.store)
    if not form.is_valid():
        return _invite_page(request, row, form, status=422)
    try:
        count = actions.invite_by_call(row, form.asked(), by=user, now=timezone.now())
    except Refused as refusal:
        return _invite_page(request, row, form, refusal=refusal, status=409)
    said = ngettext("%(count)s call is in the queue.", "%(count)s calls are in the queue.", count)
    messages.success(request, said % {"count": count})
    return redirect("care:activity", pk)


def _invite_page(
    request: HttpRequest,
    row: Activity,
    form: AudienceForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = form.asked() if form.is_valid() else None
    if not form.is_bound:
        asked = {}
    context: dict[str, Any] = {"row": row, "form": form, "refusal": refusal}
    context["most"] = actions.MOST_CALLS
    if asked is not None:
        found = queries.to_invite(row, asked, on=timezone.localdate())
        context |= {"count": found.count(), "sample": list(found[:SAMPLE])}
    htmx: Any = getattr(request, "htmx", None)
    template = "care/_invite_count.html" if htmx else "care/activity_invite.html"
    return render(request, template, context, status=status)


@require_POST
@may_run
@once
def activity_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The invitation as a draft among the campaigns."""
    user: Any = request.user

    def act(row: Activity) -> str:
        actions.invite_by_message(row, by=user, now=timezone.now())
        return _("The invitation is a draft among the campaigns: choose there whom it goes to.")

    return change(request, pk, act)


@require_safe
@may_see
def participant_list(request: HttpRequest) -> HttpResponse:
    """Those of one activity, as the door needs them: searched, ticked, printed."""
    pk = request.GET.get("activity", "")
    if not pk.isdecimal() or len(pk) > 12:
        raise Http404
    row = get_object_or_404(queries.activities(request.user), pk=pk)
    return _list_page(request, row)


def _list_page(
    request: HttpRequest, row: Activity, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    what, q = request.GET.get("what", "all"), request.GET.get("q", "")[:40]
    what = what if what in WHAT_LABELS else "all"
    queries.with_numbers([row])
    numbers: dict[str, int] = row.numbers  # type: ignore[attr-defined]
    keeps = row.store_id == user.store_id and user.has_perm("care.keep_attendance")
    rows = list(queries.participants(row, what, q)[:MOST])
    there = {one.customer_id for one in rows}
    found = queries.found_for(row.store_id, q) if keeps and row.status in COMING else []
    context = {
        "row": row,
        "rows": rows,
        "what": what,
        "what_label": WHAT_LABELS[what],
        "q": q,
        "numbers": [(name, label, numbers[name]) for name, label in WHAT_LABELS.items()],
        "taken": numbers["places"],
        "keeps": keeps,
        "ticks": keeps and not row.evaluated_at and row.on <= timezone.localdate(),
        "is_coming": row.status in COMING,
        "others": [one for one in found if one.pk not in there],
        "invited": [one for one in Invited if one not in (Invited.CALL, Invited.AT_THE_DOOR)],
        "most": MOST,
        "refusal": refusal,
    }
    return render(request, "care/participant_list.html", context, status=status)


def _back(request: HttpRequest, row: Activity) -> str:
    """The list as it was narrowed."""
    asked = request.GET.copy()
    asked["activity"] = str(row.pk)
    return f"{reverse('care:participant-list')}?{asked.urlencode()}"


@require_POST
@may_keep
@once
def participant_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Signed up in the store or after a message; at the door he is there at once."""
    user: Any = request.user
    row = own(request, pk)
    form = ComingForm(request.POST)
    if not form.is_valid():
        refusal = Refused(_("Enter how many people come: from 1 to 20."))
        return _list_page(request, row, refusal=refusal, status=422)
    said = form.cleaned_data
    customer = get_object_or_404(Customer.objects.of_own_store(user), pk=said["customer"])
    now, people = timezone.now(), said["people"]
    try:
        if said["invited"] == Invited.AT_THE_DOOR:
            actions.come_in(row, customer, people=people, by=user, now=now)
        else:
            invited = said["invited"]
            actions.sign_up(row, customer, invited=invited, people=people, by=user, now=now)
    except Refused as refusal:
        return _list_page(request, row, refusal=refusal, status=409)
    messages.success(request, _("%(name)s is on the list.") % {"name": customer})
    return redirect(f"{reverse('care:participant-list')}?activity={row.pk}")


def own_participant(request: HttpRequest, pk: int) -> Participant:
    rows = Participant.objects.of_own_store(request.user).select_related("activity", "customer")
    row: Participant = get_object_or_404(rows, pk=pk)
    return row


@require_POST
@may_keep
def participant_attend(request: HttpRequest, pk: int) -> HttpResponse:
    """A tick at the door, or its opposite; the line as it is now."""
    user: Any = request.user
    there = own_participant(request, pk)
    try:
        actions.attend(there, there=request.POST.get("there") == "1", by=user, now=timezone.now())
    except Refused as refusal:
        return _list_page(request, there.activity, refusal=refusal, status=409)
    htmx: Any = getattr(request, "htmx", None)
    if not htmx:
        return redirect(_back(request, there.activity))
    context = {"one": own_participant(request, pk), "row": there.activity, "ticks": True}
    return render(request, "care/_participant.html", context | {"keeps": True})


@require_POST
@may_keep
@once
def participant_decline(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    there = own_participant(request, pk)
    try:
        actions.decline(there, by=user, now=timezone.now())
    except Refused as refusal:
        return _list_page(request, there.activity, refusal=refusal, status=409)
    messages.success(
        request, _("%(name)s: %(said)s") % {"name": there.customer, "said": Answer.DECLINED.label}
    )
    return redirect(_back(request, there.activity))
