"""Two tabs do not overwrite each other: rows that count their changes in ``version``."""

from typing import Any

from django.utils.translation import gettext as _

from apps.audit.queries import changed_since
from apps.core.errors import Refused
from apps.core.moves import locked


def version_of(request: Any) -> int:
    """The version that a form says was looked at; none is not the present one."""
    told = request.POST.get("version", "")
    return int(told) if told.isdecimal() and len(told) < 9 else 0


class ChangedMeanwhile(Refused):
    """Somebody changed the row since the page was opened: what, and by whom."""

    def __init__(self, row: Any, version: int) -> None:
        self.version = row.version
        text = _("Somebody changed it meanwhile: %(changes)s. Look at it and decide again.")
        super().__init__(text % {"changes": changed_since(row, version) or _("its lines")})


def held(thing: Any, version: int | None) -> Any:
    """The row as it is now, held; refused when it is not the one that was looked at."""
    row = locked(thing)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(row, version)
    return row


def save(row: Any, *names: str) -> None:
    """Write the named columns and count the change."""
    row.version += 1
    row.save(update_fields=[*names, "version"])
