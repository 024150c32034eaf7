"""Without a broker people go on working: pages ask PostgreSQL only."""

import pytest

from apps.desk.demo.people import PASSWORD
from tests.faults.house import until

SIGN_IN = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from apps.accounts.models import User
user = User.objects.get(username={name!r})
assert user.check_password({password!r})
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "apps.accounts.roles.RoleBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print("KEY", session.session_key)
"""


def cookie_of(house, name):
    code = SIGN_IN.format(name=name, password=PASSWORD)
    said = house.manage("shell", "-v0", "-c", code).stdout
    return f"sessionid={said.split('KEY ')[1].split()[0]}"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("demo_care1", "/"),
        ("demo_care1", "/care/queue/"),
        ("demo_caremanager", "/exchange/imports/"),
        ("demo_caremanager", "/exchange/imports/new/"),
        ("demo_caremanager", "/care/calls/"),
    ],
)
def test_pages_answer_while_redis_is_dead(name, path, house):
    cookie = cookie_of(house, name)
    house.start("web")
    until(lambda: _alive(house), 60, "the web server answers")
    house.kill("redis")

    status, page = house.get(path, cookie)

    assert status == 200
    assert "</html>" in page


def _alive(house):
    try:
        return house.get("/healthz")[0] == 200
    except OSError:
        return False
