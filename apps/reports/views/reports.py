"""The month reports of a store, one report, and the rows behind its figures (REP-06…09)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.core.dates import add_months
from apps.core.errors import Refused
from apps.reports.actions.steps import WRITTEN_IN
from apps.reports.choices import Figure, ReportStatus
from apps.reports.figures import rows as behind
from apps.reports.figures.words import WORDS
from apps.reports.models import MonthlyReport
from apps.reports.queries import reading

may_see = permission_required("reports.view_report", raise_exception=True)
MOST = 36
WHAT = {
    behind.COUNTED: _("Counted"),
    behind.OTHERS: _("Not counted"),
    behind.ALL: _("All"),
}


def reports_of(user: Any, asked: Any) -> Any:
    """The reports of the store that is shown, the newest first."""
    rows = MonthlyReport.objects.filter(store=store_shown(user, asked))
    return rows.select_related("submitted_by", "reviewed_by", "decided_by")


@require_safe
@may_see
def report_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    rows = list(reports_of(user, request.GET)[:MOST])
    context = {
        "store": store_shown(user, request.GET),
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "rows": [(row, reading.days_late(row, today)) for row in rows],
    }
    return render(request, "reports/list.html", context)


@require_safe
@may_see
def report(request: HttpRequest, pk: int) -> HttpResponse:
    rows = MonthlyReport.objects.visible_to(request.user)
    return report_page(request, get_object_or_404(rows, pk=pk))


def report_page(
    request: HttpRequest,
    row: MonthlyReport,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The report with what may be done next."""
    user: Any = request.user
    row = reports_of_one(row.pk)
    lines = reading.lines_of(row)
    actions = list(row.actions.select_related("owner"))
    short = reading.short_of(line.row for line in lines)
    behind_now = reading.behind_of(line.row for line in lines)
    said = {one.figure for one in actions}
    own = row.store_id == user.store_id
    context = {
        "row": row,
        "lines": [(line, WORDS[Figure(line.row.figure)]) for line in lines],
        "actions": actions,
        "missing": [Figure(figure) for figure in short if figure not in said],
        "behind": [Figure(figure) for figure in behind_now if figure not in said],
        "last": list(reading.last_actions(row)),
        "late": reading.days_late(row, timezone.localdate()),
        "due_on": reading.due_on(row.month),
        "next_month": add_months(row.month, 1),
        "may": _may(user, row) if own else {},
        "refusal": refusal,
    }
    return render(request, "reports/report.html", context, status=status)


def reports_of_one(pk: int) -> MonthlyReport:
    people = ("submitted_by", "reviewed_by", "decided_by")
    found: MonthlyReport = MonthlyReport.objects.select_related("store", *people).get(pk=pk)
    return found


def _may(user: Any, row: MonthlyReport) -> dict[str, bool]:
    """Which steps are this person's now."""
    concerned = (row.submitted_by_id, row.reviewed_by_id)
    at = ReportStatus(row.status)
    return {
        "write": at in WRITTEN_IN and user.has_perm("reports.submit"),
        "submit": at == ReportStatus.DRAFT and user.has_perm("reports.submit"),
        "review": at in (ReportStatus.SUBMITTED, ReportStatus.SENT_BACK)
        and user.has_perm("reports.review")
        and user.pk != row.submitted_by_id,
        "decide": at == ReportStatus.REVIEWED
        and user.has_perm("reports.decide")
        and user.pk not in concerned,
        "tell": user.has_perm("reports.submit"),
    }


@require_safe
@may_see
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind one number."""
    asked = behind.asked_for(request.user, request.GET, timezone.localtime())
    page, following = behind.page_of(asked, request.GET.get("after", ""))
    context = {
        "asked": asked,
        "words": WORDS[asked.figure],
        "tabs": [(what, WHAT[what], n) for what, n in asked.tabs],
        "rows": page,
        "next": following,
    }
    return render(request, "reports/rows.html", context)
