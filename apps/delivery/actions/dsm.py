"""DSM records: opened with the delivery, completed by the consultant, checked by care (DEL-06)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers import actions as customers
from apps.customers.models import Customer
from apps.delivery.choices.dsm import TO_ENTER, DsmStatus
from apps.delivery.models import Delivery, DsmRecord
from apps.delivery.policy import dsm as policy
from apps.delivery.queries.dsm import due_at_of, missing_of

BUYER = ("contact_name", "birthday", "lunar_birth_mmdd", "address")


@action
def open_dsm(delivery: Delivery, consultant: User | None, *, on: date) -> DsmRecord | None:
    """The buyer's data are owed from this delivery on. None: it was long ago and is history.

    Told again, with another day: the limit moves with it as long as nobody has checked.
    """
    record: DsmRecord | None = DsmRecord.objects.filter(delivery=delivery).first()
    if record is None:
        if not policy.is_owed(delivery.delivered_on, on):
            return None
        return DsmRecord.objects.create(
            store_id=delivery.store_id,
            delivery=delivery,
            consultant=consultant,
            due_at=due_at_of(delivery),
        )
    record = locked(record)
    if record.status != DsmStatus.CHECKED:
        record.due_at = due_at_of(delivery)
        record.consultant = consultant or record.consultant
        record.save(update_fields=["due_at", "consultant"])
    return record


@action
def enter_dsm(record: DsmRecord, facts: Mapping[str, Any], *, by: User, now: datetime) -> DsmRecord:
    """What the buyer said goes into the archive, partly too; when nothing is missing the clock
    stops and the record waits for its check.

    ``facts``: ``phone`` and ``id_number`` if told ("" leaves what is there), and the columns of
    ``BUYER``. Refused, and nothing written: a record that is checked, a buyer who is not known,
    a number or an ID number that cannot be.
    """
    record = locked(record)
    if record.status == DsmStatus.CHECKED:
        raise Refused(_("This record is checked. Correct the customer on his own page."))
    buyer = _buyer(record)
    if phone := facts.get("phone", "").strip():
        customers.add_number(buyer, phone, by=by, now=now)
    told = {name: facts[name] for name in BUYER if name in facts}
    if not (told.get("birthday") or buyer.birthday):  # nothing is typed twice
        told["birthday"] = policy.born(facts.get("id_number", ""))
    customers.change_customer(buyer, by=by, id_number=facts.get("id_number") or None, **told)
    buyer.refresh_from_db()
    _keep_clock(record, complete=not missing_of(buyer), by=by, now=now)
    record.consultant = record.consultant or by
    record.save()
    return record


def _buyer(record: DsmRecord) -> Customer:
    """Who bought the car; if the delivery does not say, its owner now."""
    delivery = record.delivery
    if delivery.customer is None:
        delivery.customer = delivery.vehicle.owner
        delivery.save(update_fields=["customer"])
    if delivery.customer is None:
        raise Refused(_("It is not known who bought this car. Enter its owner first."))
    return delivery.customer


def _keep_clock(record: DsmRecord, *, complete: bool, by: User, now: datetime) -> None:
    if complete and record.status in TO_ENTER:
        advance(record, DsmStatus.ENTERED)
        record.entered_at, record.entered_by = now, by
    elif not complete and record.status == DsmStatus.ENTERED:
        advance(record, DsmStatus.OPEN)
        record.entered_at = record.entered_by = None


@action
def check_dsm(record: DsmRecord, *, by: User, now: datetime, why: str = "") -> DsmRecord:
    """The care specialist found the data right. ``why``: accepted although something is missing,
    which stays a fault (PEN-07).

    Refused: checked already, one's own entry, something missing without a reason.
    """
    record = locked(record)
    _not_ones_own(record, by)
    lacking = missing_of(record.delivery.customer)
    if (lacking or record.entered_at is None) and not why.strip():
        raise Refused(
            _("Missing: %(what)s. Send it back, or say why it is accepted so.")
            % {"what": "、".join(str(need.label) for need in lacking) or _("the consultant's word")}
        )
    advance(record, DsmStatus.CHECKED)
    record.checked_at, record.checked_by, record.accepted_why = now, by, why.strip()
    record.save(update_fields=["status", "checked_at", "checked_by", "accepted_why"])
    return record


@action
def send_back_dsm(record: DsmRecord, why: str, *, by: User, now: datetime) -> DsmRecord:
    """Something is wrong or missing after all: the consultant does it again, his clock runs on.

    Refused: without a reason, a record that is not waiting for its check, one's own entry.
    """
    record = locked(record)
    _not_ones_own(record, by)
    if not why.strip():
        raise Refused(_("Say what is wrong."))
    advance(record, DsmStatus.SENT_BACK)
    record.sent_back_at, record.sent_back_by, record.sent_back_why = now, by, why.strip()
    record.entered_at = record.entered_by = None
    record.save()
    return record


def _not_ones_own(record: DsmRecord, by: User) -> None:
    if by.pk in (record.entered_by_id, record.consultant_id):
        raise Refused(_("Nobody checks what he entered himself."))
