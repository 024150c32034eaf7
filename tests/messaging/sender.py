"""A worker of its own, so that a test can kill it: begins campaigns, sends, until it is ended.

``python -m tests.messaging.sender DATABASE SMS_FILE MINUTES``: the clock goes ahead by so many.
"""

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone

if __name__ == "__main__":
    django.setup()

from apps.care.actions import campaign_sending
from apps.messaging.sending import send_due

ROOT = Path(__file__).resolve().parent.parent.parent


def started(database, sms_file, minutes=0):
    """The process; whoever starts it ends it by its id."""
    command = [sys.executable, "-m", "tests.messaging.sender", database, str(sms_file)]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "dms_ssi.settings_test"}
    return subprocess.Popen([*command, str(minutes)], cwd=ROOT, env=env)


def work(database, sms_file, minutes):
    connection.settings_dict["NAME"] = database
    settings.SMS_BACKEND = "tests.messaging.gateways.Slow"
    settings.SMS_FILE = Path(sms_file)
    while True:
        campaign_sending.start_due(now=timezone.now())
        send_due(now=timezone.now() + timedelta(minutes=minutes))
        campaign_sending.finish_done(now=timezone.now())
        time.sleep(0.2)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]))
