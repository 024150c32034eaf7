"""A whole demo store: people, archive, workshop, calls, and what follows from them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.care.actions import planning
from apps.care.actions.scripts import add_script
from apps.care.choices import CallKind
from apps.care.models import Call, Script
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.models import Customer
from apps.desk.actions import add_store
from apps.desk.demo.campaigns import add_campaigns
from apps.desk.demo.complaining import add_responses
from apps.desk.demo.contracts import add_contracts
from apps.desk.demo.cycles import add_cycles
from apps.desk.demo.drives import add_drives
from apps.desk.demo.dsm import add_dsm
from apps.desk.demo.filling import Filler, at
from apps.desk.demo.handing import add_hand_overs
from apps.desk.demo.judging import add_proposals
from apps.desk.demo.meeting import add_activities
from apps.desk.demo.people import add_people
from apps.desk.demo.quoting import add_quotations
from apps.desk.demo.reporting import add_reports
from apps.desk.demo.rooms import add_recalls, add_rooms
from apps.desk.demo.selling import add_purchases
from apps.desk.demo.showroom import add_showroom
from apps.desk.demo.surveys import add_surveys
from apps.desk.demo.verifying import add_verifications
from apps.desk.demo.workshop import add_workshop
from apps.service import actions as service

YEARS = timedelta(days=1100)
_LESS = "round({0} * (1 - ago / 900.0))::int"  # there were fewer
_MORE = "least({1}, round({0} * (1 + ago * {2} + sin(ago / 9.0) * 0.02)))::int"  # lacked more
ARCHIVE_DAYS = f"""
    INSERT INTO customers_archiveday
           (store_id, "on", customers, persons, cars, sold_here, no_phone, no_birthday, no_owner,
            no_delivery, no_mileage, no_insurance, incomplete)
    SELECT store_id, "on" - ago, {_LESS.format("customers")}, {_LESS.format("persons")},
           {_LESS.format("cars")}, {_LESS.format("sold_here")},
           {_MORE.format("no_phone", _LESS.format("customers"), 0.012)},
           {_MORE.format("no_birthday", _LESS.format("persons"), 0.004)},
           no_owner, no_delivery, {_MORE.format("no_mileage", _LESS.format("cars"), 0.01)},
           {_MORE.format("no_insurance", _LESS.format("cars"), 0.006)},
           {_MORE.format("incomplete", _LESS.format("(customers + cars)"), 0.005)}
      FROM customers_archiveday, generate_series(1, 180) AS ago
     WHERE store_id = %(store)s AND "on" = %(on)s"""
REWRITTEN = (
    "提前预约不用排队。帮您约在哪一天方便？",
    "提前预约免排队，一个半小时就能取车。周六上午十点和下午两点还有位置，您看哪个方便？",
)
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
    store = _store(code, "上海演示店", "上海", ["上海", "沪"], on)
    if Customer.objects.filter(store=store).exists():
        raise Refused(
            _("Store %(code)s has customers already. Choose another code for the demo.")
            % {"code": store.code}
        )
    second = _store(f"{code}-2", "苏州演示店", "苏州", ["江苏", "苏"], on)
    people = add_people(store)
    people["demo_group"].reads.set([store, second])
    _new_script(store, people["demo_caremanager"], on)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else all foreign keys wait in memory
    fillers = [Filler(store, people, seed, on)]
    fillers[0].fill(vehicles, say)
    if not Customer.objects.filter(store=second).exists():
        fillers.append(Filler(second, add_people(second, only=SECOND_PEOPLE), seed + 1, on))
        fillers[1].fill(min(300, max(20, vehicles // 20)), say)
    _work_out(fillers, on)
    return [_made(filler) for filler in fillers]


def _store(code: str, name: str, city: str, local_regions: list[str], on: date) -> Store:
    """The store of this code; a new one is as old as its history will be, and so its scripts."""
    store = Store.objects.filter(code=code).first()
    if store is None:
        store = add_store(code, name, city=city, local_regions=local_regions)
        Store.objects.filter(pk=store.pk).update(opened_on=on - YEARS)
        Script.objects.filter(store=store).update(made_at=at(on - YEARS))
    return store


def _new_script(store: Store, manager: User, on: date) -> None:
    """The care manager rewrote a script two months ago: there is something to compare (CARE-21)."""
    old = Script.objects.filter(store=store, kind=CallKind.MAINTENANCE).latest("version")
    text = old.text.replace(*REWRITTEN)
    points = [*old.points, "说明预约免排队"]
    new = add_script(store, kind=old.kind, text=text, points=points, by=manager)
    Script.objects.filter(pk=new.pk).update(made_at=at(on - timedelta(days=60)))


def _work_out(fillers: list[Filler], on: date) -> None:
    """What follows from the facts: dues, the calls of this time, and what planning finds today."""
    tables = [table.table for table in fillers[0].tables.all]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(tables))  # queries of this transaction need it
        service.refresh_visits(None, on=on)
        customers.refresh_cars(None, on=on)
        add_cycles(cursor, on)
        for filler in fillers:
            filler.fill_current()
        cursor.execute("ANALYZE care_call, care_attempt, customers_vehicle")
    stores = [filler.store for filler in fillers]
    for filler in fillers:
        _archive_days(filler.store, on)
        add_workshop(filler.store, filler.people, filler.seed, on)
        add_purchases(filler.store, filler.people, filler.seed, on)
        add_quotations(filler.store, filler.people, filler.seed, on)
        add_showroom(filler.store, filler.people, filler.seed, on)
        add_contracts(filler.store, on)
        add_drives(filler.store, filler.people, filler.seed, on)
        # after the showroom: it gives an order to every delivery that has none
        add_hand_overs(filler.store, filler.people, filler.seed, on)
        add_dsm(filler.store, filler.people, filler.seed, on)
        add_verifications(filler.store, filler.people, filler.seed, on)
        add_activities(filler.store, filler.people, filler.seed, on)
        add_campaigns(filler.store, filler.people, on)
        add_surveys(filler.store, filler.people, filler.seed, on)
        add_rooms(filler.store, filler.people, filler.seed, on)
        add_recalls(filler.store, filler.people, filler.seed, on)  # after the survey's responses
        add_responses(filler.store, filler.people, filler.seed, on)
        add_reports(filler.store, filler.people, on)  # when everything that they count is there
    planning.plan(on=on, stores=stores, now=at(on, 8))
    planning.tidy(on=on, stores=stores, now=at(on, 8))
    for filler in fillers:
        add_proposals(filler.store, filler.people, filler.seed, on)


def _archive_days(store: Store, on: date) -> None:
    """How complete the archive was over half a year: a little less every day further back."""
    customers.note_archive_day(store.pk, on=on)
    with connection.cursor() as cursor:
        cursor.execute(ARCHIVE_DAYS, {"store": store.pk, "on": on})


def _made(filler: Filler) -> Made:
    rows = Counter({table.table: table.count for table in filler.tables.all})
    rows[Call._meta.db_table] = Call.objects.filter(store=filler.store).count()
    return Made(filler.store, filler.people, rows)
