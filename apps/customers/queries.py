"""What upper floors ask about the archive."""

from collections.abc import Iterable
from datetime import date

from apps.customers.models import CustomerPolicy, MaintenanceSchedule
from apps.customers.policy import Interval, MileageLimits


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
