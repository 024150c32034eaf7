"""A migrated database that each test database is copied from: migrating takes long, copying not.

Made once for the migrations as they are now; every pytest process on the same servers shares it.
"""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"


def template() -> str:
    """The name of the migrated database; makes it when there is none for these migrations."""
    migrations = sorted(ROOT.glob("apps/*/migrations/*.py"))
    print_of = hashlib.sha256()
    for path in (ROOT / "requirements.txt", *migrations):
        print_of.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    name = PREFIX + print_of.hexdigest()[:16]
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in _databases():
            _make(name)
    return name


def _make(name: str) -> None:
    for old in _databases():
        if old.startswith(PREFIX):
            _run(f'DROP DATABASE "{old}" WITH (FORCE)')
    making = f"{name}_new"
    _run(f'CREATE DATABASE "{making}"')
    main = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = main
    _run(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
