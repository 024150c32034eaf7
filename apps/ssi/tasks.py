"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.ssi.actions import recalls


@shared_task(name="ssi.draw_recalls")
def draw_recalls() -> None:
    """The interviews of a month that has ended are drawn for the manager's re-calls (SSI-10)."""
    recalls.draw_missing(now=timezone.now())
