"""The sample's DMS a month later: the same files, with some cells said otherwise."""

import csv
from datetime import date, datetime

from apps.exchange import reading
from tests.exchange.files import SAMPLE

VIN_HEADINGS = {"deliveries": "车架号(VIN)", "vehicles": "底盘号", "services": "车架号"}


def _cell(value):
    if isinstance(value, float):
        return f"{value:g}" if value % 1 else str(int(value))
    return f"{value:%Y-%m-%d}" if isinstance(value, date | datetime) else value


def later(folder, said=(), orders=()):
    """CSV files of the sample. ``said``: VIN → heading → new cell; ``orders``: more visits."""
    said, paths = dict(said), []
    for source in SAMPLE:
        (table,) = reading.tables(source)
        at = table.headings.index(VIN_HEADINGS[table.kind])
        rows = [[_cell(cell) for cell in cells] for _number, cells in table.rows()]
        for row in rows:
            changed = said.get(str(row[at]).strip().upper(), {}) if len(row) > at else {}
            for heading, value in changed.items():
                if heading in table.headings and table.kind != "services":
                    row[table.headings.index(heading)] = value
        if table.kind == "services":
            rows += [[order.get(heading, "") for heading in table.headings] for order in orders]
        path = folder / f"{table.kind}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([table.headings, *rows])
        paths.append(path)
    return paths
