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
