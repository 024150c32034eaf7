"""What follows from the answers of a finished survey: scores, marks, a quick response."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import User
from apps.complaints.actions import open_response
from apps.complaints.choices import Origin
from apps.core.moves import advance
from apps.ssi.choices import Mark, ResponseStatus
from apps.ssi.models import FactorScore, Response, SsiPolicy
from apps.ssi.policy.asking import failed, spoken_seconds
from apps.ssi.policy.honesty import marks_of
from apps.ssi.policy.score import Score, score
from apps.ssi.queries.sheets import Sheet, key


@dataclass(frozen=True)
class Given:
    """One answer; ``value`` None: does not apply."""

    value: int | None
    word: str = ""
    at: datetime | None = field(default=None, compare=False)


def close(
    response: Response, sheet: Sheet, given: Mapping[int, Given], *, by: User | None, now: datetime
) -> Response:
    """A locked response is finished. ``by``: None when the customer answered by himself."""
    advance(response, ResponseStatus.DONE)
    response.ended_at, response.on = now, timezone.localdate(now)
    if by is not None:
        moments = [one.at for one in given.values() if one.at]
        response.spoken_seconds = spoken_seconds(response.started_at, moments)
    return _score(response, sheet, given, by=by, now=now)


def rescore(
    response: Response, sheet: Sheet, given: Mapping[int, Given], *, by: User, now: datetime
) -> Response:
    """Answers of a locked, finished response were changed: the mark stays for ever (SSI-10)."""
    response.marks = [*response.marks, Mark.CHANGED]
    return _score(response, sheet, given, by=by, now=now)


def _score(
    response: Response, sheet: Sheet, given: Mapping[int, Given], *, by: User | None, now: datetime
) -> Response:
    numbers = SsiPolicy.objects.in_force(response.store_id, response.on) or SsiPolicy()
    answers = {key(q): one.value for q in sheet.questions if (one := given.get(q.pk))}
    found = score(sheet.scale, answers)
    response.score = found.index
    response.marks = marks_of(
        answers.values(),
        sheet.texts,
        spoken_seconds=response.spoken_seconds,
        signs_a_second=numbers.signs_a_second,
        interviewed=response.interviewer_id is not None,
        changed=Mark.CHANGED in response.marks,
    )
    FactorScore.objects.filter(response=response).delete()
    FactorScore.objects.bulk_create(
        FactorScore(response=response, factor=factor, score=points)
        for factor in sheet.factors
        if (points := found.factors[factor.code]) is not None
    )
    _open_quick_response(response, sheet, given, found, numbers, by, now)
    response.save()
    return response


def _open_quick_response(
    response: Response,
    sheet: Sheet,
    given: Mapping[int, Given],
    found: Score,
    numbers: SsiPolicy,
    by: User | None,
    now: datetime,
) -> None:
    """Once: what is changed later opens no second one. Unsaved: save the response."""
    answers = {key(q): one.value for q in sheet.questions if (one := given.get(q.pk))}
    fails = failed(
        sheet.scale,
        answers,
        found.factors,
        low_factor=numbers.low_factor,
        low_question=numbers.low_question,
    )
    low = fails.factors or fails.questions
    if response.quick_response_id or not (low or response.complaint):
        return
    asked = [q for q in sheet.questions if key(q) in fails.questions]
    response.quick_response = open_response(
        response.customer,
        origin=Origin.SURVEY,
        department=DepartmentKind.SALES,
        text=_said(response.complaint, [(q.text, given[q.pk]) for q in asked]),
        by=by,
        now=now,
        vehicle=response.vehicle,
        questions={q.text: value for q in asked if (value := given[q.pk].value)},
    )


def _said(complaint: str, low: list[tuple[str, Given]]) -> str:
    """What the department reads first: the complaint, then each low answer in his words."""
    lines = [complaint] if complaint else []
    for text, one in low:
        line = _("%(question)s: %(n)s points") % {"question": text, "n": one.value}
        lines.append(f"{line} {one.word}".strip())
    return "\n".join(lines)
