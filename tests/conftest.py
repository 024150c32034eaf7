"""The cast: the people of one store, and a stranger from another."""

import pytest
from django.db import connection
from time_machine import travel

from apps.accounts.choices import Role
from apps.accounts.models import Store
from tests import database, factories


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Test databases are copies of a migrated one; see tests/database.py."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = database.template()
        connection.close()


@pytest.fixture
def now():
    return factories.NOW


HERE = {"code": "S1", "name": "上海演示店", "city": "上海", "local_regions": ["上海", "沪"]}
ELSEWHERE = {"code": "S2", "name": "苏州演示店", "city": "苏州", "local_regions": ["江苏", "苏"]}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Both stores stand before the first test: making them for each took a tenth of the time."""
    with django_db_blocker.unblock():
        for told in (HERE, ELSEWHERE):
            _store(told)


def _store(told):
    """Made anew after a test with transactions of its own: that one leaves nothing at all."""
    found = Store.objects.filter(code=told["code"]).first()
    if found is None:
        with travel(factories.NOW, tick=False):
            found = factories.make_store(**told)
    return found


@pytest.fixture
def store(db):
    return _store(HERE)


@pytest.fixture
def other_store(db):
    return _store(ELSEWHERE)


@pytest.fixture
def specialist(store):
    return factories.make_user("li_na", store, Role.CARE_SPECIALIST)


@pytest.fixture
def other_specialist(store):
    return factories.make_user("wang_min", store, Role.CARE_SPECIALIST)


@pytest.fixture
def manager(store):
    return factories.make_user("manager", store, Role.CARE_MANAGER)


@pytest.fixture
def stranger(other_store):
    """Has every right, in another store."""
    return factories.make_user("stranger", other_store, *Role)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Each test has a file folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "files"
