"""A survey is asked: begun, answered question by question, finished, put right (SSI-03, SSI-07)."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.care.actions.answers import Surveyed
from apps.care.actions.results import Outcome, Talk, record
from apps.care.choices import CallStatus, Result
from apps.care.models import Call
from apps.care.queries.screen import script_of
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.ssi.actions.scoring import Given, close, rescore
from apps.ssi.choices import ResponseStatus, Round
from apps.ssi.models import Answer, Response, SsiPolicy, StandardAnswer, SurveyModel, SurveyQuestion
from apps.ssi.policy.score import HIGHEST, LOWEST
from apps.ssi.queries.sheets import sheet_of
from apps.ssi.queries.subjects import subject_of


class WordNeeded(Refused):
    """A low answer comes without a word of why."""


@action
def start(call: Call, *, by: User, now: datetime) -> Response:
    """The survey of a held call is begun, or taken up where it was broken off (SSI-03).

    Refused: a call that is not held by ``by`` or asks for no survey, a survey that is answered
    already, a delivery that is no more, a store without a model in use.
    """
    call = locked(call)
    if call.status != CallStatus.CLAIMED or call.holder_id != by.pk:
        raise _not_held()
    response = begun(call, now=now)
    if response.status == ResponseStatus.DONE:
        raise Refused(_("The customer has answered this survey already."))
    response.interviewer = by
    if not Answer.objects.filter(response=response).exists():
        response.started_at = now
    response.save(update_fields=["interviewer", "started_at"])
    return response


def begun(call: Call, *, now: datetime) -> Response:
    """The response of this locked call, new if there is none; in an action."""
    there: Response | None = Response.objects.filter(call=call).first()
    if there is not None:
        return there
    subject = subject_of(call)
    if subject is None:
        raise Refused(_("There is no delivery or lost purchase to this call any more."))
    buyers = subject.round != Round.LOST
    today = timezone.localdate(now)
    model = SurveyModel.objects.in_force(call.store_id, today, of_buyers=buyers)
    if model is None:
        raise Refused(_("No survey model is in use. The care manager starts one."))
    response = Response(
        store_id=call.store_id,
        model=model,
        customer_id=call.customer_id,
        call=call,
        started_at=now,
        **subject.columns(),
    )
    response.save()
    return response


@action
def answer(
    call: int, question: int, value: int | None, *, word: str = "", by: User, now: datetime
) -> Response:
    """One answer is kept, for the first time or instead of the one before; pks, for it is done
    with every key that is pressed. None: does not apply.

    Refused: a call not held, another model's question, a number off the scale, a low answer
    without a word of why (SSI-04).
    """
    response = _held(call, by, question=question)
    if not response.is_asked:  # type: ignore[attr-defined]
        raise Refused(_("This question does not belong to the survey."))
    if value is not None and not LOWEST <= value <= HIGHEST:
        raise Refused(_("Answers go from 1 to 10."))
    word = word.strip()[:300]
    if value is not None and value <= response.low and not word:  # type: ignore[attr-defined]
        raise WordNeeded(_("Ask why, and write it down in a word."))
    keep_answers({question: Given(value, word)}, response, now)
    return response


@action
def judge(call: int, kept: Mapping[int, bool | None], *, by: User) -> Response:
    """The yes/no questions about standards are answered; None: the customer does not know."""
    response = _held(call, by)
    keep_standards(response, kept)
    return response


@action
def verify(
    call: int,
    *,
    name: bool | None,
    phone: bool | None,
    car: bool | None,
    by: User,
) -> Response:
    """Whether name, phone and car in the archive are right, as the customer says (SSI-03)."""
    response = _held(call, by)
    response.name_right, response.phone_right, response.car_right = name, phone, car
    response.save(update_fields=["name_right", "phone_right", "car_right"])
    return response


@action
def finish(
    call: Call,
    *,
    complaint: str = "",
    remark: str = "",
    ticks: tuple[int, ...] = (),
    by: User,
    now: datetime,
) -> Response:
    """The survey is at its end: scored, marked, and the call is settled along with it.

    Low answers or a complaint open one quick response (SSI-04). Refused, with nothing changed:
    a call not held, questions that were not asked yet. ``ticks``: what of the script was said.
    """
    response = Response.objects.filter(call=call).first()
    if response is None:
        raise Refused(_("This survey has not been begun."))
    talk = Talk(number=call.customer.main_phone, script=script_of(call), ticks=ticks)
    done = Outcome(result=Result.ANSWERED, said=Surveyed(response.pk))
    record(by=by, now=now, claim=call.claim, talk=talk, outcomes={call.pk: done})
    response = locked(response)
    if response.status != ResponseStatus.OPEN:
        raise Refused(_("The customer has answered this survey already."))
    sheet = sheet_of(response.model_id)
    given = given_to(response)
    if left := sum(question.pk not in given for question in sheet.questions):
        raise Refused(
            ngettext("%(n)s question is not asked yet.", "%(n)s questions are not asked yet.", left)
            % {"n": left}
        )
    response.complaint, response.remark = complaint.strip()[:500], remark.strip()[:500]
    response.interviewer = by
    return close(response, sheet, given, by=by, now=now)


@action
def correct(
    response: Response, answers: Mapping[int, Given], *, by: User, now: datetime
) -> Response:
    """Answers of a finished survey are put right: scored anew, and marked for ever (SSI-10).

    Refused: a survey that is not finished, another model's question, nothing to change.
    """
    response = locked(response)
    if response.status != ResponseStatus.DONE:
        raise Refused(_("This survey is not finished yet."))
    sheet = sheet_of(response.model_id)
    before = given_to(response)
    if not answers.keys() <= {question.pk for question in sheet.questions}:
        raise Refused(_("This question does not belong to the survey."))
    changed = {pk: one for pk, one in answers.items() if before.get(pk) != one}
    if not changed:
        raise Refused(_("Nothing was changed."))
    if any(g.value is not None and not LOWEST <= g.value <= HIGHEST for g in changed.values()):
        raise Refused(_("Answers go from 1 to 10."))
    keep_answers(changed, response, now)
    return rescore(response, sheet, before | changed, by=by, now=now)


def given_to(response: Response) -> dict[int, Given]:
    """The answers of a response by the pk of their question. One query."""
    rows = Answer.objects.filter(response=response)
    return {
        question: Given(value, word, at)
        for question, value, word, at in rows.values_list("question", "value", "word", "at")
    }


def keep_answers(given: Mapping[int, Given], response: Response, now: datetime) -> None:
    """Instead of those that are there; in an action."""
    Answer.objects.bulk_create(
        (
            Answer(
                store_id=response.store_id,
                response=response,
                question_id=question,
                value=one.value,
                word=one.word,
                at=now,
            )
            for question, one in given.items()
        ),
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["value", "word", "at"],
    )


def keep_standards(response: Response, kept: Mapping[int, bool | None]) -> None:
    """In an action. Refused: a standard of another model."""
    sheet = sheet_of(response.model_id)
    if not kept.keys() <= {standard.pk for standard in sheet.standards}:
        raise Refused(_("This question does not belong to the survey."))
    StandardAnswer.objects.bulk_create(
        (
            StandardAnswer(
                store_id=response.store_id, response=response, standard_id=standard, kept=answer
            )
            for standard, answer in kept.items()
        ),
        update_conflicts=True,
        unique_fields=["response", "standard"],
        update_fields=["kept"],
    )


def _held(call: int, by: User, *, question: int = 0) -> Response:
    """The begun response of a call that ``by`` holds, locked. One query.

    With ``is_asked``: whether the question is one of its model, and ``low``: up to which answer
    a word is asked for.
    """
    asked = SurveyQuestion.objects.filter(pk=question, factor__model=OuterRef("model"))
    numbers = SsiPolicy.objects.filter(store=OuterRef("store")).order_by("-effective_from")
    in_force = numbers.filter(effective_from__lte=OuterRef("started_at__date"))
    rows = Response.objects.of_own_store(by).filter(
        call=call,
        call__holder=by,
        call__status=CallStatus.CLAIMED,
        status=ResponseStatus.OPEN,
    )
    rows = rows.annotate(is_asked=Exists(asked), low=Subquery(in_force.values("low_question")[:1]))
    row: Response | None = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise _not_held()
    if row.low is None:  # type: ignore[attr-defined]
        row.low = SsiPolicy().low_question  # type: ignore[attr-defined]
    return row


def _not_held() -> Refused:
    return Refused(
        _("You no longer hold this call: it went back to the queue. Nothing was changed.")
    )
