"""Who may come in: by permission, by store, and by the department that a matter is about."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from apps.complaints.models import QuickResponse
from apps.complaints.queries import may_see

SHOWN = ("customer", "vehicle", "store", "made_by", "approved_by", "handler")
may_view = permission_required("complaints.view_response", raise_exception=True)
may_take = permission_required("complaints.take_step", raise_exception=True)


def seen(request: HttpRequest, pk: int) -> QuickResponse:
    """404 for another store's, 403 for another department's."""
    rows = QuickResponse.objects.visible_to(request.user)
    return _of_department(request, get_object_or_404(rows.select_related(*SHOWN), pk=pk))


def own(request: HttpRequest, pk: int) -> QuickResponse:
    """The same of the store in which the person works, to take a step."""
    rows = QuickResponse.objects.of_own_store(request.user)
    return _of_department(request, get_object_or_404(rows.select_related(*SHOWN), pk=pk))


def _of_department(request: HttpRequest, row: QuickResponse) -> QuickResponse:
    user: Any = request.user
    if not may_see(user, row):
        raise PermissionDenied
    return row
