"""The pages of the outbox: what was sent, what is in doubt, and the texts."""

import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Store
from apps.audit.once import once
from apps.core.errors import Refused
from apps.messaging import actions, policy, pushes, queries
from apps.messaging.backends import backend_of
from apps.messaging.choices import Channel, Decision
from apps.messaging.forms import (
    MessageFilter,
    QuietHoursForm,
    ReplyFilter,
    SettleForm,
    TemplateForm,
)
from apps.messaging.models import Message, MessagePolicy, MessageTemplate, Reply

PAGE = 50
THANKS = {"code": 0, "msg": "接收成功"}  # what Aliyun wants to hear
may_see = permission_required("messaging.view_message", raise_exception=True)
may_settle = permission_required("messaging.settle_message", raise_exception=True)
may_handle = permission_required("messaging.handle_reply", raise_exception=True)
may_write = permission_required("messaging.change_template", raise_exception=True)


@require_safe
@may_see
def message_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = MessageFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    context = _page(request, queries.messages_asked(user, form.cleaned_data)) | {"form": form}
    return render(request, "messaging/message_list.html", context)


def _page(request: HttpRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    """Fifty rows of a list whose newest come first, and where the next fifty begin."""
    user: Any = request.user
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    return {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "several_stores": len(user.store_ids) > 1,
    }


@require_safe
@may_see
def reply_list(request: HttpRequest) -> HttpResponse:
    """What customers wrote back by SMS; those not done yet unless asked otherwise."""
    user: Any = request.user
    form = ReplyFilter(request.GET)
    form.is_valid()
    context = _page(request, queries.replies_asked(user, form.cleaned_data)) | {"form": form}
    return render(request, "messaging/reply_list.html", context)


@require_POST
@may_handle
@once
def reply_done(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    reply = get_object_or_404(Reply.objects.of_own_store(user), pk=pk)
    actions.finish_reply(reply, by=user, now=timezone.now())
    messages.success(request, _("Done."))
    return redirect("messaging:reply-list")


@require_safe
@may_settle
def unknown_list(request: HttpRequest) -> HttpResponse:
    return _unknown(request)


@require_POST
@may_settle
@once
def message_settle(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    message = get_object_or_404(Message.objects.of_own_store(user), pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _unknown(request, status=422)
    try:
        actions.settle(message, form.cleaned_data["decision"], by=user, now=timezone.now())
    except Refused as refusal:
        return _unknown(request, refusal=refusal, status=409)
    messages.success(request, _("Settled."))
    return redirect("messaging:unknown-list")


def _unknown(
    request: HttpRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The oldest messages in doubt: worked off from the top, so no second page is needed."""
    user: Any = request.user
    context = {
        "in_doubt": queries.unknown_messages(user)[:PAGE],
        "decisions": Decision,
        "refusal": refusal,
    }
    return render(request, "messaging/unknown_list.html", context, status=status)


@require_safe
@may_write
def template_list(request: HttpRequest) -> HttpResponse:
    store, today = _own_store(request), timezone.localdate()
    quiet = MessagePolicy.objects.filter(store=store)
    texts = [
        {"row": row, "sample": policy.sample(row.text), "coming": row.effective_from > today}
        for row in queries.texts_on(store, today)
    ]
    context = {
        "texts": texts,
        "quiet": quiet.in_force(store, today),
        "coming_quiet": quiet.filter(effective_from__gt=today).order_by("effective_from"),
        "placeholders": policy.PLACEHOLDERS,
        "needs_code": backend_of(Channel.SMS).needs_code,
    }
    return render(request, "messaging/template_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@once
def template_new(request: HttpRequest) -> HttpResponse:
    """Write a text, look at it as a customer would get it, then save it."""
    store = _own_store(request)
    if request.method != "POST":
        return _template_form(request, TemplateForm(initial=_tomorrow() | _copied(request, store)))
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _template_form(request, form, status=422)
    if "preview" in request.POST:
        return _template_form(request, form, preview=policy.sample(form.cleaned_data["text"]))
    try:
        actions.add_template(store, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _template_form(request, form, refusal=refusal, status=409)
    messages.success(request, _("Saved. It holds from the day you chose."))
    return redirect("messaging:template-list")


def _tomorrow() -> dict[str, Any]:
    """From when a change holds unless another day is chosen."""
    return {"effective_from": timezone.localdate() + timedelta(days=1)}


def _copied(request: HttpRequest, store: Store) -> dict[str, Any]:
    """The fields of the text that the new one starts from (?copy=pk)."""
    pk = request.GET.get("copy", "")
    row = MessageTemplate.objects.filter(store=store, pk=pk).first() if pk.isdecimal() else None
    names = ("key", "channel", "purpose", "subject", "text", "provider_code")
    return {name: getattr(row, name) for name in names} if row else {}


def _template_form(
    request: HttpRequest, form: TemplateForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"form": form, "placeholders": policy.PLACEHOLDERS}
    return render(request, "messaging/template_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@once
def quiet_hours(request: HttpRequest) -> HttpResponse:
    store = _own_store(request)
    now = MessagePolicy.objects.in_force(store, timezone.localdate())
    if request.method != "POST":
        initial = {"quiet_from": now.quiet_from, "quiet_until": now.quiet_until} if now else {}
        return _quiet_form(request, QuietHoursForm(initial=_tomorrow() | initial))
    form = QuietHoursForm(request.POST)
    if not form.is_valid():
        return _quiet_form(request, form, status=422)
    try:
        actions.set_quiet_hours(store, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _quiet_form(request, form, refusal=refusal, status=409)
    messages.success(request, _("Saved. It holds from the day you chose."))
    return redirect("messaging:template-list")


def _quiet_form(
    request: HttpRequest,
    form: QuietHoursForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "refusal": refusal}
    return render(request, "messaging/quiet_hours.html", context, status=status)


def _own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)


@csrf_exempt
@login_not_required
@require_POST
def aliyun_receipts(request: HttpRequest) -> HttpResponse:
    """SmsReport. Anything but 200 makes Aliyun push it again, and all of it may come twice."""
    body, now = _body(request), timezone.now()
    if body is None:
        return HttpResponse(status=413)
    try:
        actions.note_receipts(pushes.receipts_of(body, now))
    except Refused:
        return HttpResponse(status=400)
    return JsonResponse(THANKS)


@csrf_exempt
@login_not_required
@require_POST
def aliyun_replies(request: HttpRequest) -> HttpResponse:
    """SmsUp. Each reply is kept by itself, so a batch broken off goes on where it was."""
    body, now = _body(request), timezone.now()
    if body is None:
        return HttpResponse(status=413)
    try:
        for reply in pushes.replies_of(body, now):
            actions.note_reply(**reply._asdict())
    except Refused:
        return HttpResponse(status=400)
    return JsonResponse(THANKS)


def _body(request: HttpRequest) -> bytes | None:
    """What was pushed; None when it is too long. Without the token there is nothing here.

    It stands in the query, which no log of ours writes down.
    """
    token, given = settings.ALIYUN_SMS_CALLBACK_TOKEN, request.GET.get("token", "")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    if int(request.headers.get("content-length") or 0) > pushes.MOST_BYTES:
        return None
    return request.body
