"""What the desk needs of the showroom about one customer."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.reception.models import Opportunity, SalesOrder, ShowroomVisit

# what points at a customer
LINKS = ((ShowroomVisit, "customer"), (Opportunity, "customer"), (SalesOrder, "customer"))


def timeline(customer: Customer) -> list[Source]:
    """The parties he came with, and the purchases he thought of."""
    visits = ShowroomVisit.objects.filter(customer=customer).select_related("consultant")
    wanted = Opportunity.objects.filter(customer=customer)
    wanted = wanted.select_related("consultant", "car_model")
    orders = SalesOrder.objects.filter(customer=customer)
    return [
        Source("showroom", "showroom", visits, "arrived_at", _visit),
        Source("purchase", "purchase", wanted, "opened_at", _purchase),
        _orders(orders),
    ]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    """How the car was sold."""
    return [_orders(SalesOrder.objects.filter(vehicle=vehicle))]


def _orders(rows: QuerySet[SalesOrder]) -> Source:
    rows = rows.select_related("trim__car_model")
    return Source("order", "order", rows, "made_at", _order)


def _order(row: SalesOrder) -> Told:
    """No amounts: whose customer he is not reads this, too."""
    title = _("Sales order · %(status)s") % {"status": row.get_status_display()}
    told = [str(row), f"{row.trim.car_model} {row.trim}", row.colour]
    link = ("car", row.vehicle_id) if row.vehicle_id else None
    return Told(title, " · ".join(filter(None, told)), link)


def _visit(row: ShowroomVisit) -> Told:
    title = _("In the showroom · %(purpose)s") % {"purpose": row.get_purpose_display()}
    told = [row.get_result_display(), str(row.consultant or "")]
    return Told(title, " · ".join(filter(None, told)))


def _purchase(row: Opportunity) -> Told:
    """Whose customer he is; what was said stays on the purchase's own page."""
    title = _("Opportunity · %(status)s") % {"status": row.get_status_display()}
    told = [row.level.upper(), str(row.car_model or ""), str(row.consultant)]
    return Told(title, " · ".join(filter(None, told)))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What ``old`` thought of buying ``new`` thinks of (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
