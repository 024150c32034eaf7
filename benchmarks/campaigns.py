"""Campaigns (issue 6, speed): the audience counted, its messages written, sent, and worker killed.

1. The count of an audience over 1,000,000 customers against one second, for filters that ask
   nothing, much about the person, and about cars.
2. A campaign to 100,000 customers written into the outbox against ten seconds.
3. Its sending through the file backend against the bare backend, which notes nothing anywhere:
   messages a second.
4. The same with the worker killed (SIGKILL) ten times on the way: how many went out twice or not
   at all. The clock moves on by five minutes after each kill, as if somebody had waited.
"""

import json
import os
import shutil
import signal
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, connections

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.care.actions.campaign_sending import start_campaign
from apps.care.models import Campaign
from apps.care.queries.audience import audience, size
from apps.desk.actions import add_store
from apps.messaging.backends import FileBackend
from apps.messaging.models import Message
from apps.messaging.sending import send_due
from benchmarks import common

PEOPLE, WILLING, KILLS = 1_000_000, 100_000, 10
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FILTERS = {
    "nothing asked": {},
    "model, warranty, local": {"models": ["英朗"], "in_warranty": "yes", "locality": "local"},
    "age, gender, last visit": {
        "age_from": 30,
        "age_until": 50,
        "gender": "male",
        "visit_from": "2026-01-01",
    },
}
CAR = {
    "sold_here": "n % 2 = 0",
    "delivered_on": f"date '{TODAY}' - (n % 3000)::int",
    "last_visit_on": f"date '{TODAY}' - (n % 700)::int",
    "last_km": "n % 120000",
    "last_km_on": f"date '{TODAY}' - (n % 700)::int",
}
PERSON = """UPDATE customers_customer SET accepts_marketing = id %% %s = 0,
    gender = CASE WHEN id %% 3 = 0 THEN 'female' ELSE 'male' END,
    birthday = date '1950-01-01' + (id %% 20000)::int"""


def run():
    settings.SMS_BACKEND = "apps.messaging.backends.FileBackend"
    return [*_audiences(), *_messages()]


@contextmanager
def archive(people, one_in):
    """A store whose every n-th customer agreed to marketing, each with one car."""
    with common.fresh_database("campaigns"):
        store = add_store("BENCH", "基准演示店")
        with common.seeding():
            common.seed_cars(store, people, **CAR)
            with connection.cursor() as cursor:
                cursor.execute(PERSON, [one_in])
        common.settle()
        yield store


def _audiences():
    people, found = common.scaled(PEOPLE), []
    with archive(people, 1) as store:
        for name, filters in FILTERS.items():
            times = [
                common.timed(lambda f=filters: size(audience([store.pk], f, on=TODAY)))
                for _ in range(5)
            ]
            found.append(
                common.limit_row(
                    f"audience of {people:,} counted, {name}", sorted(times)[2], 1.0, bar=1
                )
            )
    return found


def _messages():
    willing = common.scaled(WILLING)
    with archive(willing, 1) as store, _file() as file:
        campaign = _campaign(store)
        written = common.timed(lambda: start_campaign(campaign, now=NOW))
        assert Message.objects.count() == willing, "not one each"
        ours, killed = _sent_and_killed(file, willing)
        return [
            common.limit_row(f"campaign of {willing:,} written", written, 10.0, bar=1),
            common.limit_row(
                "campaign sent, messages a second", ours, _bare_rate(file), bar=0.25, at_least=True
            ),
            common.limit_row(f"campaign, {KILLS} kills: twice or lost", killed, 1, bar=0),
        ]


def _campaign(store):
    boss = User.objects.create(username="boss", store=store, roles=[Role.CARE_MANAGER])
    return Campaign.objects.create(
        store=store,
        kind="holiday",
        name="元旦问候",
        text="【{store}】{name}{title}：祝您和您的{model}新年一路平安！回复R退订",
        send_on=TODAY,
        status="approved",
        written_at=NOW,
        decided_by=boss,
        decided_at=NOW,
    )


@contextmanager
def _file():
    folder = Path(tempfile.mkdtemp(prefix="campaigns-"))
    settings.SMS_FILE = folder / "sms.jsonl"
    try:
        yield settings.SMS_FILE
    finally:
        shutil.rmtree(folder)


def _sent_and_killed(file, willing):
    """The rate of the first half; then the rest with a worker that is killed ten times."""
    start, clock = time.perf_counter(), NOW
    while Message.objects.filter(status="queued").count() > willing // 2:
        send_due(now=clock, most=max(1, willing // 2))
    rate = _lines(file) / (time.perf_counter() - start)
    left = willing - _lines(file)
    for number in range(KILLS):
        clock += timedelta(minutes=5)
        wanted = _lines(file) + left // (KILLS + 1)
        _killed_after(file, wanted, clock)
        print(f"  killed {number + 1}: {_lines(file):,} have gone out", flush=True)
    while Message.objects.exclude(status="sent").exists():
        clock += timedelta(minutes=5)
        send_due(now=clock)
    return rate, _wrong(file, willing)


def _killed_after(file, wanted, clock):
    """A worker of its own, killed when so many lines are in the file."""
    connections.close_all()
    worker = get_context("fork").Process(target=_work, args=(clock,))
    worker.start()
    while _lines(file) < wanted and worker.is_alive():
        time.sleep(0.01)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def _work(clock):
    while send_due(now=clock):
        pass
    time.sleep(60)  # there is nothing more to do, so the kill finds it here


def _lines(file):
    return file.read_bytes().count(b"\n") if file.exists() else 0


def _wrong(file, willing):
    """Messages that went out twice, or that the gateway never got."""
    sent = Counter(json.loads(line)["reference"] for line in file.read_text().splitlines())
    ours = {str(pk) for pk in Message.objects.values_list("reference", flat=True)}
    return sum(n - 1 for n in sent.values()) + len(ours ^ set(sent)) + abs(len(ours) - willing)


def _bare_rate(file):
    """The backend alone, message after message, into a file of its own."""
    messages = list(Message.objects.all()[:5000])
    settings.SMS_FILE = file.with_name("bare.jsonl")
    backend = FileBackend()
    seconds = common.timed(lambda: [backend.send(message) for message in messages])
    return len(messages) / seconds
