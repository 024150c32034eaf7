"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.messaging.sending import send_due


@shared_task(name="messaging.send")
def send() -> None:
    send_due(now=timezone.now())
