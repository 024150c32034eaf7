"""What the archive lacks, worked off from the top (CUS-10)."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.rows import first_by_store
from apps.customers.choices import Lack
from apps.customers.forms import GapFilter
from apps.customers.gaps import also_lacking, asked_for
from apps.customers.models import Gap

PAGE = 50
CHANGE = "customers.change_customer"
# Where each is filled in: the page, the field on it, who may.
FORMS: dict[str, tuple[str, str, str]] = {
    Lack.PHONE: ("customers:number-new", "number", CHANGE),
    Lack.BIRTHDAY: ("customers:customer-edit", "birthday", CHANGE),
    Lack.OWNER: ("customers:vehicle-owner", "phone", CHANGE),
    Lack.DELIVERY: ("delivery:delivery-record", "delivered_on", "delivery.record_delivery"),
    Lack.MILEAGE: ("customers:reading-new", "km", "customers.review_mileage"),
    Lack.INSURANCE: ("customers:vehicle-edit", "insured_until", CHANGE),
}


@require_safe
@permission_required("customers.view_gaps", raise_exception=True)
def gaps(request: HttpRequest) -> HttpResponse:
    """The most useful first. Keyset: place and pk; never counted."""
    user: Any = request.user
    form = GapFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out
    asked = form.cleaned_data
    rows = asked_for(user, asked)
    if after := re.fullmatch(r"(\d{1,12})-(\d{1,18})", request.GET.get("after", "")):
        place, pk = int(after[1]), int(after[2])
        rows = rows.filter(Q(place__gt=place) | Q(pk__gt=pk), place__gte=place)
    store_ids = [asked["store"]] if asked.get("store") else user.store_ids
    found = first_by_store(rows, store_ids, PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "lines": _lines(request, found[:PAGE]),
        "next": f"{last.place}-{last.pk}" if last else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
        "narrowed": any(asked.values()),
        "today": timezone.localdate(),
    }
    return render(request, "customers/gaps.html", context)


def _lines(request: HttpRequest, found: list[Gap]) -> list[dict[str, Any]]:
    """Each gap with the form that fills it in, and what else to ask in the same conversation."""
    user: Any = request.user
    also = also_lacking(found)
    lines = []
    for gap in found:
        told = also.get(gap.owner.pk, []) if gap.owner else []
        others = dict.fromkeys(lack.label for lack in told if lack != gap.lack)
        lines.append({"gap": gap, "also": others, "form": _form_of(request, user, gap)})
    return lines


def _form_of(request: HttpRequest, user: Any, gap: Gap) -> str:
    """The address of the form, with the way back; empty for who may not fill it in."""
    name, field, permission = FORMS[gap.lack]
    if gap.store_id != user.store_id or not user.has_perm(permission):
        return ""
    about = gap.vehicle_id or gap.customer_id
    asked = urlencode({"focus": field, "next": request.get_full_path()})
    return f"{reverse(name, args=[about])}?{asked}"
