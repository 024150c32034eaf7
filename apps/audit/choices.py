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
    "customers.add_defaults": _("default maintenance schedule added"),
    "customers.add_schedule": _("maintenance schedule added"),
    "customers.record_elsewhere": _("maintenance elsewhere noted"),
    "customers.record_reading": _("mileage entered"),
    "customers.refresh_cars": _("cars computed anew"),
    "desk.merge_customers": _("records merged"),
    "desk.undo_merge": _("merge undone"),
    "desk.settle": _("brought to the record that was kept"),
    "desk.add_store": _("store added"),
    "desk.forget_merges": _("old merges made final"),
    "desk.make": _("demo data made"),
    "desk.note_heartbeat": _("heartbeat noted"),
    "delivery.record_delivery": _("delivery recorded"),
    "service.record_visit": _("visit recorded"),
    "service.refresh_visits": _("visits computed anew"),
    "care.claim_next": _("call claimed"),
    "care.record": _("result recorded"),
    "care.tidy": _("kept in step with the facts"),
    "care.reassign": _("given to somebody else"),
    "care.abandon": _("call left unfinished"),
    "care.add_defaults": _("default rules of calls added"),
    "care.add_script": _("script added"),
    "care.give_back": _("call given back"),
    "care.greet": _("birthday greeted"),
    "care.greet_on_closed_day": _("birthday greeted on a closed day"),
    "care.plan_day": _("calls of a day planned"),
    "care.release": _("forgotten call released"),
    "care.resume": _("call taken up again"),
    "care.set_policy": _("rules of calls set"),
    "care.touch": _("call kept open"),
    "messaging.add_defaults": _("default texts added"),
    "messaging.add_template": _("text message template added"),
    "messaging.claim_due": _("message taken up for sending"),
    "messaging.finish_reply": _("reply dealt with"),
    "messaging.note_failed": _("message failed"),
    "messaging.note_not_taken": _("message not taken by the gateway"),
    "messaging.note_receipts": _("receipts noted"),
    "messaging.note_reply": _("reply noted"),
    "messaging.note_sent": _("message sent"),
    "messaging.note_stale": _("message too old to send"),
    "messaging.note_unknown": _("message's fate unknown"),
    "messaging.queue": _("message queued"),
    "messaging.set_quiet_hours": _("quiet hours set"),
    "messaging.settle": _("message's fate decided"),
    "exchange.ask_apply": _("import confirmed"),
    "exchange.ask_check": _("check of an import asked for"),
    "exchange.checked": _("import checked"),
    "exchange.choose_columns": _("columns of an import chosen"),
    "exchange.differ": _("differences from the DMS noted"),
    "exchange.fail": _("import failed"),
    "exchange.note_waiting": _("import put in line"),
    "exchange.remove_old_files": _("old import files removed"),
    "exchange.settle": _("difference decided"),
    "exchange.take": _("taken from the DMS"),
    "exchange.upload": _("file uploaded"),
    "audit.claim_download": _("export begun"),
    "audit.expire_downloads": _("old exports removed"),
    "audit.fail_download": _("export failed"),
    "audit.finish_download": _("export finished"),
    "audit.note_access": _("look noted"),
    "audit.note_download": _("export asked for"),
    "audit.note_rows": _("rows of an export counted"),
    "accounts.add_person": _("person added"),
    "accounts.add_store": _("store added"),
    "accounts.change_person": _("person edited"),
    "accounts.change_store": _("store edited"),
    "accounts.choose_language": _("language chosen"),
    "accounts.correct_day": _("working day corrected"),
    "accounts.name_manager": _("manager named"),
    "accounts.reset_password": _("password reset"),
    "accounts.set_active": _("account switched on or off"),
    "accounts.set_duty": _("duty changed"),
    "accounts.set_slots": _("calling times set"),
    "accounts.undo_correction": _("correction of a working day withdrawn"),
    "accounts.withdraw_slots": _("calling times withdrawn"),
}

# What a column is called in the history, where its model gives it no name.
COLUMNS = {
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
