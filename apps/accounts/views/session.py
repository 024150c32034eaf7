"""The person's own session: language, chosen store, where they are signed in (ORG-02, SEC-03)."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.actions import people
from apps.accounts.middleware import CHOSEN_STORE
from apps.accounts.models import Store
from apps.accounts.policy import browser_name


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language: of the person, and of this browser for its sign-in page."""
    response = HttpResponseRedirect(_way_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            people.choose_language(request.user, chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, samesite="Lax"
        )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("accounts.keep_own_account", raise_exception=True)
def choose_store(request: HttpRequest) -> HttpResponse:
    """The store switch: one of those this person reads, or all of them."""
    user: Any = request.user
    stores = Store.objects.filter(pk__in=user.all_store_ids)
    if request.method == "POST":
        chosen = request.POST.get("store", "")
        if not chosen:
            request.session.pop(CHOSEN_STORE, None)
        elif chosen.isdecimal() and int(chosen) in user.all_store_ids:
            request.session[CHOSEN_STORE] = int(chosen)
        else:
            raise Http404
        return redirect("desk:home")
    return render(request, "accounts/choose_store.html", {"stores": stores})


@require_safe
@permission_required("accounts.keep_own_account", raise_exception=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which this person is signed in (SEC-03)."""
    mine = UserSession.objects.purge_and_list(request.user)
    mine.sort(key=lambda session: session.last_seen_at, reverse=True)
    current = request.session.session_key
    rows = [(session, browser_name(session.user_agent)) for session in mine]
    return render(request, "accounts/sessions.html", {"sessions": rows, "current": current})


@require_POST
@permission_required("accounts.keep_own_account", raise_exception=True)
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one other browser out."""
    get_object_or_404(UserSession, pk=pk, user=request.user).end()
    messages.success(request, _("Signed out there."))
    return redirect("accounts:sessions")


def _way_back(request: HttpRequest) -> str:
    url = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    return url if safe else "/"
