"""Who looked, who took out, who signed in, and who changed what: the last is read from the history
tables that the triggers write (SEC-01, SEC-03, SEC-04)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from axes.models import AccessFailureLog, AccessLog
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import BooleanField, CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Lower
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.audit.choices import COLUMNS
from apps.audit.models import Access, Download
from apps.audit.names import ACTIONS
from apps.core.templatetags.ui import masked

MOST = 100  # events of one row that are read
SEALED = ("id_number_sealed", "id_number_hash")
PHONES = ("main_phone", "number", "to")


def days(since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """The moments from the first day's beginning to the last day's end."""
    first, last = since or date(2000, 1, 1), until or date(2999, 1, 1)
    start = timezone.make_aware(datetime.combine(first, time.min))
    return start, timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))


def looks(
    user: Any, asked: dict[str, Any], things: dict[str, list[int]] | None
) -> QuerySet[Access]:
    """The looks that a filter asks for, the newest first (SEC-01).

    ``things``: model → pks of what was looked at; None for everything.
    """
    rows: QuerySet[Access] = Access.objects.visible_to(user).select_related("user", "store")
    start, end = days(asked.get("since"), asked.get("until"))
    rows = rows.filter(at__gte=start, at__lt=end)
    if asked.get("person"):
        rows = rows.filter(user=asked["person"])
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if things is not None:
        rows = rows.filter(
            Q(*(Q(model=name, object_pk__in=pks) for name, pks in things.items()), _connector=Q.OR)
        )
    return rows.order_by("-at", "-pk")


def sign_ins(
    user: Any, asked: dict[str, Any], before: tuple[datetime, int] | None = None
) -> QuerySet[Any, Any]:
    """Every sign-in and every refused one, the newest first, as dicts (SEC-03).

    Those of the people of one's own stores; names that nobody has are for the system
    administrator. ``before``: moment and number of the last row of the page before.
    """
    start, end = days(asked.get("since"), asked.get("until"))
    when = Q(attempt_time__gte=start, attempt_time__lt=end)
    if before:
        when &= Q(attempt_time__lt=before[0]) | Q(attempt_time=before[0], id__lt=before[1])
    seen = _names(user, asked.get("person"))
    parts: dict[str, Any] = {
        "ok": (AccessLog, F("logout_time"), Value(False)),
        "failed": (AccessFailureLog, Cast(Value(None), models.DateTimeField()), F("locked_out")),
    }
    found = [
        model.objects.filter(when)
        .annotate(low=Lower("username"))
        .filter(seen)
        .order_by()
        .annotate(
            result=Value(result, output_field=CharField()),
            left_at=left,
            locked=Cast(locked, BooleanField()),
        )
        .values(
            "id", "attempt_time", "low", "ip_address", "user_agent", "result", "left_at", "locked"
        )
        for result, (model, left, locked) in parts.items()
        if asked.get("result") in ("", None, result)
    ]
    first, *others = found
    rows: QuerySet[Any, Any] = first.union(*others, all=True) if others else first
    return rows.order_by("-attempt_time", "-id", "result")


def _names(user: Any, person: User | None) -> Q:
    """Whose sign-ins ``user`` may see, by the name typed."""
    low = User.objects.annotate(low=Lower("username")).values("low")
    if person:
        return Q(low__in=low.filter(store__in=user.store_ids, pk=person.pk))
    if user.has_role(Role.SYSTEM_ADMINISTRATOR):
        return Q(low__in=low.filter(store__in=user.store_ids)) | ~Q(low__in=low)
    return Q(low__in=low.filter(store__in=user.store_ids))


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
    about: dict[str, int]  # "customer" and "vehicle" → pk, as far as the row says


def tracked_models() -> list[type[models.Model]]:
    """Every kind of record whose changes are kept."""
    events: Any = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return [model.pgh_tracked_model for model in events]


def changes(*rows: models.Model) -> list[Change]:
    """The last changes of ``rows``, the newest first. A row keeps its old values at each
    change, so what came after stands in the next event, or in the row itself."""
    found: list[tuple[Any, Any]] = []
    for row in rows:
        events = list(
            row.events.select_related("pgh_context").order_by("-pgh_id")[:MOST]  # type: ignore[attr-defined]
        )
        found += [(old, new) for new, old in pairwise([row, *events])]
    return sorted(_told(found), key=lambda change: change.at, reverse=True)


def changed_since(row: Any, version: int) -> str:
    """What was changed in a row that counts its versions since one of them, and by whom; "" when
    nothing was of the row itself."""
    events = row.events.filter(version__gte=version).select_related("pgh_context")
    found = [row, *events.order_by("-pgh_id")[:MOST]]
    steps = _told([(old, new) for new, old in pairwise(found)])[::-1]
    lines = [f"{f.label} {f.before} → {f.after}" for step in steps for f in step.fields]
    who = dict.fromkeys(step.who for step in steps)
    return f"{'; '.join(lines)} ({', '.join(who)})" if lines else ""


@dataclass(frozen=True)
class Changes:
    """One page of changes, and where the next begins ("" after the last)."""

    changes: list[Change]
    next: str


def changed(
    user: Any, asked: dict[str, Any], cars: Iterable[int], after: str, size: int
) -> Changes:
    """What was changed in a period, the newest first, whatever kind of record it was (SEC-04).

    ``cars``: those of the customer asked for. One query finds the page, then three for each
    kind of record on it; none for a row.
    """
    parts = [
        _events(model, user, asked, list(cars), after)[: size + 1]
        for model in tracked_models()
        if asked.get("thing") in ("", None, model._meta.label_lower)
    ]
    parts = [part for part in parts if part.query.is_empty() is False]
    if not parts:
        return Changes([], "")
    first, *others = parts
    if others:
        union = first.union(*others, all=True).order_by("-pgh_created_at", "-label", "-pgh_id")
    keys = list(union[: size + 1] if others else first)
    page, more = keys[:size], len(keys) > size
    pairs = _with_what_came_after(page)
    at = "_".join([page[-1][0].isoformat(), page[-1][1], str(page[-1][2])]) if more else ""
    return Changes(_told(pairs), at)


def _events(
    model: Any, user: Any, asked: dict[str, Any], cars: list[int], after: str
) -> QuerySet[Any, Any]:
    """(when, kind, pgh_id) of the events of one kind of record, the newest first."""
    event: Any = model.pgh_event_model
    names = {field.name for field in event._meta.fields}
    label = model._meta.label_lower
    rows = event.objects.annotate(label=Value(label, output_field=CharField()))
    own = "store__in" if "store" in names else "id__in"  # a store belongs to itself
    start, end = days(asked.get("since"), asked.get("until"))
    rows = rows.filter(**{own: user.store_ids}, pgh_created_at__gte=start, pgh_created_at__lt=end)
    if asked.get("person"):
        rows = rows.filter(pgh_context__metadata__user=asked["person"].pk)
    elif not asked.get("by"):
        rows = rows.filter(pgh_context__metadata__user__isnull=False)
    elif asked["by"] == "system":
        context = Q(pgh_context=None) | Q(pgh_context__metadata__user=None)
        rows = rows.filter(context | Q(pgh_context__metadata__user__isnull=True))
    if asked.get("customer"):
        rows = rows.filter(_of_customer(label, names, asked["customer"], cars))
    if len(place := after.split("_")) == 3:
        at, kind, pk = datetime.fromisoformat(place[0]), place[1], int(place[2])
        same = Q(label__lt=kind) | Q(label=kind, pgh_id__lt=pk)
        rows = rows.filter(Q(pgh_created_at__lt=at) | Q(pgh_created_at=at) & same)
    keys: QuerySet[Any, Any] = rows.values_list("pgh_created_at", "label", "pgh_id")
    return keys.order_by("-pgh_created_at", "-pgh_id")


def _of_customer(label: str, names: set[str], pk: int, cars: list[int]) -> Q:
    if label == "customers.customer":
        return Q(id=pk)
    if label == "customers.vehicle":
        return Q(owner=pk) | Q(id__in=cars)
    if "customer" in names:
        return Q(customer=pk)
    return Q(vehicle__in=cars) if "vehicle" in names else Q(pk__in=[])


def _with_what_came_after(keys: list[Any]) -> list[tuple[Any, Any]]:
    """(event, next event, or the row as it is, or None when it was deleted), in the order of
    ``keys``. Three queries a kind of record."""
    found: dict[tuple[str, int], tuple[Any, Any]] = {}
    for label in {key[1] for key in keys}:
        model: Any = apps.get_model(label)
        event = model.pgh_event_model
        later = event.objects.filter(
            pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id")
        )
        events = list(
            event.objects.filter(pgh_id__in=[key[2] for key in keys if key[1] == label])
            .annotate(later=Subquery(later.order_by("pgh_id").values("pgh_id")[:1]))
            .select_related("pgh_context")
        )
        after = event.objects.in_bulk([one.later for one in events if one.later])
        rows = model._base_manager.in_bulk([one.pgh_obj_id for one in events])
        for one in events:
            new = after.get(one.later) or rows.get(one.pgh_obj_id)
            found[label, one.pgh_id] = (one, None if one.pgh_label == "delete" else new)
    return [found[label, pk] for _at, label, pk in keys]


def _told(pairs: list[tuple[Any, Any]]) -> list[Change]:
    """The pairs of old and new values in words; what changed nothing that is shown is left out."""
    users = {_metadata(old).get("user") or 0 for old, _new in pairs}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}
    words = _Words(pairs)
    told = [
        Change(
            at=old.pgh_created_at,
            who=names.get(_metadata(old).get("user", 0), _("the system")),
            action=str(ACTIONS.get(name := _metadata(old).get("action", ""), name)),
            thing=str(old.pgh_tracked_model._meta.verbose_name),
            fields=list(words.differences(old, new)),
            about=_about(old),
        )
        for old, new in pairs
    ]
    return [change for change in told if change.fields]


def _metadata(event: Any) -> dict[str, Any]:
    return (event.pgh_context.metadata if event.pgh_context else None) or {}


def _about(event: Any) -> dict[str, int]:
    """Of which customer and which car the row is."""
    label = event.pgh_tracked_model._meta.label_lower
    own = {"customers.customer": "customer", "customers.vehicle": "vehicle"}.get(label)
    about = {name: getattr(event, f"{name}_id", None) for name in ("customer", "vehicle")}
    if own:
        about[own] = event.pgh_obj_id
    return {name: pk for name, pk in about.items() if pk}


class _Words:
    """Values as a person reads them. The rows that they name are read once, a query a table."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        wanted: dict[Any, set[Any]] = {}
        for old, new in pairs:
            for field in _fields(old):
                if field.is_relation:
                    values = {getattr(row, field.attname) for row in (old, new) if row is not None}
                    wanted.setdefault(field.related_model, set()).update(values - {None})
        self.named = {model: model._base_manager.in_bulk(pks) for model, pks in wanted.items()}

    def differences(self, old: Any, new: Any) -> Iterator[FieldChange]:
        sealed = False
        for field in _fields(old):
            before = getattr(old, field.attname)
            after = getattr(new, field.attname) if new is not None else None
            if before == after or (new is None and before == ""):
                continue
            if field.name in SEALED:
                if not sealed:
                    yield FieldChange(_("ID number"), "••••", "••••" if new is not None else "—")
                sealed = True
            else:
                label = column_name(field)
                yield FieldChange(label, self.shown(field, before), self.shown(field, after))

    def shown(self, field: Any, value: Any) -> str:
        if value is None or value == "":
            return "—"
        if field.is_relation:
            row = self.named.get(field.related_model, {}).get(value)
            text = str(row) if row is not None else f"#{value}"
            return masked(text) if text.isdecimal() else text
        if field.name in PHONES:
            return masked(str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, datetime):
            value = timezone.localtime(value)  # as the store's clock shows it
        return str(localize(value))


def column_name(field: Any) -> str:
    """As its model calls it, or else as this app does; one of both is tested to be there."""
    unnamed = str(field.verbose_name) == field.name.replace("_", " ")
    return str(COLUMNS.get(field.name, field.verbose_name) if unnamed else field.verbose_name)


def _fields(event: Any) -> Iterator[Any]:
    """The columns of the record that its history keeps; the count of its changes is none."""
    kept = {field.name for field in event._meta.fields} - {"version"}
    for field in event.pgh_tracked_model._meta.concrete_fields:
        if field.name in kept and not field.primary_key:
            yield field
