"""A whole demo store: people, archive, workshop, calls, and what follows from them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.care.actions import planning
from apps.care.models import Call
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.models import Customer
from apps.desk.actions import add_store
from apps.desk.demo.filling import Filler, at
from apps.desk.demo.people import add_people
from apps.service import actions as service

SECOND_PEOPLE = (Role.CARE_SPECIALIST, Role.CARE_MANAGER, Role.SERVICE_MANAGER)


@dataclass
class Made:
    """What was made: the store, its people by plain user name, table → rows."""

    store: Store
    people: dict[str, User]
    rows: Counter[str]


@action
def make(
    code: str, *, vehicles: int, seed: int, on: date, say: Callable[[str], None] = print
) -> list[Made]:
    """Fill the store ``code`` (made when it is missing) as it might stand on day ``on``.

    A second, small store is made with it for the group manager to read, unless there is one.
    The same (vehicles, seed, on) give the same customers, cars and calls again. Refused when
    the store has customers: demo people never mix with real ones.
    """
    store = _store(code, f"上海演示店（{code}）", "上海", ["上海", "沪"])
    second = _store(f"{code}-2", f"苏州演示店（{code}-2）", "苏州", ["江苏", "苏"])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else all foreign keys wait in memory
    made = [_fill(store, vehicles, seed, on, say, ())]
    made[0].people["demo_group"].reads.set([store, second])
    if not Customer.objects.filter(store=second).exists():
        few = min(300, max(20, vehicles // 20))
        made.append(_fill(second, few, seed + 1, on, say, SECOND_PEOPLE))
    return made


def _store(code: str, name: str, city: str, local_regions: list[str]) -> Store:
    store = Store.objects.filter(code=code).first()
    return store or add_store(code, name, city=city, local_regions=local_regions)


def _fill(
    store: Store,
    vehicles: int,
    seed: int,
    on: date,
    say: Callable[[str], None],
    only: tuple[Role, ...],
) -> Made:
    if Customer.objects.filter(store=store).exists():
        raise Refused(
            _("Store %(code)s has customers already. Choose another code for the demo.")
            % {"code": store.code}
        )
    people = add_people(store, only=only)
    filler = Filler(store, people, seed, on)
    filler.fill(vehicles, say)
    _analyze(filler)
    service.refresh_visits(None, on=on)
    customers.refresh_cars(None, on=on)
    filler.fill_current()
    _analyze(filler)
    planning.plan(on=on, stores=[store], now=at(on, 8))
    planning.tidy(on=on, stores=[store], now=at(on, 8))
    rows = Counter({table.table: table.count for table in filler.tables.all})
    rows[Call._meta.db_table] = Call.objects.filter(store=store).count()
    return Made(store, people, rows)


def _analyze(filler: Filler) -> None:
    """Statistics for the queries that follow in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(table.table for table in filler.tables.all))
