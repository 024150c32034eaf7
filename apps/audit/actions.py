"""Writing down who looked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from apps.accounts.models import User
from apps.audit.choices import AccessKind
from apps.audit.models import Access
from apps.core.actions import action


@action
def note_access(
    things: Iterable[models.Model], *, by: User, kind: AccessKind, now: datetime, reason: str = ""
) -> None:
    """Write one ``Access`` row for each of ``things`` (each has a ``store_id``) (SEC-01)."""
    Access.objects.bulk_create(
        Access(
            store_id=thing.store_id,  # type: ignore[attr-defined]
            user=by,
            at=now,
            kind=kind,
            model=thing._meta.label_lower,
            object_pk=thing.pk,
            reason=reason,
        )
        for thing in things
    )
