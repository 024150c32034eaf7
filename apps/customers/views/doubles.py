"""The pairs that may be one customer, worked off from the top (CUS-04)."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers import actions
from apps.customers.doubles import open_pairs
from apps.customers.forms import DuplicateFilter
from apps.customers.models import Duplicate

PAGE = 50
may_see = permission_required("customers.view_duplicate", raise_exception=True)
may_merge = permission_required("customers.merge_customer", raise_exception=True)


@require_safe
@may_see
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """The strongest signs first, of equal ones the newest. Keyset: strength and pk."""
    user: Any = request.user
    form = DuplicateFilter(request.GET)
    form.is_valid()
    rows = open_pairs(user, form.cleaned_data.get("sign", ""))
    if after := re.fullmatch(r"(\d{1,4})-(\d{1,18})", request.GET.get("after", "")):
        strength, pk = int(after[1]), int(after[2])
        rows = rows.filter(Q(strength__lt=strength) | Q(strength=strength, pk__lt=pk))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "pairs": found[:PAGE],
        "next": f"{last.strength}-{last.pk}" if last else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "customers/duplicate_list.html", context)


@require_POST
@may_merge
@once
def duplicate_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two people. Said twice it is said, and nothing changes."""
    user: Any = request.user
    pair = get_object_or_404(Duplicate.objects.of_own_store(user), pk=pk)
    try:
        actions.dismiss_duplicate(pair, by=user, now=timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Noted: they are two people."))
    return redirect("customers:duplicate-list")
