import os
import signal
import subprocess
import sys
import time

import pytest

from apps.core import processes
from apps.core.processes import Child, end_all

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def said():
    return []


@pytest.fixture
def child(said, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 2)
    child = Child("worker", SLEEP, said.append)
    yield child
    end_all([child])


def wait_for(process):
    process.wait(10)


def test_a_child_that_dies_early_is_started_again_after_a_pause(child, said, monkeypatch):
    monkeypatch.setattr(processes, "PAUSE", 0.2)
    child.start()
    first = child.process
    first.kill()
    wait_for(first)

    child.keep()
    assert child.process is None
    assert said[-1] == "worker ended (SIGKILL); it is started again"

    time.sleep(0.25)
    child.keep()
    assert child.process is not None
    assert child.process.pid != first.pid


def test_a_child_that_lives_is_left_alone(child, said):
    child.start()
    pid = child.process.pid
    child.keep()
    assert child.process.pid == pid
    assert len(said) == 1


def test_ending_also_ends_what_a_stubborn_child_has_started(said, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.5)
    program = (
        "import signal, subprocess, sys, time;"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print(p.pid, flush=True); time.sleep(60)"
    )
    child = Child("stubborn", [sys.executable, "-c", program], said.append)
    read, write = os.pipe()
    saved = os.dup(1)
    os.dup2(write, 1)
    child.start()
    os.dup2(saved, 1)
    os.close(write)
    grandchild = int(os.fdopen(read).readline())
    end_all([child])
    assert child.process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(grandchild, 0)
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
def test_a_child_does_not_outlive_a_parent_that_was_killed():
    program = (
        "import sys, time; from apps.core.processes import Child;"
        "c = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)'], lambda text: None);"
        "c.start(); print(c.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(orphan, 0)
            time.sleep(0.05)
