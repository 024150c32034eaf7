"""The store's days and hours: working days, opening, call slots (ORG-03, ORG-05). No database."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from apps.accounts.choices import DayKind, Slot

DAY = timedelta(days=1)


@cache
def _china(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days of statutory breaks, and weekend days that are worked to make up for them.

    A weekend beside a statutory holiday belongs to the break (国庆 1–7 October whole).
    """
    public = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    made_up = set(getattr(public, "weekend_workdays", ()))
    off = set(public)
    for holiday in public:
        for step in (DAY, -DAY):
            day = holiday + step
            while day.weekday() >= 5 and day not in made_up:
                off.add(day)
                day += step
    return (
        frozenset(day for day in off if day.year == year),
        frozenset(day for day in made_up if day.year == year),
    )


def holiday_name(day: date) -> str:
    """What the public calendar calls the day; empty on ordinary days."""
    return str(holidays.country_holidays("CN", years=[day.year], language="zh_CN").get(day, ""))


@dataclass(frozen=True)
class Calendar:
    """One store's days. Corrections by hand go before the public calendar.

    A *working day* is one of the public calendar (Monday to Friday without holidays, with
    make-up days). A store is also *open* on weekend duty; holidays are closed unless said
    otherwise.
    """

    opens: time = time(8, 30)
    weekend_opens: time | None = time(8, 20)
    closes: time = time(17, 30)
    corrections: dict[date, str] = field(default_factory=dict)

    def kind(self, day: date) -> DayKind:
        if day in self.corrections:
            return DayKind(self.corrections[day])
        public, made_up = _china(day.year)
        if day in made_up:
            return DayKind.WORKING
        if day in public:
            return DayKind.CLOSED
        if day.weekday() < 5:
            return DayKind.WORKING
        return DayKind.WEEKEND_DUTY if self.weekend_opens else DayKind.CLOSED

    def is_working(self, day: date) -> bool:
        return self.kind(day) == DayKind.WORKING

    def is_open(self, day: date) -> bool:
        return self.kind(day) != DayKind.CLOSED

    def opens_at(self, day: date) -> time | None:
        """When the store opens on ``day``; None when it is closed."""
        kind = self.kind(day)
        if kind == DayKind.CLOSED:
            return None
        return self.weekend_opens or self.opens if kind == DayKind.WEEKEND_DUTY else self.opens

    def working_day_after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (``day`` itself does not count)."""
        while count > 0:
            day += DAY
            count -= self.is_working(day)
        return day

    def working_time_after(self, moment: datetime, within: timedelta) -> datetime:
        """When ``within`` of working time has passed since ``moment``, both in local time.

        Working time is the opening hours of working days; weekend duty and the night do not
        count. What begins outside of it begins with the next working day. A limit that falls
        on closing time is that day's, not the next morning's.
        """
        left = within
        while True:
            day = moment.date()
            start = moment.replace(
                hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0
            )
            end = moment.replace(
                hour=self.closes.hour, minute=self.closes.minute, second=0, microsecond=0
            )
            if self.is_working(day) and moment < end:
                begins = max(moment, start)
                if left <= end - begins:
                    return begins + left
                left -= end - begins
            moment = (start + DAY).replace(hour=0, minute=0)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time passes from ``start`` to ``end``, both in local time; less than
        nought when ``end`` is the earlier one."""
        if end < start:
            return -self.working_time_between(end, start)
        passed, day = timedelta(), start.date()
        while day <= end.date():
            if self.is_working(day):
                opens = start.replace(year=day.year, month=day.month, day=day.day)
                opens = opens.replace(hour=self.opens.hour, minute=self.opens.minute)
                opens = opens.replace(second=0, microsecond=0)
                closes = opens.replace(hour=self.closes.hour, minute=self.closes.minute)
                passed += max(min(end, closes) - max(start, opens), timedelta())
            day += DAY
        return passed


@dataclass(frozen=True)
class SlotTimes:
    """The slots of a day, each [from, until)."""

    times: tuple[tuple[Slot, time, time], ...] = (
        (Slot.MORNING, time(9, 0), time(11, 30)),
        (Slot.AFTERNOON, time(13, 30), time(15, 30)),
        (Slot.LATE, time(15, 30), time(17, 30)),
    )

    def at(self, moment: datetime | time) -> Slot | None:
        """The slot at a local time; None outside all of them (then no call is offered)."""
        clock = moment.time() if isinstance(moment, datetime) else moment
        return next((slot for slot, start, end in self.times if start <= clock < end), None)
