"""The settings as a fresh process reads them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REAL = {
    "DATABASE_URL": "postgres://dms@db/dms",
    "REDIS_URL": "redis://redis:6379/0",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "dms.example.com,www.example.com",
    "EMAIL_URL": "smtp+tls://user:password@mail:587",
    "SMS_BACKEND": "apps.messaging.backends.ConsoleBackend",
    "FIELD_KEYS": "k1:dHJpYWwtb25seS1ub3Qtc2VjcmV0LTAxMjM0NTY3ODk=",
}
ASKED = (
    "TRIAL ALLOWED_HOSTS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS"
    " SECURE_SSL_REDIRECT SECURE_PROXY_SSL_HEADER DEBUG AXES_IPWARE_PROXY_COUNT STORAGES"
)


def start(**environment):
    program = (
        "import json, sys; from dms_ssi import settings;"
        "print(json.dumps({n: getattr(settings, n, None) for n in sys.argv[1].split()}))"
    )
    inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "VAR_DIR")}
    return subprocess.run(
        [sys.executable, "-c", program, ASKED],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_missing_value_stops_the_start_with_its_name(name):
    process = start(**{key: value for key, value in REAL.items() if key != name})
    assert process.returncode != 0
    assert process.stderr.splitlines()[-1].endswith(f"Not set: {name}. See .env.example.")


def test_all_missing_values_are_named_at_once():
    process = start(DATABASE_URL="postgres://dms@db/dms", SECRET_KEY="x")
    names = "REDIS_URL, ALLOWED_HOSTS, EMAIL_URL, SMS_BACKEND, FIELD_KEYS"
    assert f"Not set: {names}." in process.stderr


def test_real_use_is_safe_by_default():
    process = start(**REAL)
    assert process.returncode == 0, process.stderr
    found = json.loads(process.stdout)
    assert found.pop("STORAGES")["staticfiles"]["BACKEND"].endswith(
        "CompressedManifestStaticFilesStorage"
    )
    assert found == {
        "TRIAL": False,
        "ALLOWED_HOSTS": ["dms.example.com", "www.example.com"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "DEBUG": False,
        "AXES_IPWARE_PROXY_COUNT": 1,
    }


def test_every_variable_that_is_read_is_listed():
    source = "".join(
        (ROOT / name).read_text()
        for name in ("dms_ssi/settings.py", "gunicorn.conf.py", "docker-compose.yml")
    )
    source += (ROOT / "apps/desk/management/commands/up.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"environ\.get\(\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"\$\{([A-Z_]+)[:}]", source)) | set(REAL)
    listed = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == listed
