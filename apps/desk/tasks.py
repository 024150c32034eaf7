"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.audit.actions import expire_downloads
from apps.desk import exporting
from apps.desk.actions import note_heartbeat


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
