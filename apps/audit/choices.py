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


# What a column is called in the history, where its model gives it no name.
COLUMNS = {
    "run": _("checklist gone through"),
    "afternoon_from": _("afternoon from"),
    "afternoon_until": _("afternoon until"),
    "asked_at": _("asked at"),
    "asked_by": _("asked by"),
    "at": _("at"),
    "by": _("by"),
    "call": _("call"),
    "callback_for": _("call back at"),
    "churn_group": _("churn group"),
    "claim": _("claim"),
    "conversation": _("conversation"),
    "counted": _("counted"),
    "counts": _("counts"),
    "created_at": _("created at"),
    "created_on": _("created on"),
    "customer": _("customer"),
    "cycle": _("cycle"),
    "day1_on": _("first day of calling"),
    "day2_on": _("second day of calling"),
    "day3_on": _("third day of calling"),
    "decided": _("decided"),
    "decided_by": _("decided by"),
    "dedupe_key": _("key against doubles"),
    "department": _("department"),
    "done_at": _("done at"),
    "done_by": _("done by"),
    "end_reason": _("reason of the end"),
    "ended_at": _("ended at"),
    "finished_at": _("finished at"),
    "held_at": _("held since"),
    "high": _("second record"),
    "kind": _("kind"),
    "late_from": _("evening from"),
    "late_until": _("evening until"),
    "locality_by_hand": _("locality set by hand"),
    "low": _("first record"),
    "made_at": _("made at"),
    "made_by": _("made by"),
    "marked_at": _("marked at"),
    "marked_by": _("marked by"),
    "merged_into": _("merged into"),
    "message": _("message"),
    "morning_from": _("morning from"),
    "morning_until": _("morning until"),
    "moved_event_on": _("new date of the event"),
    "number": _("number"),
    "paused_on": _("paused on"),
    "proactive": _("proactive booking"),
    "problem": _("problem"),
    "proof": _("proof"),
    "provider_code": _("template code of the gateway"),
    "provider_id": _("number at the gateway"),
    "purpose": _("purpose"),
    "receipt_error": _("error in the receipt"),
    "recorded_at": _("recorded at"),
    "recorded_by": _("recorded by"),
    "reference": _("reference"),
    "sample": _("sample"),
    "script": _("script"),
    "sending_at": _("sending since"),
    "short_of_standard": _("short of the standard"),
    "slots_tried": _("times of day tried"),
    "state": _("state"),
    "status": _("status"),
    "store": _("store"),
    "ticks": _("points ticked"),
    "undone_by": _("undone by"),
    "user": _("person"),
    "values": _("values"),
    "vehicle": _("car"),
}
