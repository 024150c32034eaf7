"""The embedded servers, for real, in a folder of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from apps.core import embedded

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def var():
    """As ``mktemp -d`` makes it: for its owner only."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


def sql(var, statement):
    folder = str(embedded._socket_folder(var, embedded.SOCKET))
    server = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        server.close()


def broker(var):
    return redis.Redis(unix_socket_path=str(embedded._redis_socket(var)))


def servers(var):
    return embedded._processes(var / "postgres") + embedded._processes(var / "redis")


def kill_all(var):
    for server in servers(var):
        embedded._end(server, signal.SIGKILL)


def write_something(var):
    embedded.start(var)
    sql(var, "CREATE TABLE IF NOT EXISTS kept (word text)")
    sql(var, "INSERT INTO kept VALUES ('张三')")
    broker(var).rpush("kept", "task")
    return sql(var, "SELECT count(*) FROM kept")[0][0], broker(var).llen("kept")


def kept(var):
    return sql(var, "SELECT count(*) FROM kept")[0][0], broker(var).llen("kept")


def test_many_commands_at_once_start_one_server_each(var):
    program = "import sys; from pathlib import Path; from apps.core import embedded;"
    program += "print(*embedded.start(Path(sys.argv[1])), sep=',')"

    def command(_number):
        return subprocess.run(
            [sys.executable, "-c", program, str(var)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    with ThreadPoolExecutor(4) as four:
        said = sorted(four.map(command, range(4)))

    assert said == ["", "", "", "PostgreSQL,Redis"]
    assert embedded.start(var) == []


def test_the_cluster_knows_chinese(var):
    embedded.start(var)
    sql(var, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert sql(var, "SHOW server_encoding") == [("UTF8",)]
    assert sql(var, "SELECT cardinality(show_trgm('张三')) > 0") == [(True,)]
    assert sql(var, "SHOW fsync") == [("on",)]
    assert sql(var, "SHOW data_checksums") == [("on",)]


def test_after_everything_is_killed_the_next_start_has_the_same_data(var):
    before = write_something(var)
    kill_all(var)

    assert embedded.start(var) == ["PostgreSQL", "Redis"]
    assert kept(var) == before


def test_after_only_the_postmaster_is_killed_its_sessions_do_not_stop_the_next(var):
    before = write_something(var)
    embedded._postmaster(var).kill()

    assert embedded.start(var) == ["PostgreSQL"]
    assert kept(var) == before


def test_a_pid_file_that_names_another_program_is_not_believed(var):
    before = write_something(var)
    kill_all(var)
    pid_file = var / "postgres/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    lock_file = var / "postgres" / f"{embedded.SOCKET}.lock"
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:5]]) + "\n")

    assert embedded.start(var) == ["PostgreSQL", "Redis"]
    assert kept(var) == before


def test_a_redis_that_runs_on_without_its_socket_is_replaced_and_keeps_its_data(var, monkeypatch):
    monkeypatch.setattr(embedded, "PATIENCE", 0.2)
    before = write_something(var)
    embedded._redis_socket(var).unlink()

    assert embedded.start(var) == ["Redis"]
    assert kept(var) == before
    assert len(embedded._processes(var / "redis")) == 1


def test_stopping_is_clean_and_twice_is_once(var):
    before = write_something(var)
    embedded.stop(var)
    assert servers(var) == []
    assert not (var / "postgres/postmaster.pid").exists()
    embedded.stop(var)

    assert embedded.start(var) == ["PostgreSQL", "Redis"]
    assert kept(var) == before
    assert "was not properly shut down" not in last_start(var)


def last_start(var):
    return (var / "postgres/log").read_text().rpartition("starting PostgreSQL")[2]


def test_a_deep_folder_gets_short_sockets(tmp_path):
    deep = tmp_path / ("a" * 90) / ("b" * 90)
    for name in ("postgres", "redis"):
        socket = {"postgres": embedded.SOCKET, "redis": "redis.sock"}[name]
        path = embedded._socket_folder(deep, socket) / socket
        assert len(os.fsencode(path)) <= embedded.LONGEST_SOCKET_PATH
        assert path == embedded._socket_folder(deep, socket) / socket
    other = embedded._socket_folder(deep / "c", embedded.SOCKET)
    assert other != embedded._socket_folder(deep, embedded.SOCKET)


def test_addresses_with_spaces_are_escaped():
    assert embedded.database_url(Path("/a b")).endswith("?host=/a%20b/postgres")
    assert embedded.redis_url(Path("/a b")) == "redis+socket:///a%20b/redis/redis.sock"


def test_a_program_that_does_not_end_is_told_of(monkeypatch):
    stubborn = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(embedded, "RECOVERY_SECONDS", 0.2)
    with pytest.raises(embedded.CannotStart, match=str(stubborn.pid)):
        embedded._end(psutil.Process(stubborn.pid), signal.SIGCONT)
    stubborn.kill()
    stubborn.wait()
