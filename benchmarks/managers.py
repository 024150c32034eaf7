"""The managers' board of a store with 50,000 cars that has not one report: thirteen months counted
live, and the churn rates of its past months, which come after the page (REP-07)."""

from typing import Any

from apps.desk.actions import add_store
from apps.reports.board import lines_of, months_until
from apps.reports.choices import Figure
from benchmarks import common
from benchmarks.reports import CARS, NOW, lives

MONTHS = 13
PAGE, AFTER = 2, 10  # seconds: of the page, of what comes after it


def run() -> list[dict[str, Any]]:
    with common.fresh_database("managers"):
        store = add_store("BENCH", "测试店")
        lives([store], common.scaled(CARS))
        common.settle()
        months = months_until(NOW.date().replace(day=1), MONTHS)

        def page() -> None:
            lines = lines_of(store, list(Figure), months, NOW)
            if sum(cell.pending for line in lines for cell in line.cells) != MONTHS - 2:
                raise AssertionError("the churn rates of past months come later")

        def after() -> None:
            lines_of(store, [Figure.CHURN], months, NOW, whole=True)

        page()
        cars = f"{common.scaled(CARS):,} cars, {MONTHS} months without a report"
        return [
            common.limit_row(f"board of {cars}", _slowest(page), PAGE, bar=1),
            common.limit_row(f"churn rates of {cars}", _slowest(after), AFTER, bar=1),
        ]


def _slowest(work: Any) -> float:
    return max(common.timed(work) for _ in range(5))
