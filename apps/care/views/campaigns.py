"""The list of campaigns, one campaign, and how it is written (CARE-06)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.audit.queries import changes
from apps.care import campaign_policy
from apps.care.actions import campaigns as writing
from apps.care.actions.campaign_sending import known_of_cars
from apps.care.actions.campaigns import DRAFTED, Draft
from apps.care.actions.occasions import warn_of_weather
from apps.care.audience_forms import AudienceForm, in_words
from apps.care.campaign_choices import CampaignKind, CampaignStatus
from apps.care.campaign_forms import (
    CampaignFilter,
    CampaignForm,
    SendBackForm,
    WeatherForm,
)
from apps.care.models import Campaign
from apps.care.occasions import holidays_from
from apps.care.queries import campaigns as asking
from apps.care.queries.audience import audience, size
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.messaging.backends import backend_of
from apps.messaging.choices import Channel
from apps.messaging.queries import counts_of

PAGE = 50
AHEAD = 60  # days of holidays that the list announces
WHO = "who"  # prefix of the fields of the audience
may_see = permission_required("care.view_campaign", raise_exception=True)
may_write = permission_required("care.write_campaign", raise_exception=True)
NOT_BEGUN = (CampaignStatus.DRAFT, CampaignStatus.SUBMITTED, CampaignStatus.APPROVED)


@require_safe
@may_see
def campaign_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = CampaignFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows, today = asking.campaigns_asked(user, form.cleaned_data), timezone.localdate()
    found: list[Any] = asking.after(rows, request.GET.get("after", ""), PAGE + 1)
    going = asking.counts(found)
    for row in found[:PAGE]:
        if row.batch_id in going:
            row.progress = asking.share_out(going[row.batch_id], row.batch.total)
    context = {
        "rows": found[:PAGE],
        "next": asking.place_of(found[PAGE - 1]) if len(found) > PAGE else None,
        "form": form,
        "meter": asking.meter(store_shown(user, {}), today),
        "ahead": holidays_from(today, today + timedelta(days=AHEAD)),
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "care/campaign_list.html", context)


@require_safe
@may_see
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Campaign.objects.visible_to(request.user)
    return campaign_page(request, get_object_or_404(rows, pk=pk))


def campaign_page(
    request: HttpRequest, row: Campaign, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """One campaign: its text, whom it finds, how far it has come, and what may be done next."""
    user: Any = request.user
    context = {
        "row": row,
        "own": row.store_id == user.store_id,
        "words": in_words(row.filters),
        "not_begun": row.status in NOT_BEGUN,
        "parts_of": campaign_policy.parts_of(row.text),
        "send_back": SendBackForm(),
        "changes": changes(row),
        "refusal": refusal,
    }
    if row.batch is not None:
        context["progress"] = asking.share_out(counts_of(row.batch), row.batch.total)
    return render(request, "care/campaign.html", context, status=status)


@require_safe
@may_see
def campaign_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone; asks for itself again while something is on its way."""
    row = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk, batch__isnull=False)
    progress = asking.share_out(counts_of(row.batch), row.batch.total)
    return render(request, "care/_campaign_progress.html", {"row": row, "progress": progress})


@require_safe
@may_see
def campaign_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the filter of a campaign finds today: how many, and what a few of them would get."""
    row = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return _found(request, row.store, row.filters, row.text)


def _found(request: HttpRequest, store: Store, filters: dict[str, Any], text: str) -> HttpResponse:
    now = timezone.now()
    people = audience([store.pk], filters, on=timezone.localdate(now))
    shown = asking.sample(people, text, known_of_cars(filters, now))
    longest = max((len(one["filled"]) for one in shown), default=len(text))
    context = {
        "size": size(people),
        "sample": shown,
        "parts": campaign_policy.parts_of("字" * longest),
        "longest": longest,
    }
    return render(request, "care/_campaign_people.html", context)


@require_POST
@may_write
def campaign_preview(request: HttpRequest) -> HttpResponse:
    """The same of a form that is being filled in; writes nothing."""
    store = _own_store(request)
    who = AudienceForm(request.POST, prefix=WHO, store=store)
    filters = who.asked() if who.is_valid() else {}
    text, wrong = request.POST.get("text", "").replace("\r\n", "\n")[:500], ""
    try:
        campaign_policy.check_text(text, "")
    except Refused as refusal:
        wrong = str(refusal)
    if who.errors:
        wrong = _("The audience cannot be counted: put right what is marked.")
    if wrong:
        return render(request, "care/_campaign_people.html", {"wrong": wrong})
    return _found(request, store, filters, text)


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@once
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@once
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Campaign.objects.of_own_store(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@may_write
@once
def campaign_weather(request: HttpRequest) -> HttpResponse:
    """A weather warning becomes a draft."""
    user: Any = request.user
    store, today = _own_store(request), timezone.localdate()
    data = request.POST if request.method == "POST" else None

    def save(typed: dict[str, Any]) -> str:
        row = warn_of_weather(store, by=user, now=timezone.now(), **typed)
        return reverse("care:campaign", args=[row.pk])

    return form_page(
        request,
        WeatherForm(data, initial={"city": store.city, "on": today}),
        title=_("Weather warning"),
        back=reverse("care:campaign-list"),
        save=save,
    )


def _form(request: HttpRequest, row: Campaign | None) -> HttpResponse:
    store, refusal, status = _own_store(request), None, 200
    data = request.POST if request.method == "POST" else None
    initial = {name: getattr(row, name) for name in DRAFTED} if row else _blank()
    needs_code = backend_of(Channel.SMS).needs_code
    form = CampaignForm(data, initial=initial, needs_code=needs_code)
    who = AudienceForm(data, prefix=WHO, store=store, initial=row.filters if row else {})
    if data is not None:
        status = 422
        if all([form.is_valid(), who.is_valid()]):
            try:
                return _saved(request, row, form.cleaned_data | {"filters": who.asked()})
            except Refused as refused:
                refusal, status = refused, 409
    context = {
        "row": row,
        "form": form,
        "who": who,
        "refusal": refusal,
        "placeholders": campaign_policy.PLACEHOLDERS.items(),
    }
    return render(request, "care/campaign_form.html", context, status=status)


def _blank() -> dict[str, Any]:
    return {"send_on": timezone.localdate(), "text": _("【{store}】{name}{title}：……回复R退订")}


def _saved(request: HttpRequest, row: Campaign | None, data: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    draft = Draft(**(data | {"kind": CampaignKind(data["kind"])}))
    if row is None:
        row = writing.write_campaign(user.store, draft, by=user, now=timezone.now())
    else:
        row = writing.change_campaign(row, draft, by=user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("care:campaign", row.pk)


def _own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)
