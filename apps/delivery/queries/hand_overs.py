"""Hand-overs as the pages show them: whose, the day's plan, what is free (DEL-01, DEL-02)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.delivery.choices.hand_over import COMING, HOLDING, HandOverStatus, Light, ReadyPoint
from apps.delivery.models import DeliveryArea, DeliveryNumbers, HandOver, Readiness
from apps.delivery.policy import hand_over as policy
from apps.delivery.queries.numbers import numbers_of
from apps.reception.choices.order import OrderStatus
from apps.reception.models import SalesOrder
from apps.reception.queries.opportunities import ALL

SHOWN = (
    *("store", "area", "consultant", "vehicle", "order__customer", "order__stock_car"),
    "order__trim__car_model",
)


def sees_all(user: Any) -> bool:
    """A consultant sees the customers of his own hand-overs only; who prepares and leads, all."""
    return not user.has_perm("delivery.plan") or user.has_perm(ALL)


def seen_by(user: Any) -> QuerySet[HandOver]:
    """The hand-overs whose page this person may open."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(user)
    return rows if sees_all(user) else rows.filter(consultant=user.pk)


def own(user: Any) -> QuerySet[HandOver]:
    """Those that he may change: of the store he works in."""
    return seen_by(user).filter(store=user.store_id)


@dataclass(frozen=True)
class Row:
    """One hand-over of the plan: the light, what is missing, and whether its page opens."""

    hand_over: HandOver
    light: Light
    missing: list[ReadyPoint]
    opens: bool


def rows_of(rows: Iterable[HandOver], user: Any, now: datetime) -> list[Row]:
    """With lights; three queries, however many rows. ``rows`` are read here."""
    found: list[HandOver] = list(rows)
    checked = checked_cars(found)
    prepared_by: dict[int, time] = {}
    everything, local = sees_all(user), timezone.localtime(now)
    result = []
    for one in found:
        by = prepared_by.get(one.store_id)
        if by is None:  # the rows of a page are of one day, or all of days gone by
            by = prepared_by[one.store_id] = numbers_of(one.store, one.on).prepared_by
        done = {ready.point for ready in one.ready.all()}
        done |= {ReadyPoint.PDI.value} if one.order_id in checked else set()
        missing = [point for point in ReadyPoint if point not in done]
        light = policy.light(done, one.on, by, local)
        result.append(Row(one, light, missing, everything or one.consultant_id == user.pk))
    return result


def checked_cars(rows: Iterable[HandOver]) -> set[int]:
    """The orders among these hand-overs whose car went through the PDI without a missing point
    the last time. One query."""
    cars = {
        (one.store_id, one.order.stock_car.vin): one.order_id for one in rows if one.order.stock_car
    }
    if not cars:
        return set()
    runs = (
        ChecklistRun.objects.filter(
            store__in={store for store, _vin in cars},
            kind=ChecklistKind.PDI,
            subject__in={vin for _store, vin in cars},
        )
        .order_by("store", "subject", "-on", "-pk")
        .distinct("store", "subject")
        .values_list("store", "subject", "missing")
    )
    return {
        cars[store, vin] for store, vin, missing in runs if not missing and (store, vin) in cars
    }


def shown(rows: QuerySet[HandOver]) -> QuerySet[HandOver]:
    ready = Prefetch("ready", Readiness.objects.select_related("by"))
    return rows.select_related(*SHOWN).prefetch_related(ready)


def by_area(store: Store, rows: list[Row]) -> list[tuple[DeliveryArea, list[Row]]]:
    """Each area in use, or with a hand-over, and what is planned in it. One query."""
    found: dict[int, tuple[DeliveryArea, list[Row]]] = {
        area.pk: (area, []) for area in areas_of(store)
    }
    for row in rows:
        area = row.hand_over.area
        found.setdefault(area.pk, (area, []))[1].append(row)
    return list(found.values())


def points_of(row: HandOver, missing: list[ReadyPoint]) -> list[tuple[ReadyPoint, Any]]:
    """Each point with its row if it is done by hand, True by its checklist, None when missing."""
    ready = {one.point: one for one in row.ready.all()}
    return [(point, None if point in missing else ready.get(point, True)) for point in ReadyPoint]


