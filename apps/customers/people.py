"""What the desk needs of the archive about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.core.erasing import FRESH, GONE, Personal, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.actions import merging
from apps.customers.choices import CorrectionStatus, DuplicateStatus
from apps.customers.models import (
    Consent,
    ContactNumber,
    Customer,
    Duplicate,
    ElsewhereService,
    ErasedTable,
    Erasure,
    Gap,
    MaintenanceCycle,
    Merge,
    MileageReading,
    NumberCorrection,
    Ownership,
    RightsRequest,
    StopContact,
    Vehicle,
)

LINKS = (*merging.LINKS, (Duplicate, "low"), (Duplicate, "high"))  # what points at a customer
HISTORY = (
    (Merge, "kept"),
    (Merge, "gone"),
    (Erasure, "customer"),
)  # goes on naming the record that it was about


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


PERSONAL = (
    Personal(
        Customer,
        ("pk",),
        {
            **{"name": GONE, "gender": "unknown", "main_phone": "", "email": ""},
            **{"contact_name": "", "birthday": None, "lunar_birth_mmdd": None},
            **{"id_number_sealed": "", "id_number_hash": "", "address": "", "initials": ""},
            **{"preferred_channel": "", "preferred_slot": "", "also_named": []},
        },
        names=(
            *("name", "main_phone", "email", "contact_name", "initials", "also_named"),
            *("id_number_sealed", "id_number_hash"),
        ),
    ),
    Personal(ContactNumber, ("customer",), {"number": FRESH, "region": ""}, names=("number",)),
    Personal(Consent, ("customer",), texts("source")),
    # The plate of a car that somebody else owns now is his; an old plate went with its owner.
    Personal(Vehicle, ("owner",), {"plate": ""}, history=()),
    Personal(
        Vehicle.pgh_event_model,  # type: ignore[attr-defined]
        ("owner",),
        {"plate": ""},
        only=~Q(plate=F("pgh_obj__plate")),
    ),
    Personal(StopContact, ("customer",), texts("reason")),
    Personal(Merge, ("kept", "gone"), {"journal": []}),
    Personal(RightsRequest, ("customer",), texts("text answer")),
)
# Texts that tell of cars and work, not of who they are about. They are searched for a person's
# name, numbers and plates all the same.
PLAIN = {
    Vehicle: "vin brand model variant colour engine_number insurer",
    Duplicate: "signs",
    ElsewhereService: "shop place",
    MaintenanceCycle: "ended_by",
    ErasedTable: "table columns",
}


def duties(ids: Collection[int]) -> list[str]:
    """What has to be done before a customer can be erased."""
    return []


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nothing is looked for, asked or sent any more about who is made anonymous (SEC-02)."""
    asked = NumberCorrection.objects.filter(customer__in=ids, status=CorrectionStatus.OPEN)
    asked.update(status=CorrectionStatus.DONE, done_by=by, done_at=now)
    StopContact.objects.filter(customer__in=ids, ended_at=None).update(ended_at=now)
    pairs = Duplicate.objects.filter(Q(low__in=ids) | Q(high__in=ids), status=DuplicateStatus.OPEN)
    pairs.update(status=DuplicateStatus.DISMISSED, decided_by=by, decided_at=now)
    Gap.objects.filter(Q(customer__in=ids) | Q(vehicle__owner__in=ids)).delete()
    Customer.everyone.filter(pk__in=ids).update(
        erased_at=now, refuses_service=True, accepts_marketing=False, reachable=False
    )


def pictures(ids: Collection[int]) -> list[Any]:
    """The pictures of a customer that are kept."""
    return []
