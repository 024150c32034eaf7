"""What is done with a quick response, step by step (SSI-04)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of
from apps.complaints import policy
from apps.complaints.choices import OPEN_STEPS, Origin, RootCause, Step
from apps.complaints.models import AskedAgain, QuickResponse, ResponseNumbers, StepTaken
from apps.complaints.queries import limits_of, makers_of, to_take
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.customers.models import Customer, Vehicle

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The limits that a new store starts with."""
    ResponseNumbers.objects.get_or_create(store=store, effective_from=FROM_THE_START)


@action
def set_numbers(
    store: Store, numbers: Mapping[str, int], *, effective_from: date, now: datetime
) -> ResponseNumbers:
    """New limits from a coming day on; steps that have begun keep theirs.

    Refused: a day that has begun, and a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = ResponseNumbers.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=dict(numbers)
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row


@action
def open_response(
    customer: Customer,
    *,
    origin: Origin,
    department: str,
    text: str,
    by: User | None,
    now: datetime,
    vehicle: Vehicle | None = None,
    questions: Mapping[str, int] | None = None,
) -> QuickResponse:
    """A matter is written down; the department's manager is to approve it.

    ``by``: None when it follows from what a customer answered by himself. ``questions``: what
    is to be asked again, with the answers given. Refused without a word
    of what the customer said.
    """
    if not text.strip():
        raise Refused(_("Write down what the customer said."))
    response = QuickResponse(
        store_id=customer.store_id,
        customer=customer,
        vehicle=vehicle,
        origin=origin,
        department=department,
        text=text.strip()[:500],
        made_at=now,
        made_by=by,
    )
    _begin(response, now)
    response.save()
    AskedAgain.objects.bulk_create(
        AskedAgain(store_id=response.store_id, response=response, question=q, before=answer)
        for q, answer in (questions or {}).items()
    )
    return response


@action
def approve(response: QuickResponse, *, by: User, now: datetime, text: str = "") -> QuickResponse:
    """The manager of the department takes it on. Refused for who made it (four eyes)."""
    response = _mine_to_do(response, Step.APPROVE, by, now)
    response.approved_by = by
    return _take(response, Step.HANDLE, by=by, now=now, text=text)


@action
def send_back(response: QuickResponse, *, why: str, by: User, now: datetime) -> QuickResponse:
    """The manager asks care to mend what was written. Refused without a reason."""
    response = _mine_to_do(response, Step.APPROVE, by, now)
    return _take(response, Step.MEND, by=by, now=now, text=_reason(why))


@action
def mend(response: QuickResponse, *, text: str, by: User, now: datetime) -> QuickResponse:
    """Care has mended it: to be approved again."""
    response = _mine_to_do(response, Step.MEND, by, now)
    response.text = _reason(text)
    return _take(response, Step.APPROVE, by=by, now=now)


@action
def drop(response: QuickResponse, *, why: str, by: User, now: datetime) -> QuickResponse:
    """Care gives it up before it was approved, with the reason: written down by mistake."""
    response = _mine_to_do(response, Step.MEND, by, now)
    return _take(response, Step.DROPPED, by=by, now=now, text=_reason(why))


@action
def accept(response: QuickResponse, *, by: User, now: datetime) -> QuickResponse:
    """Somebody of the department says: mine. The first one counts."""
    response = _mine_to_do(response, Step.HANDLE, by, now)
    if response.handler_id is None:
        response.handler, response.accepted_at = by, now
        response.save(update_fields=["handler", "accepted_at"])
    return response


@action
def handle(
    response: QuickResponse, *, measure: str, root_cause: str, by: User, now: datetime
) -> QuickResponse:
    """The department has done what it could: the care manager is to ask the customer."""
    response = _mine_to_do(response, Step.HANDLE, by, now)
    response.measure = _reason(measure)
    response.root_cause = RootCause(root_cause)
    response.rounds += 1
    if response.handler_id is None:
        response.handler, response.accepted_at = by, now
    return _take(response, Step.CONTACT, by=by, now=now, text=response.measure)


@action
def ask_again(
    response: QuickResponse,
    *,
    satisfied: bool,
    answers: Mapping[int, int],
    text: str,
    by: User,
    now: datetime,
) -> QuickResponse:
    """The care manager has asked the customer: to be closed, or back to the department.

    ``answers``: pk of ``AskedAgain`` → 1 to 10. Refused when a failed question was not asked
    again before a satisfied customer's matter goes on.
    """
    response = _mine_to_do(response, Step.CONTACT, by, now)
    questions = list(AskedAgain.objects.filter(response=response))
    for question in questions:
        question.after = answers.get(question.pk, question.after)
    if satisfied and any(question.after is None for question in questions):
        raise Refused(_("Ask every failed question again before the matter is closed."))
    AskedAgain.objects.bulk_update(questions, ["after"])
    return _take(response, Step.CLOSE if satisfied else Step.HANDLE, by=by, now=now, text=text)


@action
def close(response: QuickResponse, *, by: User, now: datetime, text: str = "") -> QuickResponse:
    """The department's manager closes what satisfied the customer."""
    response = _mine_to_do(response, Step.CLOSE, by, now)
    return _take(response, Step.CLOSED, by=by, now=now, text=text)


@action
def escalate(*, now: datetime) -> int:
    """Steps whose time is over stand out for the general manager. One statement; twice is once."""
    late = QuickResponse.objects.filter(status__in=OPEN_STEPS, escalated_at=None, due_at__lt=now)
    return late.update(escalated_at=F("due_at"))


def _mine_to_do(response: QuickResponse, step: Step, by: User, now: datetime) -> QuickResponse:
    """Locked, in that step, and ``by`` may take it; else refused."""
    response = locked(response)
    if response.status != step:
        raise Refused(
            _("This quick response is at “%(step)s” now. Load the page again.")
            % {"step": response.get_status_display()}
        )
    if step == Step.APPROVE and by.pk in makers_of(response):
        raise Refused(_("You made this quick response, so another manager must approve it."))
    if not to_take(by, now).filter(pk=response.pk).exists():
        raise Refused(_("This step is not yours to take."))
    return response


def _take(
    response: QuickResponse, to: Step, *, by: User, now: datetime, text: str = ""
) -> QuickResponse:
    taken = StepTaken(
        store_id=response.store_id,
        response=response,
        step=response.status,
        due_at=response.due_at,
        at=now,
        by=by,
        text=text.strip()[:500],
    )
    advance(response, to)
    taken.became = to
    _begin(response, now)
    response.save()
    taken.save()
    return response


def _begin(response: QuickResponse, now: datetime) -> None:
    """The clock of the step that is to be taken next."""
    local = timezone.localtime(now)
    limits = limits_of(response.store_id, local.date())
    calendar = calendar_of(response.store)
    response.since = now
    response.due_at = policy.due_at(response.status, local, limits, calendar)
    response.escalated_at = None
    response.ended_at = None if response.status in OPEN_STEPS else now


def _reason(text: str) -> str:
    text = text.strip()[:500]
    if not text:
        raise Refused(_("Write it down in a few words: others work with it."))
    return text
