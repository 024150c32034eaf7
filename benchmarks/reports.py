"""Month reports: of a store with 50,000 cars, of 500 stores one after another, and each of their
figures beside SQL by hand that gives the same numbers (issue 8, speed).

Three archives, each filled as ``lives`` says: one store of 50,000 cars; 500 stores of 2,000 cars
each, all of them written; one store of 500,000 cars for the figures, so that what is compared are
the statements and not the way to the server.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.desk.actions import add_store
from apps.reports.actions.writing import write_report, write_reports
from apps.reports.choices import SCORES, Figure
from apps.reports.figures import catalogue
from apps.reports.models import MonthlyReport, ReportFigure
from apps.ssi.models import SurveyModel
from benchmarks import common, figures_by_hand
from benchmarks.analysis import page

CARS, STORES, OF_A_STORE, OF_FIGURES = 50_000, 500, 2_000, 500_000
NOW = datetime(2026, 11, 1, 6, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MONTH = date(2026, 10, 1)
ONE, ALL = 2, 15 * 60  # seconds
T = "date '2026-11-01'"
PAGES = {"managers' board": "reports:board", "five minutes": "reports:five"}
# of an old car, of one after its first service
LAST_VISIT = f"""CASE WHEN {{k}} % 1400 >= 400 THEN {T} - {{k}} % 380
    WHEN {{k}} % 1400 >= 90 AND {{k}} % 3 > 0 THEN {T} - {{k}} % 1400 + 80 END"""
TABLES = (
    *("customers_customer", "customers_contactnumber", "customers_vehicle"),
    *("customers_maintenancecycle", "service_appointment", "service_repairorder"),
    *("care_call", "messaging_message", "reception_salesorder", "reception_loanapplication"),
    *("delivery_dsmrecord", "ssi_response"),
)


def run() -> list[dict[str, Any]]:
    return [*of_one(), of_all(), *of_figures()]


def of_one() -> list[dict[str, Any]]:
    """The report; and what managers look at: the page against its own statements sent bare."""
    with common.fresh_database("reports_one"):
        store = add_store("BENCH", "测试店")
        lives([store], common.scaled(CARS))
        common.settle()
        write_report(store, MONTH, now=NOW)
        write = common.rolled_back(lambda: write_report(store, MONTH, now=NOW))
        seconds = max(common.timed(write) for _ in range(5))
        rows = sum(ReportFigure.objects.values_list("of", flat=True))
        cars = f"{common.scaled(CARS):,} cars"
        name = f"month report of {cars}, {rows:,} rows behind it"
        found = [common.limit_row(name, seconds, ONE, bar=1)]
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(
            User.objects.create(username="gm", store=store, roles=[Role.GENERAL_MANAGER])
        )
        for name, url in PAGES.items():
            found += page(client, f"{name}, {cars}", reverse(url))
        return found


def of_all() -> dict[str, Any]:
    stores = common.scaled(STORES)
    with common.fresh_database("reports_all"):
        first = add_store("BENCH", "测试店")
        lives([first, *_like(first, stores - 1)], OF_A_STORE)
        Store.objects.update(opened_on=MONTH)  # no report of a month before a store was there
        common.settle()
        seconds = common.timed(lambda: write_reports(now=NOW))
        if MonthlyReport.objects.filter(month=MONTH).count() != stores:
            raise AssertionError(f"{MonthlyReport.objects.count()} reports")
        name = f"month reports of {stores} stores of {OF_A_STORE:,} cars, one after another"
        return common.limit_row(name, seconds, ALL, bar=1)


def _like(first: Store, count: int) -> list[Store]:
    """More stores, with the numbers of the first one that its reports are counted by."""
    Store.objects.bulk_create(
        Store(code=f"B{n:04}", name=f"测试店{n}", city="上海") for n in range(count)
    )
    for table in ("care_carepolicy", "ssi_surveymodel"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns"
                " WHERE table_name = %s AND column_name NOT IN ('id', 'store_id')",
                [table],
            )
            names = cursor.fetchone()[0]
            cursor.execute(
                f"INSERT INTO {table} (store_id, {names}) SELECT another, {names} FROM {table}"
                " CROSS JOIN (SELECT id AS another FROM accounts_store) AS store"
                " WHERE store_id = %s AND another <> %s",
                [first.pk, first.pk],
            )
    return list(Store.objects.exclude(pk=first.pk).order_by("pk"))


@dataclass(frozen=True)
class Each:
    """The stores one after another, in SQL of ``n``: ``seed_cars`` takes it as a store."""

    pk: str


def lives(stores: list[Store], each: int, sold: int = 5, within: int = 730) -> None:
    """``each`` cars a store: three of four old ones with visits and cycles, all with calls; of so
    many one was sold ``within`` days: with a contract, a DSM record and an answered survey."""
    pks = [store.pk for store in stores]
    count, store = each * len(pks), f"(ARRAY{pks}::bigint[])[1 + n % {len(pks)}]"
    k = f"(n / {len(pks)})"  # the car within its store: what happens in one happens in each
    with common.seeding(), common.without_indexes(*TABLES):
        common.seed_cars(
            Each(store), count,
            sold_here=f"{k} % 5 > 0", delivered_on=f"{T} - {k} % 1400",
            first_service_due_on=f"CASE WHEN {k} % 5 > 0 THEN {T} - {k} % 1400 + 91 END",
            last_visit_on=LAST_VISIT.format(k=k), base_on=f"{T} - 182 - {k} % 380",
            maintenance_due_on=f"{T} - {k} % 380", fate="'in_use'",
        )  # fmt: skip
        _visits(store, count, k)
        _calls(store, count, k)
        _sales(store, count, k, sold, within)
        _surveys(pks, store, count, k, sold, within)


def _insert(table: str, count: int, where: str, **columns: str) -> None:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} '
            f"FROM generate_series(1, {count}) AS n WHERE {where}"
        )


def _visits(store: str, count: int, k: str) -> None:
    """Of an old car three visits and cycles, the last of them made here, every second by
    appointment; of a young one its first service, mostly."""
    old, last = f"{k} % 1400 >= 400", f"{T} - {k} % 380"
    car = {"store_id": store, "vehicle_id": "n"}
    clock = f"(({last}) + time '09:00') AT TIME ZONE 'Asia/Shanghai'"
    status = "(ARRAY['arrived', 'no_show', 'arrived', 'cancelled'])"
    _insert(
        "service_appointment", count, old, id="n", customer_id="n", **car, kind="'maintenance'",
        source="'phone'", skill="'general'", bay_id="n", technician_id="n", on=last,
        starts_at=clock, made_at=clock, ends_at=f"{clock} + interval '1 hour'",
        status=f"{status}[1 + {k} % 4]", version="1",
        cancel_reason=f"CASE WHEN {k} % 4 = 3 THEN 'customer' ELSE '' END",
    )  # fmt: skip
    _insert(
        "service_repairorder", count, old, **car, number="'A' || n", customer_id="n",
        kind=f"(ARRAY['maintenance', 'repair', 'first_service'])[1 + {k} % 3]", in_on=last,
        out_on=last, status="'closed'", opened_at=clock, closed_at=clock, settled_at=clock,
        amount="500", paid_how="'card'", outcome="'done'",
        appointment_id=f"CASE WHEN {k} % 2 = 0 THEN n END",
    )  # fmt: skip
    _insert(
        "service_repairorder", count, f"{k} % 1400 BETWEEN 90 AND 399 AND {k} % 3 > 0", **car,
        number="'F' || n", kind="'first_service'", out_on=f"{T} - {k} % 1400 + 80",
    )  # fmt: skip
    for back in (1, 2):
        _insert(
            "service_repairorder", count, old, **car, number=f"'{back}' || n",
            kind="'maintenance'", out_on=f"{last} - 150 * {back}",
        )  # fmt: skip
    for back in range(3):
        due = f"{last} - 150 * {back}"
        _insert(
            "customers_maintenancecycle", count, old, **car, base_on=f"{due} - 182", event_on=due,
            ended_on=f"CASE WHEN n % 3 > 0 THEN {due} + n % 50 - 10 END",
            ended_by="CASE WHEN n % 3 > 0 THEN 'A' || n ELSE '' END",
        )  # fmt: skip


def _calls(store: str, count: int, k: str) -> None:
    """Two calls a car over a year, ended in each of the ways; every second message went out."""
    for place, kind in enumerate(("first_service", "maintenance")):
        due = f"({T} + 20 - {k} % 365)"
        status = "(ARRAY['reached','reached','reached','failed','withdrawn','lapsed'])"
        status = f"CASE WHEN {due} >= {T} THEN 'waiting' ELSE {status}[1 + {k} % 6] END"
        ended = f"(({due}) + 1 - {k} % 4)::timestamp AT TIME ZONE 'Asia/Shanghai'"
        proof = f"CASE WHEN {k} % 12 = 4 THEN jsonb_build_object('in_on', {due} + 1)"
        common.insert_series(
            "care_call", count, id=f"{place * count} + n", store_id=store, customer_id="n",
            vehicle_id="n", kind=f"'{kind}'", cycle="'seed'", event_on=f"{due} + 7",
            opens_on=f"{due} - 14", due_on=due, created_on=f"{due} - 14", proactive="false",
            made_up=f"{k} % 50 = 0", status=status, attempts="3",
            result="(ARRAY['booked','not_needed','elsewhere','','',''])[1 + n % 6]",
            end_reason=f"(ARRAY['','','','three_attempts','visited','overdue'])[1 + {k} % 6]",
            ended_at=f"CASE WHEN {due} < {T} THEN {ended} END",
            proof=f"{proof} ELSE '{{}}' END",
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO messaging_message (store_id, customer_id, channel, purpose, key, "to",
                   text, status, reference, not_before, queued_at, dedupe_key)
               SELECT store_id, customer_id, 'sms', 'service', kind, '13900000000', '…', 'sent',
                   gen_random_uuid(), now(), now(), 'fallback:' || id || ':' || event_on
                 FROM care_call WHERE status = 'failed' AND id % 2 = 0"""
        )


