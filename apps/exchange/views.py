"""The import pages: files → columns → preview → result (DATA-02); what the DMS has otherwise."""

import tempfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.once import once
from apps.core.errors import Refused
from apps.exchange import actions, queries, tasks, words
from apps.exchange.choices import DifferenceStatus, FileKind, ImportStatus, Side
from apps.exchange.forms import (
    ApplyForm,
    ColumnsForm,
    DifferenceFilter,
    SettleForm,
    UploadForm,
)
from apps.exchange.models import ImportFile, ImportRun

PAGE = 50
SHOWN = 200  # refused rows on the page; all of them are in the file
SMALL_BYTES = 2 * 1024 * 1024
SMALL_ROWS = 5_000  # a smaller import runs at once, without the worker
may_settle = permission_required("exchange.settle_differences", raise_exception=True)
may_import = permission_required("exchange.import_files", raise_exception=True)


@require_safe
@may_import
def import_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    runs = queries.runs_of(user)
    if (after := request.GET.get("after", "")).isdecimal():
        runs = runs.filter(pk__lt=int(after))
    found = list(runs[: PAGE + 1])
    context = {"runs": found[:PAGE], "next": found[PAGE - 1].pk if len(found) > PAGE else None}
    return render(request, "exchange/import_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may_import
@once
def import_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if request.method != "POST":
        return _new(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _new(request, form, status=422)
    try:
        if user.store is None:
            raise Refused(_("You do not belong to a store."))
        files = form.cleaned_data["uploads"]
        run = actions.upload(files, store=user.store, by=user, now=timezone.now())
    except Refused as refusal:
        return _new(request, form, refusal=refusal, status=409)
    return redirect("exchange:import", run.pk)


def _new(
    request: HttpRequest, form: UploadForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    guide = [
        (label, [words.SPELLINGS[field].split()[0] for field in words.usual(kind)][:9])
        for kind, label in FileKind.choices
    ]
    context = {"form": form, "refusal": refusal, "guide": guide}
    return render(request, "exchange/import_new.html", context, status=status)


@require_safe
@may_import
def import_(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, as far as it has come."""
    return _page(request, pk)


@require_POST
@may_import
@once
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What each file is and which column is what; then it is checked, or shown anew."""
    user: Any = request.user
    run = get_object_or_404(ImportRun.objects.of_own_store(user), pk=pk)
    files = list(run.files.order_by("pk"))
    kinds = {file.pk: request.POST.get(f"file-{file.pk}-holds", "") for file in files}
    known = {pk: kind for pk, kind in kinds.items() if kind in FileKind.values}
    forms = [ColumnsForm(file, request.POST, kind=known.get(file.pk, "")) for file in files]
    if "again" in request.POST or any(
        kinds[f.pk] != request.POST.get(f"was-{f.pk}") for f in files
    ):
        again = [ColumnsForm(file, kind=known.get(file.pk, "")) for file in files]
        return _page(request, pk, forms=again)
    if not all(form.is_valid() for form in forms):
        return _page(request, pk, forms=forms, status=422)
    try:
        with transaction.atomic():
            for form in forms:
                kind = form.cleaned_data["holds"]
                actions.choose_columns(form.file, kind, form.columns(), by=user)
            actions.ask_check(run, now=timezone.now())
    except Refused as refusal:
        return _page(request, pk, forms=forms, refusal=refusal, status=409)
    _start(run, files)
    return redirect("exchange:import", run.pk)


@require_POST
@may_import
@once
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    run = get_object_or_404(ImportRun.objects.of_own_store(user), pk=pk)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, apply_form=form, status=422)
    before = run.status
    try:
        run = actions.ask_apply(run, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, pk, apply_form=form, refusal=refusal, status=409)
    if before == ImportStatus.CHECKED:
        _start(run, list(run.files.all()))
    return redirect("exchange:import", run.pk)


def _start(run: ImportRun, files: list[ImportFile]) -> None:
    """Small files at once, big ones in the worker."""
    size = sum({file.stored: file.size for file in files}.values())
    if size <= SMALL_BYTES and sum(file.rows for file in files) <= SMALL_ROWS:
        actions.carry_out(run.pk, now=timezone.now())
        return

    def hand_out() -> None:
        if not tasks.hand_out(run.pk):
            actions.note_waiting(run)

    transaction.on_commit(hand_out)


@require_safe
@may_import
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar alone, asked for every second or two; when all is done, the page."""
    user: Any = request.user
    run = get_object_or_404(ImportRun.objects.visible_to(user), pk=pk)
    if run.status not in (ImportStatus.CHECKING, ImportStatus.APPLYING):
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "exchange/_progress.html", {"run": run})


@require_safe
@may_import
def import_refused(request: HttpRequest, pk: int) -> FileResponse:
    """The refused rows of one file with the reasons, to be mended and brought in again."""
    user: Any = request.user
    file = get_object_or_404(
        ImportFile.objects.visible_to(user).filter(removed=False).exclude(refused=[]), pk=pk
    )
    note_access([file], by=user, kind=AccessKind.EXPORT, now=timezone.now(), reason="refused rows")
    written = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    queries.write_refused(file, written)
    written.seek(0)
    name = f"{file.name.rsplit('.', 1)[0]}-{_('refused rows')}.xlsx"
    return FileResponse(written, as_attachment=True, filename=name)


def _page(
    request: HttpRequest,
    pk: int,
    *,
    forms: list[ColumnsForm] | None = None,
    apply_form: ApplyForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    runs = ImportRun.objects.visible_to(user).select_related("by", "store")
    run = get_object_or_404(runs, pk=pk)
    files = list(run.files.order_by("pk"))
    for file in files:
        file.shown = file.refused[:SHOWN]
    context = {
        "run": run,
        "files": files,
        "forms": forms or [ColumnsForm(file) for file in files],
        "choosing": forms is not None or "columns" in request.GET,
        "apply_form": apply_form or ApplyForm(),
        "refusal": refusal,
        "labels": words.LABELS,
        "mine": run.store_id == user.store_id,
    }
    return render(request, "exchange/import.html", context, status=status)


@require_safe
@may_settle
def differences(request: HttpRequest) -> HttpResponse:
    """What the DMS has otherwise than people here typed it, to be decided (DATA-05)."""
    return _differences(request, request.GET)


def _differences(
    request: HttpRequest, asked: Any, *, refusal: Any = None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    form = DifferenceFilter(asked)
    form.is_valid()  # what cannot be understood is left out of the filter
    chosen = form.cleaned_data
    rows = queries.differences(user, chosen)
    many = rows[: actions.MOST_AT_ONCE + 1].count()
    if (after := asked.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found: list[Any] = list(rows[: PAGE + 1])
    undecided = not chosen.get("status")
    authors = queries.authors(found[:PAGE]) if undecided else {}
    for row in found[:PAGE]:
        row.author = authors.get(row.pk)
    context = {
        "differences": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "chosen": {name: value for name, value in chosen.items() if value},
        "fields": queries.differing_fields(user, chosen),
        "many": min(many, actions.MOST_AT_ONCE),
        "more": many > actions.MOST_AT_ONCE,
        "undecided": undecided,
        "newest": found[0].pk if found else "",
        "several_stores": len(user.store_ids) > 1,
        "refusal": refusal,
    }
    return render(request, "exchange/differences.html", context, status=status)


@require_POST
@may_settle
@once
def differences_settle(request: HttpRequest) -> HttpResponse:
    """Decide one row, the ticked ones, or all that the filter shows; then the list again."""
    user: Any = request.user
    form = SettleForm(request.POST)
    if not form.is_valid():
        refusal = _("Tick at least one row.")
        return _differences(request, request.POST, refusal=refusal, status=422)
    data = form.cleaned_data
    asked = DifferenceFilter(request.POST)
    asked.is_valid()
    try:
        if user.store is None:
            raise Refused(_("You do not belong to a store."))
        pks = data["chosen"]
        if data["everything"]:
            rows = queries.differences(user, asked.cleaned_data | {"status": ""})
            rows = rows.filter(store=user.store, pk__lte=data["newest"] or 0)
            pks = list(rows.values_list("pk", flat=True)[: actions.MOST_AT_ONCE])
        now = timezone.now()
        settled = actions.settle(pks, data["side"], store=user.store, by=user, now=now)
    except Refused as refusal:
        return _differences(request, request.POST, refusal=refusal, status=409)
    _tell(request, settled, data["side"])
    kept = {name: value for name, value in asked.cleaned_data.items() if value}
    return redirect(f"{reverse('exchange:differences')}?{urlencode(kept)}")


def _tell(request: HttpRequest, settled: actions.Settled, side: str) -> None:
    """What came of it, in one sentence a kind."""
    counts = [(settled.decided, DifferenceStatus.OURS_KEPT.label)]
    if side == Side.THEIRS:
        counts = [(settled.decided, DifferenceStatus.THEIRS_TAKEN.label)]
    counts.append((settled.gone, DifferenceStatus.GONE.label))
    said = [
        ngettext("%(label)s: %(count)s row", "%(label)s: %(count)s rows", count)
        % {"label": label, "count": count}
        for count, label in counts
        if count
    ]
    if said:
        messages.success(request, "，".join(said))
    if settled.changed:
        text = ngettext(
            "%(count)s row was changed here meanwhile: look at it again.",
            "%(count)s rows were changed here meanwhile: look at them again.",
            settled.changed,
        )
        messages.warning(request, text % {"count": settled.changed})
    if settled.already:
        text = ngettext(
            "%(count)s row was decided by somebody else.",
            "%(count)s rows were decided by somebody else.",
            settled.already,
        )
        messages.warning(request, text % {"count": settled.already})
    for sentence in settled.refused[:5]:
        messages.warning(request, sentence)
