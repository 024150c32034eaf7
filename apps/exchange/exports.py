"""The lists of this app that can be taken out as files (DATA-03)."""

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.exchange import queries

LISTINGS = {
    "exchange:import-list": Listing(
        _("Imports from the DMS"),
        "exchange.import_files",
        lambda user, asked, today: queries.runs_of(user),
        (
            (_("Time"), lambda run: run.created_at),
            (_("Files"), lambda run: "、".join(file.name for file in run.files.all())),
            (_("By"), lambda run: run.by),
            (_("Status"), lambda run: run.get_status_display()),
            (_("New"), lambda run: run.counts.get("new")),
            (_("Changed"), lambda run: run.counts.get("changed")),
            (_("Unchanged"), lambda run: run.counts.get("unchanged")),
            (_("Refused"), lambda run: run.counts.get("refused")),
        ),
    ),
}
