"""What the desk needs of deliveries about one customer or one car."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.checklists.models import ChecklistAnswer
from apps.core.erasing import Personal, PersonalBy, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.delivery.choices.hand_over import COMING, LISTS, HandOverStatus
from apps.delivery.models import Delivery, DsmRecord, HandOver, HandOverPhoto

LINKS = ((Delivery, "customer"),)  # what points at a customer


def timeline(customer: Customer) -> list[Source]:
    """The cars that the customer bought here."""
    return [_deliveries(Delivery.objects.filter(customer=customer))]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    return [_deliveries(Delivery.objects.filter(vehicle=vehicle))]


def _deliveries(rows: QuerySet[Delivery]) -> Source:
    rows = rows.select_related("vehicle", "dsm")
    return Source("delivery", "delivery", rows, "delivered_on", _delivery, by_day=True)


def _delivery(row: Delivery) -> Told:
    title = _("Delivery · %(car)s") % {"car": row.vehicle}
    record = getattr(row, "dsm", None)  # old and imported deliveries have none
    state = f"{_('DSM record')} {record.get_status_display()}" if record else ""
    detail = " · ".join(filter(None, [row.vehicle.model, row.consultant, state]))
    return Told(title, detail, ("car", row.vehicle_id))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What was handed over to ``old`` was handed over to ``new`` (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


def _hand_over_answers(ids: Collection[int]) -> QuerySet[Any]:
    """What was noted while the car was handed over."""
    handed = HandOver.objects.filter(order__customer__in=ids)
    subjects = [str(pk) for pk in handed.values_list("pk", flat=True)]
    runs = {"run__kind__in": list(LISTS.values()), "run__subject__in": subjects}
    stores = Customer.everyone.filter(pk__in=ids).values("store")
    return ChecklistAnswer.objects.filter(run__store__in=stores, **runs)


PERSONAL = (
    PersonalBy(ChecklistAnswer, (), texts("remark"), find=_hand_over_answers),
    Personal(DsmRecord, ("delivery__customer",), texts("sent_back_why accepted_why")),
    Personal(HandOver, ("order__customer",), {"plate": "", **texts("told remark cancelled")}),
)
PLAIN = {
    Delivery: "consultant source",
    HandOver: "insurer signature",  # pictures are painted over
    HandOverPhoto: "stored",
}


def duties(ids: Collection[int]) -> list[str]:
    coming = HandOver.objects.filter(
        order__customer__in=ids, status__in=(*COMING, HandOverStatus.RUNNING)
    )
    return [_("a hand-over is planned for %(day)s") % {"day": row.on} for row in coming]


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nothing is open any more: see ``duties``."""


def pictures(ids: Collection[int]) -> list[Any]:
    """Photos of hand-overs and the signatures under their records."""
    handed = HandOver.objects.filter(order__customer__in=ids)
    photos = HandOverPhoto.objects.filter(hand_over__in=handed).values_list("stored", flat=True)
    signed = handed.filter(signature__isnull=False).values_list("signature", flat=True)
    return [*photos, *signed]
