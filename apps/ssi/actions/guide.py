"""The store's action guide is written on (SSI-11)."""

from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.ssi.models import GuideAction


@action
def add_guide_action(
    store: Store, *, factor: str, weakness: str, action: str, place: int | None = None
) -> GuideAction:
    """Another line against a weakness of a factor, at the end unless a place is named.

    Refused: the same line a second time.
    """
    there = GuideAction.objects.filter(store=store, factor=factor)
    if there.filter(weakness=weakness, action=action).exists():
        raise Refused(_("This line stands in the guide already."))
    last: int = there.aggregate(last=Max("place"))["last"] or 0
    return GuideAction.objects.create(
        store=store, factor=factor, weakness=weakness, action=action, place=place or last + 1
    )


@action
def change_guide_action(
    line: GuideAction, *, weakness: str, action: str, place: int, is_active: bool
) -> GuideAction:
    """Other words, another place, or not in use any more; the history keeps what it said."""
    row = locked(line)
    row.weakness, row.action, row.place, row.is_active = weakness, action, place, is_active
    row.save(update_fields=["weakness", "action", "place", "is_active"])
    return row
