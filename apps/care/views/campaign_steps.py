"""What is done with a campaign: submitted, approved, sent back, paused, called off (CARE-06)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.audit.once import once
from apps.care.actions import campaign_sending as sending
from apps.care.actions import campaigns as writing
from apps.care.campaign_choices import STARTED
from apps.care.models import Campaign
from apps.care.views.campaigns import campaign_page
from apps.core.errors import Refused

may_write = permission_required("care.write_campaign", raise_exception=True)
may_approve = permission_required("care.approve_campaign", raise_exception=True)


@require_POST
@may_write
@once
def campaign_submit(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, writing.submit_campaign, _("Submitted for approval."))


@require_POST
@may_approve
@once
def campaign_approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, writing.approve_campaign, _("Approved. It goes out by itself."))


@require_POST
@may_approve
@once
def campaign_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")

    def send_back(row: Campaign, **who: Any) -> Campaign:
        return writing.send_back_campaign(row, reason, **who)

    return _step(request, pk, send_back, _("Sent back."))


@require_POST
@may_write
@once
def campaign_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever writes campaigns may stop one: only going on needs the care manager."""
    return _step(request, pk, sending.pause_campaign, _("Paused. Nothing more goes out."))


@require_POST
@may_approve
@once
def campaign_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(request, pk, sending.resume_campaign, _("It goes on within a minute."))


@require_POST
@may_write
@once
def campaign_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """What has begun is called off by who approves; before that by who writes."""
    user: Any = request.user
    begun = Campaign.objects.of_own_store(user).filter(pk=pk, status__in=STARTED)
    if begun.exists() and not user.has_perm("care.approve_campaign"):
        raise PermissionDenied
    return _step(request, pk, sending.cancel_campaign, _("Called off."))


def _step(request: HttpRequest, pk: int, do: Callable[..., Campaign], said: str) -> HttpResponse:
    user: Any = request.user
    row = get_object_or_404(Campaign.objects.of_own_store(user), pk=pk)
    try:
        do(row, by=user, now=timezone.now())
    except Refused as refusal:
        return campaign_page(request, row, refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("care:campaign", pk)