def on_day(user: Any, store: Store, day: date) -> QuerySet[HandOver]:
    """Everything that is planned, runs, or was handed over that day, by time."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(user)
    found = rows.filter(store=store, on=day, status__in=HOLDING)
    return shown(found).order_by("starts_at", "area__place", "pk")


def late(user: Any, store: Store, today: date) -> QuerySet[HandOver]:
    """Planned for a day gone by and neither done nor cancelled, the oldest first."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(user).filter(store=store)
    found = rows.filter(on__lt=today, status__in=(*COMING, HandOverStatus.RUNNING))
    return shown(found).order_by("starts_at", "pk")


def register(user: Any, asked: Mapping[str, Any]) -> QuerySet[HandOver]:
    """The hand-overs of a period whose page one may open, the newest first."""
    rows = seen_by(user)
    if since := asked.get("since"):
        rows = rows.filter(on__gte=since)
    if until := asked.get("until"):
        rows = rows.filter(on__lte=until)
    if asked.get("status"):
        rows = rows.filter(status=asked["status"])
    if asked.get("odd"):
        rows = rows.annotate(
            took=ExpressionWrapper(F("finished_at") - F("started_at"), DurationField()),
            half=ExpressionWrapper(
                F("planned_minutes") * Value(timedelta(seconds=30)), DurationField()
            ),
        ).filter(Q(took__lt=F("half")) | Q(took__gt=F("half") * 3))
    return rows.select_related(*SHOWN).order_by("-starts_at", "-pk")


def orders_of(user: Any) -> QuerySet[SalesOrder]:
    """The orders of one's own store that one may plan: a consultant his own."""
    rows: QuerySet[SalesOrder] = SalesOrder.objects.of_own_store(user)
    return rows if user.has_perm(ALL) else rows.filter(consultant=user.pk)


def to_plan(user: Any) -> QuerySet[SalesOrder]:
    """Paid orders without a time for their hand-over, the promised day first."""
    rows = orders_of(user).filter(status=OrderStatus.DEPOSITED)
    rows = rows.exclude(hand_over__status__in=HOLDING)
    return rows.select_related(
        "customer", "consultant", "trim__car_model", "stock_car", "store"
    ).order_by("promised_on", "pk")


def areas_of(store: Store) -> QuerySet[DeliveryArea]:
    return DeliveryArea.objects.filter(store=store, active=True).order_by("place", "pk")


def minute(at: datetime | time) -> int:
    clock = timezone.localtime(at) if isinstance(at, datetime) else at
    return clock.hour * 60 + clock.minute


def moment(on: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min)) + timedelta(minutes=minutes)


def hours_of(store: Store, on: date) -> tuple[int, int] | None:
    """Opening and closing in minutes since midnight; None: closed that day. One query."""
    calendar = calendar_of(store)
    opens = calendar.opens_at(on)
    return (minute(opens), minute(calendar.closes)) if opens else None


def taken_on(store: Store, on: date, *, without: int | None = None) -> list[policy.Busy]:
    """Which areas and consultants are taken when. One query. ``without``: a hand-over that is
    to be moved."""
    rows = HandOver.objects.filter(store=store, on=on, status__in=HOLDING).exclude(pk=without)
    return [
        policy.Busy(area, consultant, minute(start), minute(end))
        for area, consultant, start, end in rows.values_list(
            "area", "consultant", "starts_at", "ends_at"
        )
    ]


def free_times(
    store: Store, on: date, consultant: int, now: datetime, *, without: int | None = None
) -> list[datetime]:
    """The starts of a day that an area and the consultant are free for (DEL-01)."""
    hours = hours_of(store, on)
    if hours is None:
        return []
    numbers: DeliveryNumbers = numbers_of(store, on)
    areas = [area.pk for area in areas_of(store)]
    taken = taken_on(store, on, without=without)
    starts = policy.free_starts(areas, taken, consultant, hours, numbers.minutes)
    return [at for start in starts if (at := moment(on, start)) > now]
