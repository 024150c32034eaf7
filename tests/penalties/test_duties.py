"""DSM records and registration forms as facts, one fact under one clause, the clock and the
command (PEN-06, PEN-07)."""

import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus, EndReason
from apps.care.models import Call
from apps.delivery.choices.dsm import DsmStatus
from apps.penalties.actions.detect import detect, detect_clause
from apps.penalties.choices import Clause
from apps.penalties.models import Penalty
from apps.penalties.queries.facts import FACTS
from apps.penalties.tasks import detect as tick
from apps.service.actions import accept, cancel
from apps.service.choices import AppointmentSource
from tests import factories
from tests.delivery.dsm import make_consultant, make_record
from tests.factories import NOW, SHANGHAI, TODAY
from tests.service.workshop import at, make_appointment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
CARE = AppointmentSource.CARE
LATER = NOW + 2 * DAY


def found(clause, store, now=LATER, first=TODAY, last=TOMORROW):
    detect_clause(clause, [store.pk], first=first, last=last, now=now)
    rows = Penalty.objects.exclude(status="withdrawn").order_by("fact")
    return [(row.fact, row.person.username, row.event_on, row.amount) for row in rows]


def test_a_form_not_taken_over_before_closing_warns_who_booked(store, other_store, specialist):
    supervisor = factories.make_user("supervisor", store, Role.SERVICE_SUPERVISOR)
    booked = {"on": TOMORROW, "source": CARE, "by": specialist}
    never = make_appointment(store, "14:00", **booked)
    in_time = make_appointment(store, "15:00", **booked)
    too_late = make_appointment(store, "16:00", **booked)
    gone = make_appointment(store, "09:00", **booked)
    make_appointment(store, "10:00", **booked | {"source": AppointmentSource.PHONE})
    make_appointment(store, "11:00", on=TOMORROW, source=CARE)  # nobody answers
    make_appointment(other_store, "14:00", **booked | {"by": None})
    cancel(gone, reason="customer")
    accept(in_time, by=supervisor, now=at("17:29"))
    accept(too_late, by=supervisor, now=at("17:31"))

    assert found(Clause.FORM_LATE, store, now=at("17:30")) == []
    assert found(Clause.FORM_LATE, store, now=at("17:31")) == [
        (f"appointment/{row.pk}", "li_na", TODAY, 0) for row in (never, too_late)
    ]
    evidence = Penalty.objects.get(fact=f"appointment/{too_late.pk}").evidence
    assert evidence["appointment"] == too_late.pk
    assert datetime.fromisoformat(evidence["accepted_at"]) == at("17:31")
    assert datetime.fromisoformat(evidence["hand_over_by"]) == at("17:30")

    cancel(never, reason="customer")
    assert [row[0] for row in found(Clause.FORM_LATE, store)] == [f"appointment/{too_late.pk}"]
    assert Penalty.objects.get(status="withdrawn").fact == f"appointment/{never.pk}"


def test_a_dsm_record_late_incomplete_or_accepted_so_is_one_warning(store, other_store):
    seller = make_consultant(store)
    record = make_record(store, seller)
    due = record.due_at
    after = due + timedelta(microseconds=1)
    checked = {"status": DsmStatus.CHECKED, "checked_at": after}
    entered = {"status": DsmStatus.ENTERED}
    late = make_record(store, seller, entered_at=after, **entered)
    in_time = make_record(store, seller, entered_at=due, **entered)
    lacking = make_record(store, seller, accepted_why="无身份证", **checked)
    taken = make_record(store, seller, entered_at=due, accepted_why="无身份证", **checked)
    both = make_record(store, seller, entered_at=after, accepted_why="无身份证", **checked)
    make_record(store, seller, entered_at=due, **checked)
    make_record(store)  # nobody's
    make_record(other_store, make_consultant(other_store, "stranger"))

    assert found(Clause.DSM_LATE, store, now=due) == []
    assert found(Clause.DSM_LATE, store, now=after) == [
        (f"dsm/{row.pk}", "gu_wen", TOMORROW, 0) for row in (record, late, lacking, taken, both)
    ]
    assert not Penalty.objects.filter(fact=f"dsm/{in_time.pk}").exists()
    evidence = Penalty.objects.get(fact=f"dsm/{taken.pk}").evidence
    assert evidence["accepted_incomplete"] is True
    assert "无身份证" not in json.dumps(evidence, ensure_ascii=False)
    assert Penalty.objects.get(fact=f"dsm/{late.pk}").evidence["accepted_incomplete"] is False


