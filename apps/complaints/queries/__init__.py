"""Quick responses as they are read."""

from apps.complaints.queries.limits import limits_of
from apps.complaints.queries.mine import (
    departments_of,
    makers_of,
    may_see,
    seen_by,
    to_take,
    waits_for,
)

__all__ = [
    "departments_of",
    "limits_of",
    "makers_of",
    "may_see",
    "seen_by",
    "to_take",
    "waits_for",
]
