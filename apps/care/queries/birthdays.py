"""Whose birthday is kept on a day (CARE-05)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from lunardate import LunarDate

from apps.care.choices import CallKind
from apps.customers.choices import CustomerKind, Fate
from apps.customers.models import Customer, StopContact, Vehicle


def birthday_keys(day: date) -> tuple[list[int], list[int], int]:
    """Which birthdays are kept on ``day``: month × 100 + day, solar and lunar; the lunar year.

    29 February on the 28th of common years. Lunar day 30 on the 29th of a short month; whoever
    is born in a leap month keeps the plain one, so a leap month has no birthdays (CARE-05).
    """
    solar = [day.month * 100 + day.day]
    tomorrow = day + timedelta(days=1)
    if (day.month, day.day) == (2, 28) and tomorrow.month == 3:
        solar.append(229)
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    if lunar.is_leap_month:
        return solar, [], lunar.year
    keys = [lunar.month * 100 + lunar.day]
    if lunar.day == 29:
        following = LunarDate.from_solar_date(tomorrow.year, tomorrow.month, tomorrow.day)
        if following.day == 1:
            keys.append(lunar.month * 100 + 30)
    return solar, keys, lunar.year


def birthdays_on(day: date) -> Any:
    """Persons with a car in use whose birthday is kept on ``day`` and who may be greeted (CARE-05).

    Whoever gave a lunar birthday is greeted on that. Open days and closed ones alike.
    """
    solar, lunar, _year = birthday_keys(day)
    return _greeted(solar, lunar)


def birthdays_by_day(store: Any, days: Iterable[date]) -> Counter[date]:
    """How many of a store are greeted on each of these days. One query."""
    by_sun: dict[int, list[date]] = defaultdict(list)
    by_moon: dict[int, list[date]] = defaultdict(list)
    for day in days:
        solar, lunar, _year = birthday_keys(day)
        for keys, found in ((solar, by_sun), (lunar, by_moon)):
            for key in keys:
                found[key].append(day)
    people = _greeted(list(by_sun), list(by_moon)).filter(store=store).order_by()
    counted: Counter[date] = Counter()
    groups = people.values_list("birth_mmdd", "lunar_birth_mmdd").annotate(n=Count("pk"))
    for sun, moon, n in groups:
        for day in by_sun[sun] if moon is None else by_moon[moon]:
            counted[day] += n
    return counted


def _greeted(solar: list[int], lunar: list[int]) -> Any:
    person = Q(kind=CustomerKind.PERSON)
    in_use = Vehicle.objects.filter(owner=OuterRef("pk"), fate=Fate.IN_USE)
    stopped = StopContact.objects.filter(
        ended_at=None, kind=CallKind.BIRTHDAY, customer=OuterRef("pk")
    )
    by_sun = person & Q(birthday__isnull=False, birth_mmdd__in=solar, lunar_birth_mmdd=None)
    by_moon = person & Q(lunar_birth_mmdd__isnull=False, lunar_birth_mmdd__in=lunar)
    return (
        Customer.objects.filter(by_sun | by_moon if lunar else by_sun, refuses_service=False)
        .filter(Exists(in_use))
        .filter(~Exists(stopped))
    )
