"""A whole running site of its own in a folder: PostgreSQL, Redis, worker, beat, web."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg2
import redis
from celery import Celery

from apps.core import embedded

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = [sys.executable]


class House:
    """Everything is ended by the process ids that were started here."""

    def __init__(self, var: Path) -> None:
        self.var, self.processes = var, {}
        self.env = os.environ | {
            "VAR_DIR": str(var),
            "DJANGO_SETTINGS_MODULE": "dms_ssi.settings",
            "PYTHONWARNINGS": "ignore",
        }
        for name in ("DATABASE_URL", "REDIS_URL"):
            self.env.pop(name, None)
        self.bell = Celery(broker=embedded.redis_url(var))
        self.bell.conf.broker_connection_retry = False
        embedded.start(var)

    # programs

    def manage(self, *words, check=True, seconds=240):
        done = subprocess.run(
            [*PYTHON, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(words)}\n{done.stdout}\n{done.stderr}")
        return done

    def start(self, name):
        celery = [*PYTHON, "-m", "celery", "-A", "dms_ssi", "--quiet"]
        commands = {
            "worker": [*celery, "worker", "-c", "2", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "-s", str(self.var / "beat"), "--loglevel", "WARNING"],
            "web": [*PYTHON, "-m", "gunicorn", "dms_ssi.wsgi", "--bind", f"127.0.0.1:{self.port}"],
        }
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                commands[name],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name):
        """kill -9, with every process that it started."""
        if name == "postgres":
            os.kill(int((self.var / "postgres/postmaster.pid").read_text().split()[0]), 9)
        elif name == "redis":
            with self.broker() as broker:
                pid = broker.info("server")["process_id"]
            os.kill(pid, signal.SIGKILL)
        elif name == "flushall":
            with self.broker() as broker:
                broker.flushall()
        else:
            process = self.processes.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def mend(self):
        """What runs the site would do: start again whatever does not run."""
        embedded.start(self.var)
        for name in ("worker", "beat"):
            if name not in self.processes or self.processes[name].poll() is not None:
                self.start(name)

    def close(self):
        for name in list(self.processes):
            self.kill(name)
        embedded.stop(self.var)

    # looking in from outside

    def sql(self, text, *values):
        """Run one statement on a connection of its own; the rows, if it gives any."""
        database = psycopg2.connect(
            host=str(embedded._socket_folder(self.var, embedded.SOCKET)),
            user="postgres",
            dbname="postgres",
        )
        try:
            with database, database.cursor() as cursor:
                cursor.execute(text, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            database.close()

    def broker(self):
        return redis.Redis(unix_socket_path=str(embedded._redis_socket(self.var)))

    def ring(self, task):
        """What beat does: put the tick into the broker. Again until the broker has it."""

        def put():
            with suppress(Exception):
                self.bell.send_task(task, ignore_result=True)
                return True
            return False

        until(put, 30, f"the broker takes {task}")

    @property
    def port(self):
        if not hasattr(self, "_port"):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self._port = free.getsockname()[1]
        return self._port

    def get(self, path, cookie=""):
        """Status and body of a page, redirects not followed."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookie}
        )
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def until(condition, seconds, what):
    """Wait until ``condition()`` is true; what it returned. Fails loudly when it never is."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")
