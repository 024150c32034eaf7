"""What holds for every request of a person: language, limits of the session, chosen store."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from apps.accounts.models import Store

Answer = Callable[[HttpRequest], HttpResponse]

CHOSEN_STORE = "chosen_store"
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
IDLE_FOR = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
KEPT_EVERY = timedelta(minutes=1)  # how exactly "last seen" is kept: not a write a request


def language(get_response: Answer) -> Answer:
    """The person's language, before signing in this browser's; Chinese where nobody chose.

    What the browser prefers does not count: it is often English where nobody reads English.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "")
        chosen = chosen or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(known):
            response = get_response(request)
        response.headers.setdefault("Content-Language", known)
        patch_vary_headers(response, ("Cookie",))
        return response

    return answer


def session_limits(get_response: Answer) -> Answer:
    """Sign out after 30 minutes without a person's act, and 12 hours after signing in (SEC-03).

    A request that a page makes by itself says so in the header ``X-Background: 1``; it keeps
    nobody signed in.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and _over(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing was done for a while."))
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=401)
                response["HX-Refresh"] = "true"  # the whole page asks to sign in again
                return response
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return get_response(request)

    return answer


def _over(request: HttpRequest) -> bool:
    """Whether the session has run out; keeps when the person was last seen."""
    now, session = timezone.now().timestamp(), request.session
    since = session.setdefault(SIGNED_IN_AT, now)
    seen = session.setdefault(SEEN_AT, now)
    if now - seen > IDLE_FOR.total_seconds() or now - since > AT_MOST.total_seconds():
        return True
    by_hand = request.headers.get("X-Background") is None
    if by_hand and now - seen > KEPT_EVERY.total_seconds():
        session[SEEN_AT] = now
    return False


def chosen_store(get_response: Answer) -> Answer:
    """Narrow what a person of several stores sees to the one they chose (ORG-02)."""

    def answer(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        chosen = request.session.get(CHOSEN_STORE) if user.is_authenticated else None
        if chosen is not None and chosen in user.all_store_ids:
            user.chosen_store_id = chosen
            user.chosen_store = Store.objects.get(pk=chosen)
        return get_response(request)

    return answer


def own_password(get_response: Answer) -> Answer:
    """Who came in by a temporary password chooses an own one before anything else (SEC-03)."""

    def answer(request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "password_is_temporary", False):
            change = reverse("account_change_password")
            if request.path not in {
                change,
                reverse("account_logout"),
                reverse("accounts:language"),
            }:
                if request.method == "GET":
                    messages.info(request, _("Please choose your own password first."))
                return redirect(change)
        return get_response(request)

    return answer
