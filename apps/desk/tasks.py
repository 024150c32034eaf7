"""What the clock starts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.accounts.models import Store
from apps.audit.actions import expire_downloads
from apps.core.pictures import sweep_pictures
from apps.customers.actions import find_duplicates
from apps.desk import erasing, exporting, merging
from apps.desk.actions import note_heartbeat
from apps.desk.dormant import erase_dormant
from apps.desk.pictures import pictures_kept
from apps.exchange.queries import holders


@shared_task(name="desk.heartbeat")
def heartbeat() -> None:
    """Shows on /readyz that work gets from beat through Redis to a worker and PostgreSQL."""
    note_heartbeat(now=timezone.now())


@shared_task(name="desk.write_downloads")
def write_downloads() -> None:
    """Write the exports that wait, remove those of yesterday (DATA-03)."""
    now = timezone.now()
    expire_downloads(now=now)
    exporting.write_waiting(now=now)


@shared_task(name="desk.find_duplicates")
def find_all_duplicates() -> None:
    """Every night the whole archive is looked through, each store for itself (CUS-04)."""
    merging.forget_merges(now=timezone.now())
    for store_id in Store.objects.order_by("pk").values_list("pk", flat=True):
        find_duplicates_of_store.delay(store_id)


@shared_task(name="desk.find_duplicates_of_store")
def find_duplicates_of_store(store_id: int) -> None:
    """One store: seconds for 200,000 customers, and no other store waits when it fails."""
    find_duplicates(store_id, holders=holders(store_id), now=timezone.now())


@shared_task(name="desk.settle_merged")
def settle_merged() -> None:
    """What was written to a record while it was being merged goes to the one kept (CUS-04)."""
    merging.settle_merged(now=timezone.now())


@shared_task(name="desk.sweep_pictures")
def sweep_pictures_of_nobody() -> None:
    """Every night: files of which no row speaks (I8)."""
    now = timezone.now()
    sweep_pictures(pictures_kept, after=now - timedelta(days=30), before=now - timedelta(days=1))


@shared_task(name="desk.finish_erasures")
def finish_erasures() -> None:
    """What a process that was killed left of files of people who were made anonymous (SEC-02)."""
    erasing.finish_all(now=timezone.now())


@shared_task(name="desk.erase_dormant")
def erase_all_dormant() -> None:
    """Every night whoever was not in touch for the years of his store's policy (SEC-02)."""
    for store_id in Store.objects.order_by("pk").values_list("pk", flat=True):
        erase_dormant_of_store.delay(store_id)


@shared_task(name="desk.erase_dormant_of_store")
def erase_dormant_of_store(store_id: int) -> None:
    erase_dormant(Store.objects.get(pk=store_id), now=timezone.now())
