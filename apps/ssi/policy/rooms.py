"""The checks of rooms (SSI-06): when they are owed, and how their points are written."""

import re
from collections.abc import Iterable
from datetime import time
from itertools import groupby
from typing import TypeVar

from apps.checklists.choices import ChecklistKind

KINDS = (ChecklistKind.FIVE_S_FIRST, ChecklistKind.FIVE_S_SECOND, ChecklistKind.FACILITY)
FIVE_S = KINDS[:2]
SECOND_FROM, SECOND_UNTIL = time(13), time(14)  # without numbers of the store
_AREA = re.compile(r"\s*[:：]\s*")
T = TypeVar("T")


def area_of(text: str) -> tuple[str, str]:
    """``接车区：地面`` is the point 地面 of the area 接车区; without a colon there is no area."""
    area, *rest = _AREA.split(text, maxsplit=1)
    return (area, rest[0]) if rest and area and rest[0] else ("", text)


def by_area(points: Iterable[tuple[str, T]]) -> list[tuple[str, list[tuple[str, T]]]]:
    """(text, thing) in their order → area → (point, thing): an area ends where another begins."""
    split = [(*area_of(text), thing) for text, thing in points]
    return [
        (area, [(point, thing) for _area, point, thing in rows])
        for area, rows in groupby(split, key=lambda row: row[0])
    ]
