"""The survey behind a quick response, and what the guide says against its low factors (SSI-11)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.complaints.models import QuickResponse
from apps.complaints.queries import may_see
from apps.ssi.models import Response
from apps.ssi.queries.guide import proposals_of


@require_safe
@permission_required("complaints.view_response", raise_exception=True)
def behind(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of the quick response's page; empty when no survey opened it."""
    user: Any = request.user
    matter = get_object_or_404(QuickResponse.objects.visible_to(user), pk=pk)
    if not may_see(user, matter):
        raise PermissionDenied
    rows = Response.objects.select_related("store", "model")
    row = rows.filter(quick_response=matter).first()
    if row is None:
        return HttpResponse()
    return render(request, "ssi/_behind.html", {"row": row, "proposals": proposals_of(row)})
