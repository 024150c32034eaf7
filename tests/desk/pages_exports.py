"""Who may take lists out."""

from datetime import timedelta

from apps.accounts.choices import Role
from apps.audit.actions import claim_download, finish_download, note_download
from apps.audit.queries import download_path
from tests.access import Page
from tests.factories import NOW, make_user

EXPORTS = {
    Role.SALES_MANAGER,
    Role.SERVICE_MANAGER,
    Role.CARE_MANAGER,
    Role.ADMINISTRATION,
    Role.GENERAL_MANAGER,
    Role.GROUP_MANAGER,
}
SEES_CUSTOMERS = EXPORTS - {Role.ADMINISTRATION}


def a_file(store):
    """Written for a colleague: nobody else gets it."""
    by = make_user(f"exporter_of_{store.code}", store, Role.CARE_MANAGER)
    asked = {"query": "", "format": "csv", "language": "zh-hans", "reason": "核对"}
    note_download("care:calls", **asked, by=by, now=NOW, at_once=False)
    download = claim_download(now=NOW)
    path = download_path(download.stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".1")
    part.write_bytes(b"x")
    finish_download(download, part, rows=1, now=NOW + timedelta(minutes=1))
    return download


PAGES = {
    "desk:downloads": Page(roles=EXPORTS),
    "desk:download-file": Page(roles=EXPORTS, make=a_file, missing=True),
    "desk:export": Page(
        method="post",
        roles=SEES_CUSTOMERS,
        make=lambda store: "desk:customer-list",
        data={"format": "csv", "reason": "核对", "query": ""},
        scoped=False,
    ),
}
