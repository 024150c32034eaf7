"""Purchases that customers think of: opened, spoken about, promised (REC-03, REC-10)."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers.models import Customer
from apps.reception.choices.opportunity import WORKED, ClockKind, Level
from apps.reception.choices.visit import Source
from apps.reception.models import Clock, Contact, Opportunity
from apps.reception.policy import clocks
from apps.reception.queries.numbers import numbers_of

NEEDS = (
    *("source", "car_model", "trim", "colour", "purpose", "budget_amount", "pay_mode"),
    *("current_car", "decides_on", "needs"),
)


@action
def open_opportunity(
    customer: Customer,
    consultant: User,
    *,
    by: User,
    now: datetime,
    level: str = Level.B,
    **needs: Any,
) -> Opportunity:
    """A customer card is left: one purchase to be followed (REC-03).

    ``needs``: columns named in ``NEEDS``. An online enquiry is to be answered (REC-10).
    Refused: a customer or consultant of another store, an open one with this consultant.
    """
    if len({customer.store_id, consultant.store_id, by.store_id}) > 1:
        raise Refused(_("Customer and consultant belong to different stores."))
    customer = locked(customer)
    if Opportunity.objects.filter(
        customer=customer, consultant=consultant, status__in=WORKED
    ).exists():
        raise Refused(_("This customer has an open opportunity with this consultant already."))
    numbers = numbers_of(customer.store, timezone.localdate(now))
    facts = {"source": Source.WALK_IN} | {k: v for k, v in needs.items() if k in NEEDS}
    opportunity = Opportunity(
        store_id=customer.store_id,
        customer=customer,
        consultant=consultant,
        level=level,
        opened_at=now,
        opened_by=by,
        follow_up_on=clocks.follow_up_on(level, timezone.localdate(now), numbers),
        **facts,
    )
    opportunity.save()
    if opportunity.source == Source.WEB:
        start_clock(opportunity, ClockKind.ENQUIRY, since=now)
    return opportunity


@action
def start_clock(opportunity: Opportunity, kind: str, *, since: datetime) -> Clock:
    """From ``since`` a contact is promised (REC-10). The same one twice is one."""
    numbers = numbers_of(opportunity.store, timezone.localdate(since))
    clock: Clock = Clock.objects.get_or_create(
        opportunity=opportunity,
        kind=kind,
        since=since,
        defaults={
            "store_id": opportunity.store_id,
            "due_at": clocks.due_at(kind, since, numbers),
        },
    )[0]
    return clock


@action
def note_contact(
    opportunity: Opportunity,
    *,
    by: User,
    now: datetime,
    how: str,
    text: str = "",
    level: str = "",
    reached: bool = True,
    next_on: date | None = None,
) -> Contact:
    """What was said, the level afterwards, and with it the day of the next contact (REC-03).

    A contact that reached the customer keeps the promises that ran then (REC-10); one that did
    not leaves clocks and the next day as they are. ``next_on``: a day agreed with the customer.
    Refused: an opportunity that is closed, a day that is over or later than the level's.
    """
    opportunity = locked(opportunity)
    if opportunity.status not in WORKED:
        raise Refused(_("This opportunity is closed."))
    level = level or opportunity.level
    contact = Contact(
        store_id=opportunity.store_id,
        opportunity=opportunity,
        at=now,
        by=by,
        how=how,
        reached=reached,
        level=level,
        text=text,
    )
    contact.save()
    if reached:
        opportunity.level, opportunity.contacted_at = level, now
        opportunity.follow_up_on = _next_day(opportunity, next_on, timezone.localdate(now))
        opportunity.save(update_fields=["level", "contacted_at", "follow_up_on"])
        opportunity.clocks.filter(done_at=None, since__lte=now).update(contact=contact, done_at=now)
    return contact


def _next_day(opportunity: Opportunity, agreed: date | None, today: date) -> date:
    """What was agreed, if the level allows it; else what the level says (REC-03)."""
    numbers = numbers_of(opportunity.store, today)
    latest = clocks.follow_up_on(opportunity.level, today, numbers)
    if agreed and not clocks.agreed_on(agreed, today, latest):
        raise Refused(
            _("At level %(level)s the next contact is from tomorrow until %(day)s.")
            % {"level": opportunity.level.upper(), "day": latest}
        )
    return agreed or latest
