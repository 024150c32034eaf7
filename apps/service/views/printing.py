"""Papers with a code that opens their record; the registration form in duplicate (SVC-04, 16)."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.service.models import Appointment
from apps.service.queries import appointments
from apps.service.views.gates import may_see


def code_of(request: HttpRequest, page: str, pk: int) -> SafeString:
    """The code, as an inline drawing, that opens a record's page."""
    record = request.build_absolute_uri(reverse(page, args=[pk]))
    return mark_safe(segno.make(record, error="m", micro=False).svg_inline(scale=3, border=2))


@require_safe
@may_see
def appointment_print(request: HttpRequest, pk: int) -> HttpResponse:
    """One copy for the reception, one for care; the code opens the appointment."""
    rows = Appointment.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related(*appointments.SHOWN, "by", "accepted_by"), pk=pk)
    context = {
        "row": row,
        "estimate": appointments.estimate_of(row),
        "visits": appointments.last_visits(row.vehicle, most=1),
        "copies": [_("Copy of the reception"), _("Copy of care")],
        "code": code_of(request, "service:appointment", row.pk),
        "now": timezone.now(),
    }
    return render(request, "service/appointment_print.html", context)
