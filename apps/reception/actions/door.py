"""A party at the door: registered, greeted, taken, gone, its card left (REC-01, REC-10)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.customers import actions as customers
from apps.customers.models import Customer
from apps.reception.actions.opportunities import open_opportunity, start_clock
from apps.reception.choices.opportunity import WORKED, ClockKind, Level
from apps.reception.choices.visit import OWES_THANKS, VisitTurnReason
from apps.reception.models import Opportunity, ShowroomVisit
from apps.reception.queries.door import door, opportunity_of
from apps.reception.queries.numbers import numbers_of

FACTS = ("party_size", "first_time", "source", "purpose", "remark")


@action
def register(
    store: Store,
    *,
    by: User,
    now: datetime,
    customer: Customer | None = None,
    greeted: bool = False,
    **facts: Any,
) -> ShowroomVisit:
    """A party comes in (REC-01). ``facts``: columns named in ``FACTS``. ``greeted``: by the one
    who writes, as it came in. ``customer``: who was recognised; what he thinks of buying is
    joined. Refused: a customer of another store."""
    if customer is not None and customer.store_id != store.pk:
        raise Refused(_("This customer belongs to another store."))
    within = numbers_of(store, timezone.localdate(now)).greet_within_seconds
    visit = ShowroomVisit(
        store=store,
        arrived_at=now,
        greet_until=now + timedelta(seconds=within),
        greeted_at=now if greeted else None,
        greeted_by=by if greeted else None,
        by=by,
        **{name: value for name, value in facts.items() if name in FACTS},
    )
    if customer is not None:
        visit.customer = customer
        came_before = ShowroomVisit.objects.filter(customer=customer).exists()
        visit.first_time = not came_before
        if opportunity := opportunity_of(customer, None):
            _join(visit, opportunity)
    visit.save()
    return visit


@action
def change_visit(visit: ShowroomVisit, facts: dict[str, Any]) -> ShowroomVisit:
    """What was typed at the door is put right; times stay as they were pressed."""
    visit = locked(visit)
    changed = {name: value for name, value in facts.items() if name in FACTS}
    for name, value in changed.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(changed))
    return visit


@action
def greet(visit: ShowroomVisit, *, by: User, now: datetime) -> ShowroomVisit:
    """Somebody spoke to the party. Twice: the first counts. Refused: it has left."""
    visit = _here(visit)
    if visit.greeted_at is None:
        visit.greeted_at, visit.greeted_by = now, by
        visit.save(update_fields=["greeted_at", "greeted_by"])
    return visit


@action
def take(
    visit: ShowroomVisit, consultant: User, *, by: User, now: datetime, reason: str = ""
) -> ShowroomVisit:
    """The consultant looks after the party; with that it is greeted (ORG-04).

    One at a time in a store, so that nobody's turn is given twice. Twice by the same one: once.
    Refused: another one has taken it already (the manager may give it on), it has left, it is
    somebody else's turn and no reason is said, no consultant of the store.
    """
    hold_line(visit.store)
    visit = _here(visit)
    sells = consultant.is_active and consultant.has_role(Role.SALES_CONSULTANT)
    if consultant.store_id != visit.store_id or not sells:
        raise Refused(_("This is no sales consultant of the store."))
    if visit.consultant_id == consultant.pk:
        return visit
    by_manager = reason == VisitTurnReason.MANAGER
    if by_manager and not by.has_perm("reception.approve_sales"):
        raise Refused(_("Only the sales manager decides out of turn."))
    if visit.consultant is not None and not by_manager:
        raise Refused(
            _("%(consultant)s has taken this party already.") % {"consultant": visit.consultant}
        )
    turn = door(visit.store, now).turn
    visit.turn_reason = _reason(visit, consultant, turn, reason)
    visit.consultant, visit.taken_at, visit.turn_of = consultant, now, turn
    if visit.greeted_at is None:
        visit.greeted_at, visit.greeted_by = now, consultant
    names = ["consultant", "taken_at", "turn_of", "turn_reason", "greeted_at", "greeted_by"]
    visit.save(update_fields=names)
    return visit


def hold_line(store: Store) -> None:
    """Until the transaction ends nobody else of the store takes a party."""
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)


def _reason(visit: ShowroomVisit, consultant: User, turn: User | None, reason: str) -> str:
    """Why not the one whose turn it is; "" when it is."""
    opportunity = visit.opportunity
    if opportunity is not None and opportunity.consultant_id == consultant.pk:
        return VisitTurnReason.HIS_CUSTOMER
    if reason == VisitTurnReason.MANAGER:
        return reason
    if turn is None or turn == consultant:
        return ""
    if reason not in VisitTurnReason.values:
        raise Refused(
            _("It is the turn of %(consultant)s. Choose him, or say why another one takes it.")
            % {"consultant": turn}
        )
    return reason


@action
def leave(visit: ShowroomVisit, result: str, *, now: datetime) -> ShowroomVisit:
    """The party has gone (REC-01). Without an order its consultant owes it thanks and a plan
    (REC-10). Of a day gone by: it left at closing time, at the latest. Twice: the first counts."""
    visit = locked(visit)
    if visit.left_at is None:
        visit.left_at, visit.result = _gone_at(visit, now), result
        visit.save(update_fields=["left_at", "result"])
        _owe_thanks(visit)
    return visit


@action
def leave_card(
    visit: ShowroomVisit,
    customer: Customer,
    *,
    by: User,
    now: datetime,
    level: str = Level.B,
    **needs: Any,
) -> ShowroomVisit:
    """The party leaves its customer card: the purchase it thinks of is joined, or opened (REC-03).

    A customer who speaks with a consultant already stays with him. Refused: a party that has its
    card, or a customer of another store, or a new purchase before somebody has taken the party.
    """
    visit = locked(visit)
    if visit.opportunity_id is not None:
        raise Refused(_("This party has left its card already."))
    if customer.store_id != visit.store_id:
        raise Refused(_("This customer belongs to another store."))
    opportunity = opportunity_of(customer, visit.consultant)
    if opportunity is None:
        if visit.consultant is None:
            raise Refused(_("Say first which consultant has taken the party."))
        needs = {"source": visit.source, "level": level} | needs
        opportunity = open_opportunity(customer, visit.consultant, by=by, now=now, **needs)
    visit.customer = customer
    _join(visit, locked(opportunity))
    visit.save(update_fields=["customer", "opportunity", "left_card"])
    _owe_thanks(visit)
    return visit


@action
def leave_new_card(
    visit: ShowroomVisit,
    *,
    name: str,
    phone: str,
    not_these: Collection[int] = (),
    by: User,
    now: datetime,
    **card: Any,
) -> ShowroomVisit:
    """The card of somebody whom the archive does not have; ``card`` as ``leave_card`` takes it.
    ``not_these``: records that look alike and were said to be other people (CUS-04)."""
    customer = customers.add_customer(
        visit.store, by=by, now=now, told_apart=not_these, name=name, phone=phone
    )
    return leave_card(visit, customer, by=by, now=now, **card)


def _join(visit: ShowroomVisit, opportunity: Opportunity) -> None:
    """A purchase is counted at the party with which it came through the door first (REC-02)."""
    visit.opportunity = opportunity
    visit.left_card = not opportunity.visits.filter(left_card=True).exists()


def _owe_thanks(visit: ShowroomVisit) -> None:
    opportunity = visit.opportunity
    if visit.left_at is None or visit.result not in OWES_THANKS:
        return
    if opportunity is not None and opportunity.status in WORKED:
        start_clock(opportunity, ClockKind.THANKS, since=visit.left_at)


def _here(visit: ShowroomVisit) -> ShowroomVisit:
    visit = locked(visit)
    if visit.left_at is not None:
        raise Refused(_("This party has left."))
    return visit


def _gone_at(visit: ShowroomVisit, now: datetime) -> datetime:
    came = timezone.localtime(visit.arrived_at)
    if came.date() == timezone.localdate(now):
        return now
    closes = visit.store.closes_at
    closing = came.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0)
    latest: datetime = max(filter(None, (visit.arrived_at, visit.greeted_at, visit.taken_at)))
    return max(closing, latest)
