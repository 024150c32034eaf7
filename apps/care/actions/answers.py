"""What a customer answers beside the result, by kind of call: checked and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import User
from apps.care.actions import participants
from apps.care.activity_choices import Answer as Told
from apps.care.choices import (
    NOT_CONTENT,
    SURVEYS,
    CallKind,
    Cause,
    Finding,
    RepairType,
    Result,
    Satisfaction,
)
from apps.care.models import Activity, Call, FollowUp, InsuranceCheck, Participant
from apps.complaints.actions import open_response
from apps.complaints.choices import Origin
from apps.core.errors import Refused
from apps.customers import actions as customers


@dataclass(frozen=True)
class Said:
    """What the customer says of his visit (SVC-11)."""

    repair_type: str
    satisfaction: str
    causes: tuple[str, ...] = ()
    in_person: bool = False


@dataclass(frozen=True)
class Checked:
    """What the customer says of the insurance call that is verified (CARE-09)."""

    finding: str
    text: str = ""  # the difference


@dataclass(frozen=True)
class Coming:
    """With how many people in all the customer comes to the activity (CARE-12)."""

    people: int = 1


@dataclass(frozen=True)
class Renewed:
    """What was asked for is done already: insured, or inspected, until a day (CARE-08, CARE-09)."""

    until: date | None = None  # of an insurance it must be known
    insurer: str = ""


@dataclass(frozen=True)
class Surveyed:
    """The survey has been asked to its end and is kept by its own floor (SSI-03)."""

    response: int


Answer = Said | Checked | Coming | Renewed | Surveyed


def hold(results: Mapping[int, Result], by: User) -> None:
    """To be called first: whoever signs up holds the activity before he holds the customer."""
    signing = [pk for pk, result in results.items() if result == Result.SIGNED_UP]
    if signing:
        rows = Activity.objects.of_own_store(by).filter(participants__call__in=signing)
        list(rows.order_by("pk").select_for_update(of=("self",)))


def check(call: Call, result: Result, answer: Answer | None) -> None:
    """Refused: a result that asks for an answer comes without one, or with half of it."""
    if result == Result.ANSWERED and call.kind in SURVEYS:
        if not isinstance(answer, Surveyed):
            raise Refused(_("Ask the survey to its end: it ends this call."))
    elif result == Result.ANSWERED:
        _check_said(answer)
    elif result == Result.VERIFIED:
        _check_checked(answer)
    elif result == Result.SIGNED_UP and not isinstance(answer, Coming):
        raise Refused(_("Enter how many people come: from 1 to 20."))
    elif result == Result.RENEWED:
        _check_renewed(call, answer)


def _check_said(said: Answer | None) -> None:
    if not isinstance(said, Said) or said.satisfaction not in Satisfaction.values:
        raise Refused(_("Choose how content the customer is."))
    if said.repair_type not in RepairType.values or not set(said.causes) <= set(Cause.values):
        raise Refused(_("Choose from what the form offers."))
    if said.satisfaction in NOT_CONTENT and not said.causes:
        raise Refused(_("Ask why he is not content, and choose the causes."))


def _check_checked(checked: Answer | None) -> None:
    if not isinstance(checked, Checked) or checked.finding not in Finding.values:
        raise Refused(_("Choose what the customer says of the insurance call."))
    if checked.finding == Finding.OTHERWISE and not checked.text.strip():
        raise Refused(_("Write down what was told otherwise."))


def _check_renewed(call: Call, renewed: Answer | None) -> None:
    if not isinstance(renewed, Renewed):
        raise Refused(_("Ask until when, and fill it in."))
    if call.kind == CallKind.INSURANCE and renewed.until is None:
        raise Refused(_("Ask until when the car is insured now."))
    if renewed.until is not None and renewed.until <= call.event_on:
        raise Refused(_("That is no later than what this call is about: ask once more."))


def keep(
    call: Call, result: Result, answer: Answer | None, *, note: str, by: User, now: datetime
) -> None:
    """Write the answer down, where this kind of call keeps it."""
    if isinstance(answer, Said):
        _follow_up(call, answer, note, by=by, now=now)
    elif isinstance(answer, Checked):
        check = InsuranceCheck.objects.select_for_update().get(call=call)
        check.finding, check.text, check.by, check.at = answer.finding, answer.text, by, now
        check.save(update_fields=["finding", "text", "by", "at"])
    elif isinstance(answer, Renewed):
        _note_renewed(call, answer, by=by, now=now)
    elif call.kind == CallKind.RECALL:
        _answer_invitation(call, answer, by=by, now=now)


def _follow_up(call: Call, said: Said, note: str, *, by: User, now: datetime) -> None:
    """Who is not content has a quick response of the service department (SVC-11, SSI-04)."""
    answer = FollowUp(
        **{"store_id": call.store_id, "call": call, "repair_type": said.repair_type},
        **{"satisfaction": said.satisfaction, "causes": list(said.causes)},
        **{"in_person": said.in_person, "text": note, "by": by, "at": now},
    )
    if answer.needs_quick_response:
        answer.quick_response = open_response(
            call.customer,
            origin=Origin.FOLLOW_UP,
            department=DepartmentKind.SERVICE,
            text="：".join(filter(None, ["、".join(answer.cause_names), note])),
            by=by,
            now=now,
            vehicle=call.vehicle,
        )
    answer.save()


def _note_renewed(call: Call, renewed: Renewed, *, by: User, now: datetime) -> None:
    if renewed.until is None or call.vehicle is None:
        return
    known: dict[str, date | str] = {"inspection_due_on": renewed.until}
    if call.kind == CallKind.INSURANCE:
        known = {"insured_until": renewed.until}
        known |= {"insurer": renewed.insurer} if renewed.insurer else {}
    customers.change_vehicle(call.vehicle, by=by, on=timezone.localdate(now), **known)


def _answer_invitation(call: Call, coming: Answer | None, *, by: User, now: datetime) -> None:
    rows = Participant.objects.select_related("activity").select_for_update(of=("self",))
    there = rows.filter(call=call).first()
    if there is None:
        return
    if isinstance(coming, Coming):
        said, people = Told.SIGNED_UP, coming.people
    else:
        said, people = Told.DECLINED, 1
    participants.answer(there.activity, there, said, people=people, by=by, now=now)
