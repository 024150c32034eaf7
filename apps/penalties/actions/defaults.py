"""What a new store starts with (PEN-01…07)."""

from datetime import date

from apps.accounts.models import Department, Store
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistTemplate
from apps.core.actions import action
from apps.penalties.models import Area, PenaltyPolicy, Rule
from apps.penalties.supplied import AREAS, SUPPLIED
from apps.ssi.policy.rooms import area_of

FROM_THE_START = date(2000, 1, 1)


@action
def add_defaults(store: Store) -> None:
    """The rules of the regulation, the numbers, and whose the areas of the 5S points are; a second
    time adds what is missing."""
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
    _add_areas(store)


def _add_areas(store: Store) -> None:
    """Of the supplied areas; a list whose areas somebody has written is his business."""
    departments = {row.kind: row for row in Department.objects.filter(store=store)}
    lists = ChecklistTemplate.objects.filter(
        store=store, kind=ChecklistKind.FIVE_S_FIRST, areas=None
    )
    for template in lists:
        names = dict.fromkeys(area_of(item.text)[0] for item in template.items.all())
        known = [name for name in names if AREAS.get(name) in departments]
        Area.objects.bulk_create(
            Area(
                store=store,
                template=template,
                place=place,
                name=name,
                department=departments[AREAS[name]],
            )
            for place, name in enumerate(known, 1)
        )