def _sales(store: str, count: int, k: str, every: int, within: int) -> None:
    nth = f"({k} / {every})"
    sold = f"(({T} - {nth} % {within}) + time '10:00') AT TIME ZONE 'Asia/Shanghai'"
    of = {"store_id": store, "consultant_id": "1"}
    _insert(
        "reception_salesorder", count, f"{k} % {every} = 0", **of, id="n", opportunity_id="n",
        customer_id="n", vehicle_id="n", stock_car_id="n", trim_id="1", status="'delivered'",
        price_amount="100000", made_at=sold, signed_at=sold, delivered_at=sold, version="1",
        insurance_amount=f"CASE WHEN {nth} % 4 > 0 THEN 4000 ELSE 0 END",
        accessories_amount=f"CASE WHEN {nth} % 3 = 0 THEN 900 ELSE 0 END",
    )  # fmt: skip
    _insert(
        "reception_loanapplication", count, f"{k} % {2 * every} = 0", store_id=store, order_id="n",
        lender="'工行'", amount="50000", months="36", by_id="1", made_at=sold, version="1",
        status=f"(ARRAY['approved', 'paid_out', 'refused'])[1 + {nth} / 2 % 3]", papers="'{}'",
        submitted_at=sold, decided_at=sold,
        paid_out_at=f"CASE WHEN {nth} / 2 % 3 = 1 THEN {sold} END",
    )  # fmt: skip
    entered = f"CASE WHEN {nth} % 7 > 0 THEN {sold} + {nth} % 5 * interval '4 hours' END"
    _insert(
        "delivery_dsmrecord", count, f"{k} % {every} = 0", **of, delivery_id="n",
        due_at=f"{sold} + interval '12 hours'", entered_at=entered,
        status=f"CASE WHEN {nth} % 7 > 0 THEN 'entered' ELSE 'open' END",
    )  # fmt: skip


