"""How a change of a field is shown on the preview."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import masked
from apps.exchange import words

register = template.Library()
PHONES = {"main_phone", "number", "landline"}


@register.filter
def field_label(field: str) -> str:
    """The field as a person calls it."""
    return str(words.LABELS.get("phone" if field in PHONES else field, field))


@register.filter
def shown(change: dict[str, Any], side: str) -> str:
    """The old or new value; phones masked (SEC-01)."""
    value = change[side]
    if change["field"] in PHONES:
        return masked(value) or "—"
    if value in ("true", "false"):
        return _("yes") if value == "true" else _("no")
    return value or "—"
