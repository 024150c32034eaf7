"""What the desk needs of the archive about one customer."""

from django.utils.translation import gettext as _

from apps.core.timeline import TimelineEntry
from apps.customers.models import Customer, ElsewhereService, NumberCorrection

MOST = 100


def timeline(customer: Customer) -> list[TimelineEntry]:
    """Numbers asked for and corrected, service in other shops. Two queries."""
    asked = NumberCorrection.objects.filter(customer=customer).order_by("-asked_at")[:MOST]
    entries = [
        TimelineEntry(
            at=correction.done_at or correction.asked_at,
            kind="correction",
            title=_("Number correction · %(status)s") % {"status": correction.get_status_display()},
            detail=correction.get_department_display(),
        )
        for correction in asked
    ]
    elsewhere = ElsewhereService.objects.filter(vehicle__owner=customer).select_related("vehicle")
    for service in elsewhere.order_by("-on")[:MOST]:
        told = [service.shop, service.place, f"{service.km:,} km" if service.km else ""]
        title = _("Serviced elsewhere · %(car)s") % {"car": service.vehicle}
        detail = " · ".join(filter(None, told))
        entries.append(TimelineEntry(at=service.on, kind="elsewhere", title=title, detail=detail))
    return entries
