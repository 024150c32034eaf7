"""What upper floors ask about the archive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.choices import DepartmentKind
from apps.core.dates import add_months
from apps.customers.choices import CorrectionStatus
from apps.customers.models import (
    CustomerPolicy,
    MaintenanceSchedule,
    MileageReading,
    NumberCorrection,
    Vehicle,
)
from apps.customers.policy import Interval, MileageLimits, Reading


class StoreNumbers:
    """Mileage numbers and schedules of some stores in force on a day, read in two queries."""

    def __init__(self, store_ids: Iterable[int], on: date) -> None:
        ids = list(store_ids)
        self._policies = {
            row.store_id: row
            for row in CustomerPolicy.objects.filter(
                store__in=ids, effective_from__lte=on
            ).order_by("store", "effective_from")
        }
        self._schedules = {
            (row.store_id, row.model): row
            for row in MaintenanceSchedule.objects.filter(
                store__in=ids, effective_from__lte=on
            ).order_by("store", "model", "effective_from")
        }

    def limits(self, store_id: int) -> MileageLimits:
        """CUS-07's numbers of the store; the defaults where it has no row."""
        row = self._policies.get(store_id)
        if row is None:
            return MileageLimits()
        return MileageLimits(row.km_per_day, row.slack_km, row.usual_km_per_day)

    def schedule(self, store_id: int, model: str) -> MaintenanceSchedule:
        """The row for the model, else the store's row for all models, else the defaults."""
        return (
            self._schedules.get((store_id, model))
            or self._schedules.get((store_id, ""))
            or MaintenanceSchedule()
        )

    def interval(self, store_id: int, model: str) -> Interval:
        schedule, policy = self.schedule(store_id, model), self._policies.get(store_id)
        near = {"near_days": policy.near_days, "near_km": policy.near_km} if policy else {}
        return Interval(schedule.interval_months, schedule.interval_km, **near)


def why_due(vehicle: Vehicle, numbers: StoreNumbers) -> str:
    """In one sentence, why the car's maintenance is due on its day (CARE-19, CARE-27)."""
    if vehicle.base_on is None or vehicle.maintenance_due_on is None:
        return _("Nothing is due: neither a maintenance nor a delivery here is known.")
    interval = numbers.interval(vehicle.store_id, vehicle.model)
    if vehicle.base_on == vehicle.last_maintenance_on:
        start = _("the maintenance of %(day)s")
    elif vehicle.base_on == vehicle.delivered_on:
        start = _("the delivery of %(day)s")
    else:
        start = _("the maintenance elsewhere of %(day)s")
    words = {
        "due": vehicle.maintenance_due_on,
        "start": start % {"day": vehicle.base_on},
        "months": interval.months,
        "km": interval.km,
        "rate": round(vehicle.rate_km / vehicle.rate_days),
    }
    if vehicle.maintenance_due_on == add_months(vehicle.base_on, interval.months):
        return _("Due on %(due)s: %(months)s months after %(start)s.") % words
    return (
        _("Due on %(due)s: at about %(rate)s km a day it has driven %(km)s km since %(start)s.")
        % words
    )


def open_corrections(user: Any) -> QuerySet[NumberCorrection]:
    """The numbers that this person's departments are asked to correct, the oldest first."""
    departments = [
        kind
        for kind in (DepartmentKind.SALES, DepartmentKind.SERVICE)
        if user.has_perm(f"customers.correct_{kind}_number")
    ]
    rows: QuerySet[NumberCorrection] = NumberCorrection.objects.visible_to(user).filter(
        status=CorrectionStatus.OPEN, department__in=departments
    )
    return rows.select_related("customer", "number", "asked_by")


def doubted_readings(user: Any) -> QuerySet[MileageReading]:
    """Readings that no chain took and nobody decided on, the newest first (CUS-07)."""
    rows: QuerySet[MileageReading] = MileageReading.objects.visible_to(user).filter(
        accepted=False, decided=None
    )
    return rows.select_related("vehicle", "vehicle__owner").order_by("-on", "-pk")


@dataclass(frozen=True)
class DoubtedReading:
    """A doubted reading between the accepted ones before and after it."""

    reading: MileageReading
    before: MileageReading | Reading | None
    after: MileageReading | Reading | None


def with_neighbours(doubted: list[MileageReading]) -> list[DoubtedReading]:
    """Each with the accepted reading of its car before and after (CUS-07). One query."""
    around: dict[int, list[MileageReading | Reading]] = {}
    for reading in doubted:  # a car sold here began with 0 at its delivery
        car = reading.vehicle
        if car.sold_here and car.delivered_on:
            around[car.pk] = [Reading(car.delivered_on, 0, decided=True)]
    cars = {reading.vehicle_id for reading in doubted}
    for reading in MileageReading.objects.filter(vehicle__in=cars, accepted=True):
        around.setdefault(reading.vehicle_id, []).append(reading)
    lines = []
    for reading in doubted:
        others = sorted(around.get(reading.vehicle_id, []), key=lambda r: (r.on, r.km))
        before = [r for r in others if r.on <= reading.on]
        after = [r for r in others if r.on > reading.on]
        lines.append(
            DoubtedReading(reading, before[-1] if before else None, after[0] if after else None)
        )
    return lines


def schedules(user: Any) -> QuerySet[MaintenanceSchedule]:
    """The schedules of the stores that this person sees."""
    rows: QuerySet[MaintenanceSchedule] = MaintenanceSchedule.objects.visible_to(user)
    return rows.select_related("store")
