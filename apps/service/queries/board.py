"""The board of the workshop: some days by bay and by technician (SVC-03), and the screen in
reception."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.customers.choices import CustomerKind, Gender
from apps.customers.models import Customer
from apps.customers.naming import surname
from apps.service.choices import AWAITED, HOLDING, AppointmentStatus, RepairKind
from apps.service.models import Appointment, AppointmentWork
from apps.service.queries.appointments import Offered
from apps.service.queries.days import Frame, minute

ON_BOARD = (*HOLDING, AppointmentStatus.NO_SHOW)
ON_WALL = 40  # cars that one screen can show
Shut = tuple[str, date, int, int, str]  # bay or technician ("b1", "t2"), day, from, until, why


def board(store: Store, days: Sequence[date]) -> dict[str, Any]:
    """What the board of these days shows, as plain values. Two queries, however many rows.

    Times are the store's, without a zone. Bays are ``b<pk>``, technicians ``t<pk>``.
    """
    frame = Frame(store, days[0], days[-1])
    events = list(_events(store, days))
    opens, closes = _span(frame, days, events)
    states = {value: str(label) for value, label in AppointmentStatus.choices}
    kinds = {value: str(label) for value, label in RepairKind.choices}
    return {
        "closed": not any(frame.hours(day) for day in days),
        "from": _clock(opens),
        "until": _clock(closes),
        "bays": _titles("b", [(bay.pk, bay.name) for bay in frame.bays], events, "bay"),
        "technicians": _titles(
            "t", [(one.pk, one.name) for one in frame.technicians], events, "technician"
        ),
        "shut": [
            {"who": who, "start": _at(on, start), "end": _at(on, end), "why": why}
            for who, on, start, end, why in _shut(frame, days, opens, closes)
        ],
        "events": [_told(event, states, kinds) for event in events],
    }


NAMES = ("pk", "version", "status", "kind", "on", "starts_at", "ends_at", "symptoms")


def _events(store: Store, days: Sequence[date]) -> Iterable[dict[str, Any]]:
    work = AppointmentWork.objects.filter(appointment=OuterRef("pk")).order_by("pk")
    rows = Appointment.objects.filter(store=store, on__range=(days[0], days[-1]))
    return (
        rows.filter(status__in=ON_BOARD)
        .order_by("starts_at", "pk")
        .values(
            *NAMES,
            "bay_id",
            "technician_id",
            "customer__name",
            "vehicle__plate",
            "vehicle__vin",
            "vehicle__model",
            "advisor__name",
            bay_name=F("bay__name"),
            technician_name=F("technician__user__name"),
            lines=ArraySubquery(work.values("name")),
        )
    )


def _told(row: dict[str, Any], states: dict[str, str], kinds: dict[str, str]) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "version": row["version"],
        "start": _naive(row["starts_at"]),
        "end": _naive(row["ends_at"]),
        "who": [f"b{row['bay_id']}", f"t{row['technician_id']}"],
        "status": row["status"],
        "state": states[row["status"]],
        "holding": row["status"] in HOLDING,
        "customer": row["customer__name"],
        "car": row["vehicle__plate"] or row["vehicle__vin"],
        "model": row["vehicle__model"],
        "work": "、".join(row["lines"]) or kinds[row["kind"]],
        "symptoms": row["symptoms"][:80],
        "advisor": row["advisor__name"] or "",
        "bay": row["bay_name"],
        "technician": row["technician_name"],
    }


def _titles(
    letter: str, rows: list[tuple[int, str]], events: list[dict[str, Any]], column: str
) -> list[dict[str, str]]:
    """Who has a line: those in use, then those that are not and have something all the same."""
    names = dict(rows)
    for event in events:
        names.setdefault(event[f"{column}_id"], event[f"{column}_name"])
    return [{"id": f"{letter}{pk}", "title": name} for pk, name in names.items()]


def _span(frame: Frame, days: Sequence[date], events: list[dict[str, Any]]) -> tuple[int, int]:
    """From which minute until which the days are drawn: whole hours around what is open and
    booked."""
    hours = [hours for day in days if (hours := frame.hours(day))]
    hours += [(minute(one["starts_at"]), minute(one["ends_at"])) for one in events]
    hours = hours or [(minute(frame.store.opens_at), minute(frame.store.closes_at))]
    first, last = min(start for start, _ in hours), max(end for _, end in hours)
    return first // 60 * 60, -(-last // 60) * 60


def _shut(frame: Frame, days: Sequence[date], opens: int, closes: int) -> Iterator[Shut]:
    """When what cannot be booked. ``who`` is empty: the whole workshop."""
    for day in days:
        hours = frame.hours(day)
        if hours is None:
            reason = frame.special[day][-1] if day in frame.special else ""
            yield "", day, opens, closes, reason or _("closed")
            continue
        if hours[0] > opens:
            yield "", day, opens, hours[0], ""
        if hours[1] < closes:
            yield "", day, hours[1], closes, ""
        for bay in frame.bays:
            if (bay.pk, day) in frame.shut:
                yield f"b{bay.pk}", day, *hours, frame.shut[bay.pk, day]
        for one in frame.technicians:
            start, end = minute(one.works_from), minute(one.works_until)
            if not frame.works(one, day):
                yield f"t{one.pk}", day, *hours, _("off duty")
                continue
            if start > hours[0]:
                yield f"t{one.pk}", day, hours[0], start, ""
            if end < hours[1]:
                yield f"t{one.pk}", day, end, hours[1], ""


def _naive(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _at(on: date, minutes: int) -> str:
    return f"{on}T{_clock(minutes)}"


def nearest(offered: Offered, wanted: datetime, most: int = 4) -> list[datetime]:
    """Of the times that can be promised those nearest to the one that was wanted."""
    times = [at for _day, found in offered.days for at in found]
    return sorted(sorted(times, key=lambda at: abs(at - wanted))[:most])


@dataclass(frozen=True)
class OnWall:
    """An appointment as everybody in reception may read it: plate and surname only (SVC-03)."""

    starts_at: datetime
    plate: str
    name: str
    bay: str
    status: str
    state: str


def on_wall(store: Store, now: datetime) -> tuple[list[OnWall], int]:
    """Today's appointments that are not over, by time, and how many more there are than fit.

    Over is what has ended, unless the car is awaited still. One query.
    """
    rows = Appointment.objects.filter(store=store, on=timezone.localdate(now))
    rows = rows.filter(Q(status__in=AWAITED) | Q(status__in=HOLDING, ends_at__gt=now))
    found = list(rows.select_related("customer", "vehicle", "bay").order_by("starts_at", "pk"))
    shown = [
        OnWall(
            starts_at=row.starts_at,
            plate=spaced(row.vehicle.plate),
            name=_address(row.customer),
            bay=str(row.bay),
            status=row.status,
            state=row.get_status_display(),
        )
        for row in found[:ON_WALL]
    ]
    return shown, len(found) - len(shown)


def spaced(plate: str) -> str:
    """沪A·12345, as it stands on the car; a car without a plate shows nothing."""
    return f"{plate[:2]}·{plate[2:]}" if len(plate) > 2 else plate


def _address(customer: Customer) -> str:
    """王先生; companies are not named."""
    name = surname(customer.name) if customer.kind == CustomerKind.PERSON else ""
    if not name:
        return ""
    if customer.gender == Gender.MALE:
        return _("Mr %(name)s") % {"name": name}
    if customer.gender == Gender.FEMALE:
        return _("Ms %(name)s") % {"name": name}
    return _("Mr/Ms %(name)s") % {"name": name}
