"""What must always hold of the whole database (ARCHITECTURE §7), checked across all floors.

Each function returns the rows that break its rule, at most ``MOST``: none is well. Used by
``check_invariants`` and by the tests, after every fault.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.db.models import F, Max

from apps.accounts.models import Store, User
from apps.audit.choices import DownloadStatus
from apps.audit.models import Download
from apps.care.models import PlannedDay
from apps.care.queries.owed import OWED, bounds_of, missing
from apps.customers.models import Duplicate
from apps.desk import merging
from apps.desk.pictures import pictures_kept
from apps.exchange.models import ImportFile
from apps.messaging.choices import Channel, MessageStatus
from apps.messaging.models import Message
from apps.reports.choices import SCORES, ReportStatus
from apps.reports.figures.catalogue import share
from apps.reports.models import ReportFigure
from apps.reports.queries.reading import digest_of

MOST = 100
Row = dict[str, Any]

FILE_BACKEND = "apps.messaging.backends.FileBackend"
MAYBE_SENT = [MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN]


def no_time_booked_twice() -> list[Row]:
    """I1: no two appointments that hold a bay, or a technician, overlap."""
    return _rows("""
        SELECT one.id AS appointment, other.id AS overlaps
        FROM service_appointment AS one JOIN service_appointment AS other
            ON one.store_id = other.store_id AND one."on" = other."on" AND one.id < other.id
            AND (one.bay_id = other.bay_id OR one.technician_id = other.technician_id)
            AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
        WHERE one.status IN ('pending', 'confirmed', 'arrived')
            AND other.status IN ('pending', 'confirmed', 'arrived')
    """)


def no_call_twice() -> list[Row]:
    """I2: no two calls with one (store, kind, subject, cycle)."""
    return _rows("""
        SELECT store_id, kind, vehicle_id, CASE WHEN vehicle_id IS NULL THEN customer_id END
            AS customer_id, cycle, array_agg(id) AS calls
        FROM care_call GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
    """)


def no_customer_held_twice() -> list[Row]:
    """I3: an open call is held by one person or nobody, a customer by one specialist."""
    return _rows("""
        SELECT customer_id, array_agg(DISTINCT holder_id) AS holders, array_agg(id) AS calls
        FROM care_call WHERE status = 'claimed'
        GROUP BY customer_id HAVING count(DISTINCT holder_id) <> 1
        UNION ALL
        SELECT customer_id, array[holder_id], array[id]
        FROM care_call WHERE (status = 'claimed') <> (holder_id IS NOT NULL)
    """)


def no_owed_call_missing() -> list[Row]:
    """I4: every call owed on a store's last planned day exists, and no day before was left out.

    Facts that came in since the last sweep show here until the next one, minutes later.
    """
    found: list[Row] = _rows("""
        SELECT store_id, "on" + 1 AS day_not_planned FROM (
            SELECT store_id, "on", lead("on") OVER (PARTITION BY store_id ORDER BY "on") AS next
            FROM care_plannedday) AS days
        WHERE next > "on" + 1
    """)
    last = PlannedDay.objects.values("store").annotate(day=Max("on")).order_by("day")
    days: dict[Any, list[int]] = {}
    for row in last:
        days.setdefault(row["day"], []).append(row["store"])
    for day, stores in days.items():
        wide = bounds_of(day, stores)
        for kind in OWED:
            owed = missing(kind, day, stores, wide).values(
                "store_id",
                owed_customer=F("call_customer"),
                owed_vehicle=F("call_vehicle"),
                owed_cycle=F("call_cycle"),
            )
            found += [{"day": day, "kind": kind.value, **row} for row in owed[:MOST]]
    return found[:MOST]


def no_message_twice() -> list[Row]:
    """I5: one message a dedupe key, and the file that stands for the gateway agrees."""
    twice = _rows("""
        SELECT store_id, dedupe_key, array_agg(id) AS messages FROM messaging_message
        GROUP BY 1, 2 HAVING count(*) > 1
    """)
    return (twice + list(_gateway_disagrees()))[:MOST]


def _gateway_disagrees() -> Iterator[Row]:
    """A message older than the first one in the file was sent before the file began."""
    path = Path(settings.SMS_FILE)
    if settings.SMS_BACKEND != FILE_BACKEND or not path.exists():
        return
    sent = Counter(_references(path))
    messages = Message.objects.filter(channel=Channel.SMS)
    rows = messages.filter(reference__in=list(sent)).values_list("pk", "reference", "status")
    status = {str(reference): status for _pk, reference, status in rows}
    for reference, times in sent.items():
        if times > 1:
            yield {"reference": reference, "sent_times": times}
        if status.get(reference) not in MAYBE_SENT:
            yield {"reference": reference, "sent_but": status.get(reference, "no row")}
    first = min((pk for pk, _reference, _status in rows), default=0)
    said = messages.filter(status=MessageStatus.SENT, pk__gte=first)
    for pk, reference in said.values_list("pk", "reference"):
        if str(reference) not in sent:
            yield {"message": pk, "reference": str(reference), "not_at_the_gateway": True}


def _references(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with suppress(ValueError):  # a line that a power cut tore was not taken
                yield json.loads(line)["reference"]


def no_row_of_another_store() -> list[Row]:
    """I7: no row whose store differs from its parent's. Built from the models: none is left out.

    People are no parents: they may move, and a group manager works for several stores.
    """
    found: list[Row] = []
    for child, field in _store_bearing_links():
        parent = field.related_model
        found += _rows(
            f"SELECT child.id AS row, child.store_id, parent.id AS parent, "
            f'parent.store_id AS parent_store FROM "{child._meta.db_table}" AS child '
            f'JOIN "{parent._meta.db_table}" AS parent ON parent.id = child."{field.column}" '
            "WHERE child.store_id IS DISTINCT FROM parent.store_id",
            link=f"{child._meta.label}.{field.name}",
        )
    return found[:MOST]


def merged_records_own_nothing() -> list[Row]:
    """CUS-04: no row points at a record that was merged into another, nor does that lead on.

    What was said of the two themselves is history. A row written during the merge shows here
    until it has followed, minutes later. Built from the models: no table is left out.
    """
    found: list[Row] = []
    for floor in merging.FLOORS:
        for model, name in floor.LINKS:
            column = model._meta.get_field(name).column
            but = "AND child.status <> 'merged'" if model is Duplicate else ""
            found += _rows(
                f'SELECT child.id AS row, gone.id AS merged FROM "{model._meta.db_table}" AS child '
                f'JOIN customers_customer AS gone ON gone.id = child."{column}" '
                f"WHERE gone.merged_into_id IS NOT NULL {but}",
                link=f"{model._meta.label}.{name}",
            )
    return found[:MOST]


def _store_bearing_links() -> Iterator[tuple[type[models.Model], Any]]:
    for child in apps.get_models():
        if not _bears_store(child):
            continue
        for field in child._meta.concrete_fields:
            parent = field.related_model
            if not isinstance(field, models.ForeignKey) or not isinstance(parent, type):
                continue
            if parent not in (Store, User) and _bears_store(parent):
                yield child, field


def _bears_store(model: type[models.Model]) -> bool:
    """A business table with a store; history tables repeat what once was."""
    if hasattr(model, "pgh_tracked_model") or not model.__module__.startswith("apps."):
        return False
    try:
        return model._meta.get_field("store").related_model is Store
    except FieldDoesNotExist:
        return False


def no_file_astray() -> list[Row]:
    """I8: each file that is kept has its row, and each row that says so its file."""
    said: dict[str, Any] = {
        "downloads": Download.objects.filter(status=DownloadStatus.READY).values_list("stored"),
        "imports": ImportFile.objects.filter(removed=False).values_list("stored").distinct(),
        "pictures": pictures_kept(),
    }
    found: list[Row] = []
    for name, rows in said.items():
        folder = Path(settings.MEDIA_ROOT) / name
        there = (
            {path.name for path in folder.glob("*") if not path.suffix}
            if folder.exists()
            else set()
        )
        kept = {str(stored) for (stored,) in rows}
        found += [{"folder": name, "row_without_file": stored} for stored in kept - there]
        found += [{"folder": name, "file_without_row": stored} for stored in there - kept]
    return found[:MOST]


def no_month_but_of_its_entries() -> list[Row]:
    """I6: what a person's closed months take or give is what his issued proposals, as corrected,
    come to, each with evidence; and every line is his, on a sealed sheet."""
    return _rows("""
        SELECT penalty.id AS penalty, penalty.person_id AS person, sum(entry.amount) AS stands,
            right_one.amount AS should_stand
        FROM penalties_sheetentry AS entry
        JOIN penalties_penalty AS penalty ON penalty.id = entry.penalty_id
        JOIN penalties_monthsheet AS sheet ON sheet.id = entry.sheet_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN penalty.is_reward THEN 1 ELSE -1 END * coalesce(
                (SELECT amount FROM penalties_correction WHERE penalty_id = penalty.id
                    AND entry_id IS NOT NULL ORDER BY entry_id DESC LIMIT 1),
                penalty.amount) AS amount
        ) AS right_one
        GROUP BY penalty.id, right_one.amount
        HAVING sum(entry.amount) <> right_one.amount
            OR penalty.status <> 'issued' OR penalty.evidence = '{}'
            OR bool_or(entry.person_id <> penalty.person_id OR sheet.sealed_at IS NULL)
            OR count(*) FILTER (WHERE entry.kind <> 'correction') <> 1
    """)


def no_figure_without_its_rows() -> list[Row]:
    """I9: every figure of a submitted report is what its rows, kept with it, come to."""
    found: list[Row] = []
    rows = ReportFigure.objects.exclude(report__status=ReportStatus.DRAFT)
    for row in rows.iterator(chunk_size=50):
        counted, whole = set(row.counted), set(row.whole)
        held = (
            (row.n, row.of) == (len(counted), len(whole))
            and counted <= whole
            and row.digest == digest_of(row.counted, row.whole)
            and (row.figure in SCORES or row.value == share(row.n, row.of))
        )
        if not held:
            found.append({"report": row.report_id, "figure": row.figure, "row": row.pk})
    return found[:MOST]


INVARIANTS: dict[str, Callable[[], list[Row]]] = {
    "I1": no_time_booked_twice,
    "I2": no_call_twice,
    "I3": no_customer_held_twice,
    "I4": no_owed_call_missing,
    "I5": no_message_twice,
    "I6": no_month_but_of_its_entries,
    "I7": no_row_of_another_store,
    "I8": no_file_astray,
    "I9": no_figure_without_its_rows,
    "CUS-04": merged_records_own_nothing,
}


def broken() -> dict[str, list[Row]]:
    """Every rule that does not hold, with its rows."""
    return {name: rows for name, check in INVARIANTS.items() if (rows := check())}


def _rows(sql: str, **more: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {MOST}")
        names = [column.name for column in cursor.description]
        return [{**more, **dict(zip(names, row, strict=True))} for row in cursor.fetchall()]
