"""The SSI day sheet SSI日访表: who is to be asked on a day, and what came of it (SSI-03)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Store
from apps.care.choices import CallKind, CallStatus
from apps.care.models import Call
from apps.delivery.models import Delivery
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.models import Opportunity
from apps.ssi.choices import ResponseStatus, Round
from apps.ssi.models import Response

DAY = timedelta(days=1)
MOST = 300
KINDS = {
    Round.FIRST: CallKind.SSI_FIRST,
    Round.SECOND: CallKind.SSI_SECOND,
    Round.LOST: CallKind.SSI_LOST,
}


@dataclass(frozen=True)
class Line:
    """One customer of the sheet. Without a call: nobody is owed one, or it is not planned yet."""

    on: date  # of the delivery, or of the loss
    customer: Any
    vehicle: Any
    model: str
    consultant: str
    dsm: Any
    call: Call | None
    response: Response | None

    @property
    def answered(self) -> bool:
        return self.response is not None and self.response.status == ResponseStatus.DONE

    @property
    def waits(self) -> bool:
        return self.call is not None and self.call.ended_at is None and not self.answered


def lines(store: Store, day: date, round: str, *, today: date) -> list[Line]:
    """Of the sheet of ``day``: what was delivered (lost) the day before; today's also has what is
    open from earlier days. Of the second round: every call that was open. Four queries."""
    if round == Round.LOST:
        return _lost(store, day, today)
    if round == Round.SECOND:
        calls = list(_second(store, day))
        asked = [int(call.cycle) for call in calls if call.cycle.isdecimal()]
        rows = Delivery.objects.filter(store=store, pk__in=asked)
    else:
        wanted = Q(delivered_on=day - DAY)
        if day == today:
            wanted |= Q(pk__in=_still_open(store, CallKind.SSI_FIRST))
        rows = Delivery.objects.filter(wanted, store=store, delivered_on__lt=day)
        calls = None
    related = ("customer", "vehicle", "dsm")
    deliveries = list(rows.select_related(*related).order_by("-delivered_on", "-pk")[:MOST])
    found = _calls(store, KINDS[Round(round)], [d.pk for d in deliveries], calls)
    answers = _responses(found)
    made = [_delivered(row, found.get(row.pk), answers) for row in deliveries]
    return sorted(made, key=lambda line: line.call.due_on) if calls is not None else made  # type: ignore[union-attr]


def _second(store: Store, day: date) -> Any:
    open_then = Q(ended_at=None) | Q(ended_at__date__gte=day)
    rows = Call.objects.filter(open_then, store=store, kind=CallKind.SSI_SECOND, opens_on__lte=day)
    return rows.select_related("owner").order_by("due_on", "pk")[:MOST]


def _still_open(store: Store, kind: CallKind) -> list[int]:
    """What open calls are about; few, since they lapse within days."""
    rows = Call.objects.filter(
        store=store, kind=kind, status__in=[CallStatus.WAITING, CallStatus.CLAIMED]
    )
    return [int(cycle) for cycle in rows.values_list("cycle", flat=True) if cycle.isdecimal()]


def _lost(store: Store, day: date, today: date) -> list[Line]:
    start, end = (
        timezone.make_aware(datetime.combine(each, time.min)) for each in (day - DAY, day)
    )
    wanted = Q(closed_at__gte=start, closed_at__lt=end)
    if day == today:
        wanted |= Q(pk__in=_still_open(store, CallKind.SSI_LOST))
    rows = Opportunity.objects.filter(wanted, store=store, status=OpportunityStatus.LOST)
    related = ("customer", "consultant", "car_model")
    lost = list(rows.select_related(*related).order_by("-closed_at", "-pk")[:MOST])
    calls = _calls(store, CallKind.SSI_LOST, [row.pk for row in lost])
    answers = _responses(calls)
    return [
        Line(
            timezone.localdate(row.closed_at),
            row.customer,
            None,
            str(row.car_model or ""),
            str(row.consultant),
            None,
            call := calls.get(row.pk),
            answers.get(call.pk) if call else None,
        )
        for row in lost
    ]


def _calls(
    store: Store, kind: CallKind, about: list[int], known: list[Call] | None = None
) -> dict[int, Call]:
    """By the delivery or lost purchase that each is about."""
    if known is None:
        rows = Call.objects.filter(store=store, kind=kind, cycle__in=[str(pk) for pk in about])
        known = list(rows.select_related("owner"))
    return {int(call.cycle): call for call in known if call.cycle.isdecimal()}


def _responses(calls: dict[int, Call]) -> dict[int | None, Response]:
    rows = Response.objects.filter(call__in=[call.pk for call in calls.values()])
    return {row.call_id: row for row in rows.select_related("consultant")}


def _delivered(row: Delivery, call: Call | None, answers: dict[int | None, Response]) -> Line:
    response = answers.get(call.pk) if call else None
    named = response and (response.consultant or response.consultant_name)
    return Line(
        row.delivered_on,
        row.customer,
        row.vehicle,
        row.vehicle.model,
        str(named or row.consultant),
        getattr(row, "dsm", None),
        call,
        response,
    )
