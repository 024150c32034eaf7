"""The access table of doubles and merges (CUS-04)."""

from apps.accounts.choices import Role
from apps.customers.models import Duplicate
from apps.desk.merging import merge_customers
from tests.access import Page
from tests.factories import NOW, make_customer, make_user

MERGES = {
    Role.SALES_MANAGER,
    Role.SERVICE_SUPERVISOR,
    Role.SERVICE_MANAGER,
    Role.CARE_MANAGER,
}
SEES = MERGES | {Role.CARE_SPECIALIST, Role.GENERAL_MANAGER}


def a_pair(store):
    one, other = make_customer(store, "张伟"), make_customer(store, "张玮")
    return Duplicate.objects.create(
        store=store, low=one, high=other, signs=["phone"], strength=4, found_at=NOW
    )


def a_merge(store):
    by = make_user(f"merger_of_{store.code}", store, Role.CARE_MANAGER)
    kept, gone = make_customer(store, "张伟"), make_customer(store, "张玮")
    return merge_customers(kept, gone, chosen={}, by=by, now=NOW)


PAGES = {
    "customers:duplicate-list": Page(roles=SEES),
    "customers:duplicate-dismiss": Page("post", roles=MERGES, make=a_pair),
    "desk:duplicate": Page(roles=SEES, make=a_pair),
    "desk:duplicate-merge": Page("post", roles=MERGES, make=a_pair),
    "desk:merge-list": Page(roles=SEES),
    "desk:merge-undo": Page("post", roles=MERGES, make=a_merge),
}
