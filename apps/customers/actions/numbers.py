"""Telephone numbers: added, found bad, corrected (CUS-03)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.actions.gaps import keep_gaps
from apps.customers.choices import CorrectionStatus, Locality, NumberKind, NumberStatus
from apps.customers.models import ContactNumber, Customer, NumberCorrection
from apps.customers.phones import normalise, propose_locality


@action
def add_number(
    customer: Customer, number: str, *, by: User | None, now: datetime | None = None
) -> ContactNumber:
    """Another number of the customer; a good one makes an unreachable customer reachable.

    Open corrections of the customer end with it: a good number is there (CUS-03). Refused: a
    number that cannot be, one that the customer has already.
    """
    phone = normalise(number)
    customer = locked(customer)
    if ContactNumber.objects.filter(customer=customer, number=phone.number).exists():
        raise Refused(_("The customer has this number already."))
    added = ContactNumber.objects.create(
        store_id=customer.store_id,
        customer=customer,
        number=phone.number,
        kind=phone.kind,
        region=phone.region,
        recorded_by=by,
    )
    if now is not None and by is not None:
        _resolve_corrections(customer, by=by, now=now)
    keep_reachable(customer)
    _propose_locality(customer)
    return added


@action
def mark_number(number: ContactNumber, status: str, *, by: User, now: datetime) -> NumberCorrection:
    """The number was found empty or wrong: its department is asked for a good one (CUS-03).

    Sales answers for a customer who has never been serviced here, else service. Marked again
    it stays one request. Refused: a status that is no finding.
    """
    if status not in (NumberStatus.EMPTY, NumberStatus.WRONG):
        raise Refused(_("Say whether the number is empty or wrong."))
    customer = locked(number.customer)
    number = locked(number)
    number.status, number.marked_by, number.marked_at = status, by, now
    number.save(update_fields=["status", "marked_by", "marked_at"])
    keep_reachable(customer)
    correction, new = NumberCorrection.objects.get_or_create(
        number=number,
        status=CorrectionStatus.OPEN,
        defaults={
            "store_id": number.store_id,
            "customer": customer,
            "department": responsible_department(customer),
            "asked_by": by,
            "asked_at": now,
            "found": status,
        },
    )
    if not new and correction.found != status:
        correction.found = status
        correction.save(update_fields=["found"])
    keep_gaps(people=[customer.pk], on=timezone.localdate(now))
    return correction


@action
def correct_number(
    correction: NumberCorrection, new_number: str, *, by: User, now: datetime
) -> ContactNumber:
    """The department found a good number: the customer can be called again (CUS-03).

    The same number may turn out to be good after all. All the customer's open requests end.
    Refused: a request that is done already, a number that cannot be.
    """
    phone = normalise(new_number)
    customer = locked(correction.customer)
    correction = locked(correction)
    advance(correction, CorrectionStatus.DONE)
    number, new = ContactNumber.objects.get_or_create(
        customer=customer,
        number=phone.number,
        defaults={
            "store_id": customer.store_id,
            "kind": phone.kind,
            "region": phone.region,
            "recorded_by": by,
        },
    )
    if not new and number.status != NumberStatus.GOOD:
        number.status, number.marked_by, number.marked_at = NumberStatus.GOOD, by, now
        number.save(update_fields=["status", "marked_by", "marked_at"])
    _resolve_corrections(customer, by=by, now=now)
    keep_reachable(customer, prefer=number)
    _propose_locality(customer)
    return number


def responsible_department(customer: Customer) -> str:
    """Sales for who has never been serviced here, else service (CUS-03)."""
    serviced = customer.vehicles.filter(last_visit_on__isnull=False).exists()
    return DepartmentKind.SERVICE if serviced else DepartmentKind.SALES


def keep_reachable(
    customer: Customer, *, prefer: ContactNumber | None = None, save: bool = True
) -> None:
    """Keep ``reachable`` and ``main_phone`` in step with the numbers: a good mobile first."""
    good = list(customer.numbers.filter(status=NumberStatus.GOOD))
    good.sort(
        key=lambda n: (
            prefer is None or n.pk != prefer.pk,
            n.number != customer.main_phone,
            n.kind != NumberKind.MOBILE,
            n.pk,
        )
    )
    customer.reachable = bool(good)
    if good:
        customer.main_phone = good[0].number
    if save:
        customer.save(update_fields=["reachable", "main_phone"])
        if good:
            keep_gaps(people=[customer.pk])


def _resolve_corrections(customer: Customer, *, by: User, now: datetime) -> None:
    for correction in customer.corrections.select_for_update().filter(status=CorrectionStatus.OPEN):
        advance(correction, CorrectionStatus.DONE)
        correction.done_by, correction.done_at = by, now
        correction.save(update_fields=["status", "done_by", "done_at"])


def _propose_locality(customer: Customer) -> None:
    """Propose anew unless a person chose (CUS-01)."""
    if customer.locality_by_hand:
        return
    plate = customer.vehicles.exclude(plate="").values_list("plate", flat=True).first() or ""
    regions = list(
        customer.numbers.filter(status=NumberStatus.GOOD).values_list("region", flat=True)
    )
    proposed = propose_locality(customer.store, regions, plate)
    if proposed != customer.locality and proposed != Locality.UNKNOWN:
        customer.locality = proposed
        customer.save(update_fields=["locality"])
