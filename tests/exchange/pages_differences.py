"""Who may decide what the DMS has otherwise."""

from apps.accounts.choices import Role
from apps.exchange.models import Difference
from tests.access import Page
from tests.factories import NOW, make_customer

ROLES = {Role.CARE_MANAGER, Role.SERVICE_MANAGER, Role.SALES_MANAGER}


def make_difference(store, **fields):
    """The address of a customer that the DMS has otherwise."""
    if not {"customer", "vehicle"} & set(fields):
        fields["customer"] = make_customer(store, address="上海")
    fields = {"field": "address", "ours": "上海", "theirs": "苏州"} | fields
    return Difference.objects.create(store=store, found_at=NOW, said_at=NOW, **fields)


PAGES = {
    "exchange:differences": Page(roles=ROLES),
    "exchange:differences-settle": Page("post", roles=ROLES),
}
