"""A migrated database that each test database is copied from: migrating takes long, copying not.

Made once for the migrations as they are now; every pytest process on the same servers shares it.
"""

import fcntl
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "migrated_"


def template() -> str:
    """The name of the migrated database; makes it when there is none for these migrations."""
    prints = _prints()
    name = PREFIX + hashlib.sha256(json.dumps(prints).encode()).hexdigest()[:16]
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in _databases():
            _make(name, prints)
    return name


def _prints() -> dict[str, str]:
    """What each migration says, and what the libraries are, by file."""
    files = [ROOT / "requirements.txt", *sorted(ROOT.glob("apps/*/migrations/*.py"))]
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def _make(name: str, prints: dict[str, str]) -> None:
    """From the migrated database before, if its migrations are all still there as they were;
    else from nothing."""
    known = settings.VAR_DIR / "template.json"
    before = json.loads(known.read_text()) if known.exists() else {"name": "", "prints": {}}
    old = [one for one in _databases() if one.startswith(PREFIX)]
    grown = before["name"] in old and before["prints"].items() <= prints.items()
    making = f"{name}_new"
    _run(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')
    _run(f'CREATE DATABASE "{making}"' + (f' TEMPLATE "{before["name"]}"' if grown else ""))
    main = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = making
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = main
    _run(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
    known.write_text(json.dumps({"name": name, "prints": prints}))
    for one in old:
        _run(f'DROP DATABASE IF EXISTS "{one}" WITH (FORCE)')


def _databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
