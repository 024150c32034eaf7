"""Who has not been in touch for so long that his data are to go (SEC-02)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.models import Store
from apps.care.models import Call
from apps.core.errors import Refused
from apps.customers.choices import ErasedFor
from apps.customers.models import Consent, Customer, PrivacyPolicy, RightsRequest, Vehicle
from apps.delivery.models import Delivery
from apps.desk.erasing import erase_customer
from apps.messaging.models import Reply
from apps.reception.models import Opportunity, SalesOrder, ShowroomVisit
from apps.service.models import Appointment, RepairOrder

NOTICE = timedelta(days=31)  # a record is seen on the list of those to come for a month first
A_NIGHT = 50  # of a store
LOOKED_AT = 500


def dormant(store: Store, on: date) -> QuerySet[Customer]:
    """The customers of a store who will be dormant on ``on``, the longest known first.

    Nothing came from them for the years of the policy: no visit, delivery, order, purchase,
    appointment, conversation, reply, consent or request. What was only sent, and a call that
    nobody answered, is no contact. Records of a month's age at most wait.
    """
    policy = PrivacyPolicy.objects.in_force(store, on)
    if policy is None:
        nobody: QuerySet[Customer] = Customer.objects.none()
        return nobody
    day = _years_before(on, policy.dormant_years)
    moment = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows: QuerySet[Customer] = Customer.objects.filter(store=store, erased_at=None)
    seen_once = Exists(Vehicle.objects.filter(owner=OuterRef("pk"), last_seen_on__isnull=False))
    rows = rows.filter(
        Q(created_at__lt=moment) | Q(seen_once, created_at__date__lte=on - NOTICE),
    )
    for contact in _contacts(day, moment):
        rows = rows.filter(~Exists(contact))
    return rows.order_by("pk")


def _years_before(day: date, years: int) -> date:
    """The 29th of February counts as the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _contacts(day: date, moment: datetime) -> list[QuerySet[Any]]:
    """What would show that he was in touch since."""
    him = OuterRef("pk")
    of_his = {"customer": him}
    return [
        Vehicle.objects.filter(
            Q(last_visit_on__gte=day) | Q(delivered_on__gte=day) | Q(in_workshop=True), owner=him
        ),
        RepairOrder.objects.filter(Q(in_on__gte=day) | Q(out_on__gte=day), **of_his),
        Delivery.objects.filter(delivered_on__gte=day, **of_his),
        Appointment.objects.filter(on__gte=day, **of_his),
        ShowroomVisit.objects.filter(arrived_at__gte=moment, **of_his),
        Opportunity.objects.filter(opened_at__gte=moment, **of_his),
        SalesOrder.objects.filter(made_at__gte=moment, **of_his),
        Call.objects.filter(status="reached", ended_at__gte=moment, **of_his),
        Reply.objects.filter(at__gte=moment, **of_his),
        Consent.objects.filter(at__gte=moment, by__isnull=False, **of_his),
        RightsRequest.objects.filter(asked_on__gte=day, **of_his),
    ]


def erase_dormant(store: Store, *, now: datetime) -> int:
    """Make anonymous who is dormant today, some a night; whom something still needs waits, and is
    named on the list. Returns how many."""
    done = 0
    for customer in dormant(store, timezone.localdate(now))[:LOOKED_AT]:
        try:
            erase_customer(customer, typed="", by=None, why=ErasedFor.DORMANT, now=now)
        except Refused:
            continue
        done += 1
        if done == A_NIGHT:
            break
    return done
