"""A person who stands in every text of a store, and a reader of every column and file."""

from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import Error, connection, models, transaction
from django.utils.timezone import localdate

from apps.audit.actions import note_access, note_download
from apps.care.models import Call
from apps.customers import sealing
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import HandOver
from apps.desk.words import searched, store_path
from apps.messaging.models import Message
from apps.reception.models import LoanApplication, Opportunity, SalesOrder, TestDrive
from apps.service.models import Appointment, RepairOrder, Waiting

NAME, PHONE, PLATE = "欧阳无忌", "13876540987", "苏E7C4N6"
ID_NUMBER = "320503198502141234"
WORDS = [NAME, PHONE, PLATE, ID_NUMBER]
ALL = " ".join(WORDS)


def make_known(customer):
    """The customer goes by the words, and his car."""
    Customer.objects.filter(pk=customer.pk).update(
        name=NAME,
        contact_name=NAME,
        main_phone=PHONE,
        id_number_sealed=sealing.seal(ID_NUMBER),
        id_number_hash=sealing.hash(ID_NUMBER),
    )
    Vehicle.objects.filter(owner=customer).update(plate=PLATE)


def fill(store, now, keeper, customer):
    """The words into every text of the store's rows, twice: so they are in the history, too.

    Returns (table, column) of each that took them.
    """
    taken = set()
    for model, columns in searched():
        if hasattr(model, "pgh_tracked_model"):
            continue
        for name in columns:
            field = model._meta.get_field(name)
            path = store_path(model)
            rows = model._base_manager.filter(**({path: store} if path else {}))
            for words in (written(field, "甲"), written(field, "")):
                try:
                    with transaction.atomic():
                        if rows.update(**{name: words}):
                            taken.add((model._meta.db_table, field.column))
                except Error:
                    continue
    said = {"by": keeper, "now": now, "reason": ALL}
    note_access([customer], kind="unmask", **said)
    at_once = {"format": "csv", "language": "zh-hans", "at_once": True}
    note_download("care:calls", query=f"q={PHONE}&name={NAME}", **at_once, **said)
    return taken


def written(field, more):
    if isinstance(field, models.JSONField):
        return {"said": [f"{ALL}{more}"], "phone": int(PHONE)}
    if isinstance(field, ArrayField):
        return [fitting(field.base_field, more)]
    return fitting(field, more)


def fitting(field, more):
    """As many of the words as the column is wide."""
    most = field.max_length or 1000
    fit = [words for words in (ALL, f"{NAME} {PHONE}", PHONE, PLATE, NAME) if len(words) < most]
    return f"{fit[0]}{more}"


def end_all(store, now):
    """Nothing that is begun needs the customer any more."""
    Call.objects.filter(store=store, status="claimed").update(
        status="waiting", holder=None, held_at=None, claim=None
    )
    Message.objects.filter(store=store).update(status="sent")
    Appointment.objects.filter(store=store).update(status="arrived")
    Waiting.objects.filter(store=store).update(status="cancelled")
    RepairOrder.objects.filter(store=store).exclude(status="").update(
        **{"status": "closed", "out_on": localdate(now), "closed_at": now, "outcome": "done"},
        **{"settled_at": now, "paid_how": "cash", "amount": 7654321},
    )
    HandOver.objects.filter(store=store).update(status="cancelled", cancelled="改期")
    TestDrive.objects.filter(store=store).update(status="cancelled")
    LoanApplication.objects.filter(store=store).update(status="refused")
    SalesOrder.objects.filter(store=store).update(
        status="cancelled", cancel_reason="customer", cancelled_at=now
    )
    Opportunity.objects.filter(store=store).update(status="lost", lost_reason="price")


def words_in_database(words=WORDS):
    """(table, column) → the words found in it, of every column of every table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT table_name, column_name FROM information_schema.columns
              JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1, 2""")
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT w FROM unnest(%s::text[]) AS w WHERE EXISTS (SELECT FROM "{table}"'
                f' WHERE strpos("{column}"::text, w) > 0)',
                [words],
            )
            if here := [word for (word,) in cursor.fetchall()]:
                found[table, column] = here
    return found


def words_in_files(words=WORDS):
    found = {}
    for path in [*Path(settings.MEDIA_ROOT).rglob("*"), Path(settings.SMS_FILE)]:
        if path.is_file():
            text = path.read_bytes().decode(errors="replace")
            if here := [word for word in words if word in text]:
                found[path.name] = here
    return found


def rows_of_tables():
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def figures():
    """(table, column) → what the numbers, days and times in it amount to; history apart."""
    sums = {}
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT table_name, column_name FROM information_schema.columns
              JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
               AND table_name !~ 'event$|^pghistory|^customers_(erase|erasure|gap)'
               AND data_type ~ 'int|numeric|date|timestamp|bool' ORDER BY 1, 2""")
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT string_agg("{column}"::text, \',\' ORDER BY "{column}") FROM "{table}"'
            )
            sums[table, column] = cursor.fetchone()[0]
    return sums
