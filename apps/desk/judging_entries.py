"""The entries of the menu for penalties and month reports (PEN, REP)."""

from django.utils.translation import gettext_lazy

from apps.desk import waiting
from apps.desk.entry import Entry
from apps.penalties.queries.fives_sheet import unread as unread_sheets
from apps.penalties.queries.proposals import for_me as proposals_for_me
from apps.penalties.queries.proposals import to_decide as proposals_to_decide
from apps.penalties.queries.proposals import to_issue as proposals_to_issue

JUDGING: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("reports:five", "bolt", gettext_lazy("Five minutes"), ("reports.decide",)),
        Entry(
            "reports:board", "chart-line", gettext_lazy("Figures by month"), ("reports.view_board",)
        ),
        Entry(
            "reports:list",
            "report",
            gettext_lazy("Month reports"),
            ("reports.view_report",),
            waiting=waiting.my_reports,
            covers=(
                *("reports:report", "reports:rows", "reports:targets"),
                *("reports:target-new", "reports:targets-new"),
            ),
            mine=True,
        ),
        Entry(
            "penalties:decisions",
            "gavel",
            gettext_lazy("Deduction proposals"),
            ("penalties.view_others",),
            waiting=proposals_to_decide,
            mine=True,
        ),
        Entry(
            "penalties:issue-list",
            "rubber-stamp",
            gettext_lazy("Proposals to issue"),
            ("penalties.issue",),
            waiting=proposals_to_issue,
            mine=True,
        ),
        Entry(
            "penalties:sheets",
            "table",
            gettext_lazy("Monthly sheets"),
            ("penalties.view_all",),
        ),
        Entry(
            "penalties:mine",
            "user-check",
            gettext_lazy("My proposals"),
            ("penalties.view_own",),
            waiting=proposals_for_me,
            covers=("penalties:proposal", "penalties:proposal-sign", "penalties:proposal-sheet"),
            mine=True,
        ),
        Entry(
            "penalties:fives-copies",
            "camera",
            gettext_lazy("5S sheets"),
            ("penalties.view_own",),
            waiting=unread_sheets,
            covers=("penalties:fives-sheet",),
            mine=True,
        ),
        Entry(
            "penalties:rules",
            "clipboard-list",
            gettext_lazy("Rewards and penalties"),
            ("penalties.view_rules",),
            covers=(
                *("penalties:rule-new", "penalties:numbers", "penalties:numbers-new"),
                *("penalties:greetings", "penalties:greeting-new"),
            ),
        ),
    ),
)
