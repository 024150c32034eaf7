"""The survey models as a file (SSI-02, DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import store_shown
from apps.core.tables import Listing
from apps.ssi.queries.survey_models import Shown, models_of


def _models(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return models_of(store_shown(user, asked), today)


def _weights(row: Shown) -> str:
    return "；".join(f"{one.name} {one.weight}" for one in row.model.factors.all())


MODELS = {
    "ssi:models": Listing(
        _("Survey models"),
        "ssi.view_model",
        _models,
        (
            (_("Survey model"), lambda row: row.model.name),
            (_("State"), lambda row: row.state.label),
            (_("Asked of"), lambda row: _("buyers") if row.model.of_buyers else _("lost buyers")),
            (_("Year"), lambda row: row.model.year),
            (_("Origin"), lambda row: row.model.origin),
            (_("Asked from"), lambda row: row.model.effective_from),
            (_("Until"), lambda row: row.until),
            (_("Factors and their weights"), _weights),
            (_("Responses"), lambda row: row.responses),
        ),
    ),
}
