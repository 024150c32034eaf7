"""Two at one quotation: one acts, the other is told (REC-07)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reception.actions import quotations as acts
from apps.reception.models import Quotation
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW
from tests.reception.quoting import line, make_opportunity, make_scheme, make_seller, scheme

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(first, second):
    """What ``second`` answers when it begins before ``first`` is done and has to wait for it."""

    def answering():
        try:
            return second()
        except (Refused, IntegrityError) as failure:
            return failure

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            other = pool.submit(closing, answering)
            wait_until_someone_waits_for_a_lock()
        return type(done).__name__, type(other.result()).__name__


@pytest.fixture
def row(store):
    return make_scheme(store, line("discount", "5650"), reason="竞品")


def decide(row, boss, approved):
    return lambda: acts.decide_discount(
        row, approved=approved, words="看过", version=1, now=NOW, by=boss
    )


def more(row):
    asked = scheme(row.trim, line("discount", "11000"), reason="再多")
    return lambda: acts.change_quotation(row, asked, version=1, now=NOW, by=row.made_by)


def test_a_discount_that_grows_while_the_manager_approves_is_not_approved(store, row):
    boss = make_seller(store, Role.SALES_MANAGER)

    assert meanwhile(more(row), decide(row, boss, True)) == ("Quotation", "Refused")

    row.refresh_from_db()
    assert (row.approval, row.given_amount, row.decided_by) == ("waiting", 11000, None)


def test_control_without_the_lock_the_grown_discount_is_approved(store, row, monkeypatch):
    boss = make_seller(store, Role.SALES_MANAGER)
    monkeypatch.setattr(acts, "locked", lambda row: type(row).objects.get(pk=row.pk))

    assert meanwhile(more(row), decide(row, boss, True)) == ("Quotation", "Quotation")

    row.refresh_from_db()
    assert (row.approval, row.given_amount) == ("approved", 11000)


def test_two_managers_decide_at_once_and_the_first_word_holds(store, row):
    one, two = (make_seller(store, Role.SALES_MANAGER) for _n in range(2))

    answers = meanwhile(decide(row, one, False), decide(row, two, True))

    row.refresh_from_db()
    assert answers == ("Quotation", "Refused")
    assert (row.approval, row.decided_by) == ("sent_back", one)


def test_two_schemes_at_once_get_two_numbers(store):
    wanted = make_opportunity(store)
    trim = make_scheme(store, opportunity=wanted).trim

    def add():
        return acts.make_quotation(wanted, scheme(trim), now=NOW, by=wanted.consultant)

    assert meanwhile(add, add) == ("Quotation", "Quotation")
    places = Quotation.objects.order_by("place").values_list("place", flat=True)
    assert list(places) == [1, 2, 3]


def test_two_are_chosen_at_once_and_one_is_left_chosen(store):
    wanted = make_opportunity(store)
    rows = [make_scheme(store, opportunity=wanted) for _n in range(2)]
    for row in rows:
        lines = list(row.lines.values_list("pk", flat=True))
        acts.explain_lines(row, lines, version=1, now=NOW, by=row.made_by)

    def choose(row):
        return lambda: acts.accept(row, version=1, now=NOW, by=row.made_by)

    assert meanwhile(choose(rows[0]), choose(rows[1])) == ("Quotation", "Quotation")
    states = Quotation.objects.order_by("place").values_list("status", flat=True)
    assert list(states) == ["open", "accepted"]
