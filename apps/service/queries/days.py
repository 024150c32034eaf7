"""The workshop's days as the rules want them: hours, bays, technicians, what is taken (SVC-02)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.calendar import DAY, Calendar
from apps.accounts.models import Store
from apps.core.prepared import prepared
from apps.service import policy
from apps.service.choices import AWAITED, HOLDING, IN_HOUSE, LineState
from apps.service.models import Capacity, Part, PartSupply, RepairPart
from apps.service.models.appointment import AppointmentPart

KEPT_FOR = (LineState.PROPOSED, LineState.APPROVED)  # a line of these keeps its pieces


def minute(at: datetime | time) -> int:
    """The local time of day in minutes since midnight."""
    clock = timezone.localtime(at) if isinstance(at, datetime) else at
    return clock.hour * 60 + clock.minute


def moment(on: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min)) + timedelta(minutes=minutes)


def days_between(
    store: Store, first: date, last: date, *, without: int | None = None
) -> list[policy.Day]:
    """The open days from ``first`` to ``last``. One query, however many days.

    ``without``: an appointment that is to be moved, so its own time counts as free.
    """
    return Frame(store, first, last, without=without).days(first, last)


# One statement: a booking reads all this while others wait for the day (SVC-02).
FRAME = """
    SELECT (SELECT json_agg(json_build_array(id, name, skills) ORDER BY place, id)
              FROM service_bay WHERE store_id = %(store)s AND active),
           (SELECT json_agg(json_build_array(one.id, user_id, coalesce(nullif(name, ''), username),
                                             skills, works_from, works_until) ORDER BY one.id)
              FROM service_technician AS one JOIN accounts_user AS person ON person.id = user_id
             WHERE one.store_id = %(store)s AND active AND is_active),
           (SELECT json_agg(json_build_array(bay_id, "on", reason))
              FROM service_bayclosure WHERE {of_days}),
           (SELECT json_agg(json_build_array("on", opens_at, closes_at, closed, labour_hours,
                                             reason))
              FROM service_serviceday WHERE {of_days}),
           (SELECT json_agg(json_build_array("on", kind))
              FROM accounts_calendarday WHERE {of_days}),
           (SELECT json_agg(json_build_array(user_id, "on", on_duty))
              FROM accounts_dutyday WHERE {of_days}),
           (SELECT json_agg(json_build_array(effective_from, slot_minutes, labour_hours,
                                             book_ahead_days) ORDER BY effective_from DESC)
              FROM service_capacity WHERE store_id = %(store)s),
           (SELECT json_agg(json_build_array("on",
                       extract(epoch FROM starts_at AT TIME ZONE 'Asia/Shanghai' - "on")::int / 60,
                       extract(epoch FROM ends_at AT TIME ZONE 'Asia/Shanghai' - "on")::int / 60,
                       bay_id, technician_id, vehicle_id, status))
              FROM service_appointment
             WHERE {of_days} AND status = ANY(%(holding)s) AND id IS DISTINCT FROM %(without)s)
