"""Households of a store, one after the other: the customer, the cars, what happened to them."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from uuid import uuid4

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import Store, User
from apps.care import policy
from apps.care.choices import REACHED, CallKind, CallStatus, Measure
from apps.care.models import Script
from apps.core.dates import add_months
from apps.customers import naming
from apps.desk.demo import calls, cars, history, names
from apps.desk.demo.calls import SHANGHAI, DemoCall
from apps.desk.demo.current import calls_of, cars_now
from apps.desk.demo.history import Life
from apps.desk.demo.tables import Tables

DAY = timedelta(days=1)
initials = lru_cache(100_000)(naming.initials)  # few names, many people
CARS_AT_ONCE = 10_000  # so many cars are in memory at once
MAINTENANCE = ("first_service", "maintenance")
WRITES = {"receptionist", "sales_consultant", "service_advisor", "care_specialist"}
GREETING = "{name}，{store}全体员工祝您生日快乐，出行平安！"
FALLBACK = "{name}，您的爱车首次保养期将到，多次致电未能联系上您，请致电{store}预约。"


class Filler:
    """Makes cars with their owners and lives and copies them in, batch by batch."""

    def __init__(self, store: Store, people: dict[str, User], seed: int, today: date) -> None:
        self.store, self.people, self.seed, self.today = store, people, seed, today
        self.rnd, self.other = Random(seed), Random(-seed)
        self.tables = Tables()
        self.specialists = [
            person.pk for person in people.values() if "care_specialist" in person.roles
        ]
        self.manager = people["demo_caremanager"].pk
        self.writers = [person.pk for person in people.values() if WRITES & set(person.roles)]
        self.scripts: dict[str, list[tuple[datetime, int, int]]] = {}  # kind → since, pk, points
        for row in Script.objects.filter(store=store).order_by("-version"):
            self.scripts.setdefault(row.kind, []).append((row.made_at, row.pk, len(row.points)))
        self.orders: Counter[date] = Counter()
        self.customers = self.cars = 0

    def fill(self, vehicles: int, say: Callable[[str], None]) -> None:
        while self.cars < vehicles:
            before = self.cars
            self._household(vehicles - self.cars)
            if self.cars // CARS_AT_ONCE > before // CARS_AT_ONCE:
                self.tables.send()
                say(f"{self.cars:,}")
        self.tables.send()

    def fill_current(self) -> None:
        """The calls of today's spans; the cars' dues must be known."""
        for number, car in enumerate(cars_now(self.store, self.today)):
            for call in calls_of(self.rnd, car, self.today):
                self.add_call(call, car.owner, car.pk, car.name, car.phone)
            if number % CARS_AT_ONCE == 0:
                self.tables.send()
        self.tables.send()

    def _household(self, room: int) -> None:
        """One customer with his cars; no more than ``room`` of them."""
        person = names.person(self.rnd, self.customers, self.seed, self.today)
        self.customers += 1
        if person.kind == "company":
            has = self.rnd.choice((1, 1, 2, 3, 5))
        else:
            has = 2 if self.rnd.random() < 0.08 else 1
        customer = self.tables.customers.new_id()
        lives = []
        for nth in range(min(has, room)):
            built = self.today - DAY * 30
            car = cars.car(self.rnd, self.cars, built, person.local)
            life = history.live(self.rnd, self.today, car.model.dear, spare=nth > 0)
            start = life.delivered_on or life.registered_on
            car.vin = cars.vin(car.model.descriptor, start.year, self.cars)
            lives.append((car, life))
            self.cars += 1
        since = min(_known_since(life) for _, life in lives)
        serviced = any(life.visits for _, life in lives)
        self._customer(person, customer, since, serviced)
        for car, life in lives:
            self._car(car, life, person, customer)
        if person.birthday and not person.refuses and person.lunar_mmdd is None:
            self._birthdays(person, customer, since)

    def _writer(self) -> int | None:
        """Who entered the record of this household; most came with an import."""
        place = self.customers % (3 * len(self.writers))
        return self.writers[place] if place < len(self.writers) else None

    def _customer(self, person: names.Person, pk: int, since: date, serviced: bool) -> None:
        tables, store = self.tables, self.store.pk
        tables.customers.add(
            *(pk, store, person.kind, person.name, person.gender, person.phone, person.email),
            *(person.contact_name, person.birthday, person.lunar_mmdd, person.address),
            *("local" if person.local else "non_local", person.channel, person.slot),
            *(person.refuses, person.marketing, initials(person.name)),
            *(not person.bad_number, at(since), self._writer()),
        )
        number = tables.numbers.new_id()
        marked = at(calls.working_day(self.today - DAY * self.rnd.randint(1, 12)), 14)
        asker = self.rnd.choice(self.specialists)
        bad = person.bad_number
        tables.numbers.add(
            *(number, store, pk, person.phone, "mobile", "empty" if bad else "good", ""),
            *(at(since), asker if bad else None, marked if bad else None, self._writer()),
        )
        if person.landline:
            landline = tables.numbers.new_id()
            tables.numbers.add(
                *(landline, store, pk, person.landline, "landline", "good", "上海市"),
                *(at(since), None, None, self._writer()),
            )
        if bad:
            department = DepartmentKind.SERVICE if serviced else DepartmentKind.SALES
            tables.corrections.add(
                *(store, pk, number, department, "open", asker, marked, None, None, "empty")
            )
        elif self.other.random() < 0.06:
            self._corrected(person, pk, since, serviced)
        if person.marketing:
            tables.consents.add(store, pk, "marketing", "given", at(since), "交车时书面同意")
        if person.refuses:
            on = at(self.today - DAY * self.rnd.randint(5, 200), 15)
            tables.consents.add(store, pk, "service", "withdrawn", on, "客户来电要求")

    def _corrected(self, person: names.Person, pk: int, since: date, serviced: bool) -> None:
        """A number of the customer was found bad some weeks ago, and a good one was found."""
        tables, store, rnd = self.tables, self.store.pk, self.other
        writer = self._writer() or (rnd.choice(self.writers) if rnd.random() < 0.4 else None)
        number, found = tables.numbers.new_id(), rnd.choice(("empty", "empty", "wrong"))
        asked_on = self.today - DAY * rnd.randint(5, 150)
        done_on = min(asked_on + DAY * rnd.choice((0, 1, 1, 2, 3, 5, 9)), self.today - DAY)
        department = DepartmentKind.SERVICE if serviced else DepartmentKind.SALES
        done_by = self.people.get("demo_advisor" if serviced else "demo_sales")
        done = self.manager if done_by is None else done_by.pk
        asker = rnd.choice(self.specialists)
        tables.numbers.add(
            *(number, store, pk, names.formerly(person.phone), "mobile", found, ""),
            *(at(since), asker, at(asked_on, 10), writer),
        )
        tables.corrections.add(
            *(store, pk, number, department, "done", asker, at(asked_on, 10), done),
            *(at(done_on, 16), found),
        )

    def _car(self, car: cars.Car, life: Life, person: names.Person, customer: int) -> None:
        tables, store, pk = self.tables, self.store.pk, self.tables.vehicles.new_id()
        since = _known_since(life)
        out = [v.out_on for v in life.visits if v.out_on]
        kept = [v.out_on for v in life.visits if v.out_on and v.kind in MAINTENANCE]
        days = [v.out_on or v.in_on for v in life.visits] + [e.on for e in life.elsewhere]
        insured = _next_year(life.registered_on, self.today)
        known = self.rnd.random()
        tables.vehicles.add(
            *(pk, store, customer, car.vin, car.plate, car.model.brand, car.model.name),
            *(car.variant, car.colour, car.engine_number, life.sold_here, life.delivered_on),
            *(life.registered_on, 36 if life.sold_here else None),
            *(100_000 if life.sold_here else None, car.insurer if known < 0.8 else ""),
            *(insured if known < 0.8 else None, None, life.fate),
            *(min(out, default=None), max(out, default=None)),
            *(max(kept, default=None), any(v.out_on is None for v in life.visits)),
            *(max([since, *days]), at(since), self._writer()),
        )
        tables.ownerships.add(store, pk, customer, since, None)
        if life.delivered_on:
            consultant = self.rnd.choice(history.CONSULTANTS)
            tables.deliveries.add(store, pk, customer, life.delivered_on, consultant)
        self._visits(pk, life)
        if self.rnd.random() < 0.003:
            on = at(self.today - DAY * self.rnd.randint(2, 150), 16)
            tables.stops.add(
                store, customer, pk, "maintenance", "客户表示自行保养", self.manager, on
            )
        for cycle in life.cycles:
            call = calls.of_cycle(self.rnd, cycle, self.today)
            if call is not None and not person.refuses:
                self.add_call(call, customer, pk, person.name, person.phone)

    def _visits(self, vehicle: int, life: Life) -> None:
        tables, store = self.tables, self.store.pk
        read = set()
        for visit in life.visits:
            day = visit.in_on
            self.orders[day] += 1
            number = f"WX{day:%y%m%d}{self.orders[day]:03d}"
            tables.visits.add(
                *(store, number, vehicle, visit.kind, day, visit.out_on, visit.written_km),
                *(
                    f"{visit.amount:.2f}" if visit.out_on else None,
                    self.rnd.choice(history.ADVISORS),
                ),
            )
            reading = (visit.out_on or day, visit.written_km)
            if reading not in read:
                read.add(reading)
                tables.readings.add(store, vehicle, *reading, "visit")
        for service in life.elsewhere:
            tables.elsewhere.add(
                *(store, vehicle, service.on, service.km, service.shop, service.place),
                *(service.cost, self.rnd.choice(self.specialists), at(service.told_on, 15)),
            )
            if (service.on, service.km) not in read:
                tables.readings.add(store, vehicle, service.on, service.km, "customer")

    def _birthdays(self, person: names.Person, customer: int, since: date) -> None:
        """The greeting of the last three weeks, if the birthday lies in them."""
        assert person.birthday is not None
        on = add_months(person.birthday, 12 * (self.today.year - person.birthday.year))
        if max(since, self.today - DAY * 21) <= on < self.today and not person.bad_number:
            self.add_call(calls.birthday(self.rnd, on), customer, None, person.name, person.phone)

    def add_call(
        self, call: DemoCall, customer: int, vehicle: int | None, name: str, phone: str
    ) -> None:
        """The call with its attempts, and the message that went out in its place."""
        tables, store = self.tables, self.store.pk
        pk = tables.calls.new_id()
        owner = self.specialists[customer % len(self.specialists)]  # one customer, one owner
        slots = [dialling.slot for dialling in call.diallings if dialling.counted]
        days = [call.day1, *(call.day1 and calls.working_day_after(call.day1, n) for n in (1, 2))]
        tables.calls.add(
            *(pk, store, customer, vehicle, call.kind, call.cycle, call.event_on, call.opens_on),
            *(call.due_on, call.opens_on, owner, call.status, len(slots), f"{{{','.join(slots)}}}"),
            *(*days, call.paused_on, call.callback_at, owner if call.callback_for_owner else None),
            *(call.result, call.not_returning, _measure(call, pk), call.end_reason, call.ended_at),
            *(call.churn_group, "{}"),
        )
        for said in call.diallings:
            script, points = self._script(call.kind, said.at)
            ticks = range(points) if said.result in REACHED and script else ()
            tables.attempts.add(
                *(store, pk, uuid4(), said.at, said.slot, said.counted, said.result, owner),
                *(phone, f"{{{','.join(str(n) for n in ticks if self.rnd.random() < 0.9)}}}"),
                *(said.km, said.agreed_on, said.note, script),
            )
        if call.status == CallStatus.MESSAGED:
            self._message(pk, call, customer, phone, GREETING.format(name=name, store=self.store))
        elif call.status == CallStatus.FAILED and call.kind == CallKind.FIRST_SERVICE:
            self._message(pk, call, customer, phone, FALLBACK.format(name=name, store=self.store))

    def _script(self, kind: str, at: datetime) -> tuple[int | None, int]:
        """The version that was in use then, and how many points it has."""
        then = (row for row in self.scripts.get(kind, []) if row[0] <= at)
        _since, pk, points = next(then, (None, None, 0))
        return pk, points

    def _message(self, pk: int, call: DemoCall, customer: int, phone: str, text: str) -> None:
        sent = call.ended_at
        self.tables.messages.add(
            *(self.store.pk, customer, "sms", "service", call.kind, phone, text),
            *(policy.fallback_key(pk, call.event_on), uuid4()),
            *("sent", sent, sent, sent, sent),
        )


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def _known_since(life: Life) -> date:
    """When the car came into the archive: with its delivery, else with its first visit."""
    return life.delivered_on or min(visit.in_on for visit in life.visits)


def _next_year(day: date, today: date) -> date:
    """The next anniversary of ``day`` that is not over."""
    years = 1
    while add_months(day, 12 * years) < today:
        years += 1
    return add_months(day, 12 * years)


def _measure(call: DemoCall, number: int) -> str:
    """What a lost customer who was reached was offered (CARE-11)."""
    if call.kind not in policy.LOST or call.status != CallStatus.REACHED:
        return ""
    return (*Measure.values, "")[number % 4]
