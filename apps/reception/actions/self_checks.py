"""A manager watches how a consultant receives a party (REC-09)."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.checklists.actions import go_through
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.reception.models import SelfCheck


@action
def watch_reception(
    consultant: User,
    seen: Mapping[int, Said],
    *,
    by: User,
    now: datetime,
    note: str = "",
) -> SelfCheck:
    """Write down what was seen of one reception: item → done or not; an item that is not named
    could not be seen and counts for nothing.

    Refused: somebody who is no consultant of the store, oneself, and a list with nothing seen.
    """
    store = _may_watch(consultant, seen, by)
    locked(consultant)  # two lists about one person at a time get two numbers
    today = timezone.localdate(now)
    number = SelfCheck.objects.filter(consultant=consultant, run__on=today).count() + 1
    run = go_through(
        store,
        ChecklistKind.SELF_CHECK,
        seen,
        on=today,
        people=0,
        by=by,
        now=now,
        subject=f"{consultant.pk}/{number}",
    )
    items = {item.pk for item in run.template.items.all()}
    known = {pk: said for pk, said in seen.items() if pk in items}
    return SelfCheck.objects.create(
        store=store,
        consultant=consultant,
        run=run,
        at=now,
        by=by,
        unseen=sorted(items - set(known)),
        seen=len(known),
        weak=sum(not said.done for said in known.values()),
        note=note,
    )


def _may_watch(consultant: User, seen: Mapping[int, Said], by: User) -> Store:
    if consultant.store_id != by.store_id or by.store is None:
        raise Refused(_("This person belongs to another store."))
    if not consultant.has_role(Role.SALES_CONSULTANT):
        raise Refused(_("Only receptions of sales consultants are watched."))
    if consultant == by:
        raise Refused(_("Nobody watches himself."))
    if not seen:
        raise Refused(_("Say of at least one point what you saw."))
    return by.store
