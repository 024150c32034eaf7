"""Drawing the insurance calls that care verifies with the customer (CARE-09)."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import cycle
from secrets import randbits
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.accounts.queries import calendar_of
from apps.care.actions.planning import MADE_UP_DAYS, OPEN_FOR
from apps.care.choices import CallKind
from apps.care.models import Call, CarePolicy, InsuranceCheck, InsuranceSample
from apps.care.policy import drawn
from apps.care.queries.duty import specialists_for
from apps.care.queries.sampling import population, with_specialist
from apps.core.actions import action
from apps.core.dates import add_months
from apps.core.errors import Refused

SEED_BITS = 63


def draw_samples(*, now: datetime) -> int:
    """Draw for every store whose last month ended without a draw; return how many draws.

    Months missed since a store's last draw are made up (CARE-16). Twice, late, or on two
    machines at once draws nothing more.
    """
    closed = now - OPEN_FOR  # what was being written at the month's last minute is there
    last = add_months(timezone.localdate(closed).replace(day=1), -1)
    there: dict[Any, date] = dict(
        InsuranceSample.objects.values_list("store").annotate(Max("month")).order_by()
    )
    done = 0
    for store in Store.objects.all():
        month = add_months(there[store.pk], 1) if store.pk in there else last
        while month <= last:
            done += draw_sample(store, month, seed=randbits(SEED_BITS), now=now) is not None
            month = add_months(month, 1)
    return done


@action
def draw_sample(store: Store, month: date, *, seed: int, now: datetime) -> InsuranceSample | None:
    """Draw the sample of the month that begins with ``month``; None when it is drawn already.

    Each drawn call is owed a verification by care until the store's day [P], by somebody who
    did not make it where there is one. Refused: the month has not ended.
    """
    first, today = add_months(month, 1), timezone.localdate(now)
    if today < first:
        raise Refused(_("The month has not ended. Its calls are drawn on the 1st of the next."))
    numbers = CarePolicy.objects.in_force(store, first) or CarePolicy()
    calls = {
        call.pk: call
        for call in with_specialist(population(store, month)).select_related("customer")
    }
    sample, new = InsuranceSample.objects.get_or_create(
        store=store,
        month=month,
        defaults={
            "seed": seed,
            "share": numbers.sample_percent,
            "population": sorted(calls),
            "drawn_at": now,
        },
    )
    if not new:
        return None
    chosen = [calls[pk] for pk in drawn(seed, calls, numbers.sample_percent)]
    _owe_checks(sample, chosen, due_on=first.replace(day=numbers.sample_due_day), today=today)
    return sample


def _owe_checks(
    sample: InsuranceSample, chosen: Sequence[Any], *, due_on: date, today: date
) -> None:
    store = sample.store
    calendar = calendar_of(store)
    owners = _owners(store, chosen, [p.pk for p in specialists_for(store, today)])
    checking = Call.objects.bulk_create(
        Call(
            store=store,
            customer_id=one.customer_id,
            vehicle_id=one.vehicle_id,
            kind=CallKind.INSURANCE_CHECK,
            cycle=str(one.pk),
            event_on=timezone.localdate(one.ended_at),
            opens_on=today,
            due_on=due_on,
            created_on=today,
            made_up=due_on < calendar.working_day_after(today, MADE_UP_DAYS),
            owner_id=owner,
        )
        for one, owner in zip(chosen, owners, strict=True)
    )
    InsuranceCheck.objects.bulk_create(
        InsuranceCheck(
            store=store, sample=sample, sampled=one, call=call, specialist_id=one.made_by_id
        )
        for one, call in zip(chosen, checking, strict=True)
    )


def _owners(store: Store, chosen: Sequence[Any], people: list[int]) -> list[int | None]:
    """Who answers for each check, in turn; nobody verifies his own call if others are there."""
    if not people:
        return [None] * len(chosen)
    turn = cycle(people)
    owners: list[int | None] = []
    for one in chosen:
        owner = next(turn)
        if owner == one.made_by_id:
            owner = next(turn)
        owners.append(owner)
    return owners
