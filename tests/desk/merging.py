"""Two records of one customer with everything a floor may hold about them, made at random."""

from datetime import timedelta
from uuid import uuid4

from django.apps import apps
from hypothesis import strategies as st

from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Attempt, Call
from apps.customers.actions.merging import refresh_derived
from apps.customers.choices import CareKind, NumberKind, NumberStatus, Sign
from apps.customers.models import (
    Consent,
    ContactNumber,
    Duplicate,
    Gap,
    NumberCorrection,
    Ownership,
    StopContact,
)
from apps.delivery.models import Delivery
from apps.desk.merging import FLOORS
from apps.exchange.models import TakenRow
from apps.messaging.models import Message, Reply
from apps.service.models import RepairOrder
from tests.factories import NOW, TODAY, make_call, make_customer, make_vehicle

DAY = timedelta(days=1)
SLOTS = ["morning", "afternoon", "late"]
ENDED = [s for s in CallStatus if s not in (CallStatus.WAITING, CallStatus.CLAIMED)]
LINKS = sorted({link for floor in FLOORS for link in floor.LINKS}, key=str)


calls = st.fixed_dictionaries(
    {
        "status": st.sampled_from([CallStatus.WAITING, *ENDED]),
        "cycle": st.sampled_from(["2025", "2026"]),
        "tries": st.integers(0, 2),
    }
)
# What is said of one of the two records.
records = st.fixed_dictionaries(
    {
        "cars": st.lists(st.booleans(), max_size=2),  # with a call that was made, or with none
        "numbers": st.lists(
            st.tuples(st.sampled_from("12345"), st.sampled_from(NumberStatus.values)),
            max_size=3,
            unique_by=lambda n: n[0],
        ),
        "birthdays": st.lists(calls, max_size=2, unique_by=lambda c: c["cycle"]),
        "consents": st.lists(
            st.tuples(
                st.sampled_from(["service", "marketing"]),
                st.sampled_from(["given", "withdrawn"]),
                st.integers(1, 99),
            ),
            max_size=3,
        ),
        "stops": st.sets(st.sampled_from([CareKind.BIRTHDAY])),
        "messages": st.integers(0, 2),
        "doubles": st.sampled_from(["", "open", "dismissed"]),
        "birthday": st.sampled_from([None, TODAY.replace(year=1980), TODAY.replace(year=1990)]),
    }
)


def make_record(store, told, by, third, name):
    """A customer of whom all that is true."""
    customer = make_customer(store, name, birthday=told["birthday"])
    for end, status in told["numbers"]:
        _number(customer, f"1380000000{end}", status, by)
    for worked in told["cars"]:
        _car(customer, by, worked)
    for call in told["birthdays"]:
        _birthday(customer, by, **call)
    for purpose, state, days in told["consents"]:
        Consent.objects.create(
            store=store,
            customer=customer,
            purpose=purpose,
            state=state,
            at=NOW - days * DAY,
            source="电话",
            by=by,
        )
    for kind in told["stops"]:
        StopContact.objects.create(
            store=store, customer=customer, kind=kind, reason="本人要求", by=by, at=NOW
        )
    for number in range(told["messages"]):
        _message(customer, f"m:{customer.pk}:{number}")
    if told["doubles"]:
        low, high = sorted((customer.pk, third.pk))
        Duplicate.objects.create(
            store=store,
            low_id=low,
            high_id=high,
            signs=[Sign.PHONE],
            strength=4,
            status=told["doubles"],
            found_at=NOW,
        )
    refresh_derived(customer, on=TODAY)
    return customer


def _number(customer, number, status, by):
    marked = {} if status == "good" else {"marked_by": by, "marked_at": NOW - customer.pk % 7 * DAY}
    row = ContactNumber.objects.create(
        store=customer.store,
        customer=customer,
        number=number,
        kind=NumberKind.MOBILE,
        status=status,
        **marked,
    )
    if marked:
        NumberCorrection.objects.create(
            store=customer.store,
            customer=customer,
            number=row,
            department="service",
            asked_by=by,
            asked_at=NOW,
        )


def _car(customer, by, worked):
    store = customer.store
    car = make_vehicle(store, customer)
    Ownership.objects.create(store=store, vehicle=car, customer=customer, from_on=TODAY - 900 * DAY)
    Delivery.objects.create(store=store, vehicle=car, customer=customer, delivered_on=TODAY)
    RepairOrder.objects.create(
        store=store, number=f"RO{car.pk}", vehicle=car, kind="repair", out_on=TODAY
    )
    TakenRow.objects.create(
        store=store, kind=0, key=car.vin, customer=customer, vehicle=car, vals={}
    )
    call = make_call(store, customer=customer, vehicle=car, owner=by)
    if worked:
        _try(call, by, 0)


def _birthday(customer, by, *, status, cycle, tries):
    call = make_call(
        customer.store,
        customer=customer,
        kind=CallKind.BIRTHDAY,
        cycle=cycle,
        status=status,
        ended_at=None if status == CallStatus.WAITING else NOW,
        attempts=tries,
        slots_tried=SLOTS[:tries],
        day1_on=TODAY if tries else None,
        owner=by,
    )
    for slot in range(tries):
        _try(call, by, slot)
    if status == CallStatus.MESSAGED:
        _message(customer, f"birthday:{customer.pk}:{cycle}", key="birthday")


def _try(call, by, slot):
    Attempt.objects.create(
        store=call.store,
        call=call,
        conversation=uuid4(),
        at=NOW,
        slot=SLOTS[slot],
        counted=True,
        result=Result.NO_ANSWER,
        by=by,
    )


def _message(customer, dedupe_key, key="maintenance"):
    message = Message.objects.create(
        store=customer.store,
        customer=customer,
        channel="sms",
        purpose="service",
        key=key,
        to=customer.main_phone,
        text="您好",
        dedupe_key=dedupe_key,
        not_before=NOW,
        queued_at=NOW,
    )
    Reply.objects.create(
        store=customer.store,
        customer=customer,
        message=message,
        number=message.to,
        text="好的",
        at=NOW,
        provider_id=str(message.reference),
    )


def everything():
    """Every row of every table of the house as it is, derived columns and all; history apart."""
    kept = {}
    for model in apps.get_models():
        history = hasattr(model, "pgh_tracked_model") or model._meta.app_label == "pghistory"
        if not model.__module__.startswith("apps.") or history:
            continue
        kept[model._meta.label] = sorted(model._base_manager.values_list(), key=str)
    del kept["customers.Merge"]
    gaps = Gap.objects.values_list("lack", "customer", "vehicle", "place")  # written anew
    kept["customers.Gap"] = sorted(gaps, key=str)
    return kept


def counted(customers):
    """How many rows of each link point at one of these."""
    pks = [customer.pk for customer in customers]
    return {
        f"{model._meta.label}.{name}": model._base_manager.filter(**{f"{name}__in": pks}).count()
        for model, name in LINKS
    }


def open_birthdays(customer):
    return Call.objects.filter(customer=customer, kind=CallKind.BIRTHDAY).open()
