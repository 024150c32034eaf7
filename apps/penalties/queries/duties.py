"""Facts beside the calls: the month's greetings, DSM records, registration forms (PEN-03, PEN-07).

As ``facts``: one query a clause, ``COLUMNS`` of every fact. The evidence holds ids, times and
numbers, never what stands there about a customer (SEC-04).
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, CharField, Value, When
from django.db.models.functions import Cast, Concat, JSONObject, TruncDate

from apps.care.models import CarePolicy
from apps.care.queries.campaigns import greetings_of
from apps.delivery.models import DsmRecord
from apps.delivery.models.dsm import WHOLE
from apps.penalties.models import GreetingDuty
from apps.penalties.queries.spans import COLUMNS, in_force, midnight, months_over
from apps.service.figures import not_handed_over_in_time


def dsm(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-07: late or incomplete, as the pages and figures of the records say (REP-08). A record
    is one fact, whatever is wrong with it."""
    accepted = Case(
        When(WHOLE, then=Value(False)), default=Value(True), output_field=BooleanField()
    )
    return (
        DsmRecord.objects.filter(
            store__in=stores,
            consultant__isnull=False,
            due_at__gte=midnight(first),
            due_at__lt=midnight(last, after=1),
        )
        .faulty(now)
        .order_by()
        .annotate(
            fact=Concat(Value("dsm/"), Cast("pk", CharField())),
            happened_on=TruncDate("due_at"),
            proof_of_it=JSONObject(
                dsm="pk",
                due_at="due_at",
                entered_at="entered_at",
                sent_back_at="sent_back_at",
                accepted_incomplete=accepted,
            ),
        )
        .values_list("store", "fact", "happened_on", "consultant", "proof_of_it")
    )


def forms(stores: Collection[int], first: date, last: date, now: datetime) -> Any:
    """PEN-07, SVC-04: what care booked on these days and nobody took over before closing."""
    return (
        not_handed_over_in_time(stores, first, last, now=now)
        .filter(by__isnull=False)
        .order_by()
        .annotate(
            fact=Concat(Value("appointment/"), Cast("pk", CharField())),
            happened_on=TruncDate("made_at"),
            proof_of_it=JSONObject(
                appointment="pk",
                made_at="made_at",
                hand_over_by="hand_over_by",
                accepted_at="accepted_at",
            ),
        )
        .values_list("store", "fact", "happened_on", "by", "proof_of_it")
    )


def greetings(stores: Collection[int], first: date, last: date, now: datetime) -> list[Any]:
    """PEN-03: fewer greetings and notices in a month than there should be; who was named for it.

    Final when the month is over. Nobody named: nobody answers, no fact.
    """
    found = []
    for month, end in months_over(first, last, now):
        wanted = in_force(CarePolicy.objects.all(), end, "campaigns_a_month", 3)
        duties = GreetingDuty.objects.filter(store__in=stores, month=month).annotate(wanted=wanted)
        named = {duty.store_id: duty for duty in duties.order_by("store")}
        went_out: dict[int, list[int]] = {store: [] for store in named}
        for store, campaign in greetings_of(named, month).values_list("store", "pk"):
            went_out[store].append(campaign)
        for store, duty in named.items():
            if len(went_out[store]) < duty.wanted:
                evidence = {
                    "month": f"{month:%Y-%m}",
                    "done": len(went_out[store]),
                    "wanted": duty.wanted,
                    "campaigns": went_out[store],
                }
                values = (store, f"{month:%Y-%m}", end, duty.person_id, evidence)
                found.append(dict(zip(COLUMNS, values, strict=True)))
    return found
