"""The tags that every template has (a builtin in settings)."""

from typing import Any
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context: Any) -> SafeString:
    """The two hidden fields of every form that writes: CSRF, and the once-token."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="form_token" value="{}">',
        get_token(context["request"]),
        uuid4(),
    )


@register.filter
def masked(number: str | None) -> str:
    """A phone as everybody may see it: 139****2345 (SEC-01). The one place that masks phones."""
    number = number or ""
    if len(number) < 7:
        return number
    return f"{number[:3]}****{number[-4:]}"
