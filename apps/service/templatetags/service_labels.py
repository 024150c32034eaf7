"""How the workshop's words and minutes are shown."""

from collections.abc import Iterable

from django import template

from apps.service.choices import Skill

register = template.Library()


@register.filter
def skill_label(skill: str) -> str:
    return str(Skill(skill).label)


@register.filter
def skills(of: Iterable[str]) -> str:
    return "、".join(str(skill.label) for skill in Skill if skill in of)


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours with one decimal, without a useless zero."""
    return f"{minutes / 60:.1f}".removesuffix(".0")
