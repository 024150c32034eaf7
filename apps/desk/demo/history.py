"""The life of one car: hand-over, visits, mileage, and when it stopped coming."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

from apps.accounts.calendar import Calendar
from apps.core.dates import add_months

DAY = timedelta(days=1)
FIRST_KM, EVERY_KM = 5000, 7500  # the schedule that a new store starts with
SHOPS = (
    ("途虎养车", "浦东川沙店"),
    ("天猫养车", "张江店"),
    ("京东养车", "周浦店"),
    ("演示汽修厂", "南汇"),
    ("小区门口快修店", "三林"),
)
ADVISORS = ("演示服务顾问甲", "演示服务顾问乙", "演示服务顾问丙")
CONSULTANTS = ("演示销售顾问甲", "演示销售顾问乙", "演示销售顾问丙", "演示销售顾问丁")


@dataclass(slots=True)
class Visit:
    """One stay in the workshop; ``out_on`` None: the car is in it now."""

    kind: str
    in_on: date
    out_on: date | None
    km: int
    amount: float
    written_km: int  # what was typed in: sometimes with a slipped digit


@dataclass(slots=True)
class Elsewhere:
    """Maintenance in another shop, told on the telephone on ``told_on``."""

    on: date
    km: int
    shop: str
    place: str
    cost: int
    told_on: date


@dataclass(slots=True)
class Cycle:
    """A maintenance that was due and how it went: what care was there for."""

    kind: str  # first_service, maintenance
    base_on: date
    event_on: date
    visit: Visit | None = None
    elsewhere: Elsewhere | None = None


@dataclass(slots=True)
class Life:
    sold_here: bool
    delivered_on: date | None
    registered_on: date
    km_a_day: float
    fate: str = "in_use"
    visits: list[Visit] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)


def live(rnd: Random, today: date, dear: float, spare: bool) -> Life:
    """A car's life up to ``today``. ``spare``: somebody's second car, driven less."""
    sold_here = rnd.random() < 0.8
    age = int(1080 * rnd.random() ** 1.3) if sold_here else rnd.randint(200, 2200)
    start = _open_day(today - DAY * age)
    life = Life(
        sold_here=sold_here,
        delivered_on=start if sold_here else None,
        registered_on=min(start + DAY * rnd.randint(1, 9), today),
        km_a_day=min(130.0, max(6.0, rnd.lognormvariate(3.55, 0.42))) * (0.6 if spare else 1.0),
    )
    _drive(rnd, life, start, today, dear)
    if life.visits and rnd.random() < 0.012:
        life.fate = "sold_on" if rnd.random() < 0.85 else "scrapped"
    return life


@cache
def _open_day(day: date) -> date:
    """``day``, or the day before it on which the store was open."""
    calendar = Calendar()
    while not calendar.is_open(day):
        day -= DAY
    return day


def _drive(rnd: Random, life: Life, start: date, today: date, dear: float) -> None:
    """From one maintenance to the next, with repairs between, until today or churned."""
    leaves = rnd.choices((0, 1, 2, 4, 99), (6, 9, 9, 9, 67))[0]  # after so many maintenances
    late = rnd.choices((0, 18, 45), (70, 20, 10))[0]  # the usual delay in days
    strays = rnd.random() < 0.12  # sometimes has it done elsewhere
    if life.sold_here:
        base, done = start, 0
    else:  # comes for the first time, with a used car
        base = max(start, today - DAY * rnd.randint(20, 700))
        done = 1
        _visit(rnd, life, "maintenance", start, base, today, dear)
    while done < leaves:
        first = life.sold_here and done == 0
        event_on = _event_on(base, first, life.km_a_day)
        come = _open_day(event_on + DAY * round(rnd.gauss(late - 6, 9)))
        come = max(come, base + DAY * 25)
        if rnd.random() < 0.16 and base + DAY * 12 < come:
            between = _open_day(base + DAY * rnd.randint(8, (come - base).days - 2))
            kind = rnd.choices(("repair", "accident", "other"), (7, 2, 1))[0]
            _visit(rnd, life, kind, start, between, today, dear)
        if come > today:
            return
        cycle = Cycle("first_service" if first else "maintenance", base, event_on)
        if strays and not first and rnd.random() < 0.5 and come + DAY * 20 < today:
            cycle.elsewhere = _goes_elsewhere(rnd, life, start, come, today)
        else:
            cycle.visit = _visit(rnd, life, cycle.kind, start, come, today, dear)
        life.cycles.append(cycle)
        base, done = come, done + 1


def _event_on(base: date, first: bool, km_a_day: float) -> date:
    if first:
        return min(add_months(base, 3), base + DAY * round(FIRST_KM / km_a_day))
    return min(add_months(base, 6), base + DAY * round(EVERY_KM / km_a_day))


def _km(rnd: Random, life: Life, start: date, on: date) -> int:
    """The odometer on a day; never less than at the visit before."""
    km = round((on - start).days * life.km_a_day * rnd.uniform(0.97, 1.03))
    known = [visit.km for visit in life.visits if visit.in_on <= on]
    known += [service.km for service in life.elsewhere if service.on <= on]
    return max([km, *(before + 1 for before in known)])


def _visit(
    rnd: Random, life: Life, kind: str, start: date, on: date, today: date, dear: float
) -> Visit | None:
    if on > today:
        return None
    km = _km(rnd, life, start, on)
    stay = 0 if kind in ("first_service", "maintenance") else rnd.choice((0, 0, 1, 2, 4))
    out_on: date | None = on + DAY * stay
    if out_on is not None and (out_on > today or (on == today and rnd.random() < 0.5)):
        out_on = None
    bill = {
        "first_service": rnd.choice((0.0, 0.0, 198.0, 298.0)),
        "maintenance": rnd.uniform(420, 1500) * dear,
        "repair": rnd.uniform(150, 4800) * dear,
        "accident": rnd.uniform(1200, 16_000) * dear,
        "other": rnd.uniform(50, 900),
    }[kind]
    written = km
    if rnd.random() < 0.007:  # a digit typed twice, or one forgotten
        written = km * 10 if rnd.random() < 0.6 else km // 10
    visit = Visit(kind, on, out_on, km, round(bill, 2), written)
    life.visits.append(visit)
    return visit


def _goes_elsewhere(rnd: Random, life: Life, start: date, on: date, today: date) -> Elsewhere:
    shop, place = rnd.choice(SHOPS)
    told_on = _open_day(min(on + DAY * rnd.randint(8, 60), today - DAY))
    cost = rnd.randrange(180, 820, 10)
    elsewhere = Elsewhere(on, _km(rnd, life, start, on), shop, place, cost, max(told_on, on))
    life.elsewhere.append(elsewhere)
    return elsewhere
