"""Who may open the import pages."""

from uuid import uuid4

from apps.accounts.choices import Role
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ImportFile, ImportRun
from apps.exchange.queries import file_path
from tests.access import Page
from tests.factories import NOW, make_user

ROLES = {
    *(Role.CARE_MANAGER, Role.SERVICE_MANAGER, Role.SALES_MANAGER, Role.GENERAL_MANAGER),
    Role.SYSTEM_ADMINISTRATOR,
}


def make_run(store, status=ImportStatus.CHECKED, **fields):
    by = make_user(f"importer-{uuid4().hex[:12]}", store, Role.CARE_MANAGER)
    fields.setdefault("counts", {"new": 1, "changed": 0, "unchanged": 0, "refused": 0})
    return ImportRun.objects.create(store=store, by=by, created_at=NOW, status=status, **fields)


def make_file(store, **fields):
    """A file with a refused row, on disk."""
    fields.setdefault("refused", [{"row": 2, "column": "车架号", "reason": "不对"}])
    file = ImportFile.objects.create(
        store=store,
        run=make_run(store),
        name="交车.csv",
        size=1,
        kind="deliveries",
        headings=["车架号", "交车日期"],
        columns={"vin": 0, "delivered_on": 1},
        **fields,
    )
    path = file_path(file.stored)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("车架号,交车日期\n=1+1,2026-03-05\nLSGUV84Z6SJ404514,2026-03-05\n")
    return file


PAGES = {
    "exchange:import-list": Page(roles=ROLES),
    "exchange:import-new": Page(roles=ROLES),
    "exchange:import": Page(roles=ROLES, make=make_run),
    "exchange:import-columns": Page("post", roles=ROLES, make=make_run),
    "exchange:import-apply": Page("post", roles=ROLES, make=make_run),
    "exchange:import-progress": Page(roles=ROLES, make=make_run),
    "exchange:import-refused": Page(roles=ROLES, make=make_file),
}
