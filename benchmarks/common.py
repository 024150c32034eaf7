"""What every benchmark shares. ``make bench`` is ``python -m benchmarks [module …] [--quick]``.

A benchmark is a module of this folder with ``run() -> list[dict]``; it may import models at
its top (Django is set up before). It uses:

``fresh_database(name)``
    context manager: an empty, migrated database of our own server under ``var/bench``; the
    default connection points to it. One server, one run: ours and the limit see the same.
``kept_database(name, build, how)``
    context manager: as ``fresh_database``, but what ``build()`` filled is kept for the next run
    as long as the module ``how`` stays as it is, and migrated like any other database.
``without_indexes(*tables)``
    context manager: their indexes are made after the rows, which is many times faster.
``insert_series(table, count, **columns)``
    one ``INSERT … SELECT`` from ``generate_series(1, count) AS n``; the values are SQL in ``n``.
``copy_rows(table, columns, rows)``
    COPY from a generator of tuples (None is NULL).
``seed_cars(store, count, **columns)``
    ``count`` customers with one good number and one car each (ids follow each other); the
    values are SQL in ``n`` for columns of customers_vehicle, as ``delivered_on="…"``.
``seeding()``
    context manager around all of these: no triggers, no foreign-key checks in it.
``settle()``
    VACUUM ANALYZE and CHECKPOINT after seeding; autovacuum is off on this server all the time.
``side_by_side(name, ours, limit, bar=1.5, …) -> dict``
    runs both in turn ``times`` times, takes medians, gives one row of ``var/bench.json``.
``timed(function) -> float``, ``rolled_back(function)``
    seconds of wall time; a callable that runs ``function`` and undoes what it wrote.
``in_processes(function, count) -> list``
    calls ``function(0) … function(count - 1)`` in processes of their own, all starting at the
    same moment; results in that order. Each has its own connection.
``p95(times) -> float``
    their 95th percentile.
``memory_growth(function) -> float``
    how many MB a process that calls ``function`` grows by at its peak.
``scaled(count)``
    ``count``, or a hundredth of it with ``--quick`` (to see that a benchmark runs at all).
``limit_row(name, ours, limit, bar) -> dict``
    a row that was measured in another way. Ratios are ours / limit.
"""

import gc
import hashlib
import inspect
import io
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction

from apps.core import embedded

VAR = Path(__file__).resolve().parent.parent / "var" / "bench"
QUICK = False
_migrated: set[str] = set()
TEMPLATE = "bench_template"


def scaled(count: int) -> int:
    return max(1, count // 100) if QUICK else count


# Server and databases


def prepare_server() -> None:
    """Quiet the server and migrate the template that every fresh database is copied from."""
    with _maintenance() as cursor:
        for setting in ("autovacuum = off", "max_wal_size = '8GB'", "checkpoint_timeout = '1h'"):
            cursor.execute(f"ALTER SYSTEM SET {setting}")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {TEMPLATE}")
    _connect_to(TEMPLATE)
    call_command("migrate", verbosity=0)
    connections.close_all()


@contextmanager
def fresh_database(name: str) -> Iterator[None]:
    database = f"bench_{name}"
    with _maintenance() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
    _connect_to(database)
    try:
        yield
    finally:
        with _maintenance() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@contextmanager
def kept_database(name: str, build: Callable[[], None], how: ModuleType) -> Iterator[None]:
    start = f"kept_{name}_"
    database = start + hashlib.sha256(inspect.getsource(how).encode()).hexdigest()[:8]
    with _maintenance() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])
        there = [row[0] for row in cursor.fetchall()]
        for old in there:
            if old != database:
                cursor.execute(f"DROP DATABASE {old} WITH (FORCE)")
    if database not in there:
        with fresh_database(name):
            build()
            settle()
            with _maintenance() as cursor:
                cursor.execute(f"ALTER DATABASE bench_{name} RENAME TO {database}")
    _connect_to(database)
    if name not in _migrated:
        call_command("migrate", verbosity=0)
        _migrated.add(name)
    yield
    connections.close_all()


@contextmanager
def _maintenance() -> Iterator[Any]:
    _connect_to("postgres")
    with connection.cursor() as cursor:
        yield cursor
    connections.close_all()


def _connect_to(database: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = database


def stop_server() -> None:
    """Stop PostgreSQL and Redis under ``var/bench``."""
    connections.close_all()
    embedded.stop(VAR)


# Seeding


@contextmanager
def seeding() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Those of constraints stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
               WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (
                   SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
            [list(tables)],
        )
        definitions = dict(cursor.fetchall())
        for name in definitions:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for definition in definitions.values():
            cursor.execute(definition)


def insert_series(table: str, count: int, **columns: str) -> None:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM generate_series(1, {count}) AS n'
        )


