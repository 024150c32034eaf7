"""Rules, what was found under them, and the months that are closed."""

from apps.penalties.models.penalty import MonthSheet, Penalty, SheetEntry
from apps.penalties.models.rules import GreetingDuty, PenaltyPolicy, Rule

__all__ = ["GreetingDuty", "MonthSheet", "Penalty", "PenaltyPolicy", "Rule", "SheetEntry"]
