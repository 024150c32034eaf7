"""Who takes part in the life of a proposal."""

import pytest

from apps.accounts.choices import Role
from tests import factories


@pytest.fixture
def people(store):
    return {
        "person": factories.make_user("person", store, Role.CARE_SPECIALIST),
        "manager": factories.make_user("care_m", store, Role.CARE_MANAGER),
        "general": factories.make_user("general", store, Role.GENERAL_MANAGER),
        "office": factories.make_user("office", store, Role.ADMINISTRATION),
    }
