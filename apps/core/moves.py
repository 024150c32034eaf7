"""How anything with a status changes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from apps.core.errors import Refused, is_busy

Thing = TypeVar("Thing", bound=models.Model)


def locked(thing: Thing) -> Thing:
    """Return the same row, read again and held until the transaction ends.

    Refused when it has gone meanwhile: deleted, or a customer merged into another (CUS-04).
    """
    row = type(thing)._default_manager.select_for_update().filter(pk=thing.pk).first()
    if row is None:
        raise Refused(_("It is not there any more: somebody changed it meanwhile. Load it again."))
    return row


LOCK_TIMEOUT = "3s"


@contextmanager
def giving_way(words: Any) -> Iterator[None]:
    """Whoever holds what we want goes first: Refused with ``words`` instead of a fault."""
    try:
        yield
    except OperationalError as failure:
        if not is_busy(failure):
            raise
        raise Refused(words) from failure


def hold(*rows: models.QuerySet[Any], words: Any) -> list[list[Any]]:
    """Read ``rows`` (each ``select_for_update``, in this order) and hold them until the transaction
    ends. Refused with ``words`` when somebody else holds one for longer than 3 seconds."""
    with giving_way(words):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        return [list(each) for each in rows]


def advance(thing: Any, to: models.TextChoices) -> None:
    """Set ``thing.status``, or refuse if ``thing.MOVES`` has no such step."""
    now = type(to)(thing.status)
    if to not in thing.MOVES.get(now, ()):
        raise Refused(
            _("This %(thing)s is %(now)s, so it cannot become %(to)s.")
            % {"thing": thing._meta.verbose_name, "now": now.label, "to": to.label}
        )
    thing.status = to


def sweep(rows: models.QuerySet[Thing], change: Callable[[Thing], None]) -> int:
    """Give every one of ``rows`` to ``change``, each locked in its own transaction.

    A row somebody is working on is left for the next sweep. A row that fails does not hold
    up the others: the failures are raised together at the end. Returns how many were changed.
    """
    done, failures = 0, []
    for pk in rows.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                row = rows.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
                if row is not None:
                    change(row)
                    done += 1
        except Exception as failure:
            failure.add_note(f"{rows.model._meta.label} {pk}")
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} rows could not be changed", failures)
    return done
