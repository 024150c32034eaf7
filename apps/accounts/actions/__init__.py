"""Everything that changes stores, people and rosters, one module a noun."""

from apps.accounts.actions.store import FROM_THE_START, add_store

__all__ = ["FROM_THE_START", "add_store"]
