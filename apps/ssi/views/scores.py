"""The index by month, its factors and who stands behind it; the responses of each number."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store, Team, User
from apps.reception.models import CarModel
from apps.ssi.figures import rows as behind
from apps.ssi.figures.sheet import Sheet, numbers_of, sheet
from apps.ssi.figures.spans import LENGTHS
from apps.ssi.figures.stores import by_store
from apps.ssi.models import SurveyFactor, SurveyModel, SurveyQuestion, SurveyStandard
from apps.ssi.policy.intervals import FEWEST
from apps.ssi.policy.score import HIGHEST, POINTS
from apps.ssi.queries.guide import Proposal, proposals
from apps.ssi.scores_forms import BUYERS_ROUNDS, Chosen, chosen

PAGE = 50
MOST_TO_WIN = 2  # factors for which the guide is opened
may_see = permission_required("ssi.view_scores", raise_exception=True)


@require_safe
@may_see
def scores(request: HttpRequest) -> HttpResponse:
    """One sheet for the meeting; each number is a link to the responses behind it."""
    user: Any = request.user
    this = chosen(user, request.GET, timezone.localdate())
    found = sheet(this.store, this.scope, this.span, this.today, by=this.by)
    stores = list(Store.objects.filter(pk__in=user.store_ids)) if len(user.store_ids) > 1 else []
    context = {
        "store": this.store,
        "stores": stores,
        "span": this.span,
        "asked": this.asked,
        "sheet": found,
        "lengths": LENGTHS,
        "rounds": BUYERS_ROUNDS,
        "narrowed": narrowed(this),
        "trend": _trend(found),
        "trend_lines": [
            {"model": model, "months": [(month, of.get(month)) for month in found.span.trend]}
            for model, of in found.trend
        ],
        "map": _map(found),
        "comparisons": by_store(stores, this.scope, this.span) if stores else [],
        "proposals": _proposals(this.store, found),
        "so_far": this.span.last >= this.today,
        "fewest": FEWEST,
        "by": this.by,
        "groups": [
            (_("By consultant"), "consultant", found.consultants),
            (_("By team"), "team", found.teams),
            (_("By model of the car"), "car_model", found.car_models),
        ],
    }
    return render(request, "ssi/scores.html", context)


def narrowed(this: Chosen) -> list[tuple[str, str]]:
    """To whose answers the page was narrowed: parameter and name."""
    told, asked = [], this.asked
    named: tuple[tuple[str, Any], ...] = (
        ("consultant", User.objects),
        ("team", Team.objects),
        ("car_model", CarModel.objects),
    )
    for name, rows in named:
        if asked[name]:
            row = rows.filter(pk=asked[name], store=this.store).first()
            told.append((name, str(row or "–")))
        elif asked[name] == 0 and not asked["name"]:
            told.append((name, _("unknown")))
    if asked["name"]:
        told.append(("name", asked["name"]))
    return told


def _proposals(store: Store, found: Sheet) -> list[Proposal]:
    """What the guide says of the factors with the most to be won, and of those that are low."""
    told = [
        (line.factor.code, line.factor.name, Decimal(f"{line.found.now.mean:.1f}"))
        for place, line in enumerate(found.factors)
        if line.found.now.mean is not None
        and (place < MOST_TO_WIN or line.found.now.mean < found.numbers.low_factor)
    ]
    return proposals(store, told, HIGHEST * POINTS + 1)


def _trend(found: Sheet) -> dict[str, Any]:
    """A line for each model: it ends where another begins."""
    return {
        "kind": "points",
        "days": [f"{month:%Y-%m}" for month in found.span.trend],
        "series": [
            {"name": model.name, "values": [_rounded(of, month) for month in found.span.trend]}
            for model, of in found.trend
        ],
    }


def _rounded(of: dict[date, Any], month: date) -> float | None:
    return round(of[month].mean, 1) if month in of else None


def _map(found: Sheet) -> dict[str, Any]:
    """Importance × weakness: the weight of each factor, and what its score lacks to 1000."""
    return {
        "kind": "map",
        "x": _("share of the index in per cent"),
        "y": _("points of its score that are missing"),
        "points": [
            {
                "name": line.factor.name,
                "x": float(line.factor.weight),
                "y": round(1000 - line.found.now.mean, 1),
                "told": str(line.gain.to_win if line.gain else 0),
            }
            for line in found.factors
            if line.found.now.mean is not None
        ],
    }


@require_safe
@may_see
def score_rows(request: HttpRequest) -> HttpResponse:
    """The responses that one number counts, the newest first."""
    user: Any = request.user
    this = chosen(user, request.GET, timezone.localdate())
    numbers = numbers_of(this.store, this.span, this.today)
    rows = behind.behind(this.scope, this.span, this.asked, numbers)
    page, following = page_of(rows, request.GET.get("after", ""))
    context = {
        "store": this.store,
        "span": this.span,
        "asked": this.asked,
        "rows": page,
        "next": following,
        "about": about(this, numbers),
        "kept_words": ",".join((_("kept"), _("not kept"), _("does not know"))),
        "narrowed": narrowed(this),
    }
    return render(request, "ssi/score_rows.html", context)


def page_of(rows: Any, after: str) -> tuple[list[Any], str]:
    """One page, and where the next begins ("" on the last one): no OFFSET, no COUNT."""
    day, _sep, pk = after.partition("_")
    try:
        last = date.fromisoformat(day)
        rows = rows.filter(Q(on__lt=last) | Q(on=last, pk__lt=int(pk)))
    except ValueError:
        pass  # the first page
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    return found[:PAGE], f"{found[PAGE - 1].on}_{found[PAGE - 1].pk}"


def about(this: Chosen, numbers: Any) -> dict[str, str]:
    """Which number the rows are behind: ``title`` and the head of its column."""
    asked, of = this.asked, {"store": this.store}
    if asked["factor"]:
        row = SurveyFactor.objects.filter(pk=asked["factor"], **of).first()
        low = _("below %(limit)s") % {"limit": numbers.low_factor} if asked["low"] else ""
        return _told(row, low, _("Factor score"))
    if asked["question"]:
        question = SurveyQuestion.objects.filter(pk=asked["question"], **of).first()
        low = _("%(limit)s or less") % {"limit": numbers.low_question} if asked["low"] else ""
        return _told(question, low, _("Answer"))
    if asked["standard"]:
        standard = SurveyStandard.objects.filter(pk=asked["standard"], **of).first()
        kept = {"yes": _("kept"), "no": _("not kept"), "unknown": _("does not know")}
        return _told(standard, kept.get(asked["kept"], ""), _("Kept"))
    model = SurveyModel.objects.filter(pk=asked["model"], **of).first() if asked["model"] else None
    return _told(model, "", "")


def _told(row: Any, more: str, column: str) -> dict[str, str]:
    return {"title": " · ".join(str(part) for part in (row, more) if part), "column": column}
