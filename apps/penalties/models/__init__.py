"""Rules, what was found under them, and the months that are closed."""

from apps.penalties.models.fives import Area, Finding, FiveSPhoto, SheetCopy
from apps.penalties.models.penalty import Correction, MonthSheet, Penalty, SheetEntry
from apps.penalties.models.proof import Proof
from apps.penalties.models.rules import GreetingDuty, PenaltyPolicy, Rule

__all__ = [
    "Area",
    "Correction",
    "Finding",
    "FiveSPhoto",
    "GreetingDuty",
    "MonthSheet",
    "Penalty",
    "PenaltyPolicy",
    "Proof",
    "Rule",
    "SheetCopy",
    "SheetEntry",
]
