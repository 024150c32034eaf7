"""How the points of a list are written down, and what is missing. No database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_POINTS = 60
_POINT = re.compile(r"(.+?)(?:\s*[×*]\s*(\d{1,4})(\s*/\s*(?:人|位|each|person))?)?")


@dataclass(frozen=True)
class Point:
    """One point: what, how many are wanted (None: only done or not), for each person or once."""

    text: str
    quantity: int | None = None
    each: bool = False

    def wanted(self, people: int) -> int | None:
        """How many must be there when so many people are on duty."""
        if self.quantity is None:
            return None
        return self.quantity * people if self.each else self.quantity

    def __str__(self) -> str:
        if self.quantity is None:
            return self.text
        return f"{self.text} × {self.quantity}{'/人' if self.each else ''}"


def points(text: str) -> list[Point]:
    """One point a line: "四件套 × 50", "检查单 × 10/人", "地面清洁". ValueError with a sentence."""
    found: list[Point] = []
    for line in text.splitlines():
        if not (line := " ".join(line.split())):
            continue
        match = _POINT.fullmatch(line)
        if match is None or len(match[1]) > 100 or match[2] == "0":
            raise ValueError(
                _("“%(line)s” is not a point; write it as: check forms × 10/人") % {"line": line}
            )
        found.append(Point(match[1], int(match[2]) if match[2] else None, bool(match[3])))
    if not found or len(found) > MOST_POINTS:
        raise ValueError(_("A list has from 1 to %(most)s points.") % {"most": MOST_POINTS})
    if len({point.text for point in found}) < len(found):
        raise ValueError(_("A point stands there twice."))
    return found


@dataclass(frozen=True)
class Said:
    """What somebody says of a point."""

    done: bool
    quantity: int | None = None
    remark: str = ""


def is_missing(wanted: int | None, said: Said | None) -> bool:
    """Not looked at, not done, or fewer than wanted."""
    if said is None or not said.done:
        return True
    return wanted is not None and (said.quantity or 0) < wanted


def missing(pairs: Iterable[tuple[int | None, Said | None]]) -> int:
    return sum(is_missing(wanted, said) for wanted, said in pairs)
