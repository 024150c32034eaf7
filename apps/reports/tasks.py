"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from apps.reports.actions import writing


@shared_task(name="reports.write")
def write() -> None:
    """On the 1st the report of the month before writes itself (REP-09)."""
    writing.write_reports(now=timezone.now())
