"""The entries of the menu for penalties and month reports (PEN, REP)."""

from django.utils.translation import gettext_lazy

from apps.desk import waiting
from apps.desk.entry import Entry

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
            covers=("reports:report", "reports:rows", "reports:targets"),
            mine=True,
        ),
        Entry(
            "penalties:decisions",
            "gavel",
            gettext_lazy("Proposals to decide"),
            ("penalties.decide",),
        ),
        Entry(
            "penalties:issue-list",
            "stamp",
            gettext_lazy("Proposals to issue"),
            ("penalties.issue",),
        ),
        Entry(
            "penalties:sheets",
            "table",
            gettext_lazy("Monthly sheets"),
            ("penalties.view_all",),
        ),
        Entry(
            "penalties:mine", "user-check", gettext_lazy("My proposals"), ("penalties.view_own",)
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
