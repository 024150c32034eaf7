"""Taking a list out as a file, and the files that wait for their makers (DATA-03)."""

import tempfile
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit import policy
from apps.audit.actions import note_download, note_rows
from apps.audit.choices import DownloadStatus, FileFormat
from apps.audit.models import Download
from apps.audit.queries import download_path, downloads_of
from apps.core.background import soon
from apps.core.errors import Refused
from apps.core.tables import Listing
from apps.desk import exporting, tasks
from apps.desk.exports import title_of

PAGE = 50
UNDONE = (DownloadStatus.WAITING, DownloadStatus.WORKING)
may_export = permission_required(exporting.MAY_EXPORT, raise_exception=True)


class ExportForm(forms.Form):
    format = forms.ChoiceField(choices=FileFormat.choices)
    reason = forms.CharField(max_length=200)
    query = forms.CharField(max_length=1000, required=False)


@require_POST
@may_export
def export(request: HttpRequest, name: str) -> HttpResponseBase:
    """The list of page ``name`` as its filter shows it: in this answer, or by the worker."""
    user: Any = request.user
    if name not in exporting.LISTINGS:
        raise Http404
    if not exporting.may_export(user, name):
        raise PermissionDenied
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what the file is for: it is written down with your name."))
        return _back(name, request.POST.get("query", ""))
    try:
        return _export(request, name, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(name, form.cleaned_data["query"])


def _export(
    request: HttpRequest, name: str, *, format: str, reason: str, query: str
) -> HttpResponseBase:
    user: Any = request.user
    now, listing = timezone.now(), exporting.LISTINGS[name]
    asked = QueryDict(query, mutable=True)
    asked.pop("after", None)  # the whole list, from whichever of its pages
    rows = listing.asked(user, asked, now)
    if format == FileFormat.XLSX and exporting.more_than(rows, policy.XLSX_MOST):
        raise Refused(
            _("That is too much for one Excel file (%(most)s rows). Narrow the list, or take CSV.")
            % {"most": policy.XLSX_MOST}
        )
    at_once = not exporting.more_than(rows, exporting.AT_ONCE[FileFormat(format)])
    download = note_download(
        name,
        query=asked.urlencode(),
        format=format,
        language=get_language() or "",
        reason=reason,
        by=user,
        now=now,
        at_once=at_once,
    )
    if at_once:
        return _given(download, listing, rows)
    soon(tasks.write_downloads)
    messages.success(request, _("The file is being written. It can be fetched here, for a day."))
    return redirect("desk:downloads")


def _given(download: Download, listing: Listing, rows: Iterable[Any]) -> HttpResponseBase:
    """The file itself: csv while it is read, a workbook when it is whole."""
    if download.format == FileFormat.CSV:
        answer = StreamingHttpResponse(
            exporting.sent(download, listing, rows), content_type="text/csv; charset=utf-8"
        )
        saved_as = content_disposition_header(True, file_name(download))
        answer.headers["Content-Disposition"] = saved_as or "attachment"
        return answer
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    note_rows(download, exporting.write_file(file, download.format, listing, rows))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name(download))


def _back(name: str, query: str) -> HttpResponse:
    return redirect(f"{reverse(name)}?{query}" if query else reverse(name))


def file_name(download: Download) -> str:
    """As 客户-20261125-1030.xlsx."""
    title = title_of(exporting.LISTINGS.get(download.listing), download.listing)
    at = timezone.localtime(download.asked_at)
    return f"{title}-{at:%Y%m%d-%H%M}.{download.format}"


@require_safe
@may_export
def downloads(request: HttpRequest) -> HttpResponse:
    """My files, and for those who keep an eye on it everything that was taken out."""
    user: Any = request.user
    everybodys = user.has_perm("audit.view_audit") and request.GET.get("show") == "all"
    rows = downloads_of(user, everybodys=everybodys)
    if (after := request.GET.get("after", "")).isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    context = {
        "downloads": [_line(row, user) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "everybodys": everybodys,
        "undone": any(row.status in UNDONE for row in found),
    }
    htmx: Any = getattr(request, "htmx", False)
    template = "desk/_downloads.html" if htmx else "desk/downloads.html"
    return render(request, template, context)


def _line(row: Download, user: Any) -> dict[str, Any]:
    listing = exporting.LISTINGS.get(row.listing)
    return {
        "row": row,
        "title": title_of(listing, row.listing),
        "list_url": f"{reverse(row.listing)}?{row.query}" if listing else "",
        "mine": row.user_id == user.pk,
        "until": row.ready_at + policy.KEPT_FOR if row.ready_at else None,
    }


@require_safe
@may_export
def download_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, for its maker alone, as long as it is kept."""
    user: Any = request.user
    mine = Download.objects.filter(user=user, status=DownloadStatus.READY)
    download = get_object_or_404(mine, pk=pk)
    if not exporting.may_export(user, download.listing):
        raise PermissionDenied
    try:
        file = download_path(download.stored).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, as_attachment=True, filename=file_name(download))
