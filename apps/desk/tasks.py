"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.desk.actions import note_heartbeat


@shared_task(name="desk.heartbeat")
def heartbeat() -> None:
    """Shows on /readyz that work gets from beat through Redis to a worker and PostgreSQL."""
    note_heartbeat(now=timezone.now())
