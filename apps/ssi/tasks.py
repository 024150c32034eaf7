"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.ssi.actions import links, recalls


@shared_task(name="ssi.draw_recalls")
def draw_recalls() -> None:
    """The interviews of a month that has ended are drawn for the manager's re-calls (SSI-10)."""
    recalls.draw_missing(now=timezone.now())


@shared_task(name="ssi.send_links")
def send_links() -> None:
    """Who was not reached on the phone gets his survey as a link (SSI-03)."""
    links.send_links(now=timezone.now())
