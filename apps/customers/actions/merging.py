"""What two records of one customer become: the archive's part of a merge (CUS-04).

Run by ``desk.actions.merging``, in whose transaction both records are locked.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from apps.core.journal import Journal
from apps.customers.actions.contact import keep_consents
from apps.customers.actions.gaps import keep_gaps
from apps.customers.actions.numbers import keep_reachable
from apps.customers.choices import (
    STRENGTH,
    ConsentState,
    CorrectionStatus,
    DuplicateStatus,
    NumberStatus,
    Purpose,
)
from apps.customers.models import (
    Consent,
    ContactNumber,
    Customer,
    Duplicate,
    Gap,
    NumberCorrection,
    Ownership,
    RightsRequest,
    StopContact,
    Vehicle,
)
from apps.customers.naming import initials

# What points at a customer, and what a merge does with it: all go to the record that is kept.
LINKS: tuple[tuple[Any, str], ...] = (
    (Vehicle, "owner"),
    (Ownership, "customer"),
    (StopContact, "customer"),
    (ContactNumber, "customer"),
    (NumberCorrection, "customer"),
    (Consent, "customer"),
    (RightsRequest, "customer"),
    (Gap, "customer"),  # of which ``repoint`` leaves none: keep_gaps has the last word
    (Customer, "merged_into"),
)
# Two columns that are one value.
TOGETHER = {"id_number": ("id_number_sealed", "id_number_hash")}


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """Cars, numbers, requests, stops and consents of ``old`` are those of ``new``.

    A number of both is one number: what was found out last about it holds. Of two stops of one
    kind one stands. Who withdrew a consent under either name has withdrawn it.
    """
    Gap.objects.filter(customer=old).delete()
    _same_numbers(old, new, journal)
    _same_stops(old, new, journal)
    _withdrawn(old, new, journal)
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)
    _pairs(old, new, journal)


def take_values(old: Customer, new: Customer, chosen: Mapping[str, int], journal: Journal) -> None:
    """Give ``new`` the values that were chosen of ``old``: field → pk of the record it is taken of.

    The main phone follows from the numbers, with the chosen one first. The names that the
    record is known by no more are kept, for the DMS goes on using them.
    """
    values: dict[str, Any] = {}
    for field, pk in chosen.items():
        if pk == old.pk and field != "main_phone":
            for column in TOGETHER.get(field, (field,)):
                values[column] = getattr(old, column)
            if field == "locality":
                values["locality_by_hand"] = old.locality_by_hand
    name = values.get("name", new.name)
    names = {new.name, old.name, *new.also_named, *old.also_named} - {name}
    values |= {"initials": initials(name), "also_named": sorted(names)}
    prefer = old.main_phone if chosen.get("main_phone") == old.pk else new.main_phone
    derived = _derived(new, prefer)
    for flag, either in (("refuses_service", any), ("accepts_marketing", all)):
        derived.setdefault(flag, either((getattr(old, flag), getattr(new, flag))))
    journal.change(new, **values, **derived)


def _derived(new: Customer, prefer: str) -> dict[str, Any]:
    """What follows from the numbers and consents that are the record's now."""
    row = Customer.everyone.get(pk=new.pk)
    number = row.numbers.filter(number=prefer, status=NumberStatus.GOOD).first()
    row.main_phone = row.main_phone or prefer
    keep_reachable(row, prefer=number, save=False)
    known = keep_consents(row, save=False)
    return {name: getattr(row, name) for name in ("reachable", "main_phone", *known)}


def refresh_derived(customer: Customer, *, on: date) -> None:
    """After an undo: numbers and consents that came since count where they are now."""
    keep_reachable(customer)
    keep_consents(customer)
    keep_gaps(people=[customer.pk], on=on)


def _same_numbers(old: Customer, new: Customer, journal: Journal) -> None:
    kept = {number.number: number for number in new.numbers.select_for_update()}
    for double in list(old.numbers.select_for_update()):
        number = kept.get(double.number)
        if number is None:
            continue
        if _later(double.marked_at, number.marked_at):
            journal.change(
                number,
                status=double.status,
                marked_by_id=double.marked_by_id,
                marked_at=double.marked_at,
            )
        _one_request(double, number, journal)
        journal.move(NumberCorrection, "number", double.pk, number.pk)
        journal.remove(double)


def _one_request(double: ContactNumber, number: ContactNumber, journal: Journal) -> None:
    """Both were asked for a good one in its place: one request stands (CUS-03)."""
    asked = CorrectionStatus.OPEN
    if not number.corrections.filter(status=asked).exists():
        return
    for request in double.corrections.filter(status=asked):
        journal.change(
            request,
            status=CorrectionStatus.DONE.value,
            done_by_id=journal.by.pk,
            done_at=journal.now,
        )


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


def _same_stops(old: Customer, new: Customer, journal: Journal) -> None:
    there = set(new.stops.filter(ended_at=None).values_list("vehicle", "kind"))
    for stop in old.stops.filter(ended_at=None).select_for_update():
        if (stop.vehicle_id, stop.kind) in there:
            journal.change(stop, ended_at=journal.now)


def _withdrawn(old: Customer, new: Customer, journal: Journal) -> None:
    """A withdrawal under one name is not undone by what was said before or later of the other."""
    for purpose in Purpose.values:
        last = [c.consents.filter(purpose=purpose).first() for c in (old, new)]
        said = [consent for consent in last if consent is not None]
        states = {consent.state for consent in said}
        if len(states) == 2 and max(said, key=_when).state != ConsentState.WITHDRAWN:
            [row] = [consent for consent in said if consent.state == ConsentState.WITHDRAWN]
            journal.add(
                Consent(
                    store_id=new.store_id,
                    customer=new,
                    purpose=purpose,
                    state=ConsentState.WITHDRAWN.value,
                    at=journal.now,
                    source=row.source,
                    by=row.by,
                )
            )


def _when(consent: Consent) -> tuple[datetime, int]:
    return consent.at, consent.pk


def _pairs(old: Customer, new: Customer, journal: Journal) -> None:
    """Who may be the double of ``old`` may be that of ``new``; what was decided stays so."""
    rows = Duplicate.objects.select_for_update()
    pairs = [*rows.filter(low=old), *rows.filter(high=old)]
    for pair in pairs:
        third = pair.high_id if pair.low_id == old.pk else pair.low_id
        if pair.status == DuplicateStatus.MERGED:
            continue  # history
        if third == new.pk:
            journal.change(pair, **_decided(DuplicateStatus.MERGED, journal))
            continue
        low, high = sorted((third, new.pk))
        there = rows.filter(low=low, high=high).first()
        if there is None:
            journal.change(pair, low_id=low, high_id=high)
            continue
        _join(pair, there, journal)
        journal.remove(pair)


def _join(pair: Duplicate, there: Duplicate, journal: Journal) -> None:
    """Two pairs with the same third record are one. Two people said of either stays said."""
    signs = sorted({*pair.signs, *there.signs})
    values: dict[str, Any] = {"signs": signs, "strength": sum(STRENGTH[sign] for sign in signs)}
    if pair.status == DuplicateStatus.DISMISSED and there.status == DuplicateStatus.OPEN:
        values |= {"status": pair.status, "decided_by_id": pair.decided_by_id}
        values |= {"decided_at": pair.decided_at}
    journal.change(there, **values)


def _decided(status: DuplicateStatus, journal: Journal) -> dict[str, Any]:
    return {"status": status.value, "decided_by_id": journal.by.pk, "decided_at": journal.now}
