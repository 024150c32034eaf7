"""Taking DMS rows into the archive, or seeing what would be taken (DATA-02)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.customers import actions as customers
from apps.customers.models import Vehicle
from apps.customers.queries import StoreNumbers
from apps.exchange import taking
from apps.exchange.queries import holders
from apps.exchange.reading import Table
from apps.exchange.staging import Staged, in_order, stage
from apps.service import actions as service

LOCK = 0x44_4D_53  # one import of a store at a time
MANY = 200  # cars: what PostgreSQL believes of the tables is out of date


@dataclass
class Outcome:
    """What an import did, or would do."""

    parts: list[Staged]
    written: bool = False
    differences: dict[str, int] = field(default_factory=dict)  # by field, undecided ones
    sample: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Fields that the DMS says otherwise than somebody here, who is to decide (DATA-05)."""
        return sum(self.differences.values())

    @property
    def refused(self) -> int:
        return sum(part.refused for part in self.parts)

    def total(self, name: str) -> int:
        return sum(int(getattr(part, name)) for part in self.parts)


def import_tables(
    tables: Iterable[tuple[str, Table]],
    *,
    store: Store,
    now: datetime,
    check: bool = False,
    skip_refused: bool = False,
    consent_basis: str = "",
    by: User | None = None,
    run: int | None = None,
    progress: Callable[[int], None] | None = None,
    in_transaction: Callable[[Outcome], bool] | None = None,
) -> Outcome:
    """Take the rows of these (name, table) as one import, all or nothing (DATA-02).

    With ``check``, or when rows are refused and ``skip_refused`` is not asked, everything is
    reckoned the same way and nothing is written. Rows taken before change nothing. Never plans
    calls. ``in_transaction`` runs with the rows' own transaction after they are taken; when it
    says False they are not.
    """
    outcome = Outcome(in_order(tables))
    stage(outcome.parts, store=store, on=timezone.localdate(now), progress=progress)
    if progress:
        progress(60)
    write = not check and (skip_refused or not outcome.refused)
    with transaction.atomic():
        _take(outcome, store=store, now=now, by=by, consent_basis=consent_basis, refresh=write)
        _differ(outcome, store=store, now=now, run=run, write=write)
        outcome.written = write
        if in_transaction and not in_transaction(outcome):
            outcome.written = False
        if outcome.written:
            _run(taking.CLEAN_LISTS)
        else:
            transaction.set_rollback(True)
    return outcome


@action
def _take(
    outcome: Outcome,
    *,
    store: Store,
    now: datetime,
    by: User | None,
    consent_basis: str,
    refresh: bool,
) -> None:
    """Carry out ``taking.STEPS`` on the staged rows and bring the touched cars up to date."""
    on = timezone.localdate(now)
    values: dict[str, Any] = {"store": store.pk, "on": on, "now": now, "basis": consent_basis}
    values["by"] = by and by.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, store.pk])
        for step in taking.STEPS:
            cursor.execute(step, values)
        if consent_basis:
            cursor.execute(taking.CONSENT, values)
        cursor.execute(taking.COUNTS)
        for file, new, changed in cursor.fetchall():
            outcome.parts[file].new, outcome.parts[file].changed = new, changed
        cursor.execute(taking.SAMPLE)
        names = [column[0] for column in cursor.description]
        outcome.sample = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute(taking.TOUCHED)
        touched = [row[0] for row in cursor.fetchall()]
        cursor.execute(taking.PEOPLE_TOUCHED)
        people = [row[0] for row in cursor.fetchall()]
    if refresh:
        _follow(store, people, touched, now=now)


def _follow(store: Store, people: list[int], touched: list[int], *, now: datetime) -> None:
    """What the new facts mean for the people and cars that they are about."""
    on = timezone.localdate(now)
    many = max(len(people), len(touched)) >= MANY
    if many:
        _run(taking.COUNT_NEW)
    if people:
        customers.find_duplicates(store.pk, people, holders=holders(store.pk), now=now)
    if touched:
        service.refresh_visits(touched, on=on)
        customers.refresh_cars(touched, on=on)
    if many:
        _run(taking.COUNT_ANEW)
    owners = Vehicle.objects.filter(pk__in=touched).values_list("owner", flat=True)
    customers.keep_gaps(people=set(people) - set(owners), on=on)  # theirs went with their cars


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@action
def _differ(outcome: Outcome, *, store: Store, now: datetime, run: int | None, write: bool) -> None:
    """Find what the DMS has otherwise than people here typed it, and note it (DATA-05)."""
    limits = StoreNumbers([store.pk], timezone.localdate(now)).limits(store.pk)
    values: dict[str, Any] = {"store": store.pk, "now": now, "run": run}
    values |= {"slack_km": limits.slack_km}
    values |= {"km_per_day": limits.km_per_day, "files": [part.name for part in outcome.parts]}
    with connection.cursor() as cursor:
        for step in taking.FINDING:
            cursor.execute(step, values)
        cursor.execute(taking.COUNT_DIFFERENCES)
        outcome.differences = dict(cursor.fetchall())
        for step in taking.NOTING if write else ():
            cursor.execute(step, values)
