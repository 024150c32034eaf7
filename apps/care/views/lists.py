"""The lists of calls: mine, the team's, the failed ones, and giving calls to a colleague."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.queries import calendar_of, on_duty, slots_of
from apps.audit.once import once
from apps.care.actions import reassign
from apps.care.choices import SPECIALISTS
from apps.care.forms import FailedFilter, ReassignForm, TeamFilter
from apps.care.queries import lists
from apps.core.errors import Refused

PAGE = 50
may_see_lists = permission_required("care.view_lists", raise_exception=True)
may_see_team = permission_required("care.view_team", raise_exception=True)
may_reassign = permission_required("care.reassign_call", raise_exception=True)


@require_safe
@permission_required("care.work_queue", raise_exception=True)
def my_calls(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    now = timezone.localtime()
    today = now.date()
    slot = slots_of(user.store, today).at(now) if user.store else None
    mine = lists.mine(user, today, slot)
    groups = [
        (_("Promised call-backs"), "phone-incoming", "promised", mine.promised),
        (_("Overdue"), "alert-triangle", "overdue", mine.overdue),
        (_("Due today"), "calendar-due", "today", mine.today),
        (_("Later"), "calendar", "later", mine.later),
        (_("Waiting for a good number"), "phone-off", "paused", mine.paused),
    ]
    context = {
        "groups": groups,
        "any": bool(mine),
        "today": today,
        "most": lists.MOST_OF_A_GROUP,
    }
    return render(request, "care/my_calls.html", context)


@require_safe
@may_see_team
def calls(request: HttpRequest) -> HttpResponse:
    return _team(request)


def _team(
    request: HttpRequest, *, refusal: Refused | str | None = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    form = TeamFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    asked = form.cleaned_data
    ended = lists.newest_first(asked)
    rows, after = lists.team(user, asked, today), request.GET.get("after", "")
    page, following = lists.page_by_due(rows, user.store_ids, after, PAGE, newest_first=ended)
    context = {
        "calls": page,
        "next": following,
        "form": form,
        "today": today,
        "several_stores": len(user.store_ids) > 1,
        "colleagues": _colleagues(user) if not ended else [],
        "refusal": refusal,
    }
    return render(request, "care/calls.html", context, status=status)


def _colleagues(user: Any) -> list[Any]:
    """To whom this person may give calls: the specialists of the store on duty today."""
    if user.store is None or not user.has_perm("care.reassign_call"):
        return []
    calendar = calendar_of(user.store)
    today = timezone.localdate()
    people = {
        person.pk: person
        for role in SPECIALISTS
        for person in on_duty(user.store, today, role, calendar)
    }
    return [people[pk] for pk in sorted(people)]


@require_POST
@may_reassign
@once
def call_reassign(request: HttpRequest) -> HttpResponse:
    """Give the ticked calls to a colleague, then go back to where the list was."""
    user: Any = request.user
    form = ReassignForm(request.POST, user=user)
    if not form.is_valid():
        return _team(request, refusal=_("Choose at least one call and a colleague."), status=422)
    to = form.cleaned_data["to"]
    try:
        count = reassign.reassign(form.cleaned_data["calls"], to=to, by=user, now=timezone.now())
    except Refused as refusal:
        return _team(request, refusal=refusal, status=409)
    messages.success(
        request, _("%(count)s calls now belong to %(person)s.") % {"count": count, "person": to}
    )
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("care:calls")


@require_safe
@may_see_lists
def failed(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = FailedFilter(request.GET, user=user)
    form.is_valid()
    lines, following = lists.failed(user, form.cleaned_data, request.GET.get("after", ""), PAGE)
    context = {
        "lines": lines,
        "next": following,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "care/failed.html", context)
