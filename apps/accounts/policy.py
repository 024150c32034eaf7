"""Who may give which roles, whose turn it is, what a temporary password looks like. No database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from apps.accounts.choices import Role

# Only these decide on leading roles, and on the people who have one.
DECIDING = frozenset({Role.GENERAL_MANAGER, Role.SYSTEM_ADMINISTRATOR})
LEADING = DECIDING | {
    Role.GROUP_MANAGER,
    Role.ADMINISTRATION,
    Role.SALES_MANAGER,
    Role.SERVICE_MANAGER,
    Role.CARE_MANAGER,
}
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken when read aloud
TEMPORARY_LENGTH = 10


def may_decide_on(by: Collection[str], roles: Collection[str]) -> bool:
    """Whether a holder of ``by`` may enter, change or lock a person with ``roles``."""
    return bool(DECIDING.intersection(by)) or not LEADING.intersection(roles)


# The first that is found counts: Edge and WeChat also call themselves Chrome, Chrome also Safari.
BROWSERS = {"MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox"}
BROWSERS |= {"Chrome": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad"}
SYSTEMS |= {"Mac OS": "macOS", "Linux": "Linux"}


def browser_name(user_agent: str) -> str:
    """What a browser calls itself, in a form that a person recognises: "Chrome · Windows"."""
    found = [
        next((name for sign, name in names.items() if sign in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in found if name) or user_agent[:40]


def whose_turn(
    line: Sequence[int],
    taken: Mapping[int, int],
    last: Mapping[int, datetime],
    busy: Collection[int] = (),
) -> int | None:
    """Who takes the next arrival (ORG-04): of those who are not ``busy`` the one with the fewest
    of the day, then who has waited longest since his last, then the first in the fixed order
    ``line`` of those on duty. So whoever takes one moves to the end of the line, and who was
    skipped keeps his place. None when nobody is free.

    ``taken``: how many a person took today; ``last``: when the last one.
    """
    place = {pk: n for n, pk in enumerate(line)}
    return min(
        (pk for pk in line if pk not in busy),
        key=lambda pk: (taken.get(pk, 0), pk in last, last.get(pk, datetime.max), place[pk]),
        default=None,
    )
