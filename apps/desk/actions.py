"""What takes every floor: a whole new store; and the heartbeat of the house."""

from datetime import datetime

from apps.accounts import actions as accounts
from apps.accounts.models import Heartbeat, Store
from apps.care.actions import defaults as care
from apps.complaints import actions as complaints
from apps.core.actions import action
from apps.core.moves import locked
from apps.customers import actions as customers
from apps.delivery import actions as delivery
from apps.messaging import actions as messaging
from apps.penalties.actions import defaults as penalties
from apps.reception.actions import numbers as reception
from apps.service import actions as service
from apps.ssi.actions import defaults as ssi

CLOCK = "clock"  # the name of the heartbeat that beat sends


@action
def note_heartbeat(*, now: datetime) -> None:
    """The clock rang through to here. An older ring that comes late changes nothing."""
    beat, _new = Heartbeat.objects.get_or_create(name=CLOCK, defaults={"at": now})
    Heartbeat.objects.filter(pk=beat.pk, at__lt=now).update(at=now)


@action
def add_store(
    code: str, name: str, *, city: str = "", local_regions: list[str] | None = None
) -> Store:
    """An empty store with default policies, scripts and texts."""
    store = accounts.add_store(code, name, city=city, local_regions=local_regions)
    _supply(store)
    return store


@action
def supply_missing(store: Store) -> None:
    """What a new store starts with and this one lacks: it is older than that part of the product.

    What is there stays as it is, changed or not. Twice, or twice at once, adds nothing more.
    """
    _supply(locked(store))


def _supply(store: Store) -> None:
    customers.add_defaults(store)
    messaging.add_defaults(store)
    reception.add_defaults(store)
    service.add_defaults(store)
    delivery.add_defaults(store)
    complaints.add_defaults(store)
    care.add_defaults(store)
    ssi.add_defaults(store)
    penalties.add_defaults(store)
