"""The action guide as a file (SSI-11, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.ssi.queries import guide


def _lines(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    only: Any = asked.getlist("factor") if hasattr(asked, "getlist") else ()
    chapters = guide.chapters(store_shown(user, asked), today, only=only)
    return [(chapter, line) for chapter in chapters for line in chapter.lines]


GUIDE = {
    "ssi:guide": Listing(
        _("Action guide"),
        "ssi.view_guide",
        _lines,
        (
            (_("Factor"), lambda row: row[0].name),
            (_("Weight"), lambda row: row[0].weight),
            (_("Weakness"), lambda row: row[1].weakness),
            (_("Action"), lambda row: row[1].action),
            (_("In use"), lambda row: row[1].is_active),
        ),
    ),
}
