"""What the clock starts. A task passes the time to an action, nothing more."""

from celery import shared_task
from django.utils import timezone

from apps.care.actions import (
    activities,
    campaign_sending,
    occasions,
    planning,
    sampling,
    sweeps,
)
from apps.care.actions import warn as warning


@shared_task(name="care.plan")
def plan() -> None:
    """Create what is owed today and bring what exists in line with the facts (CARE-16, CARE-18)."""
    now = timezone.now()
    on = timezone.localdate(now)
    planning.plan(on=on, now=now)
    planning.tidy(on=on, now=now)


@shared_task(name="care.release_stale")
def release_stale() -> None:
    """Calls held without activity go back to the queue (CARE-14)."""
    sweeps.release_stale(now=timezone.now())


@shared_task(name="care.abandon_overdue")
def abandon_overdue() -> None:
    """Calls not tried again in time end with their fallback message (CARE-04)."""
    sweeps.abandon_overdue(now=timezone.now())


@shared_task(name="care.greet_by_message")
def greet_by_message() -> None:
    """Who was not reached by the birthday deadline gets an SMS (CARE-05)."""
    sweeps.greet_by_message(now=timezone.now())


@shared_task(name="care.resume_corrected")
def resume_corrected() -> None:
    """Calls of customers with a good number again go on (CUS-03)."""
    sweeps.resume_corrected(now=timezone.now())


@shared_task(name="care.draw_samples")
def draw_samples() -> None:
    """The insurance calls of a month that has ended are drawn for verification (CARE-09)."""
    sampling.draw_samples(now=timezone.now())


@shared_task(name="care.warn")
def warn() -> None:
    """The notices of the day, when their time has come (CARE-23)."""
    warning.warn(now=timezone.now())


@shared_task(name="care.run_campaigns")
def run_campaigns() -> None:
    """Campaigns whose day has come begin, those that are through end (CARE-06)."""
    now = timezone.now()
    campaign_sending.start_due(now=now)
    campaign_sending.finish_done(now=now)


@shared_task(name="care.end_invitations")
def end_invitations() -> None:
    """Nobody is invited to an activity that is over or cancelled (CARE-12)."""
    activities.end_invitations(now=timezone.now())


@shared_task(name="care.draft_holidays")
def draft_holidays() -> None:
    """Holidays ahead have their draft a week before (CARE-06)."""
    occasions.draft_holidays(now=timezone.now())
