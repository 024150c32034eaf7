"""Who may give which roles, and what a temporary password looks like. No database."""

from collections.abc import Collection

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
