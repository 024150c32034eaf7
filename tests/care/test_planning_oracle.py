"""Planning by SQL against a slow and plain reading of CARE-27, over archives drawn by seeds.

The oracle shares no arithmetic with the house: the chain of readings (CUS-07) is tried out over
all subsets, rates are fractions, months are added here.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import combinations
from math import ceil

import pytest
from lunardate import LunarDate

from apps.accounts.queries import calendar_of
from apps.care.actions.planning import plan
from apps.care.choices import SURVEYS
from apps.care.models import Call
from apps.care.queries.owed import OWED
from apps.customers.actions import refresh_cars
from apps.service.actions import refresh_visits
from tests.care.archive import called_before, draw, months_later, settle
from tests.factories import SHANGHAI

DAY = timedelta(days=1)
END = date(2029, 12, 31)  # after every fact
CARS = 210
# Month ends, leap days and what comes before them, a lunar month's short end, a closed day.
DAYS_OF_NOTE = (
    *(date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)),
    *(date(2027, 2, 28), date(2027, 3, 31), date(2028, 2, 28), date(2028, 2, 29)),
    *(date(2028, 3, 1), date(2026, 10, 9), date(2027, 8, 31), date(2026, 10, 1)),
)
MAINTENANCE = ("first_service", "maintenance")
TABLE = (2, 4, 6, 8, 10, *range(11, 60))  # CARE-08, and every year after


# What is known on a day


def visits_on(car, day):
    return [visit for visit in car.visits if visit.out_on <= day]


def delivered(car, day):
    return car.delivered_on if car.delivered_on and car.delivered_on <= day else None


def chain_on(car, day):
    """The accepted readings (CUS-07), tried out over all subsets of those up to the day."""
    told = {*car.readings, *((v.out_on, v.km) for v in car.visits if v.km is not None)}
    points = sorted(point for point in told if point[0] <= day)
    start = delivered(car, day) if car.sold_here else None
    older = [on for on, _km in points] + [visit.out_on for visit in visits_on(car, day)]
    must = start is not None and not any(on < start for on in older)
    if must:
        points = [(start, 0), *(point for point in points if point != (start, 0))]
    best = ()
    for size in range(len(points), 0, -1):
        lawful = [
            chosen
            for chosen in combinations(range(len(points)), size)
            if (not must or chosen[0] == 0) and can_be_driven([points[i] for i in chosen])
        ]
        if lawful:
            best = max(lawful, key=lambda chosen: chosen[::-1])
            break
    return [points[i] for i in best]


def can_be_driven(points):
    return all(
        0 <= b[1] - a[1] <= 300 * (b[0] - a[0]).days + 500
        for a, b in zip(points, points[1:], strict=False)
    )


def rate_of(chain):
    if chain:
        last = chain[-1]
        first = next(point for point in chain if point[0] >= last[0] - 365 * DAY)
        days = (last[0] - first[0]).days
        if days >= 30:
            return max(Fraction(last[1] - first[1], days), Fraction(1))
    return Fraction(40)


def reaches(chain, km):
    """The day on which the car has driven ``km``, not before the last reading."""
    on, last_km = chain[-1]
    return on + max(0, ceil((km - last_km) / rate_of(chain))) * DAY


def in_workshop(car, day):
    stays = [(visit.out_on - visit.stay * DAY, visit.out_on) for visit in car.visits]
    return any(came <= day < out for came, out in stays) or (
        car.came_on is not None and car.came_on <= day
    )


# What is owed: (kind, cycle, event_on, opens_on, due_on)


def of_service(car, day):
    sold_on = delivered(car, day) if car.sold_here else None
    maintained = [v.out_on for v in visits_on(car, day) if v.kind in MAINTENANCE]
    first_due_on = sold_on and months_later(sold_on, 3)
    if sold_on and not maintained:
        opens_on = months_later(sold_on, 2)
        if opens_on <= day <= first_due_on + 31 * DAY:
            yield "first_service", "first", first_due_on, opens_on, first_due_on
    elsewhere_on = car.elsewhere_on if car.elsewhere_on and car.elsewhere_on <= day else None
    bases = [on for on in (*maintained, sold_on, elsewhere_on) if on]
    if not bases:
        return
    base_on, chain = max(bases), chain_on(car, day)
    event_on, opens_on = due_after(base_on, chain)
    found = (day, max(day.replace(day=monthrange(day.year, day.month)[1]), day + 6 * DAY))
    if not (sold_on and not maintained and day <= first_due_on):  # not sheltered
        if opens_on <= day <= event_on:
            yield "maintenance", str(base_on), event_on, opens_on, event_on - 7 * DAY
        if event_on < day < event_on + 30 * DAY:
            yield "at_risk", str(base_on), event_on, *found
    seen_on = last_seen(car, day)
    if seen_on and day >= event_on + 30 * DAY and 90 <= (day - seen_on).days <= 360:
        status, ended_ago = car.earlier or ("", 0)
        if status != "waiting" and not (status == "reached" and ended_ago <= 90):
            yield "churn", f"{seen_on}/{day:%Y-%m}", seen_on, *found


def due_after(base_on, chain):
    """Maintenance event_on and opens_on."""
    there = [km for on, km in chain if on == base_on]

    def when(km):
        if there:
            return reaches(chain, there[-1] + km)
        return base_on + ceil(km / rate_of(chain)) * DAY

    event_on = min(months_later(base_on, 6), when(7500))
    near = max(event_on - 30 * DAY, when(7500 - 1000))
    return event_on, min(event_on - 21 * DAY, near)


def last_seen(car, day):
    out = [visit.out_on for visit in visits_on(car, day)]
    return max(out) if out else delivered(car, day) if car.sold_here else None


def of_the_years(car, day):
    delivered_on, chain = delivered(car, day), chain_on(car, day)
    if delivered_on:
        until = months_later(delivered_on, car.warranty_months or 36)
        legs = [until]
        if chain:
            legs.append(reaches(chain, car.warranty_km or 100_000))
        event_on = min(legs)
        opens_on, due_on = event_on - 45 * DAY, months_later(event_on, -1)
        if opens_on <= day <= due_on + 31 * DAY and day < event_on:  # in force
            yield "warranty", str(until), event_on, opens_on, due_on
    registered = car.registered_on if car.registered_on and car.registered_on <= day else None
    start = registered or delivered_on
    for years in TABLE if start else ():
        event_on = months_later(start, 12 * years)
        opens_on, due_on = months_later(event_on, -1), event_on - 7 * DAY
        if opens_on <= day <= due_on + 31 * DAY:
            yield "inspection", str(event_on), event_on, opens_on, due_on
    for years in range(60) if car.insured_until else ():
        event_on = months_later(car.insured_until, 12 * years)
        opens_on, due_on = months_later(event_on, -2), event_on - 30 * DAY
        if opens_on <= day <= due_on + 31 * DAY:
            yield "insurance", str(event_on), event_on, opens_on, due_on


def of_the_workshop(car, day):
    for visit in car.visits:
        closed_on = visit.closed_on
        if closed_on and closed_on + DAY <= day <= closed_on + 3 * DAY + 7 * DAY:
            dates = closed_on, closed_on + DAY, closed_on + 3 * DAY
            yield "service_follow_up", visit.number, *dates
    if car.missed_on and car.missed_on < day <= car.missed_on + 31 * DAY:
        came = any(visit.out_on >= car.missed_on for visit in visits_on(car, day))
        if not came and not car.awaited_again:
            after = car.missed_on + DAY
            yield "no_show", "missed", car.missed_on, after, after


def of_the_birthday(car, day):
    """CARE-05: whoever gave a lunar birthday is greeted on that."""
    if car.company:
        return
    if car.lunar_birthday:
        lunar, next_day = lunar_of(day), lunar_of(day + DAY)
        month, of_month = divmod(car.lunar_birthday, 100)
        is_last = next_day.day == 1
        here = lunar.day == of_month or (of_month == 30 and lunar.day == 29 and is_last)
        if here and lunar.month == month and not lunar.is_leap_month:
            yield "birthday", str(lunar.year), day, day, day
    elif car.birthday:
        month, of_month = car.birthday.month, car.birthday.day
        on = date(day.year, month, min(of_month, monthrange(day.year, month)[1]))
        if on == day:
            yield "birthday", str(day.year), day, day, day


def lunar_of(day):
    return LunarDate.from_solar_date(day.year, day.month, day.day)


def by_hand(archive, day, is_open):
    calls = []
    for number, car in enumerate(archive):
        if not car.has_owner or car.refuses or car.fate != "in_use":
            continue
        owed = list(of_the_birthday(car, day)) if is_open else []
        if not in_workshop(car, day):
            owed += [*of_service(car, day), *of_the_years(car, day), *of_the_workshop(car, day)]
        calls += [(number, *call) for call in owed if not car.has(call[0])]
    return sorted(calls)


# The database


def by_sql(archive, day, store, by):
    rows = settle(store, archive, day, by)
    Call.objects.bulk_create(
        called_before(row, seen_on, day, *car.earlier)
        for car, row in zip(archive, rows, strict=True)
        if car.earlier and row.owner_id and (seen_on := last_seen(car, day))
    )
    refresh_visits([row.pk for row in rows], on=END)
    refresh_cars([row.pk for row in rows], on=END)
    before = set(Call.objects.values_list("pk", flat=True))
    plan(on=day, stores=[store], now=datetime.combine(day, time(9), SHANGHAI))
    number_of = {row.pk: number for number, row in enumerate(rows)}
    owned = {row.owner_id: number for number, row in enumerate(rows) if row.owner_id}
    return sorted(
        (
            number_of[call.vehicle_id] if call.vehicle_id else owned[call.customer_id],
            call.kind,
            "missed" if call.kind == "no_show" else call.cycle,
            *(call.event_on, call.opens_on, call.due_on),
        )
        for call in Call.objects.exclude(pk__in=before)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "day"), enumerate(DAYS_OF_NOTE))
def test_what_sql_plans_is_what_the_table_of_care_27_says(store, specialist, seed, day):
    archive = draw(seed, day, CARS)

    planned = by_sql(archive, day, store, specialist)

    assert planned == by_hand(archive, day, calendar_of(store).is_open(day))


def test_the_archives_are_large_and_owe_calls_of_every_kind():
    found = {}
    for seed, day in enumerate(DAYS_OF_NOTE):
        archive = draw(seed, day, CARS)
        for visit in (visit for car in archive for visit in car.visits):
            visit.number = "R"
        for call in by_hand(archive, day, is_open=True):
            found[call[1]] = found.get(call[1], 0) + 1

    assert len(DAYS_OF_NOTE) * CARS >= 2_000
    assert set(found) == {kind.value for kind in OWED} - set(SURVEYS)  # see test_survey_oracle
    assert min(found.values()) >= 30, found
