"""How far a store is set up: what is done, what lacks, and where it is done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.accounts.views.people import own_store
from apps.audit.once import once
from apps.desk.actions import supply_missing
from apps.desk.setting_up import Progress, progress
from apps.desk.setup_steps import FIRST_DAY, SET_UP

may_set_up = permission_required("desk.set_up", raise_exception=True)


@require_safe
@may_set_up
def setup(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = own_store(request), timezone.localdate()
    before = progress(SET_UP, store, today, user=user)
    first_day = progress([FIRST_DAY], store, today, user=user, first=len(before.lines) + 1)
    context = {"store": store, "before": before, "first_day": first_day}
    return render(request, "desk/setup.html", context)


@require_POST
@may_set_up
@once
def setup_supply(request: HttpRequest) -> HttpResponse:
    """An older store takes over what a new one has from the start."""
    supply_missing(own_store(request))
    messages.success(request, _("What was missing has been added; nothing else was changed."))
    return redirect("desk:setup")


def unfinished(user: User, today: date) -> Progress | None:
    """What an administrator's home page reminds of: the set-up, then the first working day."""
    if user.store is None or not user.has_role(Role.SYSTEM_ADMINISTRATOR):
        return None
    before = progress(SET_UP, user.store, today, user=user)
    if not before.whole:
        return before
    after = progress([FIRST_DAY], user.store, today, user=user, first=len(before.lines) + 1)
    return None if after.whole else after
