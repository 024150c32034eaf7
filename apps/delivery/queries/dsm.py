"""Which DSM records a person sees, what they lack, and whether they are at fault (DEL-06)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.customers.choices import CustomerKind
from apps.customers.models import Customer
from apps.delivery.choices.dsm import TO_ENTER, DsmStatus, Fault, Needed
from apps.delivery.models import Delivery, DsmRecord
from apps.delivery.models.dsm import DsmQuerySet
from apps.delivery.policy import dsm as policy
from apps.delivery.queries.numbers import numbers_of

SEES_ALL = ("delivery.check_dsm", "reception.view_all_sales")
DAY = timedelta(days=1)


def due_at_of(delivery: Delivery) -> datetime:
    """Until when the record of this delivery is to be complete: the store's hour of its day."""
    by = numbers_of(delivery.store, delivery.delivered_on).dsm_by
    return policy.due_at(delivery.delivered_on, by)


def missing_of(buyer: Customer | None) -> list[Needed]:
    """What the archive lacks of this buyer. No query."""
    return policy.missing(known_of(buyer))


def needed_of(buyer: Customer | None) -> list[Needed]:
    """What must be known of this buyer, known or not."""
    is_company = buyer is not None and buyer.kind == CustomerKind.COMPANY
    return policy.missing(policy.Known(company=is_company))


def known_of(buyer: Customer | None) -> policy.Known | None:
    if buyer is None:
        return None
    return policy.Known(
        company=buyer.kind == CustomerKind.COMPANY,
        contact=bool(buyer.contact_name),
        phone=buyer.reachable,
        birthday=bool(buyer.birthday or buyer.lunar_birth_mmdd),
        id_number=bool(buyer.id_number_sealed),
        address=bool(buyer.address),
    )


def seen_by(user: Any) -> DsmQuerySet:
    """A consultant sees his own records and those that are nobody's yet; who checks them or sees
    all sales, the store's."""
    rows: DsmQuerySet = DsmRecord.objects.visible_to(user).select_related(
        "delivery__vehicle", "delivery__customer", "consultant", "store"
    )
    if any(user.has_perm(name) for name in SEES_ALL):
        return rows
    return rows.filter(Q(consultant=user.pk) | Q(consultant=None))


@dataclass(frozen=True)
class Line:
    """A record as the pages show it. ``missing`` is as of now; of a checked one only what it was
    accepted without."""

    record: DsmRecord
    missing: list[Needed]
    fault: Fault | None


def line_of(record: DsmRecord, now: datetime) -> Line:
    done = record.status == DsmStatus.CHECKED and not record.accepted_why
    missing = [] if done else missing_of(record.delivery.customer)
    return Line(record, missing, fault_of(record, now))


def fault_of(record: DsmRecord, now: datetime) -> Fault | None:
    return policy.fault(
        record.due_at,
        record.entered_at,
        record.sent_back_at,
        now,
        accepted_so=bool(record.accepted_why),
    )


def lines_of(records: Iterable[DsmRecord], now: datetime) -> list[Line]:
    """No query more than the records themselves."""
    return [line_of(record, now) for record in records]


def asked_for(user: Any, asked: Mapping[str, Any], today: date, now: Any) -> DsmQuerySet:
    """The records that a filter asks for, the latest limit first; without one what is to be done:
    everything that is not checked, and the deliveries of yesterday and today."""
    rows = seen_by(user).order_by("-due_at", "-pk")
    if asked.get("store"):
        rows = rows.filter(store=asked["store"])
    if not any(value for name, value in asked.items() if name != "store"):
        return rows.filter(~Q(status=DsmStatus.CHECKED) | Q(due_at__gte=_start(today)))
    if month := asked.get("month"):
        rows = rows.due_in(month)
    if status := asked.get("status"):
        rows = rows.filter(status=status)
    if fault := asked.get("fault"):
        rows = rows.at_fault(fault, now)
    if asked.get("in_time"):
        rows = rows.in_time()
    if consultant := asked.get("consultant"):
        rows = rows.filter(consultant=consultant if consultant.isdecimal() else None)
    return rows


@dataclass(frozen=True)
class Sections:
    """What is to be done, in the order of the specialist's morning."""

    yesterday: list[Line]
    earlier: list[Line]
    today: list[Line]


def sections(lines: Iterable[Line], today: date) -> Sections:
    """By the day of the delivery: its record is due the day after."""
    found = Sections([], [], [])
    for line in lines:
        due_on = timezone.localdate(line.record.due_at)
        part = found.today if due_on > today else found.yesterday
        (found.earlier if due_on < today else part).append(line)
    return found


def to_do(user: Any) -> DsmQuerySet:
    """What waits for this person: his entries, or what he is to check."""
    if user.has_perm("delivery.check_dsm"):
        return DsmRecord.objects.visible_to(user).filter(status=DsmStatus.ENTERED)
    whose = Q(consultant=user.pk)
    if user.has_perm("delivery.enter_dsm"):
        whose |= Q(consultant=None)
    return DsmRecord.objects.visible_to(user).filter(whose, status__in=TO_ENTER)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
