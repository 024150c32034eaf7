"""Which DSM records a person sees, and what they lack (DEL-06)."""

from datetime import datetime, time
from typing import Any

from django.db.models import Q, QuerySet

from apps.customers.choices import CustomerKind
from apps.customers.models import Customer
from apps.delivery.choices.dsm import Needed
from apps.delivery.models import Delivery, DsmRecord
from apps.delivery.policy import dsm as policy

BY = time(9, 30)
SEES_ALL = ("delivery.check_dsm", "reception.view_all_sales")


def due_at_of(delivery: Delivery) -> datetime:
    """Until when the record of this delivery is to be complete."""
    return policy.due_at(delivery.delivered_on, BY)


def missing_of(buyer: Customer | None) -> list[Needed]:
    """What the archive lacks of this buyer. No query."""
    return policy.missing(known_of(buyer))


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


def seen_by(user: Any) -> QuerySet[DsmRecord]:
    """A consultant sees his own records and those that are nobody's yet; who checks them or sees
    all sales, the store's."""
    rows: QuerySet[DsmRecord] = DsmRecord.objects.visible_to(user)
    if any(user.has_perm(name) for name in SEES_ALL):
        return rows
    return rows.filter(Q(consultant=user.pk) | Q(consultant=None))
