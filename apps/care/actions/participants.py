"""Who is invited to an activity, signs up, and comes (CARE-12)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import cycle
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.care.actions.activities import last_call
from apps.care.actions.campaigns import Draft, write_campaign
from apps.care.activity_choices import COMING, ActivityStatus, Answer, Invited
from apps.care.campaign_choices import CampaignKind
from apps.care.choices import CallKind
from apps.care.models import Activity, Call, Campaign, Participant
from apps.care.queries.activities import to_invite
from apps.care.queries.duty import specialists_for
from apps.care.wording import spoken_day
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.models import Customer

NO_BRACES = str.maketrans("", "", "{}")
MOST_CALLS = 500  # what a care department can ring for one activity


@action
def invite_by_call(
    activity: Activity, filters: Mapping[str, Any], *, by: User, now: datetime
) -> int:
    """Owe an inviting call to everybody whom the filter finds and who was not asked yet.

    Return how many. Who did not agree to marketing is not found (CARE-29). The calls go in turn
    to the care specialists on duty. Refused: nobody or more than 500 found, an activity whose
    day has come. Again with the same filter: only who came in since.
    """
    row = locked(activity)
    today = timezone.localdate(now)
    if row.status not in COMING or row.on <= today:
        raise Refused(_("Customers are invited until the day before the activity."))
    found = list(to_invite(row, filters, on=today).values_list("pk", flat=True)[: MOST_CALLS + 1])
    if not found:
        raise Refused(_("This filter finds nobody who was not asked yet."))
    if len(found) > MOST_CALLS:
        raise Refused(
            _(
                "The filter finds more than %(most)s customers. Narrow it: the others can be "
                "invited by message."
            )
            % {"most": MOST_CALLS}
        )
    calls = Call.objects.bulk_create(_calls(row, found, now))
    Participant.objects.bulk_create(
        Participant(
            store_id=row.store_id,
            activity=row,
            customer_id=call.customer_id,
            invited=Invited.CALL,
            call=call,
        )
        for call in calls
    )
    note_invited(row)
    return len(calls)


@action
def invite_by_message(activity: Activity, *, by: User, now: datetime) -> Campaign:
    """A draft of a campaign with the invitation; whom it goes to and when is chosen there.

    Written again: the same draft. Refused as ``invite_by_call``.
    """
    row = locked(activity)
    today = timezone.localdate(now)
    if row.status not in COMING or row.on <= today:
        raise Refused(_("Customers are invited until the day before the activity."))
    if row.campaign is None:
        draft = Draft(CampaignKind.ACTIVITY, row.name, invitation_of(row), send_on=today)
        row.campaign = write_campaign(row.store, draft, by=by, now=now)
        row.save(update_fields=["campaign"])
        note_invited(row)
    return row.campaign


def invitation_of(row: Activity) -> str:
    """Read by customers, so Chinese whatever the language of the pages."""
    # A brace would be a placeholder that nobody fills.
    name, place = (text.translate(NO_BRACES) for text in (row.name, row.place))
    at = f"{spoken_day(row.on)}{row.starts_at:%H:%M}"
    text = f"诚邀您参加{name}：{at}，{place}。报名请致电本店，回复R退订"
    return "{name}{title}您好，{store}" + text


def note_invited(row: Activity) -> None:
    if row.status == ActivityStatus.PLANNED:
        advance(row, ActivityStatus.INVITED)
        row.save(update_fields=["status"])


def _calls(row: Activity, customers: Collection[int], now: datetime) -> list[Call]:
    today = timezone.localdate(now)
    owners = cycle([person.pk for person in specialists_for(row.store, today)] or [None])
    return [
        Call(
            store_id=row.store_id,
            customer_id=customer,
            kind=CallKind.RECALL,
            cycle=f"activity/{row.pk}",
            event_on=row.on,
            opens_on=today,
            due_on=last_call(row, today),
            created_on=today,
            owner_id=next(owners),
        )
        for customer in customers
    ]


@action
def sign_up(
    activity: Activity,
    customer: Customer,
    *,
    invited: str,
    people: int,
    by: User,
    now: datetime,
) -> Participant:
    """The customer comes, with so many people in all; signed up again, it is changed.

    Refused: another store's customer, an activity that is over or cancelled, no place left.
    """
    row = locked(activity)
    if customer.store_id != row.store_id:
        raise Refused(_("This customer belongs to another store."))
    if invited not in Invited.values:
        raise Refused(_("Choose how the customer came to know of it."))
    there, _new = Participant.objects.get_or_create(
        activity=row, customer=customer, defaults={"store_id": row.store_id, "invited": invited}
    )
    return answer(row, there, Answer.SIGNED_UP, people=people, by=by, now=now)


@action
def decline(participant: Participant, *, by: User, now: datetime) -> Participant:
    """He does not come after all; his places are free. Refused when he was there."""
    row = locked(participant.activity)
    there = locked(participant)
    if there.attended_at is not None:
        raise Refused(_("He was there."))
    return answer(row, there, Answer.DECLINED, people=1, by=by, now=now)


def answer(
    activity: Activity,
    participant: Participant,
    said: Answer,
    *,
    people: int,
    by: User,
    now: datetime,
) -> Participant:
    """Inside an action that holds the activity."""
    if said == Answer.SIGNED_UP:
        _check_place(activity, participant, people, now)
    participant.answer, participant.people = said, people
    participant.answered_by, participant.answered_at = by, now
    participant.save(update_fields=["answer", "people", "answered_by", "answered_at"])
    return participant


def _check_place(row: Activity, participant: Participant, people: int, now: datetime) -> None:
    if row.status not in COMING or row.on < timezone.localdate(now):
        raise Refused(_("Nobody can sign up for this activity any more."))
    if not 1 <= people <= 20:
        raise Refused(_("Enter how many people come: from 1 to 20."))
    taken = row.participants.exclude(pk=participant.pk).taken()
    if row.capacity is not None and taken + people > row.capacity:
        raise Refused(
            _("%(free)s places are left of %(places)s.")
            % {"free": max(0, row.capacity - taken), "places": row.capacity}
        )


@action
def attend(participant: Participant, *, there: bool, by: User, now: datetime) -> Participant:
    """He is there, or was not after all. The same again changes nothing.

    Refused before the activity's day, and once it is evaluated or cancelled.
    """
    row = locked(participant)
    activity = row.activity
    if activity.on > timezone.localdate(now):
        raise Refused(_("Its day has not come yet."))
    if activity.status not in (*COMING, ActivityStatus.HELD):
        raise Refused(_("This activity is %(status)s.") % {"status": activity.get_status_display()})
    if (row.attended_at is not None) is not there:
        row.attended_at, row.attended_by = (now, by) if there else (None, None)
        row.save(update_fields=["attended_at", "attended_by"])
    return row


@action
def come_in(
    activity: Activity, customer: Customer, *, people: int, by: User, now: datetime
) -> Participant:
    """Somebody who had not signed up stands at the door: he is let in, full or not.

    Refused as ``attend``, and for another store's customer.
    """
    row = locked(activity)
    if customer.store_id != row.store_id:
        raise Refused(_("This customer belongs to another store."))
    there, _new = Participant.objects.get_or_create(
        activity=row,
        customer=customer,
        defaults={
            "store_id": row.store_id,
            "invited": Invited.AT_THE_DOOR,
            "people": min(max(1, people), 20),
        },
    )
    return attend(there, there=True, by=by, now=now)
