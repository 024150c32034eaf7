"""Where Aliyun pushes receipts and replies to: open to nobody who does not know the token.

The token stands in the query, which no log of ours writes down. Anything but 200 makes Aliyun push
the same again after 1, 5 and 10 minutes; all of it may come twice.
"""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core.errors import Refused
from apps.messaging import actions, pushes

THANKS = {"code": 0, "msg": "接收成功"}


@csrf_exempt
@login_not_required
@require_POST
def aliyun_receipts(request: HttpRequest) -> HttpResponse:
    """SmsReport."""
    body, now = _body(request), timezone.now()
    if body is None:
        return HttpResponse(status=413)
    try:
        actions.note_receipts(pushes.receipts_of(body, now))
    except Refused:
        return HttpResponse(status=400)
    return JsonResponse(THANKS)


@csrf_exempt
@login_not_required
@require_POST
def aliyun_replies(request: HttpRequest) -> HttpResponse:
    """SmsUp. Each reply is kept by itself, so a batch broken off goes on where it was."""
    body, now = _body(request), timezone.now()
    if body is None:
        return HttpResponse(status=413)
    try:
        for reply in pushes.replies_of(body, now):
            actions.note_reply(**reply._asdict())
    except Refused:
        return HttpResponse(status=400)
    return JsonResponse(THANKS)


def _body(request: HttpRequest) -> bytes | None:
    """What was pushed; None when it is too long. Without the token there is nothing here."""
    token, given = settings.ALIYUN_SMS_CALLBACK_TOKEN, request.GET.get("token", "")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    if int(request.headers.get("content-length") or 0) > pushes.MOST_BYTES:
        return None
    return request.body
