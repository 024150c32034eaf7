"""What a survey is about: the delivery or the lost purchase, whose it was, and which car."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.queries import team_on
from apps.care.models import Call
from apps.delivery.models import Delivery, HandOver
from apps.reception.models import CarModel, Opportunity
from apps.ssi.choices import ROUND_OF, Round


@dataclass(frozen=True)
class Subject:
    """Columns of a response, as of the day of delivery (SSI-07)."""

    round: Round
    on: date  # of the delivery, or of the loss
    delivery_id: int | None = None
    opportunity_id: int | None = None
    vehicle_id: int | None = None
    car_model_id: int | None = None
    consultant_id: int | None = None
    consultant_name: str = ""

    def columns(self) -> dict[str, Any]:
        """With the team to which the consultant belonged on the day. One query."""
        team = team_on([self.consultant_id], self.on) if self.consultant_id else {}
        named = {name: value for name, value in vars(self).items() if name != "on"}
        return named | {"team_id": team.get(self.consultant_id or 0)}


def subject_of(call: Call) -> Subject | None:
    """What this call asks about; None when there is no such delivery or purchase any more."""
    kind = ROUND_OF.get(call.kind)  # type: ignore[call-overload]
    if kind is None or not call.cycle.isdecimal():
        return None
    if kind == Round.LOST:
        wanted = Opportunity.objects.filter(store=call.store_id, pk=call.cycle)
        return _lost(wanted.select_related("consultant").first())
    delivered = Delivery.objects.filter(store=call.store_id, pk=call.cycle)
    row = delivered.select_related("vehicle").first()
    return _sold(row, kind) if row else None


def _lost(wanted: Opportunity | None) -> Subject | None:
    if wanted is None or wanted.closed_at is None:
        return None
    return Subject(
        Round.LOST,
        timezone.localdate(wanted.closed_at),
        opportunity_id=wanted.pk,
        car_model_id=wanted.car_model_id,
        consultant_id=wanted.consultant_id,
        consultant_name=str(wanted.consultant)[:40],
    )


def _sold(delivery: Delivery, round: Round) -> Subject:
    car = delivery.vehicle
    handed = HandOver.objects.filter(vehicle=car).select_related("consultant", "order__trim")
    hand_over = handed.first()
    if hand_over:
        consultant: User | None = hand_over.consultant
        model: int | None = hand_over.order.trim.car_model_id
    else:
        consultant = the_one_called(delivery.store_id, delivery.consultant)
        named = CarModel.objects.filter(store=delivery.store_id, name=car.model)
        model = named.values_list("pk", flat=True).first() if car.model else None
    return Subject(
        round,
        delivery.delivered_on,
        delivery_id=delivery.pk,
        vehicle_id=car.pk,
        car_model_id=model,
        consultant_id=consultant.pk if consultant else None,
        consultant_name=(str(consultant) if consultant else delivery.consultant)[:40],
    )


def the_one_called(store_id: int, name: str) -> User | None:
    """The only account of the store with this name, in use or not; None when two bear it."""
    people = list(User.objects.filter(store=store_id, name=name)[:2]) if name else []
    return people[0] if len(people) == 1 else None
