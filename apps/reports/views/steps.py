"""What is done with a report: counted anew, explained, submitted, reviewed, decided (REP-06)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.reports.actions import steps
from apps.reports.actions.writing import write_report
from apps.reports.choices import Figure
from apps.reports.forms import ActionForm, OutcomeForm, ReviewForm, SendBackForm
from apps.reports.models import MonthlyReport, ReportAction
from apps.reports.views.reports import report_page

may_submit = permission_required("reports.submit", raise_exception=True)
may_review = permission_required("reports.review", raise_exception=True)
may_decide = permission_required("reports.decide", raise_exception=True)
FORM = ["GET", "HEAD", "POST"]


def _own(request: HttpRequest, pk: int) -> MonthlyReport:
    rows = MonthlyReport.objects.of_own_store(request.user)
    found: MonthlyReport = get_object_or_404(rows, pk=pk)
    return found


def _step(
    request: HttpRequest, pk: int, do: Callable[[MonthlyReport], Any], said: str
) -> HttpResponse:
    row = _own(request, pk)
    try:
        do(row)
    except Refused as refusal:
        return report_page(request, row, refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("reports:report", pk)


@require_POST
@may_submit
@once
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of a draft anew: something was put right meanwhile."""

    def do(row: MonthlyReport) -> None:
        write_report(row.store, row.month, now=timezone.now())

    return _step(request, pk, do, _("Counted anew."))


@require_POST
@may_submit
@once
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user

    def do(row: MonthlyReport) -> None:
        steps.submit_report(row, by=user, now=timezone.now())

    return _step(request, pk, do, _("Submitted. The figures do not change any more."))


@require_POST
@may_decide
@once
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user

    def do(row: MonthlyReport) -> None:
        steps.approve_report(row, by=user, now=timezone.now())

    return _step(request, pk, do, _("Approved."))


@require_http_methods(FORM)
@may_decide
@once
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row, there = _own(request, pk), reverse("reports:report", args=[pk])

    def save(typed: dict[str, Any]) -> str:
        steps.send_back_report(row, **typed, by=user, now=timezone.now())
        return there

    form = SendBackForm(request.POST or None)
    return form_page(request, form, title=_("Send the report back"), back=there, save=save)


@require_http_methods(FORM)
@may_review
@once
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Analysis, plan and focus; after it was sent back, beginning with what was written."""
    user: Any = request.user
    row, there = _own(request, pk), reverse("reports:report", args=[pk])

    def save(typed: dict[str, Any]) -> str:
        steps.review_report(row, **typed, by=user, now=timezone.now())
        return there

    initial = {name: getattr(row, name) for name in ReviewForm.Meta.fields}
    form = ReviewForm(request.POST or None, initial=initial)
    return form_page(request, form, title=_("Review the report"), back=there, save=save)


@require_http_methods(FORM)
@may_submit
@once
def action(request: HttpRequest, pk: int, figure: str) -> HttpResponse:
    """Cause and action of one figure."""
    if figure not in Figure.values:
        raise Http404
    row, there = _own(request, pk), reverse("reports:report", args=[pk])

    def save(typed: dict[str, Any]) -> str:
        steps.note_action(row, figure, **typed)
        return there

    said = row.actions.filter(figure=figure).first()
    initial = {name: getattr(said, name) for name in ActionForm.Meta.fields} if said else {}
    form = ActionForm(request.POST or None, initial=initial, store=row.store)
    title = _("Cause and action: %(figure)s") % {"figure": Figure(figure).label}
    return form_page(request, form, title=title, back=there, save=save)


@require_http_methods(FORM)
@may_submit
@once
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of an action of the month before."""
    row = get_object_or_404(ReportAction.objects.of_own_store(request.user), pk=pk)
    there = reverse("reports:report", args=[row.report_id])

    def save(typed: dict[str, Any]) -> str:
        steps.note_outcome(row, **typed, now=timezone.now())
        return there

    form = OutcomeForm(request.POST or None, initial={"outcome": row.outcome})
    return form_page(request, form, title=row.action, back=there, save=save)
