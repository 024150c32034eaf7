"""``manage.py up``: the whole site with one command, for trial (``make run``)."""

import fcntl
import os
import signal
import socket
import sys
import time
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.core import embedded
from apps.core.processes import Child, end_all
from apps.desk.demo.people import PASSWORD

DEMO_STORE, DEMO_VEHICLES, DEMO_SEED = "DEMO", 2000, 1
LOOK_EVERY = 2  # seconds
CELERY = [sys.executable, "-m", "celery", "-A", "dms_ssi", "--quiet"]


class Command(BaseCommand):
    help = "Start everything: database, broker, demo data if there is none, web, worker, clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        address = f"http://{options['host']}:{options['port']}"
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        with _the_only_one(settings.VAR_DIR):
            children: list[Child] = []
            try:
                self._prepare(demo=not options["no_demo"])
                _wait_for_port(options["host"], options["port"])
                children += self._children(f"{options['host']}:{options['port']}")
                for child in children:
                    child.start()
                self._wait_until_alive(f"{address}/healthz", children)
                self._welcome(address)
                while True:
                    self._look(children)
                    time.sleep(LOOK_EVERY)
            except KeyboardInterrupt:
                self._say("Stopping: open requests and tasks are finished first")
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                end_all(children)
                connections.close_all()
                if settings.TRIAL:
                    embedded.stop(settings.VAR_DIR)
                self._say("Stopped. The data is kept in " + str(settings.VAR_DIR))

    def _prepare(self, *, demo: bool) -> None:
        if settings.TRIAL:
            self._say(f"PostgreSQL and Redis run, their data is in {settings.VAR_DIR}")
        self._say("Database: bringing the tables up to date (the first time takes a while)")
        call_command("migrate", verbosity=0, interactive=False)
        if demo and not Store.objects.exists():
            self._say(f"No store yet: making a demo store with {DEMO_VEHICLES} cars")
            call_command(
                "make_demo",
                store=DEMO_STORE,
                vehicles=DEMO_VEHICLES,
                seed=DEMO_SEED,
                as_of=timezone.localdate(),
            )
        connections.close_all()

    def _children(self, bind: str) -> list[Child]:
        web = [sys.executable, "-m", "gunicorn", "dms_ssi.wsgi", "--bind", bind]
        worker = [*CELERY, "worker", "--pool", "prefork", "-c", "2", "--loglevel", "WARNING"]
        # In trial root may run the worker; Celery would complain at every start.
        calm = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
        return [
            Child("web", web, self._say),
            Child("worker", worker, self._say, calm),
            Child("clock (beat)", [*CELERY, "beat", "--loglevel", "WARNING"], self._say),
        ]

    def _look(self, children: list[Child]) -> None:
        """Whatever has ended is started again."""
        if settings.TRIAL:
            durable = settings.EMBEDDED_DURABLE
            for name in embedded.start(settings.VAR_DIR, durable=durable):
                self._say(f"{name} had ended; it is started again")
        for child in children:
            child.keep()

    def _wait_until_alive(self, url: str, children: list[Child]) -> None:
        give_up = time.monotonic() + 90
        while time.monotonic() < give_up:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except OSError:
                self._look(children)
                time.sleep(0.3)
        raise CommandError(f"{url} does not answer. What the web process says stands above.")

    def _welcome(self, address: str) -> None:
        self._say("")
        self._say(f"Ready: {address}   (stop with Ctrl-C)")
        people = User.objects.filter(username__startswith="demo_", is_active=True)
        for person in people.order_by("pk"):
            roles = ", ".join(str(Role(role).label) for role in person.roles)
            self._say(f"  {person.username:24} {person.name}  {roles}")
        if people:
            self._say(f"  Password of all of them: {PASSWORD}")
        self._say("")
        connections.close_all()

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.strftime('%H:%M:%S')} {text}" if text else "")
        self.stdout.flush()


def _the_only_one(var: Path) -> TextIO:
    """Held as long as this process lives; the kernel lets go of it even after a kill -9."""
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"The site of {var} is already up.") from None
    return lock


def _wait_for_port(host: str, port: int) -> None:
    """What a killed run left behind may need a moment to end."""
    give_up = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as taken:
                if time.monotonic() > give_up:
                    raise CommandError(
                        f"Port {port} is taken ({taken.strerror}). Choose another: PORT=8001"
                    ) from None
        time.sleep(0.5)
