"""What the desk needs of the import about one customer."""

from django.db import connection
from django.db.models import F

from apps.core.journal import Journal
from apps.customers.models import Customer
from apps.exchange.actions.take import LOCK
from apps.exchange.choices import DifferenceStatus
from apps.exchange.models import Difference, TakenRow

LINKS = (  # what points at a customer
    (TakenRow, "customer"),
    (Difference, "customer"),
    (Difference, "ours_customer"),
    (Difference, "theirs_customer"),
)


def hold(store_id: int) -> None:
    """No import takes rows of the store until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, store_id])


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """The rows of the DMS that were about ``old`` are about ``new``: brought again, they change
    nothing (CUS-04, DATA-02). So is what the DMS has otherwise; where both records wait for a
    decision about one field, that of ``new`` stands."""
    undecided = Difference.objects.filter(status=DifferenceStatus.OPEN).order_by("pk")
    fields = set(undecided.filter(customer=new).values_list("field", flat=True))
    for row in undecided.filter(customer=old, field__in=fields):
        journal.change(row, status=DifferenceStatus.GONE, decided_at=journal.now)
    for row in Difference.objects.filter(ours_customer=old):
        journal.change(row, ours=str(new.pk))
    for row in Difference.objects.filter(theirs_customer=old):
        journal.change(row, theirs=str(new.pk))
    for row in undecided.filter(theirs_customer__in=(old, new), ours=F("theirs")):
        journal.change(row, status=DifferenceStatus.GONE, decided_at=journal.now)
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
