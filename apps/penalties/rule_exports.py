"""The regulation and the month's greetings as files (PEN-06, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.penalties.choices import Clause
from apps.penalties.queries.greetings import months_of
from apps.penalties.queries.rules import spans
from apps.penalties.wording import EVIDENCE, WHO


def _spans(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return spans(store_shown(user, asked))


def _months(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return months_of(store_shown(user, asked), today)


RULES = {
    "penalties:rules": Listing(
        _("Rewards and penalties"),
        "penalties.view_rules",
        _spans,
        (
            (_("Clause"), lambda row: row[0].get_clause_display()),
            (_("Words of the clause"), lambda row: row[0].text),
            (_("From CNY"), lambda row: float(row[0].low_amount)),
            (_("Up to CNY"), lambda row: float(row[0].high_amount)),
            (_("Who answers"), lambda row: WHO[Clause(row[0].clause)]),
            (_("Evidence"), lambda row: EVIDENCE[Clause(row[0].clause)]),
            (_("In use"), lambda row: row[0].is_on),
            (_("In force from"), lambda row: row[0].effective_from),
            (_("Until"), lambda row: row[1]),
        ),
    ),
}
GREETINGS = {
    "penalties:greetings": Listing(
        _("Greetings of the month"),
        "penalties.view_rules",
        _months,
        (
            (_("Month"), lambda row: f"{row.month:%Y-%m}"),
            (_("responsible"), lambda row: row.duty and row.duty.person),
            (_("Named by"), lambda row: row.duty and row.duty.named_by),
            (_("Went out"), lambda row: row.done),
            (_("At least"), lambda row: row.wanted),
        ),
    ),
}
