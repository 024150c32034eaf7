"""The help of one's own work, and of the others' for who wants to know it."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.desk.help import TOPICS, help_of, own_topics, title_of


@require_safe
@permission_required("desk.view_home", raise_exception=True)
def help_page(request: HttpRequest, name: str = "") -> HttpResponse:
    """Without a name the first that is one's own."""
    user: Any = request.user
    own = own_topics(user)
    name = name or next(iter(own), next(iter(TOPICS)))
    if name not in TOPICS:
        raise Http404
    title, text = help_of(name)
    context = {
        "name": name,
        "title": title,
        "text": text,
        "own": [(one, title_of(one)) for one in own],
        "others": [(one, title_of(one)) for one in TOPICS if one not in own],
    }
    return render(request, "desk/help.html", context)
