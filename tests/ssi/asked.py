"""Deliveries of yesterday and calls about them that somebody holds."""

from datetime import datetime, timedelta
from uuid import uuid4

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus
from apps.care.models import Call
from apps.delivery.models import Delivery
from apps.ssi.actions.responses import answer, start
from apps.ssi.models import SurveyQuestion
from tests.factories import NOW, SHANGHAI, TODAY, make_customer, make_user, make_vehicle

YESTERDAY = TODAY - timedelta(days=1)
EARLIER = datetime(2026, 11, 22, 16, tzinfo=SHANGHAI)


def a_delivery(store, on=YESTERDAY, **fields):
    car = fields.pop("vehicle", None) or make_vehicle(
        store, owner=fields.get("customer") or make_customer(store), delivered_on=on, sold_here=True
    )
    fields.setdefault("customer", car.owner)
    return Delivery.objects.create(store=store, vehicle=car, delivered_on=on, **fields)


def a_survey_call(store, delivery=None, kind=CallKind.SSI_FIRST, **fields):
    delivery = delivery or a_delivery(store)
    return Call.objects.create(
        store=store,
        kind=kind,
        cycle=str(delivery.pk),
        customer=delivery.customer,
        vehicle=delivery.vehicle,
        event_on=delivery.delivered_on,
        opens_on=TODAY,
        due_on=TODAY,
        created_on=TODAY,
        **fields,
    )


def held(call, by):
    call.status, call.holder, call.held_at, call.claim = CallStatus.CLAIMED, by, NOW, uuid4()
    call.owner, call.ended_at = call.owner or by, None
    call.save()
    return call


def a_held_call(store, by=None, **fields):
    by = by or make_user(f"asks_{store.code}_{Call.objects.count()}", store, Role.CARE_SPECIALIST)
    return held(a_survey_call(store, **fields), by)


def questions_of(response):
    rows = SurveyQuestion.objects.filter(factor__model=response.model_id)
    return list(rows.select_related("factor").order_by("factor__place", "place"))


def asked_through(call, by, value=9, *, now=NOW, low=None):
    """Begun and every question answered with ``value``; ``low`` maps factors to another."""
    response = start(call, by=by, now=now)
    for n, question in enumerate(questions_of(response), 1):
        given = (low or {}).get(question.factor.code, value)
        word = "太慢" if given is not None and given <= 4 else ""
        at = now + timedelta(seconds=15 * n)
        answer(call.pk, question.pk, given, word=word, by=by, now=at)
    return response
