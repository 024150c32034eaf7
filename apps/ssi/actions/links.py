"""The customer answers by himself: his link is sent, used once, and ends his call (SSI-03)."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.care.actions.endings import answered_by_link
from apps.care.choices import SURVEYS, CallStatus
from apps.care.models import Call
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked, sweep
from apps.messaging.actions import queue as queue_message
from apps.messaging.choices import TemplateKey
from apps.ssi.actions.responses import begun, keep_answers, keep_standards
from apps.ssi.actions.scoring import Given, close
from apps.ssi.choices import ResponseStatus
from apps.ssi.models import Response, SsiPolicy, SurveyLink
from apps.ssi.policy.score import HIGHEST, LOWEST
from apps.ssi.queries.links import token_of
from apps.ssi.queries.sheets import sheet_of

AGAIN_AFTER = timedelta(hours=12)  # nobody gets the same survey twice a day
FAILED_FOR = timedelta(days=2)  # a call that failed longer ago gets no link any more


@action
def send_link(call: Call, *, by: User, now: datetime) -> SurveyLink:
    """The customer's own way to the survey of this call goes to him by SMS.

    An address that was sent before opens nothing from then on. Refused: a call that asks for no
    survey, a survey that is answered already, one sent within twelve hours, a customer who cannot
    be written to.
    """
    call = locked(call)
    if not call.is_survey:
        raise Refused(_("This call asks for no survey."))
    response = begun(call, now=now)
    if response.status == ResponseStatus.DONE:
        raise Refused(_("The customer has answered this survey already."))
    before = SurveyLink.objects.filter(response=response).first()
    if before is not None and now < before.made_at + AGAIN_AFTER:
        raise Refused(
            _("The link was sent at %(at)s already.")
            % {"at": f"{timezone.localtime(before.made_at):%H:%M}"}
        )
    link = _send(call, response, by=by, now=now)
    if link is None:
        raise Refused(_("The customer cannot be written to: no good number, or he refuses."))
    return link


def send_links(*, now: datetime) -> int:
    """Who was not reached by three calls gets a link, once; how many. Twice sends nothing more."""
    sent = SurveyLink.objects.filter(response__call=OuterRef("pk"))
    failed = Call.objects.filter(
        ~Exists(sent),
        kind__in=SURVEYS,
        status=CallStatus.FAILED,
        ended_at__gt=now - FAILED_FOR,
        customer__reachable=True,
        customer__refuses_service=False,
    )
    waiting = failed.exclude(ssi_response__status=ResponseStatus.DONE)
    return sweep(waiting, partial(_send_link, now=now))


@action
def _send_link(call: Call, *, now: datetime) -> None:
    with suppress(Refused):  # the delivery is no more, or the store asks by no model
        _send(call, begun(call, now=now), by=None, now=now)


def _send(call: Call, response: Response, *, by: User | None, now: datetime) -> SurveyLink | None:
    """A new key, and the message with it; None, with the key, when nobody can be written to."""
    numbers = SsiPolicy.objects.in_force(call.store_id, timezone.localdate(now)) or SsiPolicy()
    made: dict[str, Any] = {"key": uuid4().hex, "made_by": by, "made_at": now, "used_at": None}
    made["expires_at"] = now + timedelta(days=numbers.link_days)
    link, _new = SurveyLink.objects.update_or_create(
        response=response, defaults=made, create_defaults=made | {"store_id": call.store_id}
    )
    until, car = timezone.localtime(link.expires_at), call.vehicle
    message = queue_message(
        call.customer,
        key=TemplateKey.SURVEY,
        dedupe_key=f"survey:{link.pk}:{link.key}",
        values={
            "link": f"{settings.PUBLIC_URL}{reverse('ssi:my-survey')}?a={token_of(link)}",
            "date": f"{until.month}月{until.day}日",
            "model": car.model if car else "",
            "plate": car.plate if car else "",
        },
        now=now,
    )
    return link if message else None


@action
def answer_by_link(
    link: SurveyLink,
    answers: Mapping[int, Given],
    kept: Mapping[int, bool | None],
    *,
    complaint: str,
    remark: str,
    now: datetime,
) -> Response:
    """The customer has answered: scored, marked as his own, and his call is owed no more.

    Refused, with nothing changed: a link that was used or is over, questions left out, another
    model's question, a number off the scale.
    """
    call = Call.objects.select_for_update().filter(pk=link.response.call_id).first()
    response, link = locked(link.response), locked(link)
    if link.used_at or now >= link.expires_at or response.status != ResponseStatus.OPEN:
        raise Refused(_("This survey has been answered already, or its time is over."))
    sheet = sheet_of(response.model_id)
    if answers.keys() != {question.pk for question in sheet.questions}:
        raise Refused(_("Please answer every question; choose “does not apply” where it fits."))
    given = [one.value for one in answers.values()]
    if any(value is not None and not LOWEST <= value <= HIGHEST for value in given):
        raise Refused(_("Answers go from 1 to 10."))
    keep_answers(answers, response, now)
    keep_standards(response, kept)
    response.complaint, response.remark = complaint.strip()[:500], remark.strip()[:500]
    response.interviewer, response.started_at = None, now
    close(response, sheet, answers, by=None, now=now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    if call is not None:
        answered_by_link(call, now=now)
    return response
