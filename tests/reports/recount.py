"""The figures of a month counted by hand, from DOMAIN's words (REP-01…05, 08, 10, DEL-06, SSI-07).

Of plain values (``archive``), by loops: nothing here comes from the code that is tested.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from tests.factories import SHANGHAI
from tests.reports.archive import NEVER_OWED, Archive, Car, months_later

DAY = timedelta(days=1)


@dataclass
class Recounted:
    hits: set[int]
    whole: set[int]
    value: Decimal | None
    is_final: bool


def recount(it: Archive) -> dict[str, Recounted]:
    over = it.today > it.last
    found = {
        "first_return": (*_first_return(it), it.today > it.last + 31 * DAY),
        "maintenance_return": (*_maintenance_return(it), it.today > it.last + 30 * DAY),
        "first_reminded": (*_reminded(it, "first_service"), over),
        "maintenance_reminded": (*_reminded(it, "maintenance"), over),
        "appointments": (*_appointments(it), over),
        "show_up": (*_show_up(it), over),
        "churn": (*_churn(it), over),
        "insurance": (*_along(it, lambda sold: sold.insurance > 0), over),
        "loans": (*_along(it, lambda sold: sold.loan in ("approved", "paid_out")), over),
        "accessories": (*_along(it, lambda sold: sold.accessories > 0), over),
        "dsm_in_time": (*_dsm(it), over),
    }
    counted = {
        name: Recounted(hits, whole, _per_cent(len(hits), len(whole)), is_final)
        for name, (hits, whole, is_final) in found.items()
    }
    answered = _answered(it)
    rows = {one.pk for one in answered}
    scores = [Fraction(one.score) for one in answered]
    mean = half_up(sum(scores) / len(scores)) if scores else None
    return counted | {"ssi": Recounted(rows, rows, mean, over)}


def half_up(value: Fraction) -> Decimal:
    return Decimal(floor(value * 100 + Fraction(1, 2))) / 100


def _per_cent(n: int, of: int) -> Decimal | None:
    """100 only when it is all of them."""
    if not of:
        return None
    share = half_up(Fraction(100 * n, of))
    return min(share, Decimal("99.99")) if n < of else share


def _within(it: Archive, day: Any) -> bool:
    return bool(it.first <= day <= it.last)


def _may_be_called(car: Car, kind: str) -> bool:
    """CARE-29: rates count only who may be contacted."""
    return car.here and car.owner and not car.refuses and car.stop != kind


def _first_return(it: Archive) -> tuple[set[int], set[int]]:
    """Cars sold here whose first-service time (3 months after delivery) ended in the month; that
    had it here not later than 31 days after it."""
    hits, whole = set(), set()
    for car in it.cars:
        if not (car.sold_here and car.delivered_on and _may_be_called(car, "first_service")):
            continue
        due = months_later(car.delivered_on, 3)
        if _within(it, due):
            whole.add(car.pk)
            if any(day <= due + 31 * DAY for day in car.maintained):
                hits.add(car.pk)
    return hits, whole


def _maintenance_return(it: Archive) -> tuple[set[int], set[int]]:
    """Cycles of the month that ended by a maintenance visit here from 30 days before to 30 days
    after event_on. One that had ended before that was not due in the month at all."""
    hits, whole = set(), set()
    for cycle in it.cycles:
        early, late = cycle.event_on - 30 * DAY, cycle.event_on + 30 * DAY
        gone = cycle.ended_on is not None and cycle.ended_on < early
        if _within(it, cycle.event_on) and _may_be_called(cycle.car, "maintenance") and not gone:
            whole.add(cycle.pk)
            if cycle.ended_on is not None and cycle.ended_on <= late:
                hits.add(cycle.pk)
    return hits, whole


def _reminded(it: Archive, kind: str) -> tuple[set[int], set[int]]:
    """Calls of the kind due in the month, not made up, that were reached, or got the fallback
    after three lawful attempts, not later than due_on."""
    hits, whole = set(), set()
    for call in it.calls:
        if not call.here or call.kind != kind or call.made_up or not _within(it, call.due_on):
            continue
        ended_on = call.ended_at.astimezone(SHANGHAI).date() if call.ended_at else None
        if call.status == "withdrawn" and (
            call.why in NEVER_OWED or (call.came_on or ended_on) <= call.due_on
        ):
            continue  # it was not to be made any more
        whole.add(call.pk)
        told = call.status == "reached" or (
            call.status == "failed"
            and call.why == "three_attempts"
            and call.attempts == 3
            and call.message in ("queued", "sending", "sent", "unknown")
        )
        if told and ended_on is not None and ended_on <= call.due_on:
            hits.add(call.pk)
    return hits, whole


def _appointments(it: Archive) -> tuple[set[int], set[int]]:
    """Repair orders of the month opened from an appointment, over all."""
    whole = [one for one in it.opened if one.here and one.made_here and _within(it, one.in_on)]
    return {one.pk for one in whole if one.booked}, {one.pk for one in whole}


def _show_up(it: Archive) -> tuple[set[int], set[int]]:
    """Of the appointments of the month that were not cancelled and whose day is over, or whose
    customer is known to have come or not."""
    whole = [
        one
        for one in it.booked
        if one.here
        and _within(it, one.on)
        and one.status != "cancelled"
        and (one.on < it.today or one.status in ("arrived", "no_show"))
    ]
    return {one.pk for one in whole if one.status == "arrived"}, {one.pk for one in whole}


def _churn(it: Archive) -> tuple[set[int], set[int]]:
    """Last visit 90 to 360 days back and maintenance overdue by 30 days or more, at month end;
    over the cars whose last visit lies within 360 days. Without one the delivery here counts."""
    on = min(it.last, it.today)
    hits, whole = set(), set()
    for car in it.cars:
        if not _may_be_called(car, "churn") or car.fate != "in_use":
            continue
        if car.delivered_on and car.delivered_on > on:
            continue
        seen = [day for _kind, day in car.visits if day and day <= on]
        if not seen and car.sold_here and car.delivered_on:
            seen = [car.delivered_on]
        if not seen or (on - max(seen)).days > 360:
            continue
        whole.add(car.pk)
        due = [cycle for cycle in it.cycles if cycle.car is car and cycle.base_on <= on]
        overdue = due and (on - max(due, key=lambda cycle: cycle.base_on).event_on).days >= 30
        if overdue and (on - max(seen)).days >= 90:
            hits.add(car.pk)
    return hits, whole


def _along(it: Archive, has: Any) -> tuple[set[int], set[int]]:
    """Sold cars with it, over all sold in the month."""
    whole = [
        one
        for one in it.sold
        if one.here
        and one.status == "delivered"
        and _within(it, one.delivered_at.astimezone(SHANGHAI).date())
    ]
    return {one.pk for one in whole if has(one)}, {one.pk for one in whole}


def _dsm(it: Archive) -> tuple[set[int], set[int]]:
    """Records whose limit lies in the month: complete within it; over these and those at fault:
    late, not complete though the limit has passed, or accepted with something missing."""
    hits, whole = set(), set()
    for one in it.records:
        if not one.here or not _within(it, one.due_at.astimezone(SHANGHAI).date()):
            continue
        in_time = one.entered_at is not None and one.entered_at <= one.due_at
        if in_time and not one.accepted:
            hits.add(one.pk)
            whole.add(one.pk)
        elif it.now > one.due_at:
            whole.add(one.pk)
    return hits, whole


def _answered(it: Archive) -> list[Any]:
    """The month's finished answers with a score to the latest survey of buyers among them."""
    rows = [
        one
        for one in it.answered
        if one.here and one.on and _within(it, one.on) and one.score is not None
    ]
    for model in ("new", "old"):
        if found := [one for one in rows if one.model == model]:
            return found
    return []
