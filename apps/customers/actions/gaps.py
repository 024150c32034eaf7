"""What the archive lacks, kept in step with it (CUS-10)."""

from collections.abc import Collection
from datetime import date

from apps.core.actions import action
from apps.customers import gaps


@action
def keep_gaps(
    *, people: Collection[int] = (), cars: Collection[int] = (), on: date | None = None
) -> None:
    """These customers and cars were changed: what they lack now is on the list, nothing else.

    Without ``on`` only what was filled in goes; what is newly lacking comes with the night.
    """
    if people or cars:
        gaps.keep(people, cars, on=on)


@action
def keep_gaps_of_store(store_id: int, *, on: date) -> None:
    """The whole list of a store as of ``on``. Twice changes nothing."""
    gaps.keep_store(store_id, on=on)


@action
def note_archive_day(store_id: int, *, on: date) -> None:
    """How complete the store's archive is on ``on``, for the lines over time (CUS-10).

    Again on the same day the row is counted anew.
    """
    gaps.count_day(store_id, on=on)
