"""The official scores as a file (SSI-07, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.ssi.figures.years import Year, years


def _years(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return years(store_shown(user, asked), today)


def _internal(row: Year) -> str:
    return "；".join(f"{model}: {mean.mean:.1f} ({mean.n})" for model, mean in row.internal)


OFFICIAL = {
    "ssi:official": Listing(
        _("Official score"),
        "ssi.view_scores",
        _years,
        (
            (_("Year"), lambda row: row.year),
            (_("Official score"), lambda row: row.official and float(row.official.score)),
            (_("Source"), lambda row: row.official and row.official.source),
            (_("Internal SSI (responses)"), _internal),
        ),
    ),
}
