"""How a change of a field is shown on the preview."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import masked
from apps.customers.choices import CustomerKind, Gender
from apps.exchange import queries, words
from apps.exchange.models import Difference
from apps.service.choices import RepairKind, Skill

register = template.Library()
CHOICES: dict[str, Any] = {"kind": CustomerKind, "gender": Gender, "repair_kind": RepairKind}
CHOICES |= {"op_kind": RepairKind, "skill": Skill}
PHONES = {"main_phone", "number", "landline"}


@register.filter
def field_label(field: str) -> str:
    """The field as a person calls it."""
    label: Any = words.LABELS.get("phone" if field in PHONES else field)
    return str(label or dict[str, Any](words.DIFFERENCE_LABELS).get(field, field))


@register.filter
def shown(change: dict[str, Any], side: str) -> str:
    """The old or new value; phones masked (SEC-01)."""
    value = change[side]
    if change["field"] in PHONES:
        return masked(value) or "—"
    if value in ("true", "false"):
        return _("yes") if value == "true" else _("no")
    choices = CHOICES.get(change["field"])
    if choices and value in choices.values:
        return str(choices(value).label)
    return value or "—"


@register.filter
def our_side(difference: Difference) -> str:
    """What our record holds now; for one that is decided, what it held then."""
    if difference.status != "open":
        return str(difference.ours_customer or _side(difference, difference.ours))
    vehicle = difference.vehicle
    if difference.field == "owner":
        return str((vehicle and vehicle.owner) or "—")
    if difference.field == "buyer":
        delivery = getattr(vehicle, "delivery", None)
        return str((delivery and delivery.customer) or "—")
    return _side(difference, queries.held(difference))


@register.filter
def their_side(difference: Difference) -> str:
    if difference.theirs_customer is not None:
        return str(difference.theirs_customer)
    return _side(difference, difference.theirs)


def _side(difference: Difference, value: str) -> str:
    """A value as a person reads it: phones masked, ID numbers never shown (SEC-01)."""
    field = difference.field
    if not value:
        return "—"
    if field == "id_number_hash":
        return "••••"
    if field == "main_phone":
        return str(masked(value))
    if field == "km":
        day, km = value.split(" ")
        return f"{int(km):,} km · {day}"
    if field in ("order_km", "warranty_km"):
        return f"{int(value):,} km"
    if field in CHOICES and value in CHOICES[field].values:
        return str(CHOICES[field](value).label)
    return value


@register.filter
def hidden_digits(difference: Difference) -> bool:
    """Two numbers that differ only in what the mask hides."""
    return difference.field == "main_phone" and _side(difference, difference.theirs) == _side(
        difference, queries.held(difference)
    )
