"""Whose answers a figure counts: stores, round, team, consultant, model of the car (SSI-05)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from apps.ssi.choices import Round
from apps.ssi.models import Response
from apps.ssi.models.response import ResponseQuerySet

NOBODY = 0  # asked for as team, consultant or model: those without one


@dataclass(frozen=True)
class Scope:
    """Everything of ``stores``, but what is named. A name counts where no account bears it."""

    stores: tuple[int, ...]
    model: int | None = None
    round: str = ""  # of buyers; lost buyers have but one
    team: int | None = None
    consultant: int | None = None
    name: str = ""
    car_model: int | None = None

    def but(self, **named: Any) -> "Scope":
        return replace(self, **named)

    def responses(self, first: date, last: date) -> ResponseQuerySet:
        """The finished responses with a score, of these days: what every figure counts."""
        return Response.objects.filter(self.within(first, last)).counted()

    def within(self, first: date, last: date, path: str = "") -> Q:
        """The same as a condition on rows that reach their response by ``path``."""
        told: dict[str, Any] = {
            "store__in": self.stores,
            "on__range": (first, last),  # only a finished one has a day
            "score__isnull": False,
        }
        if self.model is not None:
            told["model"] = self.model
        if self.round:
            told["round__in"] = (self.round, Round.LOST)
        if self.name:
            told["consultant_name"] = self.name
        for column in ("team", "consultant", "car_model"):
            asked = getattr(self, column)
            if asked == NOBODY:
                told[f"{column}__isnull"] = True
                if column == "consultant" and not self.name:
                    told["consultant_name"] = ""
            elif asked is not None:
                told[column] = asked
        return Q(**{f"{path}{name}": value for name, value in told.items()})
