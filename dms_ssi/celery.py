"""The Celery app and the one list of everything that runs on a clock."""

import os

from celery import Celery
from celery.schedules import crontab
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dms_ssi.settings")

app = Celery("dms_ssi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()

# Interval ticks: what is due stands in the database, not in the schedule. Each is safe to run
# twice, late, or on two machines at once.
app.conf.beat_schedule = {
    "desk.heartbeat": {"task": "desk.heartbeat", "schedule": 30},
    "desk.write_downloads": {"task": "desk.write_downloads", "schedule": 60},
    "desk.erase_dormant": {"task": "desk.erase_dormant", "schedule": crontab(hour=2, minute=40)},
    "desk.finish_erasures": {"task": "desk.finish_erasures", "schedule": 300},
    "desk.settle_merged": {"task": "desk.settle_merged", "schedule": 300},
    "desk.find_duplicates": {
        "task": "desk.find_duplicates",
        "schedule": crontab(hour=2, minute=30),
    },
    "desk.sweep_pictures": {"task": "desk.sweep_pictures", "schedule": crontab(hour=3, minute=30)},
    "customers.look_through": {
        "task": "customers.look_through",
        "schedule": crontab(hour=1, minute=30),
    },
    "messaging.send": {"task": "messaging.send", "schedule": 60},
    "service.mark_missed": {"task": "service.mark_missed", "schedule": 300},
    "service.tell": {"task": "service.tell", "schedule": 60},
    "exchange.sweep": {"task": "exchange.sweep", "schedule": 300},
    "complaints.escalate": {"task": "complaints.escalate", "schedule": 60},
    "care.plan": {"task": "care.plan", "schedule": 300},
    "care.release_stale": {"task": "care.release_stale", "schedule": 60},
    "care.abandon_overdue": {"task": "care.abandon_overdue", "schedule": 60},
    "care.greet_by_message": {"task": "care.greet_by_message", "schedule": 60},
    "care.draft_holidays": {"task": "care.draft_holidays", "schedule": 600},
    "care.run_campaigns": {"task": "care.run_campaigns", "schedule": 15},
    "care.resume_corrected": {"task": "care.resume_corrected", "schedule": 60},
    "care.end_invitations": {"task": "care.end_invitations", "schedule": 600},
    "care.draw_samples": {"task": "care.draw_samples", "schedule": 600},
    "care.warn": {"task": "care.warn", "schedule": 60},
    "ssi.send_links": {"task": "ssi.send_links", "schedule": 300},
    "ssi.draw_recalls": {"task": "ssi.draw_recalls", "schedule": 600},
    "penalties.detect": {
        "task": "penalties.detect",
        "schedule": crontab(hour="0,6,12,18", minute=20),
    },
    "reports.write": {"task": "reports.write", "schedule": 600},
}

# A ring that nobody heard by the next one is worth nothing: they do not pile up.
for tick in app.conf.beat_schedule.values():
    if isinstance(tick["schedule"], int):  # a daily one may be heard late
        tick["options"] = {"expires": tick["schedule"]}
