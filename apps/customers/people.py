"""What the desk needs of the archive about one customer or one car."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.actions import merging
from apps.customers.models import (
    Customer,
    Duplicate,
    ElsewhereService,
    Merge,
    MileageReading,
    NumberCorrection,
    Ownership,
    Vehicle,
)

LINKS = (*merging.LINKS, (Duplicate, "low"), (Duplicate, "high"))  # what points at a customer
HISTORY = ((Merge, "kept"), (Merge, "gone"))  # goes on naming the record that it was about


def timeline(customer: Customer) -> list[Source]:
    """Numbers asked for and corrected, service in other shops."""
    asked = NumberCorrection.objects.filter(customer=customer)
    asked = asked.annotate(when=Coalesce("done_at", "asked_at"))
    return [
        Source("correction", "correction", asked, "when", _correction),
        _elsewhere(ElsewhereService.objects.filter(vehicle__owner=customer)),
    ]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    """Service in other shops, what the odometer showed, who came to own it."""
    readings = MileageReading.objects.filter(vehicle=vehicle).select_related("recorded_by")
    owners = Ownership.objects.filter(vehicle=vehicle).select_related("customer")
    return [
        _elsewhere(ElsewhereService.objects.filter(vehicle=vehicle)),
        Source("reading", "reading", readings, "on", _reading, by_day=True),
        Source("owner", "owner", owners, "from_on", _owner, by_day=True),
    ]


def _elsewhere(rows: QuerySet[ElsewhereService]) -> Source:
    rows = rows.select_related("vehicle")
    return Source("elsewhere", "elsewhere", rows, "on", _service, by_day=True)


def _correction(correction: NumberCorrection) -> Told:
    title = _("Number correction · %(status)s") % {"status": correction.get_status_display()}
    return Told(title, correction.get_department_display())


def _service(service: ElsewhereService) -> Told:
    told = [
        service.shop,
        service.place,
        f"{service.km:,} km" if service.km else "",
        f"¥{service.cost_amount:,}" if service.cost_amount is not None else "",
    ]
    title = _("Serviced elsewhere · %(car)s") % {"car": service.vehicle}
    return Told(title, " · ".join(filter(None, told)), ("car", service.vehicle_id))


def _reading(reading: MileageReading) -> Told:
    doubt = ""
    if not reading.accepted:
        doubt = _("doubted") if reading.decided is None else _("rejected")
    by = str(reading.recorded_by) if reading.recorded_by else ""
    told = [reading.get_source_display(), by, doubt]
    return Told(f"{reading.km:,} km", " · ".join(filter(None, told)))


def _owner(row: Ownership) -> Told:
    until = _("until %(day)s") % {"day": row.until_on} if row.until_on else ""
    title = _("New owner · %(customer)s") % {"customer": row.customer}
    return Told(title, until, ("customer", row.customer_id))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """See ``actions.merging``: after the floors above, which may still ask whose is what."""
    merging.repoint(old, new, journal)
