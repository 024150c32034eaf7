"""Which purchases a person sees."""

from typing import Any

from django.db.models import QuerySet

from apps.reception.models import Opportunity

ALL = "reception.view_all_sales"


def seen_by(user: Any, rows: QuerySet[Any] | None = None, consultant: str = "consultant") -> Any:
    """``rows`` (opportunities, if none) as far as this person sees them: a consultant his own,
    who has ``reception.view_all_sales`` the store's. ``consultant``: the column that names him."""
    found = (Opportunity.objects.all() if rows is None else rows).filter(store__in=user.store_ids)
    return found if user.has_perm(ALL) else found.filter(**{consultant: user.pk})
