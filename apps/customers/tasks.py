"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.accounts.models import Store
from apps.customers import actions


@shared_task(name="customers.look_through")
def look_through() -> None:
    """Every night the archive of each store is looked through for what it lacks, and that is
    written down (CUS-10)."""
    for store_id in Store.objects.order_by("pk").values_list("pk", flat=True):
        look_through_store.delay(store_id)


@shared_task(name="customers.look_through_store")
def look_through_store(store_id: int) -> None:
    """One store; no other waits when it fails."""
    on = timezone.localdate()
    actions.keep_gaps_of_store(store_id, on=on)
    actions.note_archive_day(store_id, on=on)
