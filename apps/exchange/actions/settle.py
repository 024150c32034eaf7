"""A person decides who is right, the DMS or we (DATA-05)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance
from apps.customers.models import Customer, MileageReading, Vehicle
from apps.delivery.models import Delivery
from apps.exchange.actions.take import LOCK
from apps.exchange.actions.theirs import BATCH, reject_readings, take_theirs
from apps.exchange.choices import DifferenceStatus, Side
from apps.exchange.models import Difference
from apps.exchange.queries import PEOPLE, as_text, held
from apps.service.models import RepairOrder

MOST_AT_ONCE = 2_000  # some seconds


@dataclass
class Settled:
    """What came of deciding some differences."""

    decided: int = 0
    gone: int = 0  # both sides had come to agree
    changed: int = 0  # our side is not what was shown any more: shown anew, undecided
    already: int = 0  # somebody else decided meanwhile
    refused: list[str] = field(default_factory=list)


@action
def settle(chosen: Sequence[int], side: str, *, store: Store, by: User, now: datetime) -> Settled:
    """Decide these differences of ``store``: keep ours, or take what the DMS says.

    Ours kept: this value of the DMS is not asked about again. Theirs taken: the field holds what
    the DMS put there and follows it from now on. What changed here since it was found is left
    undecided with the fresh value. Refused: while an import is being taken, more than
    ``MOST_AT_ONCE``, and when all of them were decided by others.
    """
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)s at once.") % {"most": MOST_AT_ONCE})
    with connection.cursor() as cursor:  # an import of the store takes this lock alone
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [LOCK, store.pk])
        if not cursor.fetchone()[0]:
            raise Refused(_("An import is running. Decide when it is done, in a minute."))
    rows = Difference.objects.select_for_update().filter(store=store, pk__in=chosen).order_by("pk")
    undecided = [row for row in rows if row.status == DifferenceStatus.OPEN]
    if not undecided:
        raise Refused(_already(store, chosen))
    _hold_records(undecided)
    settled = Settled(already=len(set(chosen)) - len(undecided))
    to_decide = _still_differing(undecided, settled, now)
    if side == Side.THEIRS:
        refused = take_theirs(to_decide, by=by, now=now)
    else:
        refused = {}
        reject_readings([row for row in to_decide if row.field == "km"], by=by, now=now)
    settled.refused += refused.values()
    to = DifferenceStatus.THEIRS_TAKEN if side == Side.THEIRS else DifferenceStatus.OURS_KEPT
    decided = [row for row in to_decide if row.pk not in refused]
    settled.decided = _close(decided, to, by=by, now=now)
    return settled


def _close(rows: list[Difference], to: DifferenceStatus, *, by: User | None, now: datetime) -> int:
    for row in rows:
        advance(row, to)
    closed = Difference.objects.filter(pk__in=[row.pk for row in rows])
    return closed.update(status=to, decided_by=by, decided_at=now)


def _still_differing(
    undecided: list[Difference], settled: Settled, now: datetime
) -> list[Difference]:
    """Those that are as they were shown; the others are brought up to date and counted."""
    decided = _decided_readings(undecided)
    to_decide, gone, changed = [], [], []
    for row in undecided:
        ours = held(row)
        readings = (row.vehicle_id, row.theirs), (row.vehicle_id, row.ours)
        if ours == row.theirs or readings[0] in decided or decided.get(readings[1]) is False:
            gone.append(row)
        elif ours != row.ours:
            row.ours = ours
            if row.field in PEOPLE:
                row.ours_customer_id = int(ours) if ours else None
            changed.append(row)
        else:
            to_decide.append(row)
    settled.gone = _close(gone, DifferenceStatus.GONE, by=None, now=now)
    settled.changed = len(changed)
    Difference.objects.bulk_update(changed, ["ours", "ours_customer"], batch_size=BATCH)
    return to_decide


def _hold_records(rows: list[Difference]) -> None:
    """Lock what the differences are about and hang it onto them: nobody changes it meanwhile."""
    customers = _held(Customer, {row.customer_id for row in rows})
    vehicles = _held(Vehicle, {row.vehicle_id for row in rows})
    orders = _held(RepairOrder, {row.order_id for row in rows})
    deliveries = Delivery.objects.select_for_update().filter(vehicle__in=vehicles).order_by("pk")
    for delivery in deliveries:
        vehicles[delivery.vehicle_id].delivery = delivery
    for vehicle in vehicles.values():
        if "delivery" not in vehicle._state.fields_cache:
            vehicle._state.fields_cache["delivery"] = None
    for row in rows:
        row.customer = customers.get(row.customer_id)
        row.vehicle = vehicles.get(row.vehicle_id)
        row.order = orders.get(row.order_id)


def _held(model: Any, pks: set[int | None]) -> dict[int | None, Any]:
    rows = model._base_manager.select_for_update().filter(pk__in=pks - {None}).order_by("pk")
    return {row.pk: row for row in rows}


def _decided_readings(rows: list[Difference]) -> dict[tuple[int | None, str], bool | None]:
    """(car, "day km") → what somebody decided meanwhile about a reading of these cars."""
    cars = [row.vehicle_id for row in rows if row.field == "km"]
    found = MileageReading.objects.filter(vehicle__in=cars, decided__isnull=False)
    return {(r.vehicle_id, f"{as_text(r.on)} {r.km}"): r.decided for r in found}


def _already(store: Store, pks: Sequence[int]) -> str:
    row = Difference.objects.filter(store=store, pk__in=pks).select_related("decided_by").first()
    if row is None or row.decided_by is None:
        return _("This is not undecided any more.")
    return _("%(who)s has decided this already: %(what)s.") % {
        "who": row.decided_by,
        "what": row.get_status_display(),
    }
