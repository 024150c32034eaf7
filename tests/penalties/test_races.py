"""Two who decide at once: exactly one does, and the other is told (PEN-08, PEN-09).

Staged: the second is known to be waiting. In each control the guard is off, and it shows.
"""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from apps.care.choices import CallStatus, EndReason
from apps.care.models import Call
from apps.core.errors import Refused
from apps.desk import invariants
from apps.penalties.actions import life, sheets
from apps.penalties.actions.detect import detect_clause
from apps.penalties.choices import Clause
from apps.penalties.models import Correction, Penalty, SheetEntry
from tests import factories
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.penalties.test_late_evidence import NOW as JUDGED_AT
from tests.penalties.test_life import LATER, NOVEMBER, OCTOBER, issued, proposal

pytestmark = pytest.mark.django_db(transaction=True)


def tried(do):
    try:
        do()
    except (Refused, IntegrityError, InternalError) as failure:
        return type(failure).__name__
    return "done"


def at_once(first, second):
    """The second is known to wait until the first is through."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            one = tried(first)
            waiting = pool.submit(closing, tried, second)
            wait_until_someone_waits_for_a_lock()
        return one, waiting.result()


def unguarded(monkeypatch):
    monkeypatch.setattr(life, "locked", lambda row: Penalty.objects.get(pk=row.pk))


def confirm(row, by):
    return lambda: life.confirm(row, amount=Decimal(50), by=by, now=LATER)


def waive(row, by):
    return lambda: life.waive(row, reason="客户出国", by=by, now=LATER)


def test_of_confirming_and_waiving_the_first_stands(store, people):
    row = proposal(store, people["person"])

    assert at_once(confirm(row, people["manager"]), waive(row, people["general"])) == (
        *("done", "Refused"),
    )

    row.refresh_from_db()
    assert (row.status, row.decided_by, row.reason) == ("confirmed", people["manager"], "")


def test_control_without_the_lock_the_second_decides_over_the_first(store, people, monkeypatch):
    unguarded(monkeypatch)
    row = proposal(store, people["person"])

    assert at_once(confirm(row, people["manager"]), waive(row, people["general"])) == (
        *("done", "done"),
    )

    row.refresh_from_db()
    assert row.status == "waived"


def signed(store, people):
    row = proposal(store, people["person"])
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER)
    return life.sign(row, how="offender", now=LATER)


def both_ways(row, people):
    return (
        lambda: life.appeal(row, text="不公平", by=people["person"], now=LATER),
        lambda: life.issue(row, by=people["office"], now=LATER),
    )


def test_what_is_appealed_against_is_not_issued(store, people):
    row = signed(store, people)

    assert at_once(*both_ways(row, people)) == ("done", "Refused")

    row.refresh_from_db()
    assert (row.status, row.issued_at, row.signed_at) == ("appealed", None, None)


def test_what_is_issued_is_not_appealed_against(store, people):
    row = signed(store, people)

    assert at_once(*reversed(both_ways(row, people))) == ("done", "Refused")

    row.refresh_from_db()
    assert (row.status, row.appealed_at, row.issued_by) == ("issued", None, people["office"])


def test_control_without_the_lock_only_the_database_keeps_what_is_issued(
    store, people, monkeypatch
):
    unguarded(monkeypatch)
    row = signed(store, people)

    assert at_once(*reversed(both_ways(row, people))) == ("done", "InternalError")

    row.refresh_from_db()
    assert (row.status, row.issued_by) == ("issued", people["office"])


def close(store, people, month=OCTOBER):
    return lambda: sheets.close_month(store, month, by=people["office"], now=LATER)


def test_a_month_is_closed_once(store, people):
    issued(store, people)

    assert at_once(close(store, people), close(store, people)) == ("done", "Refused")

    assert SheetEntry.objects.get().amount == -50


def test_control_without_the_lock_the_second_runs_into_the_wall(store, people, monkeypatch):
    monkeypatch.setattr(sheets, "locked", lambda row: row)
    issued(store, people)

    assert at_once(close(store, people), close(store, people)) == ("done", "IntegrityError")

    assert SheetEntry.objects.get().amount == -50


def test_what_is_confirmed_or_issued_while_the_month_is_closed_comes_with_the_next(store, people):
    """It is seen by the close only when it is done: nobody waits, nothing is lost or twice."""
    row = proposal(store, people["person"])
    other = signed_too(store, people)
    with transaction.atomic():
        confirm(row, people["manager"])()
        life.issue(other, by=people["office"], now=LATER)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(closing, tried, close(store, people)).result() == "done"
    assert not SheetEntry.objects.exists()
    life.sign(row, how="offender", now=LATER)
    life.issue(row, by=people["office"], now=LATER)

    next_one = LATER.replace(month=12)
    sheets.close_month(store, NOVEMBER, by=people["office"], now=next_one)

    assert set(SheetEntry.objects.values_list("penalty", "amount", "sheet__month")) == {
        (row.pk, -50, NOVEMBER),
        (other.pk, -50, NOVEMBER),
    }
    assert invariants.no_month_but_of_its_entries() == []


def signed_too(store, people):
    row = proposal(store, people["person"], fact="call/2")
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER)
    return life.sign(row, how="offender", now=LATER)


def correct_and_close(store, people):
    row = issued(store, people)
    sheets.close_month(store, OCTOBER, by=people["office"], now=LATER)
    sheets.correct(row, amount=Decimal(30), reason="x", by=people["manager"], now=LATER)
    next_one = LATER.replace(month=12)
    answers = at_once(
        lambda: sheets.correct(
            row, amount=Decimal(10), reason="y", by=people["manager"], now=next_one
        ),
        lambda: sheets.close_month(store, NOVEMBER, by=people["office"], now=next_one),
    )
    assert answers == ("done", "done")
    assert Correction.objects.get().amount == 10


def test_a_correction_that_is_said_anew_while_the_month_is_closed_is_taken_in_as_it_is(
    store, people
):
    correct_and_close(store, people)

    assert list(SheetEntry.objects.order_by("pk").values_list("amount", flat=True)) == [-50, 40]
    assert invariants.no_month_but_of_its_entries() == []


def test_control_a_correction_that_is_not_held_leaves_another_sum_than_it_says(
    store, people, monkeypatch
):
    plain = lambda store: Correction.objects.filter(store=store, entry=None)  # noqa: E731
    monkeypatch.setattr(sheets, "_waiting", plain)
    correct_and_close(store, people)

    [broken] = invariants.no_month_but_of_its_entries()
    assert (broken["stands"], broken["should_stand"]) == (-30, -10)


def test_a_fact_that_goes_while_somebody_confirms_withdraws_nothing(store, people):
    call = factories.make_call(
        store,
        owner=people["person"],
        status=CallStatus.FAILED,
        end_reason=EndReason.ABANDONED,
        ended_at=JUDGED_AT.replace(month=10, day=10),
    )

    def look():
        days = {"first": OCTOBER, "last": OCTOBER.replace(day=31)}
        detect_clause(Clause.ABANDONED, [store.pk], **days, now=JUDGED_AT)

    look()
    row = Penalty.objects.get()
    Call.objects.filter(pk=call.pk).update(end_reason=EndReason.THREE_ATTEMPTS)

    decide = lambda: life.confirm(  # noqa: E731
        row, amount=Decimal(20), by=people["manager"], now=LATER.replace(day=20)
    )
    assert at_once(decide, look) == ("done", "done")

    row.refresh_from_db()
    assert row.status == "confirmed"
