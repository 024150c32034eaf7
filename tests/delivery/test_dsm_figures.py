"""Late and incomplete records are facts of a consultant and a month, with their rows (PEN-07)."""

from datetime import date, datetime, timedelta

import pytest

from apps.delivery import figures
from apps.delivery.choices.dsm import Fault
from apps.delivery.models import DsmRecord
from apps.delivery.queries.dsm import fault_of, seen_by
from tests.delivery.dsm import make_consultant, make_record
from tests.factories import SHANGHAI

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
NOW = DUE + 9 * HOUR
EARLY, LATE = DUE - HOUR, DUE + HOUR
ACCEPTED = {"status": "checked", "checked_at": LATE, "accepted_why": "无身份证"}
ENTERED = {"status": "entered", "entered_at": EARLY}
TOO_LATE = {"status": "entered", "entered_at": LATE}
WRONG = {"sent_back_at": EARLY, "sent_back_why": "地址不对"}


@pytest.fixture
def seller(store):
    return make_consultant(store)


@pytest.fixture
def records(store, other_store, seller):
    """One of each kind, of one consultant; two of nobody; a stranger's."""
    made = {
        "in time": make_record(store, seller, **ENTERED),
        "late": make_record(store, seller, **TOO_LATE),
        "never": make_record(store, seller),
        "wrong": make_record(store, seller, **TOO_LATE, **WRONG),
        "put right": make_record(store, seller, **ENTERED, **WRONG),
        "accepted so": make_record(store, seller, entered_at=EARLY, **ACCEPTED),
        "never, accepted so": make_record(store, seller, **ACCEPTED),
        "late, accepted so": make_record(store, seller, entered_at=LATE, **ACCEPTED),
        "accepted before": make_record(store, seller, due_at=NOW + HOUR, **ACCEPTED),
        "not due yet": make_record(store, seller, due_at=NOW + HOUR),
        "nobody's": make_record(store),
        "of december": make_record(store, due_at=datetime(2026, 12, 1, 0, 0, tzinfo=SHANGHAI)),
    }
    make_record(other_store, **TOO_LATE)
    return made


def test_each_fault_has_its_rows_and_no_record_is_in_both(store, records):
    month = date(2026, 11, 9)
    late = set(figures.dsm_late(store, month))
    incomplete = set(figures.dsm_incomplete(store, month, NOW))

    assert late == {records["late"]}
    accepted = {"accepted so", "never, accepted so", "late, accepted so"}
    assert incomplete == {records[name] for name in accepted | {"never", "wrong", "nobody's"}}
    assert set(figures.dsm_due(store, month).in_time()) == {
        records[name] for name in ("in time", "put right")
    }
    assert set(figures.dsm_due(store, month).faulty(NOW)) == late | incomplete
    assert figures.dsm_due(store, month).count() == 11
    assert set(figures.dsm_due(store, date(2026, 12, 31))) == {records["of december"]}


def test_the_database_and_the_policy_say_the_same_of_every_record(store, records):
    rows = DsmRecord.objects.filter(store=store)
    found = {fault: set(rows.at_fault(fault, NOW)) for fault in Fault}

    for record in rows:
        said = fault_of(record, NOW)
        assert [fault for fault in Fault if record in found[fault]] == ([said] if said else [])


def test_a_month_by_consultants_counts_what_the_rows_are(
    store, seller, specialist, records, django_assert_num_queries
):
    rows = seen_by(specialist).due_in(date(2026, 11, 1))
    with django_assert_num_queries(5):
        his, nobodys = figures.dsm_by_consultant(rows, NOW)

    assert (his.person, his.due, his.in_time, his.late, his.incomplete) == (seller, 10, 2, 1, 5)
    assert (nobodys.person, nobodys.due, nobodys.incomplete) == (None, 1, 1)
    assert (his.share, nobodys.share, figures.DsmMonth(None).share) == (25.0, 0.0, None)
