"""The regulation as it is read: what holds, what will, what held (PEN-06)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from apps.accounts.models import Store
from apps.penalties.choices import Clause
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.wording import EVIDENCE, WHO

MOST = 50


@dataclass
class Line:
    """One clause: the rule of today, those from a later day on, and those of before."""

    clause: Clause
    holding: Rule | None = None
    coming: list[Rule] = field(default_factory=list)
    past: list[Rule] = field(default_factory=list)

    @property
    def who(self) -> Any:
        return WHO[self.clause]

    @property
    def evidence(self) -> Any:
        return EVIDENCE[self.clause]


def regulation(store: Store, today: date) -> list[Line]:
    """Every clause in the order of the regulation. One query."""
    lines = {clause: Line(clause) for clause in Clause}
    for rule in Rule.objects.standing().filter(store=store).order_by("effective_from"):
        line = lines[Clause(rule.clause)]
        if rule.effective_from > today:
            line.coming.append(rule)
            continue
        if line.holding:
            line.past.append(line.holding)
        line.holding = rule
    return list(lines.values())


def taken_back(model: type[Rule] | type[PenaltyPolicy], store: Store) -> list[Any]:
    """What was taken back before its day, the latest first."""
    rows = model.objects.filter(store=store, withdrawn_at__isnull=False)
    return list(rows.select_related("withdrawn_by").order_by("-withdrawn_at")[:MOST])


def spans(store: Store) -> list[tuple[Rule, date | None]]:
    """Every rule and the last day on which it held; None while no later one is there. One query."""
    found: list[tuple[Rule, date | None]] = []
    for line in regulation(store, date.max):
        rules = [*line.past, *([line.holding] if line.holding else [])]
        ends = [rule.effective_from - timedelta(days=1) for rule in rules[1:]]
        found += zip(rules, [*ends, None], strict=False)
    return found
