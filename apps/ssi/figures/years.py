"""The internal index by year, beside the official score and in none of its figures (SSI-07)."""

from datetime import date
from typing import NamedTuple

from django.db.models.functions import ExtractYear

from apps.accounts.models import Store
from apps.ssi.figures.means import Mean, measured
from apps.ssi.figures.scope import Scope
from apps.ssi.models import OfficialScore, SurveyModel

FEWEST_YEARS = 3  # that are shown, this one the last


class Year(NamedTuple):
    """One year: what the official study said, and the index of buyers by each model."""

    year: int
    official: OfficialScore | None
    internal: list[tuple[SurveyModel, Mean]]


def years(store: Store, today: date) -> list[Year]:
    """From the first official score on, three at least; the newest first. Three queries.

    Each model has an index of its own: two are never one mean.
    """
    entered = OfficialScore.objects.filter(store=store).select_related("by")
    official = {row.year: row for row in entered}
    first = min([*official, today.year - FEWEST_YEARS + 1])
    rows = Scope((store.pk,)).responses(date(first, 1, 1), date(today.year, 12, 31))
    rows = rows.filter(model__of_buyers=True).annotate(year=ExtractYear("on"))
    found = measured(rows, "score", "year", "model")
    models = SurveyModel.objects.in_bulk({model for _year, model in found})
    return [
        Year(
            year,
            official.get(year),
            [(models[model], mean) for (of, model), mean in sorted(found.items()) if of == year],
        )
        for year in range(today.year, first - 1, -1)
    ]
