"""Who may open which pages of the index, and how a form is asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

a_form = require_http_methods(["GET", "HEAD", "POST"])

may_ask = permission_required("ssi.ask", raise_exception=True)
may_see_rooms = permission_required("ssi.view_rooms", raise_exception=True)
may_see_guide = permission_required("ssi.view_guide", raise_exception=True)
may_change_guide = permission_required("ssi.change_guide", raise_exception=True)
may_see_honesty = permission_required("ssi.view_honesty", raise_exception=True)
may_recall = permission_required("ssi.recall", raise_exception=True)


def may_see_responses(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who ask and those who read the scores."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        if not (user.has_perm("ssi.ask") or user.has_perm("ssi.view_scores")):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer
