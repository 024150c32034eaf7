"""One page with one form: how most of the archive is changed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.core.errors import Refused


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    back: str,
    save: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Show ``form``; a valid one goes to ``save``, which answers where to go next.

    Invalid: 422 with what is wrong. Refused: 409 with the sentence and the form as it was.
    """
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                target = save(form.cleaned_data)
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Saved."))
                return redirect(target)
    context = {"form": form, "title": title, "back": back, "refusal": refusal}
    return render(request, "customers/form.html", context, status=status)
