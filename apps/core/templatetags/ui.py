"""The tags that every template has (a builtin in settings)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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


@register.filter
def hours(span: timedelta) -> str:
    """A length of time in hours and minutes, without its sign."""
    minutes = abs(int(span.total_seconds())) // 60
    told = {"hours": minutes // 60, "minutes": minutes % 60}
    if not told["hours"]:
        return _("%(minutes)s min") % told
    if not told["minutes"]:
        return _("%(hours)s h") % told
    return _("%(hours)s h %(minutes)s min") % told
