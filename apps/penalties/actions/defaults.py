"""What a new store starts with (PEN-01…07)."""

from datetime import date

from apps.accounts.models import Store
from apps.core.actions import action
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.supplied import SUPPLIED

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The rules of the regulation and the numbers; a second time adds what is missing."""
    PenaltyPolicy.objects.standing().get_or_create(store=store, effective_from=FROM_THE_START)
    have = set(Rule.objects.filter(store=store).values_list("clause", flat=True))
    Rule.objects.bulk_create(
        Rule(
            store=store,
            clause=rule.clause,
            effective_from=FROM_THE_START,
            is_on=rule.is_on,
            low_amount=rule.low,
            high_amount=rule.high,
            text=rule.text,
        )
        for rule in SUPPLIED
        if rule.clause not in have
    )
