"""Papers with a code that opens their record; the registration form in duplicate (SVC-04, 16)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.codes import code_of
from apps.service.models import Appointment
from apps.service.queries import appointments
from apps.service.views.gates import may_see


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
