"""The words of files in and out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What a DMS file holds, in the order in which files given together are taken (DATA-02)."""

    DELIVERIES = "deliveries", _("deliveries")
    CUSTOMERS = "customers", _("customers")
    VEHICLES = "vehicles", _("cars")
    SERVICES = "services", _("service history")
    PARTS = "parts", _("parts")
    OPERATIONS = "operations", _("operations of the workshop")
    PRICES = "prices", _("price list of new cars")


# What the service manager (SVC-06, 08) and the sales manager (REC-04) keep.
CATALOGUE = (FileKind.PARTS, FileKind.OPERATIONS, FileKind.PRICES)


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", _("columns to be checked")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("ready to be taken")
    APPLYING = "applying", _("being taken")
    APPLIED = "applied", _("taken")
    FAILED = "failed", _("not usable")


IMPORT_MOVES = {
    ImportStatus.UPLOADED: {ImportStatus.CHECKING, ImportStatus.FAILED},
    ImportStatus.CHECKING: {ImportStatus.CHECKED, ImportStatus.FAILED, ImportStatus.UPLOADED},
    ImportStatus.CHECKED: {ImportStatus.APPLYING, ImportStatus.UPLOADED, ImportStatus.CHECKING},
    ImportStatus.APPLYING: {ImportStatus.APPLIED, ImportStatus.FAILED, ImportStatus.CHECKED},
}


class DifferenceStatus(models.TextChoices):
    """What became of something that the DMS says otherwise than our record (DATA-05)."""

    OPEN = "open", _("undecided")
    OURS_KEPT = "ours_kept", _("ours kept")
    THEIRS_TAKEN = "theirs_taken", _("the DMS's taken")
    GONE = "gone", _("no longer differs")


class Side(models.TextChoices):
    """Whose value is right."""

    OURS = "ours", _("keep ours")
    THEIRS = "theirs", _("take the DMS's")


DIFFERENCE_MOVES = {
    DifferenceStatus.OPEN: {
        DifferenceStatus.OURS_KEPT,
        DifferenceStatus.THEIRS_TAKEN,
        DifferenceStatus.GONE,
    },
}
