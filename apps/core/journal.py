"""Changes of rows written down so that they can be taken back one by one (CUS-04).

A ``Journal`` makes the change and notes what was before, as plain values that JSON can hold.
``undo`` goes back through the entries: what still is as it was left becomes again what it was;
what somebody changed since is left alone, and named.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

Entry = dict[str, Any]


class Journal:
    """The changes of one action, in their order: by whom, when, and ``entries`` to keep of them."""

    def __init__(self, *, by: Any, now: datetime, entries: list[Entry] | None = None) -> None:
        self.by, self.now = by, now
        self.entries: list[Entry] = entries if entries is not None else []

    def move(self, model: type[models.Model], column: str, before: int, after: int) -> list[int]:
        """Let every row that points at ``before`` by this foreign key point at ``after``."""
        attname = _field(model, column).attname
        rows = model._base_manager.filter(**{attname: before})
        pks = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        if pks:
            model._base_manager.filter(pk__in=pks).update(**{attname: after})
            said = {"column": attname, "before": before, "after": after, "pks": pks}
            self.entries.append({"do": "move", "model": model._meta.label_lower, **said})
        return pks

    def change(self, row: models.Model, **values: Any) -> None:
        """Set these columns of a row and save them; what is so already is no change."""
        names = {_field(type(row), name).attname: value for name, value in values.items()}
        before = {name: _plain(getattr(row, name)) for name in names}
        for name, value in names.items():
            setattr(row, name, getattr(value, "pk", value))
        after = {name: _plain(getattr(row, name)) for name in names}
        differs = [name for name in names if before[name] != after[name]]
        if not differs:
            return
        row.save(update_fields=differs)
        told = {"before": {n: before[n] for n in differs}, "after": {n: after[n] for n in differs}}
        self._note("set", row, **told)

    def add(self, row: models.Model) -> None:
        """Insert a row; taken back, it goes again."""
        row.save(force_insert=True)
        self._note("add", row)

    def remove(self, row: models.Model) -> None:
        """Delete a row that nothing points at any more; taken back, it is there again."""
        columns = {f.attname: _plain(getattr(row, f.attname)) for f in _columns(type(row))}
        self._note("remove", row, columns=columns)
        row.delete()

    def _note(self, what: str, row: models.Model, **more: Any) -> None:
        self.entries.append({"do": what, "model": row._meta.label_lower, "pk": row.pk, **more})

    def undo(self) -> list[str]:
        """Take all of it back, the last first; return what was changed since and stays as it is."""
        stays: list[str] = []
        for entry in reversed(self.entries):
            stays += _UNDO[entry["do"]](apps.get_model(entry["model"]), entry)
        return stays


def _undo_move(model: Any, entry: Entry) -> list[str]:
    rows = model._base_manager.filter(pk__in=entry["pks"])
    rows.filter(**{entry["column"]: entry["after"]}).update(**{entry["column"]: entry["before"]})
    return [_named(row) for row in rows.exclude(**{entry["column"]: entry["before"]})]


def _undo_set(model: Any, entry: Entry) -> list[str]:
    row = model._base_manager.select_for_update().filter(pk=entry["pk"]).first()
    if row is None:
        return []
    names = [n for n, value in entry["after"].items() if _plain(getattr(row, n)) == value]
    for name in names:
        setattr(row, name, _field(model, name).to_python(entry["before"][name]))
    if names:
        row.save(update_fields=names)
    return [] if len(names) == len(entry["after"]) else [_named(row)]


def _undo_add(model: Any, entry: Entry) -> list[str]:
    model._base_manager.filter(pk=entry["pk"]).delete()
    return []


def _undo_remove(model: Any, entry: Entry) -> list[str]:
    values = {n: _field(model, n).to_python(value) for n, value in entry["columns"].items()}
    row = model(**values)
    model._base_manager.bulk_create([row])  # as it was: no column is set anew
    auto = [f.attname for f in _columns(model) if getattr(f, "auto_now_add", False)]
    if auto:
        model._base_manager.filter(pk=row.pk).update(**{name: values[name] for name in auto})
    return []


_UNDO = {"move": _undo_move, "set": _undo_set, "add": _undo_add, "remove": _undo_remove}


def _named(row: models.Model) -> str:
    return f"{row._meta.verbose_name} {row}"


def _field(model: type[models.Model], name: str) -> Any:
    """By name or column name; of a foreign key the field that holds the value."""
    return next(f for f in model._meta.concrete_fields if name in (f.name, f.attname))


def _columns(model: type[models.Model]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, models.GeneratedField)]


def _plain(value: Any) -> Any:
    """As JSON holds it, nothing rounded; ``to_python`` of the field reads it again."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
