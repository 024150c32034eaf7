"""Everything that changes the outbox."""

from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.messaging.models import MessagePolicy

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The quiet hours and message texts that a new store starts with."""
    MessagePolicy.objects.create(store=store, effective_from=FROM_THE_START)
