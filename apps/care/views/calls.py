"""The specialist's work: the queue, the call screen and what its keys do (CARE-14)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.queries import calendar_of
from apps.audit.once import once
from apps.care import policy, wording
from apps.care.actions import claim as claiming
from apps.care.actions import results
from apps.care.actions.endings import target_km
from apps.care.choices import SURVEYS, CallKind, CallStatus, Result
from apps.care.models import Attempt, Call
from apps.care.queries import queue as waiting
from apps.care.queries import screen
from apps.care.queries.lists import due_counts
from apps.care.result_forms import ResultForm
from apps.care.views.booking import CAR, about_booking, typed
from apps.core.errors import Refused
from apps.customers.choices import NumberStatus
from apps.service.queries.orders import put_off_work

View = Callable[..., HttpResponse]
may_work_queue = permission_required("care.work_queue", raise_exception=True)

# What the keys press, by kind of call. A panel asks for more before the result is sent.
SERVICE_KEYS = [
    ("1", "booked", "calendar-check", "primary"),
    ("2", "will_come", "thumb-up", "outline-primary"),
    ("3", "not_yet", "clock-pause", "outline-secondary"),
    ("4", "elsewhere", "building-store", "outline-secondary"),
    ("4", "renewed", "clipboard-check", "outline-secondary"),
    ("5", "not_needed", "circle-minus", "outline-secondary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
BIRTHDAY_KEYS = [
    ("1", "greeted", "confetti", "primary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
FOLLOW_UP_KEYS = [
    ("1", "answered", "message-check", "primary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
CHECK_KEYS = [
    ("1", "verified", "shield-check", "primary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
RECALL_KEYS = [
    ("1", "signed_up", "confetti", "primary"),
    ("5", "not_needed", "circle-minus", "outline-secondary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
INSURANCE_KEYS = [
    ("1", "renewed", "shield-check", "primary"),
    ("2", "will_come", "thumb-up", "outline-primary"),
    ("5", "not_needed", "circle-minus", "outline-secondary"),
    ("6", "call_later", "phone-outgoing", "outline-secondary"),
]
SURVEY_KEYS = [("6", "call_later", "phone-outgoing", "outline-secondary")]  # it ends by itself
MISSED_KEYS = [
    ("7", "no_answer", "phone-off", "outline-warning"),
    ("8", "busy", "phone-pause", "outline-warning"),
    ("9", "empty_number", "phone-x", "outline-danger"),
]
RARE_KEYS = [("R", "refuses", "ban", "ghost-danger")]
SOLD_KEY = ("S", "sold", "car-off", "ghost-secondary")
OWN_KEYS: dict[str, list[tuple[str, str, str, str]]] = {
    CallKind.BIRTHDAY: BIRTHDAY_KEYS,
    CallKind.SERVICE_FOLLOW_UP: FOLLOW_UP_KEYS,
    CallKind.INSURANCE_CHECK: CHECK_KEYS,
    CallKind.RECALL: RECALL_KEYS,
    CallKind.INSURANCE: INSURANCE_KEYS,
    **dict.fromkeys(SURVEYS, SURVEY_KEYS),
}
PANELS = {"booked", "not_yet", "elsewhere", "not_needed", "call_later", "busy", "empty_number"}
PANELS |= {"sold", "refuses", "answered", "verified", "signed_up", "renewed"}


def may_see_calls(view: View) -> View:
    """For those who work the queue and those who watch the team."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not (user.has_perm("care.work_queue") or user.has_perm("care.view_team")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


@require_safe
@may_work_queue
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me, and the one button."""
    user: Any = request.user
    now = timezone.now()
    if user.store is None:
        raise PermissionDenied
    shift = waiting.shift_of(user.store_id, now)
    counts = waiting.waiting_for(user, shift, now=now)
    until = shift.birthdays_until
    minutes = (until - shift.moment.replace(tzinfo=None)).total_seconds() // 60 if until else 0
    context = {
        "shift": shift,
        "waiting": counts,
        "due": due_counts(Call.objects.of_own_store(user).filter(owner=user), shift.day),
        "why_nothing": _why_nothing(shift, counts),
        "slot_until": next((end for s, _from, end in shift.slots.times if s == shift.slot), None),
        "held": screen.held_by(user),
        "promised": screen.promised(user)[:12],
        "now": now,
        "greets": waiting.Work.of(user) != waiting.Work.INSURANCE,
        "birthdays": screen.birthdays_left(user, shift.day),
        "birthday_minutes": int(max(0, minutes)),
        "birthdays_until": until,
        "done": screen.done_today(user, now),
    }
    return render(request, "care/call_queue.html", context)


def _why_nothing(shift: waiting.Shift, counts: waiting.Waiting) -> str:
    """Why *next* would find nothing, as a sentence; empty when it would."""
    if not shift.calendar.is_open(shift.day):
        return _("The store is closed today. Birthdays get an SMS by themselves.")
    if shift.slot is None:
        times = "、".join(f"{start:%H:%M}–{end:%H:%M}" for _s, start, end in shift.slots.times)
        return _("No call slot now: calls are offered %(times)s. Promised call-backs are kept.") % {
            "times": times
        }
    if counts.mine_now or counts.others_now:
        return ""
    if counts.mine:
        return _("All that wait were tried in this slot. They come again in the next one.")
    return _("Nothing waits for you.")


@require_POST
@may_work_queue
@once
def claim_next(request: HttpRequest) -> HttpResponse:
    """Next. ``done`` is the claim of a conversation whose other calls go back with it."""
    user: Any = request.user
    now = timezone.now()
    try:
        if done := _uuid(request.POST.get("done")):
            _finish(user, done)
        calls = claiming.claim_next(by=user, now=now)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("care:queue")
    if not calls:
        messages.info(request, _("Nothing is to be called now."))
        return redirect("care:queue")
    return redirect("care:call", calls[0].pk)


def _finish(user: Any, claim: UUID) -> None:
    if Attempt.objects.of_own_store(user).filter(conversation=claim, by=user).exists():
        claiming.give_back(by=user, claim=claim, now=timezone.now())


@require_safe
@may_see_calls
def call(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@may_work_queue
@once
def call_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the conversation came to; the next call of the customer, or the summary."""
    user: Any = request.user
    call = get_object_or_404(Call.objects.of_own_store(user), pk=pk)
    form = ResultForm(request.POST, call=call, now=timezone.now())
    if not form.is_valid():
        return _page(request, pk, form=form, status=422)
    try:
        results.record(
            by=user,
            now=timezone.now(),
            claim=form.cleaned_data["claim"],
            talk=form.talk,
            outcomes={pk: form.outcome},
        )
    except Refused as refusal:
        return _page(request, pk, form=form, refusal=refusal, status=409)
    rest = Call.objects.filter(claim=form.cleaned_data["claim"], status=CallStatus.CLAIMED)
    left = rest.filter(holder=user).order_by("due_on", "pk").values_list("pk", flat=True)
    return redirect("care:call", pk if pk in left else next(iter(left), pk))


@require_POST
@may_work_queue
def call_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """Work and free times for what was chosen so far; nothing is written (CARE-10).

    The panel, or in it the times alone; without JavaScript the whole page with the panel open
    and everything that was typed.
    """
    user: Any = request.user
    call = get_object_or_404(Call.objects.of_own_store(user).select_related(*CAR), pk=pk)
    htmx: Any = getattr(request, "htmx", None)
    if not htmx:
        form = ResultForm(initial=typed(request.POST), call=call, now=timezone.now())
        return _page(request, pk, form=form, open_panel="booked", asked=request.POST)
    alone = htmx.target == "free-times"
    template = "service/_free_times.html" if alone else "care/_booking.html"
    return render(request, template, about_booking(call, request.POST, timezone.now()))


