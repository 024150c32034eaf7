"""What the worker does for imports: the big ones, and those that nobody finished."""

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.exchange import actions
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ImportRun


@shared_task(name="exchange.check")
def check(pk: int) -> None:
    actions.carry_out(pk, now=timezone.now())


@shared_task(name="exchange.apply")
def apply(pk: int) -> None:
    actions.carry_out(pk, now=timezone.now())


@shared_task(name="exchange.sweep")
def sweep() -> None:
    """Hand out again what waits for too long, and remove files after 30 days."""
    now = timezone.now()
    for pk in actions.stuck_runs(now=now):
        hand_out(pk)
    actions.remove_old_files(now=now)


def hand_out(pk: int) -> bool:
    """Give an import to the worker. False: nobody can be asked now; the sweep will."""
    run = ImportRun.objects.get(pk=pk)
    task = check if run.status == ImportStatus.CHECKING else apply
    try:
        task.apply_async((pk,), retry=False)
    except OperationalError:
        return False
    return True
