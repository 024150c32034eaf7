"""What becomes of the address of a record that was merged into another (CUS-04)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.customers.models import Customer


def follow_merged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead from the old record's address to the new one's: old links and bookmarks stay good.

    A form that was sent to the old record wrote nothing: that is said. The query is one more
    only when the record is not found.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, pk=pk, **kwargs)
        except Http404:
            old = Customer.everyone.visible_to(request.user).filter(pk=pk).first()
            if old is None or old.merged_into_id is None:
                raise
        if request.method not in ("GET", "HEAD"):
            told = _("This record was merged into this one meanwhile. Nothing was changed.")
            messages.warning(request, told)
            return redirect("desk:customer", pk=old.merged_into_id)
        route = request.resolver_match.view_name  # type: ignore[union-attr]
        return redirect(route, pk=old.merged_into_id)

    return answer