@require_POST
@may_work_queue
@once
def call_give_back(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    get_object_or_404(Call.objects.of_own_store(user), pk=pk)
    try:
        claiming.give_back(by=user, claim=_uuid(request.POST.get("claim")), now=timezone.now())
    except Refused as refusal:
        return _page(request, pk, refusal=refusal, status=409)
    messages.success(request, _("The customer is back in the queue."))
    return redirect("care:queue")


@require_POST
@may_work_queue
def call_touch(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen says that its holder is active; 409 when the call is no longer held."""
    user: Any = request.user
    get_object_or_404(Call.objects.of_own_store(user), pk=pk)
    claim = _uuid(request.POST.get("claim"))
    held = claiming.touch(by=user, claim=claim, now=timezone.now())
    return HttpResponse(status=204 if held else 409)


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    pk: int,
    *,
    form: ResultForm | None = None,
    refusal: Refused | None = None,
    open_panel: str = "",
    asked: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The call as it is now: to its holder with number and keys, to others to read."""
    user: Any = request.user
    rows = Call.objects.visible_to(user).select_related(
        "store", "customer", "vehicle", "owner", "holder", "callback_for"
    )
    call = get_object_or_404(rows, pk=pk)
    now = timezone.now()
    mine = call.status == CallStatus.CLAIMED and call.holder_id == user.pk
    open_panel = open_panel or (form.data.get("result", "") if form else "")
    context = {
        "call": call,
        "mine": mine,
        "form": form or ResultForm(call=call, now=now),
        "refusal": refusal,
        "open_panel": open_panel,
        **_about(call, user),
    }
    if mine and open_panel == Result.BOOKED:
        context |= about_booking(call, asked or request.POST, now)
    return render(request, "care/call.html", context, status=status)


def _about(call: Call, user: Any) -> dict[str, Any]:
    """Why, what to say, what was tried, what was before."""
    now = timezone.now()
    shift = waiting.shift_of(call.store_id, now)
    others = [c for c in screen.open_calls_of(call.customer) if c.pk != call.pk]
    script = screen.script_of(call)
    values = wording.values_of(call, by=user, km=target_km(call))
    days = policy.first_days(shift.day, calendar_of(call.store))
    claim = call.claim
    return {
        "why": wording.why(call),
        "tabs": sorted([call, *others], key=lambda c: (c.due_on, c.pk)),
        "spoken": claim is not None and Attempt.objects.filter(conversation=claim).exists(),
        "numbers": _numbers(call),
        "script": script,
        "said": wording.paragraphs(script.text, values) if script else [],
        "grid": screen.grid_rows(call, now, shift.slots, days),
        "slots": [slot for slot, _from, _until in shift.slots.times],
        "slot": shift.slot,
        "fallback": policy.FALLBACK.get(CallKind(call.kind)),
        "history": screen.history_of(call.customer),
        "put_off": put_off_work(call.vehicle) if call.vehicle else [],
        "answers_in": screen.answers_in(call.customer),
        "today": shift.day,
        "last_try": call.tries.select_related("appointment").order_by("-at").first(),
        "keys": _keys(call),
        "repair_type": screen.repair_type_of(call),
    }


def _numbers(call: Call) -> list[Any]:
    """The numbers that may be dialled, the main one first."""
    good = [n for n in call.customer.numbers.all() if n.status == NumberStatus.GOOD]
    return sorted(good, key=lambda n: (n.number != call.customer.main_phone, n.pk))


def _keys(call: Call) -> list[dict[str, Any]]:
    """The result keys of this kind of call, in groups as they stand on the screen."""
    fitting = policy.results_for(call.kind, has_car=call.vehicle_id is not None)
    groups = [SERVICE_KEYS, MISSED_KEYS, [SOLD_KEY, *RARE_KEYS]]
    if call.kind in OWN_KEYS:
        groups[0] = OWN_KEYS[call.kind]
    labels = {
        "busy": _("busy / off / hung up"),
        "empty_number": _("empty / wrong number"),
    }
    if call.kind == CallKind.INSURANCE:
        labels |= {"renewed": _("insured anew"), "will_come": _("will insure with us")}
    elif call.kind == CallKind.INSPECTION:
        labels["renewed"] = _("inspected already")
    return [
        {
            "key": key,
            "result": result,
            "icon": icon,
            "tone": tone,
            "label": labels.get(result) or Result(result).label,
            "panel": f"care/_call_panel_{result}.html" if result in PANELS else "",
            "starts_group": n > 0 and place == 0,
        }
        for n, group in enumerate(groups)
        for place, (key, result, icon, tone) in enumerate(group)
        if result in fitting
    ]
