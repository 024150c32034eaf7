"""The customer's own page: what he may do with one appointment, without signing in (SVC-05).

Whoever has the link may act, so it shows little: when, where, which car in part, what is done.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.errors import Refused
from apps.core.limits import within
from apps.service import actions, policy
from apps.service.choices import AppointmentStatus, CancelReason
from apps.service.forms import TimeForm
from apps.service.models import Appointment
from apps.service.queries import appointments, links

View = Callable[..., HttpResponse]
A_LINK, AN_ADDRESS = 30, 300  # requests a minute; many phones share one address
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def unseen(view: View) -> View:
    """The answer is kept nowhere, and its address is told nobody."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        response = view(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return answer


# Exempt: no cookie gives a right here, the link does; and a form of ours is signed like the link.
@csrf_exempt
@login_not_required
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def my_appointment(request: HttpRequest) -> HttpResponse:
    """What the link opens; a POST confirms, moves or cancels. Any other link: *not valid*."""
    token, now = request.GET.get("a", ""), timezone.now()
    asked_by = get_client_ip_address(request)
    if not (
        within(f"my-appointment of {asked_by}", AN_ADDRESS, seconds=60)
        and within(f"my-appointment by {token}", A_LINK, seconds=60)
    ):
        return _plain("service/my_too_often.html", {}, status=429)
    if request.method == "POST":
        return _act(request, token, now)
    row = links.open_for(token, now)
    return _page(row, token, now, earliest=_day(request)) if row else _not_valid()


def _act(request: HttpRequest, token: str, now: datetime) -> HttpResponse:
    row = links.signed_for(token, now)
    if row is None:
        return _not_valid()
    what = request.POST.get("do", "")
    version = links.version_of(row, request.POST.get("form", ""))
    if links.open_for(token, now) is None:
        return _gone(row) if what == "cancel" and _cancelled_by(row, version) else _not_valid()
    try:
        done = _do(row, what, version, request, now)
    except Refused as refusal:
        fresh = links.open_for(token, now)
        return _page(fresh, token, now, refusal=refusal, status=409) if fresh else _not_valid()
    if done.status == AppointmentStatus.CANCELLED:
        return _gone(done)
    return redirect(f"{reverse('service:my-appointment')}?a={token}")


def _do(
    row: Appointment, what: str, version: int | None, request: HttpRequest, now: datetime
) -> Appointment:
    if version is None:
        raise Refused(_("Please look at the appointment and choose again."))
    if what == "confirm":
        if row.status == AppointmentStatus.CONFIRMED and row.version == version + 1:
            return row  # the same click again
        return actions.confirm_by_customer(row, version=version)
    if what == "cancel":
        return actions.cancel_by_customer(row, version=version)
    form = TimeForm(request.POST)
    if what != "move" or not form.is_valid():
        raise Refused(_("Please choose one of the free times."))
    starts_at = form.cleaned_data["starts_at"]
    if starts_at == row.starts_at:
        return row  # the same click again
    return actions.move_by_customer(row, starts_at=starts_at, version=version, now=now)


def _cancelled_by(row: Appointment, version: int | None) -> bool:
    """Whether the form that showed ``version`` is the one that cancelled: the same click again."""
    by_customer = (AppointmentStatus.CANCELLED, CancelReason.CUSTOMER)
    return (row.status, row.cancel_reason) == by_customer and row.version - 1 == version


def _page(
    row: Appointment,
    token: str,
    now: datetime,
    *,
    earliest: date | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    estimate = appointments.estimate_of(row)
    length = int((row.ends_at - row.starts_at).total_seconds()) // 60
    offered = appointments.offered(
        row.store,
        policy.Job(length, row.skill),
        {line.part: line.quantity for line in estimate.parts},
        now,
        earliest=earliest,
        without=row.pk,
    )
    days = [(day, [time for time in times if time != row.starts_at]) for day, times in offered.days]
    today = timezone.localdate(now)
    first = max(earliest or today, today)
    context = {
        "row": row,
        "token": token,
        "form": links.form_of(row),
        "car": _part_of(row.vehicle.plate or row.vehicle.vin),
        "work": [line.name for line in estimate.work] or [row.get_kind_display()],
        "days": [(day, times) for day, times in days if times],
        "later": first + timedelta(days=appointments.DAYS_OFFERED),
        "moving": earliest is not None or refusal is not None,
        "refusal": refusal,
    }
    return _plain("service/my_appointment.html", context, status=status)


def _part_of(name: str) -> str:
    """Enough for who owns the car: 沪A•••45."""
    return f"{name[:2]}•••{name[-2:]}"


def _day(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.GET.get("from", ""))
    except ValueError:
        return None


def _gone(row: Appointment) -> HttpResponse:
    return _plain("service/my_cancelled.html", {"row": row})


def _not_valid() -> HttpResponse:
    """Forged, too old, over, cancelled, replaced: nobody learns which."""
    return _plain("service/my_not_valid.html", {}, status=404)


def _plain(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the request: nothing of a session or a person can get into the page."""
    return HttpResponse(render_to_string(template, context), status=status)
