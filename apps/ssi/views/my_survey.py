"""The customer's own page: he answers his survey once, without signing in (SSI-03).

Whoever has the link may answer, so the page says nothing of the customer.
"""

from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.errors import Refused
from apps.core.limits import within
from apps.service.views.my_appointment import A_LINK, AN_ADDRESS, unseen
from apps.ssi.actions.links import answer_by_link
from apps.ssi.actions.scoring import Given
from apps.ssi.models import SurveyLink
from apps.ssi.queries import links
from apps.ssi.queries.sheets import Sheet, sheet_of

SCALE = range(1, 11)
KEPT = {"yes": True, "no": False}


# Exempt: no cookie gives a right here, the link does; and the form is signed like the link.
@csrf_exempt
@login_not_required
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def my_survey(request: HttpRequest) -> HttpResponse:
    """What the link opens; a POST answers. A used one thanks; any other link: *not valid*."""
    token, now = request.GET.get("a", ""), timezone.now()
    asked_by = get_client_ip_address(request)
    if not (
        within(f"my-survey of {asked_by}", AN_ADDRESS, seconds=60)
        and within(f"my-survey by {token}", A_LINK, seconds=60)
    ):
        return _plain("service/my_too_often.html", {}, status=429)
    row = links.signed_for(token)
    if row is not None and row.used_at is not None:
        return _plain("ssi/my_thanks.html", {"row": row})
    if row is None or not links.is_open(row, now):
        return _plain("service/my_not_valid.html", {}, status=404)
    if request.method == "POST":
        return _answer(request, row, token)
    return _page(row, token, {})


def _answer(request: HttpRequest, row: SurveyLink, token: str) -> HttpResponse:
    said = {name: str(value) for name, value in request.POST.items()}
    if not links.is_form_of(row, said.get("form", "")):
        return _page(row, token, said, status=409)
    sheet = sheet_of(row.response.model_id)
    answers = {
        question.pk: Given(None if text == "na" else int(text))
        for question in sheet.questions
        if (text := said.get(f"q{question.pk}", "")) == "na" or text in map(str, SCALE)
    }
    kept = {standard.pk: KEPT.get(said.get(f"s{standard.pk}", "")) for standard in sheet.standards}
    words = {name: said.get(name, "") for name in ("complaint", "remark")}
    try:
        answer_by_link(row, answers, kept, **words, now=timezone.now())
    except Refused as refusal:
        return _page(row, token, said, refusal=refusal, status=409)
    return _plain("ssi/my_thanks.html", {"row": row})


def _page(
    row: SurveyLink,
    token: str,
    said: dict[str, str],
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = sheet_of(row.response.model_id)
    context = {
        "row": row,
        "token": token,
        "form": links.form_of(row),
        "questions": _questions(sheet, said),
        "standards": [(one, f"s{one.pk}", said.get(f"s{one.pk}", "")) for one in sheet.standards],
        "count": len(sheet.questions),
        "scale": [str(n) for n in SCALE],
        "said": said,
        "refusal": refusal,
    }
    return _plain("ssi/my_survey.html", context, status=status)


def _questions(sheet: Sheet, said: dict[str, str]) -> list[tuple[Any, str, str]]:
    """Each with the name of its field and what was chosen before."""
    return [(one, f"q{one.pk}", said.get(f"q{one.pk}", "")) for one in sheet.questions]


def _plain(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the request: nothing of a session or a person can get into the page."""
    return HttpResponse(render_to_string(template, context), status=status)
