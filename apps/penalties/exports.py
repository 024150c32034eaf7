"""The lists of penalties and rewards as files (DATA-03)."""

from apps.core.tables import Listing
from apps.penalties.fives_exports import FIVES
from apps.penalties.life_exports import LIFE
from apps.penalties.rule_exports import GREETINGS, RULES

LISTINGS: dict[str, Listing] = {
    **RULES,
    **GREETINGS,
    **LIFE,
    **FIVES,
}
