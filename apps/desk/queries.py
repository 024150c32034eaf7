"""What the desk reads from several floors at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.care import people as care
from apps.complaints import people as complaints
from apps.core.timeline import Place, Source, TimelineEntry, newest
from apps.customers import people as customers
from apps.customers.choices import Fate, RightsStatus
from apps.customers.models import Customer, Merge, RightsRequest, Vehicle
from apps.delivery import people as delivery
from apps.messaging import people as messaging
from apps.reception import people as reception
from apps.service import people as service
from apps.ssi import people as ssi

FLOORS: tuple[Any, ...] = (
    *(customers, messaging, complaints, reception, service, delivery, care, ssi),
)
# What stands on a time-line: its icon and its name in the filter, in the order of the filter.
KINDS: dict[str, tuple[str, Any]] = {
    "call": ("phone", _("Calls")),
    "complaint": ("urgent", _("Quick responses")),
    "survey": ("clipboard-text", _("Surveys")),
    "visit": ("tool", _("Visits")),
    "appointment": ("calendar-time", _("Appointments")),
    "order": ("file-dollar", _("Sales orders")),
    "delivery": ("car", _("Deliveries")),
    "showroom": ("door-enter", _("Showroom visits")),
    "purchase": ("target-arrow", _("Opportunities")),
    "message": ("message", _("Messages")),
    "correction": ("phone-check", _("Number corrections")),
    "elsewhere": ("map-pin", _("Elsewhere")),
    "reading": ("gauge", _("Mileage")),
    "owner": ("user", _("Owners")),
}


def sources_of(thing: Customer | Vehicle) -> list[Source]:
    """Everything between a customer and us, or that happened to a car (CUS-06)."""
    name = "timeline" if isinstance(thing, Customer) else "timeline_of_car"
    told = [getattr(floor, name) for floor in FLOORS if hasattr(floor, name)]
    return [source for tell in told for source in tell(thing)]


@dataclass(frozen=True)
class Piece:
    """Some entries of a time-line, and where the next piece begins ("" after the last)."""

    entries: list[TimelineEntry]
    next: str


def piece(sources: list[Source], kinds: Collection[str], before: str, size: int) -> Piece:
    """The newest ``size`` entries of ``kinds`` (none: of all) before a place on the line."""
    chosen = [source for source in sources if not kinds or source.kind in kinds]
    found = newest(chosen, before=Place.read(before), limit=size + 1)
    more = len(found) > size
    return Piece(found[:size], str(found[size - 1].place) if more else "")


def customers_asked(user: Any, asked: dict[str, Any], today: date) -> QuerySet[Customer]:
    """The customers that a filter asks for, the newest first, with their cars."""
    rows: QuerySet[Customer] = Customer.objects.visible_to(user).filter(erased_at=None)
    rows = rows.order_by("-pk")
    if asked.get("locality"):
        rows = rows.filter(locality=asked["locality"])
    if asked.get("reachable"):
        rows = rows.filter(reachable=asked["reachable"] == "yes")
    if asked.get("due"):
        due = Vehicle.objects.filter(
            owner=OuterRef("pk"), fate=Fate.IN_USE, maintenance_opens_on__lte=today
        )
        rows = rows.filter(Exists(due))
    return rows.prefetch_related("vehicles").select_related("store")


def merges(user: Any) -> QuerySet[Merge]:
    """Which record was merged into which, the newest first (CUS-04)."""
    rows: QuerySet[Merge] = Merge.objects.visible_to(user)
    return rows.select_related("kept", "gone", "by", "undone_by").order_by("-pk")


def requests_asked(user: Any, status: str) -> QuerySet[RightsRequest]:
    """Requests about personal data: those to be settled, the nearest deadline first, or those of
    another status, the newest first (SEC-02)."""
    rows: QuerySet[RightsRequest] = RightsRequest.objects.visible_to(user)
    rows = rows.select_related("customer", "taken_by", "settled_by", "store")
    if status in (RightsStatus.DONE, RightsStatus.REFUSED):
        return rows.filter(status=status).order_by("-pk")
    return rows.filter(status=RightsStatus.OPEN).order_by("due_on", "pk")
