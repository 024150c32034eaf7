"""Who may come in: by permission, by store, and by whom a proposal concerns."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from apps.penalties.models import Penalty
from apps.penalties.queries.proposals import SHOWN, may_see

BY = ("decided_by", "appeal_decided_by", "issued_by")
may_view = permission_required("penalties.view_own", raise_exception=True)
may_decide = permission_required("penalties.decide", raise_exception=True)
may_answer = permission_required("penalties.decide_appeal", raise_exception=True)
may_issue = permission_required("penalties.issue", raise_exception=True)
may_see_others = permission_required("penalties.view_others", raise_exception=True)
may_see_all = permission_required("penalties.view_all", raise_exception=True)
may_close = permission_required("penalties.close_month", raise_exception=True)


def seen(request: HttpRequest, pk: int) -> Penalty:
    """404 for another store's, 403 for another person's."""
    rows = Penalty.objects.visible_to(request.user)
    return _of_him(request, get_object_or_404(rows.select_related(*SHOWN, *BY), pk=pk))


def own(request: HttpRequest, pk: int) -> Penalty:
    """The same of the store in which the person works, to take a step."""
    rows = Penalty.objects.of_own_store(request.user)
    return _of_him(request, get_object_or_404(rows.select_related(*SHOWN, *BY), pk=pk))


def _of_him(request: HttpRequest, row: Penalty) -> Penalty:
    user: Any = request.user
    if not may_see(user, row):
        raise PermissionDenied
    return row
