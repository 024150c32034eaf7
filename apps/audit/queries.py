"""Who changed what: read from the history tables that the triggers write (SEC-04)."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.choices import ACTIONS
from apps.audit.models import Download
from apps.core.templatetags.ui import masked

MOST = 100  # events of one row that are read
SEALED = ("id_number_sealed", "id_number_hash")
PHONES = ("main_phone", "number")


def download_path(stored: UUID) -> Path:
    """Where an export lies: under a name that says nothing, served by no web server."""
    return Path(settings.MEDIA_ROOT) / "downloads" / str(stored)


def downloads_of(user: Any, *, everybodys: bool) -> QuerySet[Download]:
    """The exports of one person, or those in which rows of the person's stores could be; the
    newest first."""
    rows = Download.objects.select_related("user", "store").order_by("-pk")
    return rows.filter(store_ids__overlap=user.store_ids) if everybodys else rows.filter(user=user)


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change of one row: who, when, by which action, what before and after."""

    at: datetime
    who: str
    action: str
    thing: str
    fields: list[FieldChange]


def changes(*rows: models.Model) -> list[Change]:
    """The last changes of ``rows``, the newest first. A row keeps its old values at each
    change, so what came after stands in the next event, or in the row itself."""
    found: list[tuple[Any, Any, models.Model]] = []
    for row in rows:
        events = list(
            row.events.select_related("pgh_context").order_by("-pgh_id")[:MOST]  # type: ignore[attr-defined]
        )
        found += [(old, new, row) for new, old in pairwise([row, *events])]
    users: set[int] = {
        (old.pgh_context.metadata or {}).get("user") or 0
        for old, _new, _row in found
        if old.pgh_context
    }
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
    result = [_change(old, new, row, names) for old, new, row in found]
    return sorted((c for c in result if c.fields), key=lambda c: c.at, reverse=True)


def _change(old: Any, new: Any, row: models.Model, names: dict[int, str]) -> Change:
    metadata = (old.pgh_context.metadata if old.pgh_context else None) or {}
    action = metadata.get("action", "")
    return Change(
        at=old.pgh_created_at,
        who=names.get(metadata.get("user", 0), _("the system")),
        action=str(ACTIONS.get(action, action)),
        thing=str(row._meta.verbose_name),
        fields=list(_differences(old, new, row)),
    )


def _differences(old: Any, new: Any, row: models.Model) -> Any:
    tracked = {field.name for field in old._meta.fields}
    sealed = False
    for field in row._meta.concrete_fields:
        if field.name not in tracked or field.primary_key:
            continue
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before == after:
            continue
        if field.name in SEALED:
            if not sealed:
                yield FieldChange(_("ID number"), "••••", "••••")
            sealed = True
        else:
            yield FieldChange(str(field.verbose_name), _shown(field, before), _shown(field, after))


def _shown(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if field.name in PHONES:
        return str(masked(value))
    if field.is_relation:
        row = field.related_model._default_manager.filter(pk=value).first()
        return str(row) if row is not None else f"#{value}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(localize(value))
