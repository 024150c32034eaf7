"""What a customer answers beside the result, by kind of call: checked and kept."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.care.choices import NOT_CONTENT, Cause, Finding, RepairType, Result, Satisfaction
from apps.care.models import Call, FollowUp, InsuranceCheck
from apps.core.errors import Refused


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


Answer = Said | Checked


def check(result: Result, answer: Answer | None) -> None:
    """Refused: a result that asks for an answer comes without one, or with half of it."""
    if result == Result.ANSWERED:
        _check_said(answer)
    elif result == Result.VERIFIED:
        _check_checked(answer)


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


def keep(call: Call, answer: Answer | None, *, note: str, by: User, now: datetime) -> None:
    """Write the answer down, where this kind of call keeps it."""
    if isinstance(answer, Said):
        said = asdict(answer) | {"causes": list(answer.causes)}
        FollowUp.objects.create(store_id=call.store_id, call=call, text=note, by=by, at=now, **said)
    elif isinstance(answer, Checked):
        check = InsuranceCheck.objects.select_for_update().get(call=call)
        check.finding, check.text, check.by, check.at = answer.finding, answer.text, by, now
        check.save(update_fields=["finding", "text", "by", "at"])
