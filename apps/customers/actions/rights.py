"""Requests of customers about the data that are kept of them (SEC-02)."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.choices import RightsKind, RightsStatus
from apps.customers.models import Customer, PrivacyPolicy, RightsRequest


@action
def take_request(
    customer: Customer,
    *,
    kind: str,
    how: str,
    text: str,
    asked_on: date,
    by: User,
    now: datetime,
) -> RightsRequest:
    """Take down what a customer asks for; from the day on which he asked the clock runs (SEC-02).

    Refused: a day to come, a correction that does not say of what, a customer who was made
    anonymous, and the same request a second time while the first is open.
    """
    customer = locked(customer)
    if asked_on > timezone.localdate(now):
        raise Refused(_("The day on which the customer asked is still to come."))
    if kind == RightsKind.CORRECTION and not text.strip():
        raise Refused(_("Say what is to be corrected."))
    if customer.erased_at is not None:
        raise Refused(_("The customer was made anonymous already."))
    there = customer.requests.filter(kind=kind, status=RightsStatus.OPEN).first()
    if there is not None:
        raise Refused(
            _("The customer asked for this on %(day)s already; it is still to be settled.")
            % {"day": there.asked_on}
        )
    policy = PrivacyPolicy.objects.in_force(customer.store_id, asked_on)
    return RightsRequest.objects.create(
        store_id=customer.store_id,
        customer=customer,
        kind=kind,
        how=how,
        text=text.strip(),
        asked_on=asked_on,
        due_on=asked_on + timedelta(days=policy.request_days),
        taken_by=by,
        taken_at=now,
    )


@action
def settle_request(
    request: RightsRequest, *, status: str, answer: str, by: User, now: datetime
) -> RightsRequest:
    """It is done, or refused with a reason that the customer is told (SEC-02).

    Refused: without a word, settled already, a deletion as done without deleting.
    """
    if not answer.strip():
        raise Refused(_("Say what was done, or why it is refused."))
    request = locked(request)
    if request.kind == RightsKind.DELETION and status == RightsStatus.DONE:
        raise Refused(_("A deletion is settled by deleting."))
    return _settled(request, RightsStatus(status), answer.strip(), by=by, now=now)


@action
def settle_deletion(request: RightsRequest, *, by: User, now: datetime) -> RightsRequest:
    """The deletion is being carried out in this transaction. Refused when settled already."""
    return _settled(locked(request), RightsStatus.DONE, "", by=by, now=now)


def _settled(
    request: RightsRequest, status: RightsStatus, answer: str, *, by: User, now: datetime
) -> RightsRequest:
    advance(request, status)
    request.answer, request.settled_by, request.settled_at = answer, by, now
    request.save(update_fields=["status", "answer", "settled_by", "settled_at"])
    return request


@action
def set_privacy(
    store: Store, *, effective_from: date, request_days: int, dormant_years: int, now: datetime
) -> PrivacyPolicy:
    """The store's numbers from a day on; the same day again puts them right.

    Refused for a day that has begun: what ran under the old numbers stays.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("New numbers hold from tomorrow at the earliest."))
    row, _new = PrivacyPolicy.objects.update_or_create(
        store=store,
        effective_from=effective_from,
        defaults={"request_days": request_days, "dormant_years": dormant_years},
    )
    return row
