"""The figures of the index, and the responses behind one of them, as files (DATA-03)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.ssi.figures import rows
from apps.ssi.figures.means import Beside
from apps.ssi.figures.sheet import Sheet, numbers_of, sheet
from apps.ssi.scores_forms import chosen


@dataclass(frozen=True)
class Line:
    """One figure of the sheet."""

    what: str
    name: Any
    found: Beside | None = None
    rank: int | None = None
    to_win: Any = None
    kept: Any = None


def lines(of: Sheet) -> Iterator[Line]:
    """Everything that the page shows, in its order; of one model."""
    yield Line(_("Internal SSI"), of.model, of.index)
    for factor in of.factors:
        to_win = factor.gain and float(factor.gain.to_win)
        yield Line(_("Factor"), factor.factor, factor.found, to_win=to_win)
    groups = ((_("Consultant"), of.consultants), (_("Team"), of.teams), (_("Model"), of.car_models))
    for what, ranked in groups:
        for line in ranked:
            yield Line(what, line.name or _("unknown"), line.found, line.rank)
    for question in of.questions:
        yield Line(_("Question"), question.question, question.found)
    for standard in of.standards:
        yield Line(_("Standard"), standard.standard, kept=standard.kept)


def _figures(user: Any, asked: Mapping[str, Any], today: date) -> list[Line]:
    this = chosen(user, asked, today)
    found = sheet(this.store, this.scope, this.span, today, by=this.by)
    return list(lines(found)) if found.model else []


def _responses(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    this = chosen(user, asked, today)
    numbers = numbers_of(this.store, this.span, today)
    return rows.behind(this.scope, this.span, this.asked, numbers)


def _mean(line: Line, when: str) -> float | None:
    mean = getattr(line.found, when).mean if line.found else None
    return None if mean is None else round(mean, 2)


def _edge(line: Line, side: str) -> float | None:
    found = line.found.now.interval if line.found else None
    return None if found is None else round(getattr(found, side), 2)


def _number(line: Line) -> int:
    if line.kept:
        return int(line.kept.yes + line.kept.no)
    return line.found.now.n if line.found else 0


def _change(line: Line) -> float | None:
    change = line.found.change if line.found else None
    return None if change is None else round(change, 2)


def _certain(line: Line) -> str:
    if not line.found or line.found.change_interval is None:
        return _("too few") if line.found else ""
    return _("yes") if line.found.is_certain else _("no")


SCORES = {
    "ssi:scores": Listing(
        gettext_lazy("Internal SSI"),
        "ssi.view_scores",
        _figures,
        (
            (gettext_lazy("What"), lambda line: line.what),
            (gettext_lazy("Name"), lambda line: line.name),
            (gettext_lazy("Answers"), _number),
            (gettext_lazy("Score"), lambda line: _mean(line, "now")),
            (gettext_lazy("Surely from"), lambda line: _edge(line, "low")),
            (gettext_lazy("Surely to"), lambda line: _edge(line, "high")),
            (gettext_lazy("Score before"), lambda line: _mean(line, "before")),
            (gettext_lazy("Change in points"), _change),
            (gettext_lazy("More than chance"), _certain),
            (gettext_lazy("Rank"), lambda line: line.rank),
            (gettext_lazy("To be won"), lambda line: line.to_win),
            (gettext_lazy("Kept in per cent"), lambda line: line.kept and line.kept.share),
        ),
    ),
    "ssi:score-rows": Listing(
        gettext_lazy("Survey responses"),
        "ssi.view_scores",
        _responses,
        (
            (gettext_lazy("Day"), lambda row: row.on),
            (gettext_lazy("Round"), lambda row: row.get_round_display()),
            (gettext_lazy("Customer"), lambda row: row.customer),
            (gettext_lazy("Phone"), lambda row: masked(row.customer.main_phone)),
            (gettext_lazy("Car"), lambda row: row.vehicle),
            (gettext_lazy("Model"), lambda row: row.car_model),
            (gettext_lazy("Consultant"), lambda row: row.consultant or row.consultant_name),
            (gettext_lazy("Team"), lambda row: row.team),
            (gettext_lazy("Interviewer"), lambda row: row.interviewer),
            (gettext_lazy("Survey model"), lambda row: row.model),
            (gettext_lazy("Factor, answer or standard"), lambda row: getattr(row, "value", None)),
            (gettext_lazy("Internal SSI"), lambda row: float(row.score)),
        ),
    ),
}
