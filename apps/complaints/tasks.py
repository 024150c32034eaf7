"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.complaints import actions


@shared_task(name="complaints.escalate")
def escalate() -> None:
    """Steps whose time is over stand out for the general manager (SSI-04)."""
    actions.escalate(now=timezone.now())
