"""What is waiting for me today, by role."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@permission_required("desk.view_home", raise_exception=True)
def home(request: HttpRequest) -> HttpResponse:
    """What is waiting for me today."""
    return render(request, "desk/home.html", {})
