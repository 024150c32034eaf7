"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.service import actions

PASSES = 40  # of one ring: many appointments are booked in a morning, and all are reminded at ten


@shared_task(name="service.tell")
def tell() -> None:
    """What customers must know of their appointments is written to them (SVC-05)."""
    now = timezone.now()
    for pass_over in (actions.tell, actions.remind):
        for _number in range(PASSES):
            if not pass_over(now=now):
                break


@shared_task(name="service.mark_missed")
def mark_missed() -> None:
    """Who did not come yesterday is noted when the store opens (SVC-05)."""
    actions.mark_missed(now=timezone.now())
