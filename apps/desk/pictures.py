"""Which picture files are kept, whichever app's rows speak of them (I8)."""

from collections.abc import Collection, Iterator
from uuid import UUID

from apps.care.queries import activities as care
from apps.delivery.queries import pictures as delivery
from apps.penalties.queries import signing as penalties
from apps.reception.queries import drives
from apps.service.queries import check_in as service

APPS = (service, drives, delivery, care, penalties)


def pictures_kept(among: Collection[str] | None = None) -> Iterator[tuple[UUID]]:
    """(name,) of each; one query an app."""
    for app in APPS:
        yield from app.pictures_kept(among)
