"""A form that is sent twice writes once, and the second answer is the first one.

The template puts ``{% form_token %}`` into the form; the view is decorated ``@once`` and
answers a success with a redirect. A double click waits for the first to finish (the token's
row is locked until then) and is sent to the same page; so is a replayed form.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.audit.models import AnsweredForm


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Carry out a POST once per form token; without one (an API, a test) just carry it out."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = _token(request)
        if token is None:
            return view(request, *args, **kwargs)
        user: Any = request.user
        with transaction.atomic():
            row, new = AnsweredForm.objects.get_or_create(
                token=token,
                defaults={"user": user, "at": timezone.now(), "answer_url": ""},
            )
            if not new:
                return HttpResponseRedirect(row.answer_url if row.user_id == user.pk else "/")
            response = view(request, *args, **kwargs)
            if 300 <= response.status_code < 400:
                row.answer_url = response["Location"]
                row.save(update_fields=["answer_url"])
            else:
                transaction.set_rollback(True)  # refused or invalid: nothing was written
        return response

    return answer


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError:
        return None
