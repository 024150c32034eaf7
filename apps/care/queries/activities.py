"""The care activities of a store, and who takes part in them (CARE-12)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from apps.accounts.models import Store
from apps.care.activity_choices import COMING, Answer, Invited
from apps.care.choices import CallStatus
from apps.care.models import Activity, ActivityPhoto, Call, Participant
from apps.care.queries.audience import audience
from apps.care.queries.lists import OPEN
from apps.customers.choices import Purpose
from apps.customers.models import ContactNumber, Customer, Vehicle

MOST_FOUND = 10
_SIGNED_UP = Q(answer=Answer.SIGNED_UP)
# What became of the participants: each is a condition on them.
WHAT: dict[str, Q] = {
    "all": Q(),
    "called": Q(invited=Invited.CALL),
    "open": Q(answer="", attended_at=None, call__status__in=OPEN),
    "not_reached": Q(answer="", call__isnull=False) & ~Q(call__status__in=OPEN),
    "declined": Q(answer=Answer.DECLINED),
    "signed_up": _SIGNED_UP,
    "attended": Q(attended_at__isnull=False),
    "absent": _SIGNED_UP & Q(attended_at=None),
}


def activities(user: Any, store: Store | None = None, year: int | None = None) -> Any:
    """Those of the stores that one reads, or of one store and year; the latest day first."""
    rows = Activity.objects.visible_to(user).select_related(
        "store", "campaign__batch", "made_by", "evaluated_by"
    )
    if store is not None:
        rows = rows.filter(store=store)
    return rows.filter(on__year=year) if year else rows


def with_numbers(rows: Iterable[Activity]) -> list[Activity]:
    """Each with ``numbers``: of each ``WHAT``, ``places`` taken, ``guests`` there. One query."""
    activities = list(rows)
    counts: Any = {name: Count("pk", filter=what) for name, what in WHAT.items()}
    counts |= {"places": Sum("people", filter=_SIGNED_UP, default=0)}
    counts |= {"guests": Sum("people", filter=WHAT["attended"], default=0)}
    those: Any = Participant.objects.filter(activity__in=activities).order_by()
    found = {row.pop("activity"): row for row in those.values("activity").annotate(**counts)}
    for row in activities:
        row.numbers = found.get(row.pk) or dict.fromkeys(counts, 0)  # type: ignore[attr-defined]
    return activities


def participants(activity: Activity, what: str = "all", q: str = "") -> QuerySet[Participant]:
    """Those behind one number, narrowed by a piece of name, number or plate; by name."""
    rows: QuerySet[Participant] = Participant.objects.filter(WHAT.get(what, Q()), activity=activity)
    if q := q.strip():
        plates = Vehicle.objects.filter(owner=OuterRef("customer"), plate__icontains=q)
        rows = rows.filter(
            Q(customer__name__icontains=q) | Q(customer__main_phone__contains=q) | Exists(plates)
        )
    related = ("customer", "call__owner", "call__holder", "answered_by", "attended_by")
    return rows.select_related(*related).order_by("customer__name", "pk")


def to_invite(activity: Activity, filters: Mapping[str, Any], *, on: date) -> QuerySet[Customer]:
    """Whom the filter finds and who was not asked yet; with consent to marketing (CARE-29)."""
    there = Participant.objects.filter(activity=activity, customer=OuterRef("pk"))
    found = audience([activity.store_id], filters, on=on, purpose=Purpose.MARKETING)
    return found.filter(~Exists(there)).order_by("pk")


def found_for(store_id: int, q: str) -> list[Customer]:
    """Customers of the store with exactly this number, plate or name. Three small queries."""
    q = q.strip()
    if len(q) < 2:
        return []
    numbers = ContactNumber.objects.filter(store=store_id, number=q)
    cars = Vehicle.objects.filter(store=store_id, plate=q.upper(), owner__isnull=False)
    named = Customer.objects.filter(store=store_id, name_pieces__contains=[q[:2]], name=q)
    ids: list[int] = []
    for found in (
        numbers.values_list("customer", flat=True),
        cars.values_list("owner", flat=True),
        named.order_by("pk").values_list("pk", flat=True),
    ):
        ids += found[:MOST_FOUND]
    rows = Customer.objects.in_bulk(ids)
    return [rows[pk] for pk in dict.fromkeys(ids) if pk in rows][:MOST_FOUND]


def invitations_without_reason(today: date) -> QuerySet[Call]:
    """Inviting calls that wait though their activity is over or cancelled."""
    over = ~Q(participant__activity__status__in=COMING) | Q(participant__activity__on__lt=today)
    return Call.objects.filter(over, participant__isnull=False, status=CallStatus.WAITING)


def pictures_kept(among: Collection[str] | None = None) -> QuerySet[Any, Any]:
    """(name,) of each picture file that an activity speaks of, ``among`` these."""
    photos = ActivityPhoto.objects.order_by()
    if among is not None:
        photos = photos.filter(stored__in=among)
    return photos.values_list("stored")
