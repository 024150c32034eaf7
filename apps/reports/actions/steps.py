"""A report from its submission to the general manager's approval (REP-06, REP-09)."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.reports.choices import Figure, ReportStatus
from apps.reports.models import MonthlyReport, ReportAction
from apps.reports.queries.reading import missing_causes

WRITTEN_IN = (ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.SENT_BACK)


@action
def note_action(
    report: MonthlyReport,
    figure: str,
    *,
    cause: str,
    action: str,
    owner: User | None = None,
    due_on: date | None = None,
) -> ReportAction:
    """Why a figure is short and what is done about it; said again it replaces what was said.

    Refused when the report lies before the general manager or is approved.
    """
    report = locked(report)
    if report.status not in WRITTEN_IN:
        raise Refused(_("The report is not open to be written in any more."))
    row, _new = ReportAction.objects.update_or_create(
        report=report,
        figure=Figure(figure),
        defaults={
            **{"store_id": report.store_id, "cause": _words(cause), "action": _words(action)},
            **{"owner": owner, "due_on": due_on},
        },
    )
    return row


@action
def note_outcome(row: ReportAction, *, outcome: str, now: datetime) -> ReportAction:
    """What came of an action of the month before; it may be said anew."""
    row = locked(row)
    row.outcome, row.outcome_at = _words(outcome), now
    row.save(update_fields=["outcome", "outcome_at"])
    return row


@action
def submit_report(report: MonthlyReport, *, by: User, now: datetime) -> MonthlyReport:
    """The figures are submitted to the care manager and do not change from then on.

    Refused while a figure short of its target has no cause and action.
    """
    report = locked(report)
    advance(report, ReportStatus.SUBMITTED)
    missing = [str(Figure(figure).label) for figure in missing_causes(report)]
    if missing:
        raise Refused(
            _("Write down cause and action of what is short of its target: %(figures)s.")
            % {"figures": ", ".join(missing)}
        )
    report.submitted_by, report.submitted_at = by, now
    report.save(update_fields=["status", "submitted_by", "submitted_at"])
    return report


@action
def review_report(
    report: MonthlyReport, *, analysis: str, plan: str, focus: str, by: User, now: datetime
) -> MonthlyReport:
    """The care manager analyses it, plans, and says on what the next month looks.

    Refused for who submitted it: a second person looks at the figures.
    """
    report = locked(report)
    if report.submitted_by_id == by.pk:
        raise Refused(_("You submitted it. Somebody else must review it."))
    advance(report, ReportStatus.REVIEWED)
    report.analysis, report.plan, report.focus = (
        _words(text, 5000) for text in (analysis, plan, focus)
    )
    report.reviewed_by, report.reviewed_at = by, now
    report.save(update_fields=["status", "analysis", "plan", "focus", "reviewed_by", "reviewed_at"])
    return report


@action
def approve_report(report: MonthlyReport, *, by: User, now: datetime) -> MonthlyReport:
    """The general manager approves it; nothing of it changes after that."""
    report = _to_decide(report, by)
    advance(report, ReportStatus.APPROVED)
    return _decided(report, by, now)


@action
def send_back_report(
    report: MonthlyReport, *, reason: str, by: User, now: datetime
) -> MonthlyReport:
    """The general manager sends it back to the care manager with a reason."""
    report = _to_decide(report, by)
    advance(report, ReportStatus.SENT_BACK)
    report.sent_back_why = _words(reason, 500)
    return _decided(report, by, now)


def _to_decide(report: MonthlyReport, by: User) -> MonthlyReport:
    report = locked(report)
    if by.pk in (report.submitted_by_id, report.reviewed_by_id):
        raise Refused(_("You submitted or reviewed it. Somebody else must decide."))
    return report


def _decided(report: MonthlyReport, by: User, now: datetime) -> MonthlyReport:
    report.decided_by, report.decided_at = by, now
    report.save(update_fields=["status", "decided_by", "decided_at", "sent_back_why"])
    return report


def _words(text: str, most: int = 300) -> str:
    text = text.strip()[:most]
    if not text:
        raise Refused(_("Write it down in a few words: others decide by it."))
    return text