""".format(of_days='store_id = %(store)s AND "on" BETWEEN %(first)s AND %(last)s')


class BayRow(NamedTuple):
    pk: int
    name: str
    skills: list[str]


class TechnicianRow(NamedTuple):
    pk: int
    user: int
    name: str
    skills: list[str]
    works_from: time
    works_until: time


class Frame:
    """What the rows say of some days of one store's workshop: hours, bays, people, closures, and
    what is taken. One query.

    ``hold``: statements that lock first what is read, on the same way to the database.
    """

    def __init__(
        self,
        store: Store,
        first: date,
        last: date,
        *,
        without: int | None = None,
        hold: tuple[str, dict[str, Any]] = ("", {}),
    ) -> None:
        asked: dict[str, Any] = {"store": store.pk, "first": first, "last": last}
        asked |= hold[1] | {"without": without, "holding": list(HOLDING)}
        with connection.cursor() as cursor:
            cursor.execute(hold[0] + prepared(FRAME), asked)
            bays, people, shut, special, corrections, roster, numbers, taken = (
                rows or [] for rows in cursor.fetchone()
            )
        self.store = store
        self.calendar = Calendar(
            opens=store.opens_at,
            weekend_opens=store.weekend_opens_at,
            closes=store.closes_at,
            corrections={_day(on): kind for on, kind in corrections},
        )
        self.bays = [BayRow(*row) for row in bays]
        self.technicians = [
            TechnicianRow(pk, user, name, skills, _clock(start), _clock(end))
            for pk, user, name, skills, start, end in people
        ]
        self.shut = {(bay, _day(on)): reason for bay, on, reason in shut}
        self.special = {_day(on): rest for on, *rest in special}
        self.roster = {(user, _day(on)): on_duty for user, on, on_duty in roster}
        self.numbers = [(_day(on), *rest) for on, *rest in numbers]
        self.taken: dict[date, list[policy.Taken]] = defaultdict(list)
        self.awaited: dict[tuple[int, date], int] = {}  # car and day → when it is to come
        for text, start, end, bay, technician, vehicle, status in taken:
            on = _day(text)
            self.taken[on].append(policy.Taken(start, end, bay, technician))
            if status in AWAITED:
                self.awaited[vehicle, on] = start

    def hours(self, on: date) -> tuple[int, int] | None:
        """From which minute until which the workshop is open; None: closed."""
        opens, closes, closed, *_rest = self.special.get(on) or (None, None, False)
        opens_at = _clock(opens) if opens else self.calendar.opens_at(on)
        closes_at = _clock(closes) if closes else self.store.closes_at
        if closed or opens_at is None or opens_at >= closes_at:
            return None
        return minute(opens_at), minute(closes_at)

    def in_force(self, on: date) -> tuple[int, int | None, int]:
        """Slot length in minutes, labour hours and days that can be booked ahead."""
        row = next((rest for since, *rest in self.numbers if since <= on), None)
        return tuple(row) if row else (Capacity().slot_minutes, None, Capacity().book_ahead_days)

    def bookable_until(self, today: date) -> date:
        """The last day that can be booked (SVC-02)."""
        return today + DAY * self.in_force(today)[2]

    def works(self, one: TechnicianRow, on: date) -> bool:
        said = self.roster.get((one.user, on))
        return self.calendar.is_working(on) if said is None else bool(said)

    def days(self, first: date, last: date) -> list[policy.Day]:
        """Those that are open."""
        days = (self.day(first + DAY * n) for n in range((last - first).days + 1))
        return [day for day in days if day is not None]

    def day(self, on: date) -> policy.Day | None:
        """None when the workshop is closed."""
        hours = self.hours(on)
        if hours is None:
            return None
        opens, closes = hours
        step, labour, _ahead = self.in_force(on)
        usual = self.calendar.is_working(on)
        if on in self.special and self.special[on][3] is not None:
            labour = self.special[on][3]
        return policy.Day(
            on=on,
            opens=opens,
            closes=closes,
            step=step,
            labour=None if labour is None else labour * 60,
            bays=tuple(
                policy.Resource(bay.pk, frozenset(bay.skills), opens, closes)
                for bay in self.bays
                if (bay.pk, on) not in self.shut
            ),
            technicians=tuple(
                policy.Resource(
                    one.pk,
                    frozenset(one.skills),
                    max(opens, minute(one.works_from)),
                    min(closes, minute(one.works_until)),
                )
                for one in self.technicians
                if self.roster.get((one.user, on), usual)
            ),
            taken=tuple(self.taken[on]),
        )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def book_ahead_until(store: Store, today: date) -> date:
    """The last day that can be booked (SVC-02)."""
    numbers = Capacity.objects.in_force(store, today) or Capacity()
    return today + DAY * int(numbers.book_ahead_days)


def free_times(
    store: Store,
    job: policy.Job,
    now: datetime,
    *,
    days: int = 14,
    most: int = 200,
    earliest: date | None = None,
    without: int | None = None,
) -> list[policy.Slot]:
    """The next free times, nearest first: of ``days`` days from ``earliest`` (today)."""
    today = timezone.localdate(now)
    first = max(today, earliest or today)
    last = first + DAY * (days - 1)
    frame = Frame(store, first, last, without=without)
    found = (
        slot
        for day in frame.days(first, min(last, frame.bookable_until(today)))
        for slot in policy.free_slots(day, job, minute(now) + 1 if day.on == today else 0)
    )
    return list(islice(found, most))


def kept(today: date) -> QuerySet[AppointmentPart]:
    """The pieces that lie there for who is to come; from the order on they lie there for it.

    Not after the day of the appointment: whoever came and went without an order took none.
    """
    return AppointmentPart.objects.filter(
        appointment__status__in=HOLDING, appointment__on__gte=today, appointment__orders=None
    )


def kept_in_house() -> QuerySet[RepairPart]:
    """The pieces that lie there for a car in the workshop, until they are issued."""
    return RepairPart.objects.filter(state__in=KEPT_FOR, issued_at=None, order__status__in=IN_HOUSE)


def expected() -> QuerySet[PartSupply]:
    """What is on its way."""
    return PartSupply.objects.filter(arrived_on=None, cancelled=False)


def parts_state(
    parts: Iterable[Part], today: date, *, without: int | None = None
) -> tuple[dict[int, int], dict[int, list[tuple[date, int]]]]:
    """(pieces in stock, what is expected and reserved) by part, as ``policy`` takes it.

    Three queries. ``without``: an appointment whose own reservations do not count.
    """
    stock = {part.pk: part.stock for part in parts}
    moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
    coming = expected().filter(part__in=stock)
    for part, on, pieces in coming.values_list("part", "expected_on", "quantity"):
        moves[part].append((on, pieces))
    booked = kept(today).filter(part__in=stock).exclude(appointment=without)
    for part, on, pieces in booked.values_list("part", "appointment__on", "quantity"):
        moves[part].append((on, -pieces))
    in_house = kept_in_house().filter(part__in=stock)
    for part, pieces in in_house.values_list("part", "quantity"):
        moves[part].append((date.min, -pieces))  # held now, whatever the day
    return stock, moves