def _surveys(pks: list[int], store: str, count: int, k: str, every: int, within: int) -> None:
    asked = SurveyModel.objects.filter(of_buyers=True, effective_from__isnull=False)
    models = dict(asked.order_by("effective_from").values_list("store", "pk"))
    on = f"{T} - {k} / {every} % {within}"
    _insert(
        "ssi_response", count, f"{k} % {every} = 0", store_id=store, round="'first'",
        customer_id="n",
        model_id=f"(ARRAY{[models[pk] for pk in pks]}::bigint[])[1 + n % {len(pks)}]",
        delivery_id="n", status="'done'", spoken_seconds="300", started_at=on, ended_at=on,
        on=on, score="700 + (n::bigint * 7919 % 30000) / 100.0",
    )  # fmt: skip


def of_figures() -> list[dict[str, Any]]:
    """Ours is what the pages show of a figure: how many of how many."""
    with common.fresh_database("reports_figures"):
        store = add_store("BENCH", "测试店")
        lives([store], common.scaled(OF_FIGURES), sold=1, within=200)
        common.settle()
        month = catalogue.month_of(store, MONTH, NOW)
        return [_beside(figure, month) for figure in Figure]


def _beside(figure: Figure, month: catalogue.Month) -> dict[str, Any]:
    told = figures_by_hand.values(month)

    def ours() -> Any:
        return catalogue.counted(figure, month).sums

    def limit() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(figures_by_hand.SQL[figure], told)
            return cursor.fetchone()

    sums, by_hand = ours(), limit()
    if (
        tuple(sums.values()) != by_hand
        or not sums["n"]
        or figure not in SCORES
        and (sums["n"] == sums["of"])
    ):
        raise AssertionError(f"{figure}: {sums} by ours, {by_hand} by hand")
    name = f"{figure.value} of {common.scaled(OF_FIGURES):,} cars, {sums['n']:,} of {sums['of']:,}"
    return common.side_by_side(name, ours, limit, bar=1.3, times=9)
