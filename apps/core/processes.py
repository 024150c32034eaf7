"""Keeping a few child processes alive, for ``manage.py up``."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from billiard.util import set_pdeathsig  # type: ignore[attr-defined]  # not in its stubs

GRACE = 20  # seconds that a child has to end by itself
QUICK = 30  # a child that lived shorter than this many seconds is not started again at once
PAUSE = 5


@dataclass
class Child:
    """One program that has to run: its command, and the process that runs it just now."""

    name: str
    command: list[str]
    say: Callable[[str], None]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    again_at: float = 0

    def start(self) -> None:
        """In a session of its own: a Ctrl-C reaches the parent only, which ends all in order."""
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        self.started, self.again_at = time.monotonic(), 0
        self.say(f"{self.name} started (process {self.process.pid})")

    def keep(self) -> None:
        """Start it again when it has ended; after a short life only after a pause."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code = self.process.returncode
            why = signal.Signals(-code).name if code < 0 else f"code {code}"
            pause = PAUSE if now - self.started < QUICK else 0
            self.say(f"{self.name} ended ({why}); it is started again")
            self.process, self.again_at = None, now + pause
        if self.process is None and now >= self.again_at:
            self.start()


def end_all(children: list[Child]) -> None:
    """Ask every child to end, wait, then end it by force with all that it started."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    give_up = time.monotonic() + GRACE
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, give_up - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _end_with_parent() -> None:
    """Linux: a child gets SIGTERM when its parent is gone, kill -9 included."""
    with suppress(OSError):
        set_pdeathsig(signal.SIGTERM)
