"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.care.actions import planning


@shared_task(name="care.plan")
def plan() -> None:
    """Create what is owed today and bring what exists in line with the facts (CARE-16, CARE-18)."""
    now = timezone.now()
    on = timezone.localdate(now)
    planning.plan(on=on, now=now)
    planning.tidy(on=on, now=now)
