"""The index of several stores beside each other, for who reads several (SSI-05)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.accounts.models import Store
from apps.ssi.figures import scores
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.sheet import Ranked, ranked
from apps.ssi.figures.spans import Span
from apps.ssi.models import SurveyFactor, SurveyModel


@dataclass(frozen=True)
class Comparison:
    """Stores that ask by the same model, best first; another model is another comparison."""

    model: SurveyModel
    lines: list[Ranked]  # the key: (store, its own row of the model)


def by_store(stores: Iterable[Store], scope: Scope, span: Span) -> list[Comparison]:
    """The buyers' models first. Three queries.

    Each store has rows of its own of a model: the same are those with the same code, factors
    and weights.
    """
    names = {store.pk: store.name for store in stores}
    everyone = Scope(tuple(names), round=scope.round)
    found = scores.by_store(everyone, span)
    models = SurveyModel.objects.in_bulk({model for _store, model in found})
    weights: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    rows = SurveyFactor.objects.filter(model__in=models).order_by("model", "code")
    for model, code, weight in rows.values_list("model", "code", "weight"):
        weights[model].append((code, weight))
    alike: dict[tuple[object, ...], list[Ranked]] = defaultdict(list)
    first: dict[tuple[object, ...], SurveyModel] = {}
    for (store, pk), beside in found.items():
        same = (models[pk].code, *weights[pk])
        first.setdefault(same, models[pk])
        alike[same].append(Ranked((store, pk), names[store], beside))
    told = [Comparison(first[same], ranked(lines)) for same, lines in alike.items()]
    shown = [one for one in told if one.lines]
    return sorted(shown, key=lambda one: (not one.model.of_buyers, -len(one.lines)))
