"""What a floor says of the personal data in its tables (SEC-02): which rows are of a customer, and
what their columns become when he is erased. ``desk.erasing`` reads it, floor by floor.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

GONE = "已删除"  # stands in the rows themselves, whatever language they are read in
FRESH = object()  # another value in each row: where a column must be unique


@dataclass(frozen=True)
class Personal:
    """The columns of one model that tell of a person, and how the rows of a customer are found.

    ``of``: lookups that lead from a row to the customer; any of them will do. ``only``: of
    those rows these. ``columns``: column → what it becomes; a column that is empty stays empty.
    ``names``: of the columns those by which one knows whom the row is about; in the rows of
    other customers they are theirs and are not searched. The history of the rows goes with
    them; ``history`` says by which of the lookups old rows of others are found there, too.
    """

    model: Any
    of: tuple[str, ...]
    columns: Mapping[str, Any]
    only: Q = Q()
    names: tuple[str, ...] = ()
    history: tuple[str, ...] | None = None

    def rows(self, ids: Collection[int]) -> QuerySet[Any]:
        """The rows of these customers."""
        found: QuerySet[Any] = self.model._base_manager.filter(_any(self.of, ids), self.only)
        return found.order_by()

    def events(self, ids: Collection[int], pks: Collection[int]) -> QuerySet[Any] | None:
        """The history of the rows ``pks`` and what else of it was theirs. None: none is kept."""
        event = getattr(self.model, "pgh_event_model", None)
        if event is None or not self.columns_of(event):
            return None
        known = {column.name for column in event._meta.concrete_fields}
        lookups = self.of if self.history is None else self.history
        direct = [lookup for lookup in lookups if lookup.split("__")[0] in known]
        found = event._base_manager.filter(pgh_obj__in=pks)
        if direct:
            found |= event._base_manager.filter(_any(direct, ids), self.only)
        return found.order_by()  # type: ignore[no-any-return]

    def columns_of(self, model: Any) -> dict[str, Any]:
        """The columns that ``model`` has, too: a history may leave some out."""
        known = {column.name for column in model._meta.concrete_fields}
        return {name: value for name, value in self.columns.items() if name in known}


def _any(lookups: Collection[str], ids: Collection[int]) -> Q:
    return Q(*(Q(**{f"{lookup}__in": ids}) for lookup in lookups), _connector=Q.OR)


@dataclass(frozen=True)
class PersonalBy(Personal):
    """Rows that no foreign key leads from: ``find`` gives them for customers."""

    find: Callable[[Collection[int]], QuerySet[Any]] = field(kw_only=True)

    def rows(self, ids: Collection[int]) -> QuerySet[Any]:
        return self.find(ids).order_by()


def texts(names: str) -> dict[str, Any]:
    """Columns in which somebody typed."""
    return dict.fromkeys(names.split(), GONE)
