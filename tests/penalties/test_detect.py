"""Facts become proposals, and follow them until somebody decides (PEN-01…04, PEN-06). The lines to
the second and the cent are in ``test_lines``, any number of runs in ``test_late_evidence``."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Attempt, Call
from apps.penalties.actions.detect import detect, detect_clause
from apps.penalties.choices import Clause, PenaltyStatus
from apps.penalties.models import Penalty, Rule
from tests import factories

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
NOW = datetime(2026, 11, 1, 8, 0, tzinfo=ZONE)

pytestmark = pytest.mark.django_db


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@pytest.fixture
def house(store, other_store):
    """A store with its rules and an owner of calls, and another store with one of each fact."""
    other = other_store
    owner = factories.make_user("owner", store, Role.CARE_SPECIALIST)
    stranger = factories.make_user("stranger", other, Role.CARE_SPECIALIST)
    a_call(other, stranger, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED)
    return store, owner


def a_call(store, owner, **fields):
    day = fields.pop("on", date(2026, 10, 10))
    status = fields.setdefault("status", CallStatus.REACHED)
    values = {
        "kind": CallKind.FIRST_SERVICE,
        "owner": owner,
        "event_on": day,
        "opens_on": day - timedelta(days=30),
        "due_on": day,
        "created_on": day - timedelta(days=30),
    } | fields
    customer = factories.make_customer(store)
    if values["kind"] != CallKind.BIRTHDAY:
        values["vehicle"] = factories.make_vehicle(store, owner=customer)
    if status not in (CallStatus.WAITING, CallStatus.CLAIMED):
        values.setdefault("ended_at", at(day))
    return factories.make_call(store, customer=customer, **values)


def run(store=None, first=FIRST, last=LAST, now=NOW):
    return detect(first=first, last=last, now=now, stores=[store] if store else None)


def test_a_first_service_call_that_was_not_followed_up_is_twenty_yuan_of_its_owner(house):
    store, owner = house
    call = a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED)
    Attempt.objects.create(
        store=store,
        call=call,
        at=at(date(2026, 10, 7)),
        slot="morning",
        counted=True,
        result=Result.NO_ANSWER,
        by=owner,
    )
    a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.THREE_ATTEMPTS)
    maintenance = {"kind": CallKind.MAINTENANCE, "cycle": "2026-01-01"}
    a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED, **maintenance)

    detect_clause(Clause.ABANDONED, [store.pk], first=FIRST, last=LAST, now=NOW)

    penalty = Penalty.objects.get()
    assert (penalty.fact, penalty.person, penalty.amount) == (f"call/{call.pk}", owner, 20)
    assert penalty.event_on == date(2026, 10, 10)
    assert penalty.explain_until == date(2026, 11, 4)
    assert [tried["result"] for tried in penalty.evidence["attempts"]] == ["no_answer"]
    assert penalty.evidence["attempts"][0]["at"].startswith("2026-10-07T02:00")


@pytest.mark.parametrize(
    ("due", "reminded", "found"),
    [(20, 19, False), (20, 18, True), (10, 9, True), (9, 0, False), (100, 95, False)],
)
def test_the_rate_is_judged_with_ten_own_calls_and_under_its_line_only(house, due, reminded, found):
    store, owner = house
    for n in range(due):
        status = CallStatus.REACHED if n < reminded else CallStatus.LAPSED
        a_call(store, owner, status=status, cycle=f"c{n}")

    detect_clause(Clause.FIRST_RATE, [store.pk], first=FIRST, last=LAST, now=NOW)

    rows = list(Penalty.objects.values_list("fact", "amount", "event_on"))
    assert rows == ([(f"2026-10/{owner.pk}", Decimal("200.00"), LAST)] if found else [])


def test_the_rate_is_judged_when_the_month_is_over(house):
    store, owner = house
    for n in range(10):
        a_call(store, owner, status=CallStatus.LAPSED, cycle=f"c{n}")

    early = datetime(2026, 10, 31, 23, 0, tzinfo=ZONE)
    detect_clause(Clause.FIRST_RATE, [store.pk], first=FIRST, last=LAST, now=early)

    assert not Penalty.objects.exists()


def test_birthdays_short_of_standard_and_reminders_not_made_are_found_to_the_day(house):
    store, owner = house
    birthday = {"kind": CallKind.BIRTHDAY, "cycle": "2026"}
    greeted = {"status": CallStatus.MESSAGED, **birthday}
    a_call(store, owner, on=FIRST, short_of_standard=True, **greeted)
    a_call(store, owner, on=LAST, status=CallStatus.LAPSED, **birthday)
    a_call(store, owner, on=FIRST - timedelta(days=1), short_of_standard=True, **greeted)
    a_call(store, owner, **greeted)
    due = {"kind": CallKind.INSPECTION, "cycle": "2026-10-10"}
    a_call(store, owner, **due)
    a_call(store, owner, status=CallStatus.LAPSED, made_up=True, **due)
    missed = a_call(store, owner, ended_at=at(date(2026, 10, 11)), **due)  # reached a day late

    made = run(store)

    assert made["birthday"] == 2
    assert made["reminder"] == 1
    penalty = Penalty.objects.get(clause=Clause.REMINDER)
    assert (penalty.fact, penalty.amount) == (f"call/{missed.pk}", 50)


def test_a_call_due_today_is_not_judged_yet(house):
    store, owner = house
    a_call(
        store,
        owner,
        on=LAST,
        kind=CallKind.MAINTENANCE,
        cycle="2026-01-01",
        status=CallStatus.WAITING,
    )
    evening = datetime(2026, 10, 31, 20, 0, tzinfo=ZONE)

    run(store, now=evening)
    assert not Penalty.objects.exists()

    run(store)
    assert Penalty.objects.get().clause == Clause.REMINDER


def test_what_is_no_fact_any_more_is_withdrawn_and_comes_back_with_its_fact(house):
    store, owner = house
    call = a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED)
    run(store)
    Call.objects.filter(pk=call.pk).update(end_reason=EndReason.THREE_ATTEMPTS)

    run(store)
    penalty = Penalty.objects.get()
    assert (penalty.status, penalty.reason) == ("withdrawn", "事实已更正，不再成立")

    Call.objects.filter(pk=call.pk).update(end_reason=EndReason.ABANDONED)
    run(store)
    penalty.refresh_from_db()
    assert (penalty.status, penalty.reason, penalty.amount) == ("proposed", "", 20)


def an_attempt(call, day, slot="morning"):
    values = {"counted": True, "result": Result.NO_ANSWER, "by": call.owner}
    return Attempt.objects.create(store=call.store, call=call, at=at(day), slot=slot, **values)


def told(penalty):
    penalty.refresh_from_db()
    return [tried["slot"] for tried in penalty.evidence["attempts"]]


def test_an_attempt_that_comes_late_is_told_until_somebody_decides(house):
    store, owner = house
    call = a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED)
    an_attempt(call, date(2026, 10, 7))
    run(store)
    penalty = Penalty.objects.get()
    before = penalty.evidence

    run(store)
    assert told(penalty) == ["morning"]
    assert penalty.evidence == before
    an_attempt(call, date(2026, 10, 6), "afternoon")  # in the order in which they were made
    run(store)
    assert told(penalty) == ["afternoon", "morning"]
    assert penalty.evidence == before | {"attempts": penalty.evidence["attempts"]}

    Penalty.objects.update(
        status=PenaltyStatus.CONFIRMED,
        decided_by=factories.make_user("manager", store, Role.CARE_MANAGER),
        decided_at=NOW,
    )
    an_attempt(call, date(2026, 10, 8), "late")
    run(store)
    assert told(penalty) == ["afternoon", "morning"]


def _facts_of_all(store, owner):
    kinds = {
        "a": {"status": CallStatus.LAPSED},
        "b": {"status": CallStatus.FAILED, "end_reason": EndReason.ABANDONED},
        "w": {"status": CallStatus.LAPSED, "kind": CallKind.WARRANTY},
        "d": {"status": CallStatus.LAPSED, "kind": CallKind.BIRTHDAY},
    }
    for n in range(12):
        for name, fields in kinds.items():
            a_call(store, owner, cycle=f"{name}{n}", **fields)


def test_a_run_that_finds_nothing_new_writes_nothing(house):
    store, owner = house
    _facts_of_all(store, owner)
    run()
    rows = "SELECT id, ctid::text FROM penalties_penalty ORDER BY id"

    def written():
        with connection.cursor() as cursor:
            cursor.execute(rows)
            return cursor.fetchall()

    once = written()
    run()

    assert len(once) == 12 * 3 + 1 + 1
    assert written() == once


def test_what_was_decided_stays_when_its_fact_goes(house):
    store, owner = house
    call = a_call(store, owner, status=CallStatus.FAILED, end_reason=EndReason.ABANDONED)
    run(store)
    manager = factories.make_user("manager", store, Role.CARE_MANAGER)
    Penalty.objects.update(
        status=PenaltyStatus.CONFIRMED, decided_by=manager, decided_at=NOW, amount=15
    )
    Call.objects.filter(pk=call.pk).update(end_reason=EndReason.THREE_ATTEMPTS)

    run(store)

    assert Penalty.objects.get().amount == 15
    assert Penalty.objects.get().status == PenaltyStatus.CONFIRMED


def test_the_rule_of_the_day_of_the_fact_decides_and_one_that_is_off_judges_nothing(house):
    store, owner = house
    base = {"store": store, "clause": Clause.ABANDONED, "text": "x"}
    Rule.objects.create(effective_from=date(2026, 10, 10), low_amount=30, high_amount=30, **base)
    Rule.objects.create(
        effective_from=date(2026, 10, 20), low_amount=30, high_amount=30, is_on=False, **base
    )
    for n, day in enumerate((9, 10, 19, 20)):
        a_call(
            store,
            owner,
            on=date(2026, 10, day),
            cycle=f"c{n}",
            status=CallStatus.FAILED,
            end_reason=EndReason.ABANDONED,
        )

    detect_clause(Clause.ABANDONED, [store.pk], first=FIRST, last=LAST, now=NOW)

    rows = Penalty.objects.order_by("event_on").values_list("event_on__day", "amount")
    assert list(rows) == [(9, 20), (10, 30), (19, 30)]
