"""What the desk needs of the showroom about one customer."""

from apps.core.journal import Journal
from apps.core.timeline import Source
from apps.customers.models import Customer
from apps.reception.models import Opportunity, SalesOrder, ShowroomVisit

# what points at a customer
LINKS = ((ShowroomVisit, "customer"), (Opportunity, "customer"), (SalesOrder, "customer"))


def timeline(customer: Customer) -> list[Source]:
    """Visits, purchases and orders: their owners add them here."""
    return []


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What ``old`` thought of buying ``new`` thinks of (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
