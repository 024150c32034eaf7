"""What the specialist says, version by version (CARE-01)."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Store
from apps.audit.once import once
from apps.care import wording
from apps.care.actions.scripts import add_script
from apps.care.choices import CallKind
from apps.care.figures import scripts as figures
from apps.care.forms import ScriptForm
from apps.care.models import Script
from apps.core.errors import Refused

may_see = permission_required("care.view_script", raise_exception=True)
NOTHING = {"used": 0, "reached": 0, "booked": 0}
# Scripts are spoken to customers, so the sample is Chinese whatever the page's language.
SAMPLE = {
    "name": "张三丰",
    "title": "先生",
    "model": "英朗",
    "plate": "沪A12345",
    "due": "2026年12月18日",
    "km": "5,000",
    "store": "演示店",
    "specialist": "小李",
}


def _card(script: Script, counted: dict[int, dict[str, int]]) -> dict[str, Any]:
    row = counted.get(script.pk, NOTHING)
    used, reached = row["used"], row["reached"]
    return {
        "script": script,
        "spoken": wording.paragraphs(script.text, SAMPLE),
        **{name: row[name] for name in NOTHING},
        "reached_share": round(100 * reached / used) if used else None,
        "booked_share": round(100 * row["booked"] / reached) if reached else None,
    }


@require_safe
@may_see
def scripts(request: HttpRequest) -> HttpResponse:
    """The version in use of each kind, and how the older ones did."""
    user: Any = request.user
    counted = figures.script_figures(user)
    rows = figures.scripts_of(user)
    groups = []
    for (store, kind), versions in groupby(rows, key=lambda row: (row.store, row.kind)):
        cards = [_card(script, counted) for script in versions]
        groups.append({"store": store, "kind": CallKind(kind), "cards": cards})
    context = {"groups": groups, "several_stores": len(user.store_ids) > 1}
    return render(request, "care/scripts.html", context)


@require_safe
@may_see
def script(request: HttpRequest, pk: int) -> HttpResponse:
    """One version beside the one before it."""
    user: Any = request.user
    chosen = get_object_or_404(figures.scripts_of(user), pk=pk)
    counted = figures.script_figures(user)
    versions = list(figures.scripts_of(user).filter(store=chosen.store, kind=chosen.kind))
    place = versions.index(chosen)
    context = {
        "kind": CallKind(chosen.kind),
        "cards": [_card(version, counted) for version in versions[place : place + 2]],
        "versions": versions,
        "chosen": chosen,
        "in_use": versions[0],
    }
    return render(request, "care/script.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("care.change_script", raise_exception=True)
@once
def script_new(request: HttpRequest) -> HttpResponse:
    """Write a version, look at it as it will be read out, then put it into use."""
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    if request.method != "POST":
        return _form(request, ScriptForm(initial=_newest(request, store)))
    form = ScriptForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    if "preview" in request.POST:
        spoken = wording.paragraphs(form.cleaned_data["text"], SAMPLE)
        return _form(request, form, preview=spoken)
    try:
        new = add_script(store, by=user, **form.cleaned_data)
    except Refused as refusal:
        return _form(request, form, refusal=refusal, status=409)
    messages.success(request, _("Version %(version)s is in use now.") % {"version": new.version})
    return redirect("care:script", new.pk)


def _newest(request: HttpRequest, store: Store) -> dict[str, str]:
    """The new version starts from the one in use (?kind=…)."""
    kind = request.GET.get("kind", "")
    newest = Script.objects.filter(store=store, kind=kind).order_by("-version").first()
    if newest is None:
        return {}
    return {"kind": kind, "text": newest.text, "points": "\n".join(newest.points)}


def _form(
    request: HttpRequest, form: ScriptForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    placeholders = [
        (name, label, SAMPLE.get(name, "")) for name, label in wording.PLACEHOLDERS.items()
    ]
    context |= {"form": form, "placeholders": placeholders}
    return render(request, "care/script_form.html", context, status=status)
