"""Two records of one customer: compared, merged, told apart, taken apart again (CUS-04)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.choices import DuplicateStatus
from apps.customers.models import Customer, Duplicate, Merge
from apps.customers.policy import UNDO_FOR
from apps.desk import comparing, merging, queries

PAGE = 50
may_see = permission_required("customers.view_duplicate", raise_exception=True)
may_merge = permission_required("customers.merge_customer", raise_exception=True)


@require_safe
@may_see
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Both records side by side; a look at both is written down (SEC-01)."""
    pair = get_object_or_404(Duplicate.objects.visible_to(request.user), pk=pk)
    if pair.status == DuplicateStatus.MERGED:
        return redirect("desk:customer", pk=pair.low_id)
    return _compared(request, pair)


def _compared(
    request: HttpRequest, pair: Duplicate, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    both = [pair.low, pair.high]
    note_access(both, by=user, kind=AccessKind.VIEW, now=timezone.now())
    sides = comparing.sides(*both)
    keep = comparing.kept_by_default(sides)
    context = {
        "pair": pair,
        "sides": sides,
        "lines": comparing.lines(pair.low, pair.high, keep),
        "keep": keep,
        "dismissed": pair.status == DuplicateStatus.DISMISSED,
        "own": pair.store_id == user.store_id,
        "undo_until": timezone.localdate() + UNDO_FOR,
        "refusal": refusal,
    }
    return render(request, "desk/duplicate.html", context, status=status)


@require_POST
@may_merge
@once
def duplicate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """``keep`` is the record that stays; each field names the record that its value is of."""
    user: Any = request.user
    rows = Duplicate.objects.of_own_store(user).select_related("low", "high")
    pair = get_object_or_404(rows, pk=pk)
    people = {str(person.pk): person for person in (pair.low, pair.high)}
    kept = people.get(request.POST.get("keep", ""))
    if kept is None:
        return _compared(request, pair, refusal=_("Choose which record stays."), status=422)
    [gone] = [person for person in people.values() if person is not kept]
    asked = {name: people.get(request.POST.get(name, "")) for name in comparing.FIELDS}
    chosen = {name: person.pk for name, person in asked.items() if person is not None}
    try:
        merging.merge_customers(kept, gone, chosen=chosen, by=user, now=timezone.now())
    except Refused as refusal:
        return _compared(request, pair, refusal=refusal, status=409)
    messages.success(request, _("The two records are one now."))
    return redirect("desk:customer", pk=kept.pk)


@require_safe
@may_see
def merge_list(request: HttpRequest) -> HttpResponse:
    """Who was merged into whom, the newest first."""
    rows = queries.merges(request.user)
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    context = {
        "merges": [(merge, until_of(merge)) for merge in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "desk/merge_list.html", context)


def until_of(merge: Merge) -> Any:
    """The last moment at which it can be undone; None when it cannot any more."""
    until = merge.at + UNDO_FOR
    return until if merge.undone_at is None and until >= timezone.now() else None


@require_POST
@may_merge
@once
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    merge = get_object_or_404(Merge.objects.of_own_store(user), pk=pk)
    try:
        stays = merging.undo_merge(merge, by=user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:customer", pk=merge.kept_id)
    messages.success(request, _("They are two records again, as before."))
    if stays:
        told = _("Changed since the merge, and therefore left as it is: %(what)s")
        messages.warning(request, told % {"what": "、".join(stays[:5])})
    return redirect("desk:customer", pk=merge.kept_id)


def merges_of(person: Customer) -> list[tuple[Merge, Any]]:
    """The last merges into this record, with until when each can be undone. One query."""
    rows = Merge.objects.filter(kept=person, undone_at=None).select_related("gone", "by")
    return [(merge, until_of(merge)) for merge in rows.order_by("-pk")[:3]]


def open_doubles(person: Customer) -> list[Duplicate]:
    """Whom this record may be the double of; each with the ``other`` record. One query."""
    rows = Duplicate.objects.filter(status=DuplicateStatus.OPEN).select_related("low", "high")
    pairs = list(rows.filter(Q(low=person) | Q(high=person)).order_by("-strength", "-pk")[:3])
    for pair in pairs:
        pair.other = pair.high if pair.low_id == person.pk else pair.low
    return pairs
