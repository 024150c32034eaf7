"""What buyers answer to the survey that is asked now, and how content they are with the delivery of
each consultant (SSI-05, PEN-09)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Subquery, Sum

from apps.ssi.figures.scope import Scope
from apps.ssi.models import FactorScore
from apps.ssi.models.response import ResponseQuerySet

# The models of responses, the latest first.
NEWEST = (F("model__effective_from").desc(nulls_last=True), "-model")
DELIVERY = "delivery"  # the factor's code in every supplied model, and in what is copied from one


def of_buyers(store: int, first: date, last: date) -> ResponseQuerySet:
    """The counted responses of these days to the latest model of buyers among them: those of two
    models are never in one mean."""
    newest = of_any_model(store, first, last).order_by(*NEWEST).values("model")[:1]
    return Scope((store,)).responses(first, last).filter(model=Subquery(newest))


def of_any_model(store: int, first: date, last: date) -> ResponseQuerySet:
    """Those to every model of buyers: for who looks at several months, each by its own latest."""
    return Scope((store,)).responses(first, last).filter(model__of_buyers=True)


@dataclass(frozen=True)
class Content:
    """How the customers of one consultant scored the factor of the delivery, 100 to 1000.

    ``marked``: how many of the answers bear a mark of doubt (SSI-10).
    """

    consultant: int
    factor: int
    answers: int
    total: Decimal
    marked: int

    @property
    def mean(self) -> Decimal:
        return self.total / self.answers


def deliveries_by_consultant(store: int, first: date, last: date) -> list[Content]:
    """Of ``of_buyers``, those who named a consultant with an account. One query."""
    rows = FactorScore.objects.filter(
        response__in=of_buyers(store, first, last).filter(consultant__isnull=False),
        factor__code=DELIVERY,
    )
    counted = rows.values_list("response__consultant", "factor").annotate(
        answers=Count("pk"),
        total=Sum("score"),
        marked=Count("pk", filter=~Q(response__marks=[])),
    )
    return [Content(*row) for row in counted.order_by("response__consultant")]
