"""The rules of test drives: who may drive, and how a day of a car looks (REC-05). No database."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from apps.customers.sealing import id_number_holds
from apps.reception.choices.drive import LicenceClass

STEP = timedelta(minutes=15)  # drives begin on a quarter of an hour
SLOT = timedelta(minutes=30)  # a column of the day's page
LENGTHS = (30, 45, 60, 90, 120)  # minutes
FAR_AHEAD = timedelta(days=60)
MOST_KM = 500  # of one drive: more is a mistyped odometer
NOT_FOR_CARS = (LicenceClass.OTHER, LicenceClass.C5)
AUTOMATIC_ONLY = (LicenceClass.C2,)


def licence_number(text: str) -> str:
    """The number as it is kept: capitals, no spaces. ValueError when it cannot be one.

    A licence bears its holder's ID number; that of a foreigner may bear a passport's, which
    begins with a letter and is shorter.
    """
    number = "".join(text.split()).upper()
    if id_number_holds(number) or re.fullmatch(r"[A-Z][A-Z0-9]{5,14}", number):
        return number
    raise ValueError(number)


def may_drive(licence: str, *, automatic: bool) -> bool:
    """Whether a licence of this class is for this car. C5 asks for an adapted one."""
    if licence in NOT_FOR_CARS:
        return False
    return automatic or licence not in AUTOMATIC_ONLY


def holds(valid_until: date | None, on: date) -> bool:
    """Whether the licence holds on the day of the drive. None: for good 长期."""
    return valid_until is None or valid_until >= on


class Span(NamedTuple):
    """A time [start, end) that is taken, by what."""

    start: datetime
    end: datetime
    what: Any = None


def free_starts(
    taken: Iterable[Span],
    length: timedelta,
    *,
    after: datetime,
    opens: datetime,
    closes: datetime,
) -> list[datetime]:
    """The starts of one day, not before ``after``, at which nothing is taken."""
    busy = sorted(taken)
    start = max(opens, _next_step(after, opens))
    found: list[datetime] = []
    while start + length <= closes:
        clash = next((s for s in busy if s.start < start + length and start < s.end), None)
        if clash is None:
            found.append(start)
            start += STEP
        else:
            start = max(start + STEP, _next_step(clash.end, opens))
    return found


def _next_step(moment: datetime, origin: datetime) -> datetime:
    """The first quarter of an hour at or after ``moment``, counted from ``origin``'s full hour."""
    hour = origin.replace(minute=0, second=0, microsecond=0)
    return hour + -(-(moment - hour) // STEP) * STEP


@dataclass(frozen=True)
class Cell:
    """Some columns of a car's day: taken by ``spans``, or one free column."""

    start: datetime
    columns: int
    spans: tuple[Span, ...] = ()


def day_cells(opens: datetime, closes: datetime, taken: Sequence[Span]) -> list[Cell]:
    """The day from ``opens`` to ``closes`` as cells of ``SLOT`` columns, without a gap.

    A drive covers every column it touches; those that share a column share a cell. What lies
    outside the hours stands at their edge.
    """
    count = max(1, -(-(closes - opens) // SLOT))
    cells: list[Cell] = []
    reached = 0
    for span in sorted(taken, key=lambda one: (one.start, one.end)):
        first = min(max(0, (span.start - opens) // SLOT), count - 1)
        last = min(max(first + 1, -(-(span.end - opens) // SLOT)), count)
        if cells and cells[-1].spans and first < reached:
            cell = cells.pop()
            begin = reached - cell.columns
            reached = max(reached, last)
            cells.append(Cell(cell.start, reached - begin, (*cell.spans, span)))
            continue
        cells += [Cell(opens + SLOT * n, 1) for n in range(reached, first)]
        cells.append(Cell(opens + SLOT * first, last - first, (span,)))
        reached = last
    return cells + [Cell(opens + SLOT * n, 1) for n in range(reached, count)]


def driven(out_km: int | None, back_km: int | None) -> int | None:
    """Kilometres of one drive; None while they are not known."""
    return None if out_km is None or back_km is None else back_km - out_km


# 试乘试驾协议: what the driver signs. Kept with his signature as it was then.
TERMS = (
    "本人持有效的、准驾车型相符的机动车驾驶证，实际驾龄满一年，试驾前已出示原件供核对。",
    "试驾前 24 小时内未饮酒，未服用影响驾驶的药物，身体状况适合驾驶；驾驶中不使用手持电话。",
    "遵守道路交通安全法律法规，全程系好安全带，按约定路线和时间行驶，听从陪同销售顾问的安全提示，不进行危险驾驶。",
    "未经陪同人员同意不将车辆交由他人驾驶；乘员不超过核定人数，儿童使用安全座椅。",
    "试驾车辆已投保机动车交通事故责任强制保险和商业保险；发生事故时保护现场、立即报警并通知本店，按事故责任认定和保险条款处理，"
    "保险赔付范围以外、因驾驶人故意或重大过失造成的损失由驾驶人承担。",
    "试驾期间产生的交通违法由实际驾驶人处理，并在收到通知后十五日内办理完毕。",
    "本店收集的姓名、电话、驾驶证信息仅用于本次试驾的资格核验和安全管理，按规定期限保存，不用于其他用途。",
)
