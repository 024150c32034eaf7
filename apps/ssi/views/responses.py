"""The day sheet, the list of responses, one response, and answers put right."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.once import once
from apps.audit.queries import changes
from apps.customers.views.page import form_page
from apps.ssi.actions.responses import correct, given_to
from apps.ssi.choices import ResponseStatus, Round
from apps.ssi.models import Answer, Response
from apps.ssi.queries import day_sheet, responses
from apps.ssi.queries.guide import proposals_of
from apps.ssi.queries.sheets import sheet_of
from apps.ssi.response_forms import CorrectForm, DayFilter, ResponseFilter
from apps.ssi.views.gates import a_form, may_ask, may_see_responses

PAGE = 50


@require_safe
@may_see_responses
def sheet(request: HttpRequest) -> HttpResponse:
    """Who is to be asked on a day, with DSM record, call and score; one tab for each round."""
    user: Any = request.user
    today = timezone.localdate()
    store, form = store_shown(user, request.GET), DayFilter(request.GET)
    stores = list(Store.objects.filter(pk__in=user.store_ids))
    day, round = form.chosen(today), request.GET.get("round", "")
    round = round if round in Round.values else Round.FIRST.value
    found = day_sheet.lines(store, day, round, today=today)
    context = {
        "store": store,
        "stores": stores if len(stores) > 1 else [],
        "day": day,
        "today": today,
        "before": day - day_sheet.DAY,
        "after": day + day_sheet.DAY,
        "round": round,
        "rounds": Round.choices,
        "lines": found,
        "answered": sum(line.answered for line in found),
        "waiting": sum(line.waits for line in found),
        "most": day_sheet.MOST,
    }
    return render(request, "ssi/sheet.html", context)


@require_safe
@may_see_responses
def response_list(request: HttpRequest) -> HttpResponse:
    """The finished responses, narrowed by the filter, the newest first."""
    user: Any = request.user
    form = ResponseFilter(request.GET, user=user)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows, last = responses.asked_for(user, form.cleaned_data), None
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(responses.seen_by(user), pk=after)
    page, following = responses.page_of(rows, last, PAGE)
    context = {
        "rows": page,
        "next": following,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "ssi/responses.html", context)


@require_safe
@may_see_responses
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was answered, what followed from it, and what was changed later."""
    user: Any = request.user
    rows = responses.seen_by(user).select_related(*responses.SHOWN, "call", "delivery")
    row = get_object_or_404(rows, pk=pk)
    note_access([row.customer], by=user, kind=AccessKind.VIEW, now=timezone.now())
    altered = Answer.objects.filter(response=row, events__isnull=False).distinct()
    context = {
        "row": row,
        "factors": responses.answers_of(row),
        "proposals": proposals_of(row),
        "standards": responses.standards_of(row),
        "may_correct": user.has_perm("ssi.ask")
        and row.store_id == user.store_id
        and row.status == ResponseStatus.DONE,
        "changes": changes(row, *altered.select_related("question")),
    }
    return render(request, "ssi/response.html", context)


@a_form
@may_ask
@once
def response_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers that were noted wrongly are put right; the response is marked for it (SSI-10)."""
    user: Any = request.user
    row: Response = get_object_or_404(
        Response.objects.of_own_store(user).filter(status=ResponseStatus.DONE), pk=pk
    )
    before = given_to(row)
    about: dict[str, Any] = {"response": row, "sheet": sheet_of(row.model_id), "before": before}
    form = CorrectForm(request.POST or None, **about)
    back = reverse("ssi:response", args=[pk])

    def save(_data: dict[str, Any]) -> str:
        correct(row, form.given, by=user, now=timezone.now())
        return back

    return form_page(request, form, title=_("Put answers right"), back=back, save=save)
