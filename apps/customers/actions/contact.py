"""What a customer said about being contacted: stops and consents (CUS-08, CARE-29)."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.choices import CareKind, ConsentState, Purpose
from apps.customers.models import Consent, ConsentText, Customer, StopContact, Vehicle

ACCEPTS = "accepts_marketing"
OF_THE_PERSON = (CareKind.BIRTHDAY, CareKind.RECALL, CareKind.SSI_LOST)  # about no car


@action
def stop_contact(
    customer: Customer,
    vehicle: Vehicle | None,
    kind: str,
    reason: str,
    *,
    by: User,
    now: datetime,
) -> StopContact:
    """No contact of one kind about one car from now on (CUS-08). Stopped again: the same stop.

    Refused: without a reason, for a car of somebody else, a birthday stop with a car or any
    other without one.
    """
    if kind not in CareKind.values:
        raise Refused(_("Choose the kind of care."))
    if not reason.strip():
        raise Refused(_("Say why the customer is not to be contacted."))
    if (kind in OF_THE_PERSON) is not (vehicle is None):
        raise Refused(_("Choose the car that this is about; a birthday is about none."))
    if vehicle is not None and vehicle.owner_id != customer.pk:
        raise Refused(_("This car does not belong to the customer."))
    customer = locked(customer)
    stop, _new = StopContact.objects.get_or_create(
        customer=customer,
        vehicle=vehicle,
        kind=kind,
        ended_at=None,
        defaults={
            "store_id": customer.store_id,
            "reason": reason.strip(),
            "by": by,
            "at": now,
        },
    )
    return stop


@action
def end_stop(stop: StopContact, *, by: User, now: datetime) -> StopContact:
    """The customer may be contacted again. Refused when it was ended already."""
    stop = locked(stop)
    if stop.ended_at is not None:
        raise Refused(_("This stop was ended already."))
    stop.ended_at = now
    stop.save(update_fields=["ended_at"])
    return stop


@action
def record_consent(
    customer: Customer,
    purpose: str,
    state: str,
    source: str,
    *,
    by: User | None,
    now: datetime,
) -> Consent:
    """What the customer said of one purpose; the newest row decides (CARE-29). Who agrees agrees
    to the text in force on that day, which is kept with it (SEC-02).

    Refused without a source: where and how it was said.
    """
    if purpose not in Purpose.values or state not in ConsentState.values:
        raise Refused(_("Choose the purpose, and whether it was given or withdrawn."))
    if not source.strip():
        raise Refused(_("Say where the customer said so."))
    customer = locked(customer)
    told = None
    if state == ConsentState.GIVEN:
        texts = ConsentText.objects.filter(purpose=purpose)
        told = texts.in_force(customer.store_id, timezone.localdate(now))
    consent = Consent.objects.create(
        store_id=customer.store_id,
        customer=customer,
        purpose=purpose,
        state=state,
        source=source.strip(),
        told=told,
        at=now,
        by=by,
    )
    keep_consents(customer)
    return consent


def keep_consents(customer: Customer, *, save: bool = True) -> list[str]:
    """Keep the two flags in step: of each purpose the newest word decides (CARE-29).

    Returns the flags of which something was said; the others stay as they are.
    """
    known = []
    for purpose, flag in ((Purpose.SERVICE, "refuses_service"), (Purpose.MARKETING, ACCEPTS)):
        newest = customer.consents.filter(purpose=purpose).first()
        if newest is not None:
            given = newest.state == ConsentState.GIVEN
            setattr(customer, flag, given if flag == ACCEPTS else not given)
            known.append(flag)
    if save and known:
        customer.save(update_fields=known)
    return known
