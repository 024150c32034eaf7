"""The index and its parts by month, factor, question, standard and group (SSI-05, SSI-08).

Every function is one statement. Scores of different models are never in one mean.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, DateField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.ssi.figures.means import Beside, Mean, measured
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import Span
from apps.ssi.models import Answer, FactorScore, StandardAnswer
from apps.ssi.policy.score import POINTS

Months = dict[int, dict[date, Mean]]  # model → first day of the month → its index


def by_month(scope: Scope, span: Span) -> Months:
    """The index of every model in the months of the trend, and in those compared with."""
    first = min(span.trend[0], span.before.first)
    rows = scope.responses(first, span.last)
    rows = rows.annotate(month=TruncMonth("on", output_field=DateField()))
    found: Months = defaultdict(dict)
    for (model, month), mean in measured(rows, "score", "model", "month").items():
        found[model][month] = mean
    return found


def of_span(months: dict[date, Mean], span: Span) -> Beside:
    """The months of a span as one, beside those before."""
    now, before = (
        Mean.together(mean for month, mean in months.items() if one.first <= month <= one.last)
        for one in (span, span.before)
    )
    return Beside(now, before)


def by_factor(scope: Scope, span: Span, low: int) -> dict[int, Beside]:
    """The score of each factor; ``low``: below so many points is low (SSI-04)."""
    rows = FactorScore.objects.filter(_both(scope, span, "response__"))
    return _beside(_timed(rows, span, "response__"), "score", Q(score__lt=low), "factor")


def by_question(scope: Scope, span: Span, low: int) -> dict[int, Beside]:
    """The answers to each question, in points as a score; ``low``: at most so much is low."""
    rows = Answer.objects.filter(_both(scope, span, "response__"), value__isnull=False)
    return _beside(
        _timed(rows, span, "response__"), "value", Q(value__lte=low), "question", scale=POINTS
    )


def by_store(scope: Scope, span: Span) -> dict[tuple[int, int], Beside]:
    """The index by store and model."""
    rows: QuerySet[Any] = scope.responses(span.before.first, span.last)
    return _beside(_timed(rows, span), "score", None, "store", "model")


@dataclass(frozen=True)
class Groups:
    """The index by team, by consultant (account, or name where none bears it), by car model."""

    teams: dict[int | None, Beside]
    consultants: dict[tuple[int | None, str], Beside]
    car_models: dict[int | None, Beside]


COLUMNS = ("team_id", "consultant_id", "consultant_name", "car_model_id", "is_now", "score")
GROUPED = """
    SELECT GROUPING(team_id, consultant_id, car_model_id),
        team_id, consultant_id, consultant_name, car_model_id, is_now,
        count(*), sum(score), sum(score * score), sum(score * score * score)
      FROM ({rows}) AS counted
     GROUP BY GROUPING SETS ((team_id, is_now), (consultant_id, consultant_name, is_now),
        (car_model_id, is_now))"""
OF_TEAM, OF_CONSULTANT, OF_CAR = 0b011, 0b101, 0b110  # which of the three it is not grouped by


def by_groups(scope: Scope, span: Span) -> Groups:
    """All three in one reading of the responses."""
    rows: Any = _timed(scope.responses(span.before.first, span.last), span)
    sql, params = rows.order_by().values(*COLUMNS).query.sql_with_params()
    found: dict[int, dict[Any, dict[bool, list[Mean]]]] = {
        kind: defaultdict(lambda: {True: [], False: []})
        for kind in (OF_TEAM, OF_CONSULTANT, OF_CAR)
    }
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(rows=sql), params)
        for kind, team, consultant, name, car_model, is_now, *sums in cursor.fetchall():
            person = (consultant, "" if consultant else name)  # however his name was spelled
            key = {OF_TEAM: team, OF_CONSULTANT: person, OF_CAR: car_model}[kind]
            found[kind][key][is_now].append(Mean(*sums))
    teams, consultants, car_models = (
        {key: Beside(*map(Mean.together, (half[True], half[False]))) for key, half in of.items()}
        for of in found.values()
    )
    return Groups(teams, consultants, car_models)


@dataclass(frozen=True)
class Kept:
    """How often a standard was kept, was not, and who did not know; ``before``: then."""

    yes: int
    no: int
    unknown: int
    yes_before: int
    no_before: int

    @property
    def share(self) -> int | None:
        return _share(self.yes, self.no)

    @property
    def share_before(self) -> int | None:
        return _share(self.yes_before, self.no_before)


def _share(yes: int, no: int) -> int | None:
    """In per cent, of those who know."""
    return round(100 * yes / (yes + no)) if yes + no else None


def by_standard(scope: Scope, span: Span) -> dict[int, Kept]:
    """Whether each standard was kept, as the customers say."""
    rows = StandardAnswer.objects.filter(_both(scope, span, "response__"))
    now = Q(response__on__gte=span.first)
    found = rows.order_by().values_list("standard").annotate(
        yes=Count("pk", filter=now & Q(kept=True)),
        no=Count("pk", filter=now & Q(kept=False)),
        unknown=Count("pk", filter=now & Q(kept=None)),
        yes_before=Count("pk", filter=~now & Q(kept=True)),
        no_before=Count("pk", filter=~now & Q(kept=False)),
    )  # fmt: skip
    return {standard: Kept(*numbers) for standard, *numbers in found}


def _both(scope: Scope, span: Span, path: str) -> Q:
    return scope.within(span.before.first, span.last, path)


def _timed(rows: QuerySet[Any], span: Span, path: str = "") -> QuerySet[Any]:
    """With ``is_now``: whether the row is of this span, not of that before."""
    is_now = Q(**{f"{path}on__gte": span.first})
    timed: QuerySet[Any] = rows.annotate(
        is_now=ExpressionWrapper(is_now, output_field=BooleanField())
    )
    return timed


def _beside(
    rows: QuerySet[Any], column: str, low: Q | None, *by: str, scale: int = 1
) -> dict[Any, Beside]:
    """By the columns ``by``: the mean of now beside that of before."""
    halves: dict[Any, dict[bool, Mean]] = defaultdict(dict)
    found = measured(rows, column, *by, "is_now", low=low, scale=scale)
    for (*key, is_now), mean in found.items():
        halves[key[0] if len(by) == 1 else tuple(key)][is_now] = mean
    return {
        key: Beside(half.get(True, Mean()), half.get(False, Mean())) for key, half in halves.items()
    }
