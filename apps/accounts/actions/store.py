"""Changing a store: its address and hours, call slots, calendar, departments."""

from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.choices import DayKind, DepartmentKind, Slot
from apps.accounts.models import CalendarDay, CallSlots, Department, Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked

FROM_THE_START = date(2000, 1, 1)  # default rows hold for every day that can be asked about
KEPT = ("name", "city", "local_regions", "opens_at", "weekend_opens_at", "closes_at")


@action
def add_store(
    code: str, name: str, *, city: str = "", local_regions: list[str] | None = None
) -> Store:
    """A new dealership with its call slots and departments (ORG-03, ORG-05)."""
    store = Store.objects.create(code=code, name=name, city=city, local_regions=local_regions or [])
    CallSlots.objects.create(store=store, effective_from=FROM_THE_START)
    Department.objects.bulk_create(Department(store=store, kind=kind) for kind in DepartmentKind)
    return store


@action
def change_store(store: Store, **values: Any) -> Store:
    """Name, city, local regions and hours of a store (ORG-03). Refused: closing before opening."""
    store = locked(store)
    for name in KEPT:
        setattr(store, name, values.get(name, getattr(store, name)))
    if not store.opens_at < store.closes_at:
        raise Refused(_("The store must open before it closes."))
    store.save(update_fields=KEPT)
    return store


@action
def set_slots(store: Store, effective_from: date, times: dict[str, time], *, on: date) -> CallSlots:
    """The call slots from a day on (ORG-05). ``times`` has ``morning_from`` … ``late_until``.

    Refused: a day that has begun (calls were made by its slots), slots that overlap. The same
    day again replaces its row.
    """
    if effective_from <= on:
        raise Refused(_("Choose a day from tomorrow on: today's calls already follow its slots."))
    names = [f"{slot}_{end}" for slot in Slot for end in ("from", "until")]
    clock = [times[name] for name in names]
    in_order = all(a < b for a, b in zip(clock[::2], clock[1::2], strict=True))
    if not in_order or clock != sorted(clock):
        raise Refused(_("Each slot must end after it begins and before the next one begins."))
    row, _new = CallSlots.objects.update_or_create(
        store=locked(store), effective_from=effective_from, defaults=times
    )
    return row


@action
def withdraw_slots(slots: CallSlots, *, on: date) -> None:
    """Take back slots that do not hold yet. Refused: those that hold or held."""
    if slots.effective_from <= on:
        raise Refused(_("These slots hold already. Enter new ones from a later day instead."))
    locked(slots).delete()


@action
def correct_day(store: Store, day: date, kind: DayKind, note: str, *, on: date) -> CalendarDay:
    """Say by hand what a day is (ORG-03); again: the newer word holds. Refused: a past day."""
    _not_past(day, on)
    row, _new = CalendarDay.objects.update_or_create(
        store=locked(store), on=day, defaults={"kind": kind, "note": note}
    )
    return row


@action
def undo_correction(row: CalendarDay, *, on: date) -> None:
    """Back to the public calendar for this day. Refused: a past day."""
    _not_past(row.on, on)
    locked(row).delete()


@action
def name_manager(department: Department, person: User | None) -> Department:
    """Who leads a department (ORG-01). Refused: somebody of another store, or who has left."""
    department = locked(department)
    if person and (person.store_id != department.store_id or not person.is_active):
        raise Refused(_("Only a person who works in this store can lead a department."))
    department.manager = person
    department.save(update_fields=["manager"])
    return department


def _not_past(day: date, on: date) -> None:
    if day < on:
        raise Refused(_("A day that has passed stays as it was: calls were counted by it."))
