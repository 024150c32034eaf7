"""What waits for a person: the rows behind the counts of the menu and of the home page."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import User
from apps.care.choices import CallStatus
from apps.care.models import Call
from apps.care.queries.lists import due
from apps.complaints.queries import waits_for
from apps.customers.choices import CorrectionStatus, DuplicateStatus
from apps.customers.models import Duplicate, Gap, MileageReading, NumberCorrection
from apps.customers.policy import GAP_TIER
from apps.delivery.queries.dsm import to_do
from apps.exchange.queries import differences
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message
from apps.messaging.queries import open_replies
from apps.reception.choices.opportunity import WORKED
from apps.reception.models import Opportunity, ShowroomVisit
from apps.reception.queries import days
from apps.reception.queries.quotations import waiting_for
from apps.reports.queries import reading
from apps.service.models import RepairOrder
from apps.service.queries.appointments import not_handed_over
from apps.service.queries.orders import late
from apps.service.queries.waiting import waiting
from apps.ssi.queries.recalls import waiting as waiting_recalls

Rows = QuerySet[Any, Any]


def my_due_calls(user: User, on: date) -> Rows:
    return Call.objects.visible_to(user).filter(due(due_on__lte=on), owner=user)


def failed_today(user: User, on: date) -> Rows:
    start = timezone.make_aware(datetime(on.year, on.month, on.day))
    return Call.objects.visible_to(user).filter(status=CallStatus.FAILED, ended_at__gte=start)


def my_corrections(user: User, on: date) -> Rows:
    """The numbers that this person's department is asked to correct (CUS-03)."""
    departments = [
        kind
        for kind in (DepartmentKind.SALES, DepartmentKind.SERVICE)
        if user.has_perm(f"customers.correct_{kind}_number")
    ]
    return NumberCorrection.objects.visible_to(user).filter(
        status=CorrectionStatus.OPEN, department__in=departments
    )


def urgent_gaps(user: User, on: date) -> Rows:
    """Who has a car that is due and no number to call (CUS-10)."""
    return Gap.objects.visible_to(user).filter(place__lt=GAP_TIER)


def open_duplicates(user: User, on: date) -> Rows:
    """Pairs of records that may be one customer (CUS-04)."""
    return Duplicate.objects.visible_to(user).filter(status=DuplicateStatus.OPEN)


def odd_readings(user: User, on: date) -> Rows:
    return MileageReading.objects.visible_to(user).filter(accepted=False, decided=None)


def open_differences(user: User, on: date) -> Rows:
    return differences(user, {}).order_by()


def unknown_messages(user: User, on: date) -> Rows:
    return Message.objects.visible_to(user).filter(status=MessageStatus.UNKNOWN)


def to_take_over(user: User, on: date) -> Rows:
    return not_handed_over(user)


def late_cars(user: User, on: date) -> Rows:
    """Not ready at their promised time (SVC-09)."""
    return RepairOrder.objects.visible_to(user).filter(late(Now()))


def waiting_customers(user: User, on: date) -> Rows:
    """Who waits for a free time in the workshop (SVC-14)."""
    return waiting(user)


def waiting_parties(user: User, on: date) -> Rows:
    """Who stands in the showroom and nobody has taken (REC-01)."""
    return ShowroomVisit.objects.visible_to(user).filter(left_at=None, consultant=None)


def my_follow_ups(user: User, on: date) -> Rows:
    """The consultant's customers to be asked again, today or before (REC-03)."""
    return Opportunity.objects.visible_to(user).filter(
        status__in=WORKED, consultant=user, follow_up_on__lte=on
    )


def proposed_losses(user: User, on: date) -> Rows:
    """Purchases that a manager is asked to take as lost (REC-11)."""
    found: Rows = days.proposed_losses(user)
    return found


def waiting_discounts(user: User, on: date) -> Rows:
    """Discounts over a consultant's limit that this manager can decide on (REC-07)."""
    return waiting_for(user)


def waiting_replies(user: User, on: date) -> Rows:
    return open_replies(user)


def dsm_to_do(user: User, on: date) -> Rows:
    """The records that this person is to complete, or to check (DEL-06)."""
    return to_do(user)


def my_responses(user: User, on: date) -> Rows:
    """Quick responses whose next step is this person's (SSI-04)."""
    return waits_for(user, Now())


def my_recalls(user: User, on: date) -> Rows:
    """Customers whom this manager is to ask the survey again (SSI-10)."""
    found: Rows = waiting_recalls(user)
    return found if user.has_perm("ssi.recall") else found.none()


def my_reports(user: User, on: date) -> Rows:
    """Month reports that wait for this person's step (REP-06)."""
    found: Rows = reading.waiting_for(user)
    return found