@pytest.mark.parametrize("kind", CallKind)
def test_a_call_falls_under_one_clause_however_it_ended(store, specialist, kind):
    """PEN-06. The facts that could meet are calls: its kind decides, and the clauses of a kind
    do not overlap. A month's rate, a month's greetings, a record and a form are facts of their
    own; 5S proposes an item that was not put right once, not also as a weak one."""
    day = date(2026, 10, 10)
    endings = [
        (status, reason)
        for status in (CallStatus.FAILED, CallStatus.LAPSED, CallStatus.MESSAGED)
        for reason in ("", EndReason.ABANDONED, EndReason.THREE_ATTEMPTS)
    ]
    for n, (status, reason) in enumerate(endings):
        customer = factories.make_customer(store)
        car = {}
        if kind != CallKind.BIRTHDAY:
            car = {"vehicle": factories.make_vehicle(store, owner=customer)}
        days = dict.fromkeys(("event_on", "due_on"), day)
        opened = dict.fromkeys(("opens_on", "created_on"), day - timedelta(days=30))
        call = factories.make_call(
            store,
            kind=kind,
            customer=customer,
            owner=specialist,
            cycle=f"c{n}",
            **days,
            **opened,
            **car,
        )
        Call.objects.filter(pk=call.pk).update(
            status=status,
            end_reason=reason,
            ended_at=datetime(2026, 10, 10, 10, tzinfo=SHANGHAI),
            short_of_standard=kind == CallKind.BIRTHDAY and status == CallStatus.MESSAGED,
        )

    detect(first=date(2026, 10, 1), last=date(2026, 10, 31), now=NOW)

    facts = list(Penalty.objects.filter(fact__startswith="call/").values_list("fact", flat=True))
    assert len(facts) == len(set(facts))
    clauses = set(Penalty.objects.filter(fact__startswith="call/").values_list("clause", flat=True))
    expected = {
        CallKind.FIRST_SERVICE: {Clause.ABANDONED},
        CallKind.BIRTHDAY: {Clause.BIRTHDAY},
        CallKind.MAINTENANCE: {Clause.REMINDER},
        CallKind.WARRANTY: {Clause.REMINDER},
        CallKind.INSPECTION: {Clause.REMINDER},
    }
    assert clauses == expected.get(kind, set())


def an_abandoned_call(store, owner, day):
    call = factories.make_call(
        store,
        owner=owner,
        status=CallStatus.FAILED,
        end_reason=EndReason.ABANDONED,
        ended_at=datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI),
    )
    return f"call/{call.pk}"


def test_the_clock_looks_at_this_month_and_the_last_one(store, specialist):
    days = [date(2026, 9, 30), date(2026, 10, 1), TODAY, TOMORROW]
    facts = [an_abandoned_call(store, specialist, day) for day in days]

    with time_machine.travel(NOW, tick=False):
        tick()
        tick()

    rows = Penalty.objects.filter(clause=Clause.ABANDONED).order_by("event_on")
    assert list(rows.values_list("fact", flat=True)) == facts[1:3]


@time_machine.travel(NOW, tick=False)
def test_the_command_says_how_many_and_again_none(store, other_store, specialist, stranger, capsys):
    an_abandoned_call(store, specialist, date(2026, 10, 20))
    an_abandoned_call(store, specialist, date(2026, 10, 21))
    an_abandoned_call(other_store, stranger, date(2026, 10, 20))
    asked = ("detect_penalties", "--on", "2026-10-20", "--store", "S1", "--json")

    call_command(*asked)
    said = json.loads(capsys.readouterr().out)
    call_command(*asked)
    again = json.loads(capsys.readouterr().out)

    assert said["on"] == "2026-10-20"
    assert set(said["proposed"]) == {clause.value for clause in FACTS}
    assert (said["proposed"]["abandoned"], again["proposed"]["abandoned"]) == (1, 0)
    penalty = Penalty.objects.get(clause=Clause.ABANDONED)
    assert (penalty.detected_at, penalty.explain_until) == (NOW, date(2026, 11, 26))
    call_command("detect_penalties")
    assert Penalty.objects.filter(clause=Clause.ABANDONED).count() == 3


@pytest.mark.parametrize(
    "arguments", [("--on", "23.11.2026"), ("--on", "2999-01-01"), ("--store", "NONE")]
)
def test_an_unknown_day_or_store_is_said_and_exits_with_2(store, arguments):
    with pytest.raises(CommandError) as refused:
        call_command("detect_penalties", *arguments)

    assert refused.value.returncode == 2
