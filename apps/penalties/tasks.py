"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.penalties.actions.detect import detect_until


@shared_task(name="penalties.detect")
def detect() -> None:
    """Facts of this month and the last one become proposals, or are withdrawn (PEN-06)."""
    now = timezone.now()
    detect_until(on=timezone.localdate(now), now=now)
