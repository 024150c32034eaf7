"""Teams of the sales department: who is in which, who was when (SSI-05)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.actions import teams as acts
from apps.accounts.forms import TeamForm, TeamMemberForm
from apps.accounts.models import Team, TeamMember
from apps.accounts.queries import memberships, teams_on
from apps.accounts.views.people import own_store
from apps.core.errors import Refused

MANAGES = permission_required("accounts.manage_teams", raise_exception=True)


@require_safe
@MANAGES
def teams(request: HttpRequest) -> HttpResponse:
    """The teams on a day, and every change of them."""
    return _page(request)


@require_POST
@MANAGES
def team_new(request: HttpRequest) -> HttpResponse:
    """A new team."""
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _page(request, team_form=form, status=422)
    try:
        acts.add_team(own_store(request), form.cleaned_data["name"])
    except Refused as refusal:
        return _page(request, team_form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("accounts:teams")


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGES
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One team: its name, and everybody who was in it."""
    shown = _of_my_store(request, pk)
    form = TeamForm(request.POST or None, instance=Team(pk=pk, store=shown.store, name=shown.name))
    if request.method == "POST" and form.is_valid():
        try:
            acts.rename_team(shown, form.cleaned_data["name"])
        except Refused as refusal:
            return _team_page(request, shown, form=form, refusal=refusal, status=409)
        messages.success(request, _("Saved."))
        return redirect("accounts:teams")
    return _team_page(request, shown, form=form, status=422 if form.errors else 200)


@require_POST
@MANAGES
def team_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a team to which nobody ever belonged."""
    shown = _of_my_store(request, pk)
    try:
        acts.delete_team(shown)
    except Refused as refusal:
        form = TeamForm(instance=shown)
        return _team_page(request, shown, form=form, refusal=refusal, status=409)
    messages.success(request, _("Taken back."))
    return redirect("accounts:teams")


@require_POST
@MANAGES
def team_member_new(request: HttpRequest) -> HttpResponse:
    """Somebody belongs to a team from a day on, or to none any more."""
    form = TeamMemberForm(request.POST, store=own_store(request))
    if not form.is_valid():
        return _page(request, member_form=form, status=422)
    put = form.cleaned_data
    try:
        acts.put_into_team(put["user"], put["team"], put["from_on"])
    except Refused as refusal:
        return _page(request, member_form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("accounts:teams")


@require_POST
@MANAGES
def team_member_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a change that has not begun."""
    user: Any = request.user
    row = get_object_or_404(TeamMember.objects.of_own_store(user), pk=pk)
    try:
        acts.withdraw_membership(row, on=timezone.localdate())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Taken back."))
    return redirect("accounts:teams")


def _of_my_store(request: HttpRequest, pk: int) -> Team:
    user: Any = request.user
    rows = Team.objects.of_own_store(user).select_related("store")
    found: Team = get_object_or_404(rows, pk=pk)
    return found


def _page(
    request: HttpRequest,
    *,
    team_form: TeamForm | None = None,
    member_form: TeamMemberForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    own, today = own_store(request), timezone.localdate()
    try:
        day = parse_date(request.GET.get("on", "")) or today
    except ValueError:  # the thirtieth of February
        day = today
    known = memberships(own)
    there, nowhere = teams_on(own, day, known)
    context = {
        "day": day,
        "today": today,
        "teams": there,
        "nowhere": nowhere,
        "known": known,
        "team_form": team_form or TeamForm(),
        "member_form": member_form or TeamMemberForm(store=own, initial={"from_on": today}),
        "refusal": refusal,
    }
    return render(request, "accounts/teams.html", context, status=status)


def _team_page(
    request: HttpRequest,
    shown: Team,
    *,
    form: TeamForm,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    known = [one for one in memberships(shown.store) if one.row.team_id == shown.pk]
    context = {
        "team": shown,
        "known": known,
        "form": form,
        "refusal": refusal,
        "today": timezone.localdate(),
    }
    return render(request, "accounts/team.html", context, status=status)
