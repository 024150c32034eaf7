"""Why a person's data was looked at (SEC-01)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessKind(models.TextChoices):
    VIEW = "view", _("customer page viewed")
    UNMASK = "unmask", _("number shown")
    CLAIM = "claim", _("call claimed")
    EXPORT = "export", _("exported")


class FileFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")


class DownloadStatus(models.TextChoices):
    """What became of an export (DATA-03)."""

    GIVEN = "given", _("given at once")
    WAITING = "waiting", _("waits for its turn")
    WORKING = "working", _("is being written")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


DOWNLOAD_MOVES = {
    DownloadStatus.WAITING: {DownloadStatus.WORKING},
    DownloadStatus.WORKING: {DownloadStatus.WORKING, DownloadStatus.READY, DownloadStatus.FAILED},
    DownloadStatus.READY: {DownloadStatus.EXPIRED},
}


# What an action is called in the history. One that is not here shows its name.
ACTIONS = {
    "customers.add_customer": _("customer entered"),
    "customers.change_customer": _("customer edited"),
    "customers.add_vehicle": _("car entered"),
    "customers.change_vehicle": _("car edited"),
    "customers.change_owner": _("owner changed"),
    "customers.set_fate": _("use of the car changed"),
    "customers.add_number": _("number added"),
    "customers.mark_number": _("number found bad"),
    "customers.correct_number": _("number corrected"),
    "customers.record_consent": _("consent recorded"),
    "customers.stop_contact": _("contact stopped"),
    "customers.end_stop": _("stop ended"),
    "customers.decide_reading": _("mileage decided"),
    "customers.find_duplicates": _("doubles looked for"),
    "customers.dismiss_duplicate": _("said to be two people"),
    "customers.tell_apart": _("said to be two people"),
    "desk.merge_customers": _("records merged"),
    "desk.undo_merge": _("merge undone"),
    "desk.settle": _("brought to the record that was kept"),
    "delivery.record_delivery": _("delivery recorded"),
    "care.claim_next": _("call claimed"),
    "care.record": _("result recorded"),
    "care.plan": _("planned"),
    "care.tidy": _("kept in step with the facts"),
    "care.reassign": _("given to somebody else"),
}
