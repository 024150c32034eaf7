"""Models that the store sells, their configurations, prices and sheets (REC-04, REC-07)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.presentation import Position
from apps.reception.models import (
    CarModel,
    ModelSheet,
    Opportunity,
    Presentation,
    Trim,
    TrimPrice,
)

MODEL = ("brand", "name", "energy", "is_sold")
TRIM = ("name", "is_sold")
SHEET = ("valid_until", "selling_points", "competitors", *Position.values)
Row = TypeVar("Row", bound=Model)


@action
def enter_model(store: Store, facts: Mapping[str, Any]) -> CarModel:
    """A new model. Refused: a name that is there already."""
    return _kept(CarModel(store=store), MODEL, facts, _("There is a model of that name already."))


@action
def change_model(model: CarModel, facts: Mapping[str, Any]) -> CarModel:
    """Its name, what drives it, sold or not. Refused: a name that is there already."""
    return _kept(locked(model), MODEL, facts, _("There is a model of that name already."))


@action
def enter_trim(model: CarModel, facts: Mapping[str, Any]) -> Trim:
    """A new configuration. Refused: a name that the model has already."""
    return _kept(Trim(store_id=model.store_id, car_model=model), TRIM, facts, _taken())


@action
def change_trim(trim: Trim, facts: Mapping[str, Any]) -> Trim:
    """Its name, sold or not. Refused: a name that the model has already."""
    return _kept(locked(trim), TRIM, facts, _taken())


def _taken() -> str:
    return _("The model has a configuration of that name already.")


def _kept(row: Row, names: tuple[str, ...], facts: Mapping[str, Any], taken: str) -> Row:
    for name in names:
        if name in facts:
            setattr(row, name, facts[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(taken) from None
    return row


@action
def set_price(
    trim: Trim, *, effective_from: date, guide_amount: Decimal, until: date | None = None
) -> TrimPrice:
    """The guide price from a day on; a second word about one day replaces the first (SEC-04
    keeps it). What was quoted keeps its price. Refused: nothing or less, an end before the start.
    """
    if guide_amount <= 0:
        raise Refused(_("A price is more than nothing."))
    if until and until < effective_from:
        raise Refused(_("The price would end before it begins."))
    facts = {"store_id": trim.store_id, "guide_amount": guide_amount, "until": until}
    row: TrimPrice = TrimPrice.objects.update_or_create(
        trim=trim, effective_from=effective_from, defaults=facts
    )[0]
    return row


@action
def keep_sheet(model: CarModel, facts: Mapping[str, Any], *, by: User, now: datetime) -> ModelSheet:
    """What is said of a model, and until when it holds; the words before stay in the history."""
    values = {name: facts[name] for name in SHEET if name in facts}
    row: ModelSheet = ModelSheet.objects.update_or_create(
        car_model=locked(model),
        defaults=values | {"store_id": model.store_id, "kept_by": by, "kept_at": now},
    )[0]
    return row


@action
def present(
    opportunity: Opportunity,
    car_model: CarModel,
    *,
    positions: Sequence[str],
    compared_with: str = "",
    questions: str = "",
    by: User,
    now: datetime,
) -> Presentation:
    """A car was shown: which positions, compared with what, which questions stayed open.

    The first model shown is what the customer looks for, if nothing was known. Refused: a closed
    opportunity, a model of another store, no position.
    """
    row = locked(opportunity)
    if row.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    if car_model.store_id != row.store_id:
        raise Refused(_("This model is not sold here."))
    if not positions:
        raise Refused(_("Tick the positions that were shown."))
    if row.car_model_id is None:
        row.car_model = car_model
        row.save(update_fields=["car_model"])
    return Presentation.objects.create(
        store_id=row.store_id,
        opportunity=row,
        car_model=car_model,
        at=now,
        by=by,
        positions=[place for place in Position.values if place in positions],
        compared_with=compared_with,
        questions=questions,
    )
