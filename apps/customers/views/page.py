"""One page with one form: how most of the archive is changed."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from apps.core.errors import Refused


class Doubt(NamedTuple):
    """Something in the archive that the form may be about."""

    pk: int
    url: str
    text: str
    why: str


def form_page(
    request: HttpRequest,
    form: BaseForm,
    *,
    title: str,
    back: str,
    save: Callable[[dict[str, Any]], str],
    doubt: Callable[[dict[str, Any]], list[Doubt]] | None = None,
    another: str = "",
) -> HttpResponse:
    """Show ``form``; a valid one goes to ``save``, which answers where to go next.

    Invalid: 422 with what is wrong. Refused: 409 with the sentence and the form as it was.
    ``doubt`` finds what is in the archive already: 409 with links to it and the form as it was,
    once; sent again by the button ``another`` it is saved (CUS-04). A list that sends people here
    to fill something in says so in the address: ``focus`` is the field, ``next`` the way back to
    where they were in it (CUS-10).
    """
    focus, sent_by = request.GET.get("focus", ""), _sent_by(request)
    back = sent_by or back
    if focus in form.fields:
        form.fields[focus].widget.attrs["autofocus"] = True
    refusal, status, doubts = None, 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if doubt and not request.POST.get("another"):
                    doubts = doubt(form.cleaned_data)
                if doubts:
                    raise Refused(_("It may be in the archive already."))
                target = save(form.cleaned_data)
            except Refused as refused:
                refusal, status = refused, 409
            else:
                messages.success(request, _("Saved."))
                return redirect(sent_by or target)
    context = {"form": form, "title": title, "back": back, "refusal": refusal}
    context |= {"doubts": doubts, "another": another}
    return render(request, "customers/form.html", context, status=status)


def _sent_by(request: HttpRequest) -> str:
    """The page of this site from which the form was opened, if it wants its reader back."""
    there = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return there if ours else ""
