"""The managers' board: figures by month with target and trend, by store (REP-07)."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.core.dates import add_months
from apps.reports.board import GROUPS, Cell, Line, frozen_lines, lines_of, reports_of
from apps.reports.board_forms import LENGTHS, Chosen, chosen
from apps.reports.choices import SCORES, Figure
from apps.reports.figures.words import WORDS
from apps.ssi.models import SurveyModel

PAGE = 50  # stores at once
may_see = permission_required("reports.view_board", raise_exception=True)


@require_safe
@may_see
def board(request: HttpRequest) -> HttpResponse:
    """All figures of a store in their groups; or one figure, by month and by store."""
    user: Any = request.user
    now = timezone.localtime()
    this = chosen(user, request.GET, now.date())
    figures = [this.figure] if this.figure else list(Figure)
    lines = lines_of(this.store, figures, this.months, now)
    several = len(user.store_ids) > 1
    context = _about(this) | {
        "stores": Store.objects.filter(pk__in=user.store_ids) if several else [],
        "figures": Figure,
        "lengths": LENGTHS,
        "earlier": add_months(this.last, -1),
        "later": add_months(this.last, 1) if this.last < now.date().replace(day=1) else None,
        "sections": [] if this.figure else _sections(this, lines),
        "one": _one(lines[0]) if this.figure else None,
    }
    if this.figure and several:
        context |= _by_store(user, this)
    return render(request, "reports/board.html", context)


@require_safe
@may_see
def board_part(request: HttpRequest) -> HttpResponse:
    """One group, or one figure, with everything counted: what took too long for the page."""
    now = timezone.localtime()
    this = chosen(request.user, request.GET, now.date())
    if this.figure:
        [line] = lines_of(this.store, [this.figure], this.months, now, whole=True)
        context = _about(this) | {"one": _one(line)}
        return render(request, "reports/_board_figure.html", context)
    if not this.group:
        raise Http404
    lines = lines_of(this.store, GROUPS[this.group][1], this.months, now, whole=True)
    [section] = _sections(this, lines, [this.group])
    return render(request, "reports/_board_group.html", _about(this) | {"section": section})


@require_safe
@may_see
def board_store(request: HttpRequest) -> HttpResponse:
    """One figure of one of several stores: a line of their table."""
    now = timezone.localtime()
    this = chosen(request.user, request.GET, now.date())
    if not this.figure:
        raise Http404
    [line] = lines_of(this.store, [this.figure], this.months, now, whole=True)
    return render(request, "reports/_board_store.html", _about(this) | {"line": line})


def _about(this: Chosen) -> dict[str, Any]:
    """The months with their reports, the newest first."""
    found = reports_of(this.store, this.months)
    months = [(month, found.get(month)) for month in reversed(this.months)]
    return {"this": this, "store": this.store, "months": months}


def _sections(this: Chosen, lines: list[Line], names: list[str] | None = None) -> list[Any]:
    found = {line.figure: line for line in lines}
    sections = []
    for name in names or GROUPS:
        title, figures = GROUPS[name]
        of_group = [found[figure] for figure in figures]
        sections.append(
            {
                "name": name,
                "title": title,
                "lines": [(line, WORDS[line.figure]) for line in of_group],
                "chart": _chart(of_group, this.months),
                "chart_id": f"board-{name}",
                "pending": any(line.pending for line in of_group),
            }
        )
    return sections


def _one(line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "words": WORDS[line.figure],
        "chart": _chart([line], [cell.month for cell in line.cells]),
        "chart_id": "board-one",
    }


def _chart(lines: list[Line], months: list[date]) -> dict[str, Any]:
    """A line for each figure; of one alone its target beside it. Nothing where no figure has two
    months."""
    series: list[dict[str, Any]] = []
    for line in lines:
        if line.figure in SCORES:
            series += _by_model(line.cells)
        else:
            values = [_number(cell.value) for cell in line.cells]
            series.append({"name": str(line.figure.label), "values": values})
    drawn = max((sum(v is not None for v in one["values"]) for one in series), default=0)
    if drawn < 2:
        return {}
    if len(lines) == 1:
        targets = [_number(cell.target) for cell in lines[0].cells]
        if any(target is not None for target in targets):
            series.append({"name": _("target"), "values": targets, "goal": True})
    kind = {"kind": "points"} if lines[0].figure in SCORES else {}
    return kind | {"days": [f"{month:%Y-%m}" for month in months], "series": series}


def _by_model(cells: list[Cell]) -> list[dict[str, Any]]:
    """The line of the index breaks where the survey model changes (SSI-02)."""
    models = list(dict.fromkeys(cell.model for cell in cells if cell.value is not None))
    names = {row.pk: str(row) for row in SurveyModel.objects.filter(pk__in=filter(None, models))}
    return [
        {
            "name": names.get(model or 0, str(Figure.SSI.label)),
            "values": [_number(cell.value) if cell.model == model else None for cell in cells],
        }
        for model in models
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _by_store(user: Any, this: Chosen) -> dict[str, Any]:
    """The stores that one reads, a page of them at a time."""
    rows = Store.objects.filter(pk__in=user.store_ids, pk__gt=this.after).order_by("pk")
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    assert this.figure is not None
    return {
        "store_lines": frozen_lines(shown, this.figure, this.months),
        "next": str(shown[-1].pk) if len(found) > PAGE else "",
    }
