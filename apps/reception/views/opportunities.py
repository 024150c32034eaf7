"""The list of purchases, one purchase, and what is written about it (REC-03, REC-10, REC-11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit.once import once
from apps.audit.queries import changes
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reception.actions import pipeline as keeping
from apps.reception.actions.opportunities import NEEDS, note_contact
from apps.reception.choices.opportunity import WORKED
from apps.reception.forms.opportunities import (
    ContactForm,
    GiveForm,
    LostForm,
    NeedsForm,
    OpportunityFilter,
    as_wanted,
)
from apps.reception.models import Opportunity
from apps.reception.queries import pipeline
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import a_form, may_approve, may_see_sales, may_sell

PAGE = 50
SAID = 50  # contacts on the page of a purchase


@require_safe
@may_see_sales
def opportunity_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = OpportunityFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    asked, now = form.cleaned_data, timezone.now()
    today = timezone.localdate(now)
    rows, following = pipeline.page(
        pipeline.asked_for(user, asked, today, now),
        user.store_ids,
        request.GET.get("after", ""),
        PAGE,
        newest_first=pipeline.newest_first(asked),
    )
    context = {
        "rows": pipeline.with_clocks(rows),
        "next": following,
        "form": form,
        "now": now,
        "today": today,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "reception/opportunity_list.html", context)


@require_safe
@may_see_sales
def opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """One purchase: who, what, how near, what was said, what is promised."""
    rows = seen_by(request.user).select_related(*pipeline.SHOWN)
    return opportunity_page(request, get_object_or_404(rows, pk=pk))


def own(request: HttpRequest, pk: int) -> Opportunity:
    """A purchase that this person may write about."""
    user: Any = request.user
    rows = seen_by(user).filter(store=user.store_id).select_related(*pipeline.SHOWN)
    row: Opportunity = get_object_or_404(rows, pk=pk)
    return row


def opportunity_page(
    request: HttpRequest,
    row: Opportunity,
    *,
    form: ContactForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    worked = row.status in WORKED
    context = {
        "row": row,
        "own": row.store_id == user.store_id and user.has_perm("reception.sell"),
        "worked": worked,
        "contact_form": form or ContactForm(initial={"level": row.level, "how": "phone"}),
        "contacts": row.contacts.select_related("by")[:SAID],
        "clocks": row.clocks.filter(done_at=None) if worked else (),
        "numbers": row.customer.numbers.all(),
        "orders": row.orders.select_related("trim__car_model"),
        "changes": changes(row),
        "now": now,
        "today": timezone.localdate(now),
        "refusal": refusal,
    }
    return render(request, "reception/opportunity.html", context, status=status)


def address(row: Opportunity) -> str:
    return reverse("reception:opportunity", args=[row.pk])


@a_form
@may_sell
@once
def opportunity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The card: what the customer looks for."""
    row = own(request, pk)
    initial = {name: getattr(row, name) for name in NEEDS} | {"wanted": as_wanted(row)}
    form = NeedsForm(request.POST or None, store=row.store, initial=initial)
    return form_page(
        request,
        form,
        title=_("What %(customer)s looks for") % {"customer": row.customer},
        back=address(row),
        save=lambda data: address(keeping.change_card(row, data)),
    )


@require_POST
@may_sell
@once
def opportunity_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a contact: keeps the promises that run, sets the next day by the level."""
    user: Any = request.user
    row = own(request, pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return opportunity_page(request, row, form=form, status=422)
    try:
        note_contact(row, by=user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return opportunity_page(request, own(request, pk), form=form, refusal=refusal, status=409)
    messages.success(request, _("Noted."))
    return redirect(address(row))


@a_form
@may_sell
@once
def opportunity_lost(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a purchase as lost."""
    row, user = own(request, pk), request.user

    def save(data: dict[str, Any]) -> str:
        keeping.propose_lost(
            row,
            reason=data["lost_reason"],
            lost_to=data["lost_to"],
            note=data["lost_note"],
            by=user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return address(row)

    title = _("Propose %(customer)s as lost") % {"customer": row.customer}
    form = LostForm(request.POST or None)
    return form_page(request, form, title=title, back=address(row), save=save)


@a_form
@may_approve
@once
def opportunity_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a purchase to another consultant."""
    row = own(request, pk)
    form = GiveForm(request.POST or None, store_id=row.store_id, besides=row.consultant_id)
    return form_page(
        request,
        form,
        title=_("Give %(customer)s to a colleague") % {"customer": row.customer},
        back=address(row),
        save=lambda data: address(keeping.give_opportunity(row, data["to"])),
    )
