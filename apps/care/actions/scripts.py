"""New versions of what the specialist says (CARE-01)."""

from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.models import Script
from apps.care.wording import PLACEHOLDERS
from apps.core.actions import action
from apps.core.errors import Refused
from apps.messaging.policy import check_placeholders


def check_text(text: str) -> None:
    """Refuse a text with a placeholder that nobody can fill, or a brace without partner."""
    check_placeholders(text, PLACEHOLDERS)


@action
def add_script(store: Store, *, kind: str, text: str, points: list[str], by: User) -> Script:
    """The next version of a kind's script, in use from now on; the older ones stay as they were.

    Refused: a placeholder nobody fills, and a text that is the version in use already (so a
    form sent twice makes one version).
    """
    check_text(text)
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)  # one new version at a time
    mine = Script.objects.filter(store=store, kind=kind)
    newest = mine.order_by("-version").first()
    if newest is not None and (newest.text, newest.points) == (text, points):
        raise Refused(_("This is the version in use already: nothing was changed in it."))
    last = mine.aggregate(last=Max("version"))["last"] or 0
    return Script.objects.create(
        store=store, kind=kind, version=last + 1, text=text, points=points, made_by=by
    )
