"""A care activity is planned, held, evaluated, or cancelled (CARE-12)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.activity_choices import COMING, ActivityStatus
from apps.care.choices import CallStatus, EndReason
from apps.care.models import Activity, ActivityPhoto, Call
from apps.care.queries.activities import invitations_without_reason
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.core.pictures import Kept, remove_pictures

MOST_PHOTOS = 12


@dataclass(frozen=True)
class Plan:
    """What is planned of an activity."""

    name: str
    on: date
    starts_at: time
    place: str
    budget_amount: Decimal
    plan: str
    capacity: int | None = None
    sales_part: str = ""
    service_part: str = ""


@action
def plan_activity(store: Store, plan: Plan, *, by: User, now: datetime) -> Activity:
    """A new activity. Refused: a day that is over."""
    _check_day(plan, now)
    return Activity.objects.create(store=store, made_by=by, made_at=now, **asdict(plan))


@action
def change_activity(activity: Activity, plan: Plan, *, now: datetime) -> Activity:
    """Plan it anew; inviting calls that wait go along with the day.

    Refused once it took place or was cancelled, for a day that is over, and for fewer places
    than are taken.
    """
    row = locked(activity)
    _still_coming(row)
    _check_day(plan, now)
    taken = row.participants.taken()
    if plan.capacity is not None and plan.capacity < taken:
        raise Refused(_("%(taken)s people have signed up already.") % {"taken": taken})
    values = asdict(plan)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    waiting = Call.objects.filter(participant__activity=row, status=CallStatus.WAITING)
    waiting.update(event_on=row.on, due_on=last_call(row, timezone.localdate(now)))
    return row


def last_call(activity: Activity, today: date) -> date:
    """The last day on which an invitation is in time: the day before."""
    return max(today, date.fromordinal(activity.on.toordinal() - 1))


def _still_coming(row: Activity) -> None:
    if row.status not in COMING:
        raise Refused(
            _("This activity is %(status)s: nothing more is planned of it.")
            % {"status": row.get_status_display()}
        )


def _check_day(plan: Plan, now: datetime) -> None:
    if plan.on < timezone.localdate(now):
        raise Refused(_("Choose a day from today on."))


@action
def hold_activity(activity: Activity, *, now: datetime) -> Activity:
    """It took place; nobody is invited any more. Refused before its day and twice."""
    row = locked(activity)
    advance(row, ActivityStatus.HELD)
    if row.on > timezone.localdate(now):
        raise Refused(_("Its day has not come yet."))
    row.save(update_fields=["status"])
    end_invitations(now=now, activity=row)
    return row


@action
def cancel_activity(activity: Activity, reason: str, *, now: datetime) -> Activity:
    """It will not take place; nobody is invited any more. Refused without a reason, and once it
    took place."""
    if not reason.strip():
        raise Refused(_("Say why it is cancelled."))
    row = locked(activity)
    advance(row, ActivityStatus.CANCELLED)
    row.cancelled = reason.strip()[:200]
    row.save(update_fields=["status", "cancelled"])
    end_invitations(now=now, activity=row)
    return row


@action
def end_invitations(*, now: datetime, activity: Activity | None = None) -> int:
    """Withdraw the inviting calls that wait for an activity which is over or cancelled.

    Without ``activity`` of all of them: the sweep, which also takes what was held meanwhile.
    """
    calls = invitations_without_reason(timezone.localdate(now))
    if activity is not None:
        calls = calls.filter(participant__activity=activity)
    ids = list(calls.order_by("pk").values_list("pk", flat=True))
    return Call.objects.filter(pk__in=ids, status=CallStatus.WAITING).update(
        status=CallStatus.WITHDRAWN, ended_at=now, end_reason=EndReason.ACTIVITY_OVER
    )


@action
def evaluate_activity(
    activity: Activity,
    *,
    spent_amount: Decimal,
    summary: str,
    evaluation: str,
    by: User,
    now: datetime,
) -> Activity:
    """What it cost, how it was, and what it brought. Again: put right, with who did so.

    Refused: it has not taken place, or one of the three is missing.
    """
    if not summary.strip() or not evaluation.strip():
        raise Refused(_("Write the summary and the evaluation."))
    row = locked(activity)
    if row.status != ActivityStatus.EVALUATED:
        advance(row, ActivityStatus.EVALUATED)
    row.spent_amount, row.summary, row.evaluation = spent_amount, summary, evaluation
    row.evaluated_by, row.evaluated_at = by, now
    row.save(
        update_fields=[
            *("status", "spent_amount", "summary", "evaluation", "evaluated_by", "evaluated_at")
        ]
    )
    return row


@action
def add_photos(
    activity: Activity, photos: Sequence[bytes], *, by: User, now: datetime
) -> list[ActivityPhoto]:
    """Keep pictures that ``core.pictures.read_picture`` gave. Refused: too many, before its day,
    or of one that was cancelled."""
    row = locked(activity)
    if row.status == ActivityStatus.CANCELLED or row.on > timezone.localdate(now):
        raise Refused(_("Photos are kept of an activity that took place."))
    if row.photos.count() + len(photos) > MOST_PHOTOS:
        raise Refused(_("At most %(most)s photos of an activity.") % {"most": MOST_PHOTOS})
    with Kept() as kept:
        return ActivityPhoto.objects.bulk_create(
            ActivityPhoto(activity=row, stored=kept.add(photo), by=by, at=now) for photo in photos
        )


@action
def remove_photo(photo: ActivityPhoto) -> None:
    """The picture goes, with its file. Twice: refused."""
    row = locked(photo)
    row.delete()
    remove_pictures([row.stored])
