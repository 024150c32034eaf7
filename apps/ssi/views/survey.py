"""The survey screen: name, phone and car, then question after question by keyboard (SSI-03)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.care.models import Call
from apps.care.queries.screen import script_of
from apps.core.errors import Refused
from apps.ssi.actions import links
from apps.ssi.actions import responses as asking
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Response
from apps.ssi.queries import screens

may_ask = permission_required("ssi.ask", raise_exception=True)
SCALE = range(1, 11)
SAID = {"yes": True, "no": False, "": None}


@require_safe
@may_ask
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """The survey of the held call ``pk``, at ``?step=`` or where it was broken off."""
    response = _response(request, pk)
    call = response.call
    if call is None or call.holder_id != request.user.pk or response.status != ResponseStatus.OPEN:
        return redirect("care:call", pk)
    return _show(request, screens.screen_of(response, step=request.GET.get("step", "")))


@require_POST
@may_ask
@once
def survey_start(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    call = get_object_or_404(Call.objects.of_own_store(user), pk=pk)
    try:
        asking.start(call, by=user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("care:call", pk)
    return redirect("ssi:survey", pk)


@require_POST
@may_ask
def survey_answer(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """A key was pressed: the answer is kept and the next question shown. Pressed twice it is
    kept twice alike, so it needs no form token of its own."""
    user: Any = request.user
    value = _value(request.POST.get("value", ""))
    word = request.POST.get("word", "")
    try:
        response = asking.answer(pk, question, value, word=word, by=user, now=timezone.now())
    except asking.WordNeeded:
        shown = screens.screen_of(_response(request, pk), step=str(question))
        return _show(request, shown, asked=value, status=422)
    except Refused as refusal:
        return _refused(request, pk, refusal, step=str(question))
    return _go_on(request, screens.screen_of(response, after=question))


@require_POST
@may_ask
def survey_verify(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    right = {
        name: SAID.get(request.POST.get("all", "") or request.POST.get(name, ""))
        for name in ("name", "phone", "car")
    }
    try:
        response = asking.verify(pk, **right, by=user)
    except Refused as refusal:
        return _refused(request, pk, refusal, step=screens.WHO)
    shown = screens.screen_of(response, after=0)
    return _go_on(request, shown)


@require_POST
@may_ask
def survey_standards(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    kept = {
        int(name.removeprefix("s")): SAID.get(request.POST.get(name, ""))
        for name in request.POST
        if name.startswith("s") and name[1:].isdecimal()
    }
    try:
        response = asking.judge(pk, kept, by=user)
    except Refused as refusal:
        return _refused(request, pk, refusal, step=screens.STANDARDS)
    return _go_on(request, screens.screen_of(response, step=screens.END))


@require_POST
@may_ask
@once
def survey_finish(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    response = _response(request, pk)
    said = {name: request.POST.get(name, "") for name in ("complaint", "remark")}
    ticks = tuple(int(n) for n in request.POST.getlist("ticks") if n.isdecimal() and int(n) < 30)
    try:
        done = asking.finish(
            response.call,  # type: ignore[arg-type]
            **said,
            ticks=ticks,
            by=user,
            now=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, pk, refusal, step=screens.END, said=said)
    if done.quick_response_id:
        messages.warning(request, _("The survey is finished. A quick response was opened."))
    else:
        messages.success(request, _("The survey is finished. Thank you."))
    return redirect("care:call", pk)


@require_POST
@may_ask
@once
def link_send(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer would rather answer by himself: the link goes to him by SMS."""
    user: Any = request.user
    call = get_object_or_404(Call.objects.of_own_store(user), pk=pk)
    try:
        links.send_link(call, by=user, now=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The link is on its way by SMS."))
    return redirect("care:call", pk)


def _response(request: HttpRequest, pk: int) -> Response:
    user: Any = request.user
    rows = Response.objects.of_own_store(user).select_related(
        "call", "customer", "vehicle", "store"
    )
    found: Response = get_object_or_404(rows, call=pk)
    return found


def _value(text: str) -> int | None:
    """``na``: does not apply. What is no number is off the scale, and refused there."""
    if text == "na":
        return None
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _go_on(request: HttpRequest, shown: screens.Screen) -> HttpResponse:
    htmx: Any = getattr(request, "htmx", None)
    if htmx:
        return _show(request, shown)
    return redirect(f"{reverse('ssi:survey', args=[shown.response.call_id])}?step={shown.step}")


def _refused(
    request: HttpRequest,
    pk: int,
    refusal: Refused,
    *,
    step: str,
    said: dict[str, str] | None = None,
) -> HttpResponse:
    shown = screens.screen_of(_response(request, pk), step=step)
    return _show(request, shown, refusal=refusal, said=said, status=409)


def _show(request: HttpRequest, shown: screens.Screen, **more: Any) -> HttpResponse:
    """The page, or the part of it that changes."""
    htmx: Any = getattr(request, "htmx", None)
    response = shown.response
    template = "ssi/_survey.html" if htmx else "ssi/survey.html"
    context = {
        "screen": shown,
        "response": response,
        "call_pk": response.call_id,
        "scale": SCALE,
        "standards": screens.standards_of(response) if shown.step == screens.STANDARDS else [],
        "script": script_of(response.call) if shown.step == screens.END and response.call else None,
        "said": {"complaint": response.complaint, "remark": response.remark},
        "asked": None,
        "refusal": None,
    }
    status = more.pop("status", 200)
    context |= {name: value for name, value in more.items() if value is not None}
    return render(request, template, context, status=status)
