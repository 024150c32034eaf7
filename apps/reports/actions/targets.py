"""What the figures are to reach, from a day on (REP-07)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget


@action
def set_target(
    store: Store, figure: str, target: Decimal, *, effective_from: date, now: datetime
) -> FigureTarget:
    """A new target from a coming day on; what was in force until then stays.

    Refused: a day that has begun, and a second target of a figure for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = FigureTarget.objects.get_or_create(
        store=store,
        figure=Figure(figure),
        effective_from=effective_from,
        defaults={"target": target},
    )
    if not new:
        raise Refused(_("There is a target from that day already. Choose another day."))
    return row


@action
def set_targets(
    store: Store, targets: Mapping[str, Decimal], *, effective_from: date, now: datetime
) -> None:
    """Several figures at once, all or none. Refused: as ``set_target``."""
    for figure, target in targets.items():
        set_target(store, figure, target, effective_from=effective_from, now=now)
