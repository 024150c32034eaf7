"""The registration form on paper, in duplicate (SVC-04, SVC-16)."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.service.models import Appointment
from apps.service.queries import appointments
from apps.service.views.appointments import may_see


@require_safe
@may_see
def appointment_print(request: HttpRequest, pk: int) -> HttpResponse:
    """One copy for the reception, one for care; the code opens the appointment."""
    rows = Appointment.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related(*appointments.SHOWN, "by", "accepted_by"), pk=pk)
    record = request.build_absolute_uri(reverse("service:appointment", args=[row.pk]))
    code = segno.make(record, error="m", micro=False).svg_inline(scale=3, border=2)
    context = {
        "row": row,
        "estimate": appointments.estimate_of(row),
        "visits": appointments.last_visits(row.vehicle, most=1),
        "copies": [_("Copy of the reception"), _("Copy of care")],
        "code": mark_safe(code),
        "now": timezone.now(),
    }
    return render(request, "service/appointment_print.html", context)
