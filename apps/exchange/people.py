"""What the desk needs of the import about one customer."""

from django.db import connection

from apps.core.journal import Journal
from apps.customers.models import Customer
from apps.exchange.actions.take import LOCK
from apps.exchange.models import TakenRow

LINKS = ((TakenRow, "customer"),)  # what points at a customer


def hold(store_id: int) -> None:
    """No import takes rows of the store until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, store_id])


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The rows of the DMS that were about ``old`` are about ``new``: brought again, they change
    nothing (CUS-04, DATA-02)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