def copy_rows(table: str, columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Lines(rows))


class _Lines(io.TextIOBase):
    """A file of COPY lines that are made only as they are read."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._lines = ("\t".join(map(_cell, row)) + "\n" for row in rows)
        self._rest = ""

    def read(self, size: int | None = -1, /) -> str:
        parts, length = [self._rest], len(self._rest)
        for line in self._lines:
            parts.append(line)
            length += len(line)
            if size is not None and 0 <= size <= length:
                break
        text = "".join(parts)
        end = len(text) if size is None or size < 0 else size
        self._rest = text[end:]
        return text[:end]


def _cell(value: Any) -> str:
    if value is None:
        return r"\N"
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")


def seed_cars(store: Any, count: int, **columns: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM customers_customer")
        last = cursor.fetchone()[0]
    phone = f"'139' || lpad(({last} + n)::text, 8, '0')"
    insert_series(
        "customers_customer",
        count,
        id=f"{last} + n",
        store_id=str(store.pk),
        name="'测试' || (n % 1000)::text",
        main_phone=phone,
        reachable="true",
        locality="'local'",
    )
    insert_series(
        "customers_contactnumber",
        count,
        store_id=str(store.pk),
        customer_id=f"{last} + n",
        number=phone,
        kind="'mobile'",
    )
    insert_series(
        "customers_vehicle",
        count,
        **{
            "store_id": str(store.pk),
            "owner_id": f"{last} + n",
            "vin": f"'LSGBENC' || lpad(({last} + n)::text, 10, '0')",
            "plate": f"'沪B' || lpad(({last} + n)::text, 7, '0')",
            "model": "'英朗'",
            **columns,
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), %s)", [last + count]
        )


def settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


# Measuring


def timed(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def rolled_back(function: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        with transaction.atomic():
            function()
            transaction.set_rollback(True)

    return run


def side_by_side(
    name: str,
    ours: Callable[[], Any],
    limit: Callable[[], Any],
    *,
    bar: float,
    at_least: bool = False,
    rates: bool = False,
    times: int = 5,
    before: Callable[[], Any] | None = None,
) -> dict[str, Any]:
    """Run ours and limit in turn; the row compares the medians.

    What counts is the wall time in seconds; with ``rates`` the number that a side returns.
    ``before`` runs, untimed, before every single one (undo the last, VACUUM). Holds when
    ratio ≤ bar, with ``at_least`` when ratio ≥ bar.
    """
    values: dict[str, list[float]] = {"ours": [], "limit": []}
    for turn in range(times):
        sides = [("ours", ours), ("limit", limit)]
        for side, function in sides if turn % 2 == 0 else reversed(sides):
            if before is not None:
                before()
            values[side].append(float(function()) if rates else timed(function))
    medians = {side: statistics.median(found) for side, found in values.items()}
    return limit_row(name, medians["ours"], medians["limit"], bar=bar, at_least=at_least)


def limit_row(
    name: str, ours: float, limit: float, *, bar: float, at_least: bool = False
) -> dict[str, Any]:
    ratio = ours / limit
    return {
        "name": f"{name} (at least)" if at_least else name,
        "ours": round(ours, 4),
        "limit": round(limit, 4),
        "ratio": round(ratio, 3),
        "bar": bar,
        "holds": ratio >= bar if at_least else ratio <= bar,
    }


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def in_processes(function: Callable[[int], Any], count: int) -> list[Any]:
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(count), context.Queue()

    def work(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(60)
            answers.put((number, function(number), None))
        except Exception as failure:
            answers.put((number, None, repr(failure)))
        finally:
            connections.close_all()

    gc.collect()
    gc.freeze()  # as before any fork: otherwise each process copies the heap it shares
    people = [context.Process(target=work, args=(number,)) for number in range(count)]
    for person in people:
        person.start()
    found = [answers.get(timeout=900) for _ in people]
    for person in people:
        person.join()
    if failures := [failure for _, _, failure in found if failure]:
        raise RuntimeError(failures[0])
    return [result for _, result, _ in sorted(found, key=lambda answer: answer[0])]


def memory_growth(function: Callable[[], Any]) -> float:
    def measure(_: int) -> float:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        before = _status_kb("VmRSS")
        function()
        return (_status_kb("VmHWM") - before) / 1024

    return float(in_processes(measure, 1)[0])


def _status_kb(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)
