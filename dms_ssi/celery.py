"""The Celery app and the one list of everything that runs on a clock."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dms_ssi.settings")

app = Celery("dms_ssi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Interval ticks: what is due stands in the database, not in the schedule. Each is safe to run
# twice, late, or on two machines at once.
app.conf.beat_schedule = {
    "messaging.send": {"task": "messaging.send", "schedule": 60},
}
