"""Each clause just inside and just outside its line, in the database: to the day and the second of
the store's clock, the call and the cent (PEN-01…04, PEN-06, PEN-07). Greetings and forms have
their edges in ``test_greetings`` and here, 5S in its own tests, the reward in ``test_rewards``."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

import pytest

from apps.accounts.choices import Role
from apps.care.models import Call, CarePolicy
from apps.core.errors import Refused
from apps.delivery.models import DsmRecord
from apps.messaging.models import Message
from apps.penalties.actions import life
from apps.penalties.actions.detect import detect, detect_clause
from apps.penalties.choices import Clause
from apps.penalties.models import Penalty, PenaltyPolicy, Rule
from apps.penalties.queries import evidence
from apps.service.models import Appointment
from tests import factories
from tests.delivery.dsm import make_consultant, make_record
from tests.factories import SHANGHAI
from tests.service.workshop import make_appointment

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DUE = date(2026, 10, 15)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
_numbers = count(1)


def midnight(day):
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


BEGINS, OVER = midnight(FIRST), midnight(LAST + DAY)


@pytest.fixture
def owner(store, other_store):
    """Who answers for the calls; another store has the same facts and is never looked at."""
    stranger = factories.make_user("stranger", other_store, Role.CARE_SPECIALIST)
    calls(other_store, stranger, 20, status="lapsed")
    return factories.make_user("owner", store, Role.CARE_SPECIALIST)


def calls(store, owner, n=1, *, due_on=DUE, status="reached", **fields):
    """So many calls of one car, due on a day and ended in the morning of it."""
    kind = fields.get("kind", "first_service")
    car = factories.make_vehicle(store)
    values = {
        **{"store": store, "owner": owner, "kind": kind, "customer": car.owner},
        **{"status": status, "due_on": due_on, "event_on": due_on, "opens_on": due_on - 30 * DAY},
        "created_on": due_on - 30 * DAY,
        "vehicle": None if kind == "birthday" else car,
        "ended_at": None if status == "waiting" else midnight(due_on) + timedelta(hours=10),
    } | fields
    return Call.objects.bulk_create(
        Call(cycle=f"c{next(_numbers)}", **values) for _each in range(n)
    )


def found(clause, store, now=OVER, first=FIRST, last=LAST):
    """(day, sum) of each proposal, in the order of their facts."""
    detect_clause(clause, [store.pk], first=first, last=last, now=now)
    rows = Penalty.objects.filter(clause=clause).exclude(status="withdrawn")
    return list(rows.order_by("event_on", "pk").values_list("event_on", "amount"))


# PEN-01


@pytest.mark.parametrize(
    ("ended_at", "day"),
    [
        (BEGINS - SECOND, None),
        (BEGINS, FIRST),
        (OVER - SECOND, LAST),
        (OVER, None),
    ],
)
def test_an_abandoned_call_counts_on_the_stores_day_on_which_it_ended(store, owner, ended_at, day):
    calls(store, owner, status="failed", end_reason="abandoned", ended_at=ended_at)

    assert found(Clause.ABANDONED, store) == ([(day, Decimal("20.00"))] if day else [])


@pytest.mark.parametrize(
    "fields",
    [
        {"end_reason": "three_attempts"},
        {"end_reason": "abandoned", "status": "withdrawn"},
        {"end_reason": "abandoned", "kind": "maintenance"},
        {"end_reason": "abandoned", "owner": None},
    ],
)
def test_followed_up_withdrawn_of_another_kind_or_nobodys_is_not_abandoned(store, owner, fields):
    calls(store, **{"owner": owner, "status": "failed"} | fields)

    assert found(Clause.ABANDONED, store) == []


# PEN-02


@pytest.mark.parametrize(
    ("due", "reminded", "under"),
    [
        *((1000, 950, False), (1000, 949, True), (20, 19, False), (19, 18, True)),
        *((10, 9, True), (10, 10, False), (9, 8, False), (9, 0, False)),
    ],
)
def test_ninety_five_per_cent_exactly_is_not_under_and_nine_calls_are_not_judged(
    store, owner, due, reminded, under
):
    calls(store, owner, reminded)
    calls(store, owner, due - reminded, status="lapsed")

    assert found(Clause.FIRST_RATE, store) == ([(LAST, Decimal("200.00"))] if under else [])


@pytest.mark.parametrize(
    ("due_on", "counts"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
)
def test_the_calls_of_a_month_are_those_due_in_it(store, owner, due_on, counts):
    calls(store, owner, 9, status="lapsed")
    calls(store, owner, 1, due_on=due_on, status="lapsed")

    assert len(found(Clause.FIRST_RATE, store)) == counts


def test_a_rate_is_ones_own_and_without_what_was_made_up_or_not_to_be_made(store, owner):
    colleague = factories.make_user("colleague", store, Role.CARE_SPECIALIST)
    calls(store, owner, 9, status="lapsed")
    calls(store, colleague, 10)
    calls(store, None, 10, status="lapsed")
    calls(store, owner, 5, status="lapsed", made_up=True)
    calls(store, owner, 5, status="withdrawn", end_reason="stopped")
    calls(store, owner, 5, kind="maintenance", status="lapsed")
    assert found(Clause.FIRST_RATE, store) == []

    calls(store, owner, 1, status="lapsed")
    assert found(Clause.FIRST_RATE, store) == [(LAST, Decimal("200.00"))]


def test_a_rate_is_judged_from_the_first_second_of_the_next_month(store, owner):
    calls(store, owner, 10, status="lapsed")

    assert found(Clause.FIRST_RATE, store, now=OVER - SECOND) == []
    assert len(found(Clause.FIRST_RATE, store, now=OVER)) == 1


@pytest.mark.parametrize(("from_day", "holds"), [(LAST, True), (LAST + DAY, False)])
def test_the_numbers_that_hold_on_the_months_last_day_judge_it(store, owner, from_day, holds):
    calls(store, owner, 8)
    calls(store, owner, 2, status="lapsed")
    PenaltyPolicy.objects.create(store=store, effective_from=from_day, least_calls=11)
    assert len(found(Clause.FIRST_RATE, store)) == (not holds)

    PenaltyPolicy.objects.create(store=store, effective_from=LAST + 2 * DAY, least_calls=1)
    CarePolicy.objects.create(store=store, effective_from=from_day, rate_line=80)
    assert found(Clause.FIRST_RATE, store) == ([] if holds else [(LAST, Decimal("200.00"))])


# PEN-03


@pytest.mark.parametrize(
    ("fields", "short"),
    [
        ({"status": "reached"}, False),
        ({"status": "messaged"}, False),
        ({"status": "messaged", "short_of_standard": True}, True),
        ({"status": "failed"}, True),
        ({"status": "lapsed"}, True),
        ({"status": "lapsed", "made_up": True}, False),
        ({"status": "withdrawn"}, False),
        ({"status": "waiting"}, False),
        ({"status": "lapsed", "due_on": FIRST}, True),
        ({"status": "lapsed", "due_on": LAST}, True),
        ({"status": "lapsed", "due_on": FIRST - DAY}, False),
        ({"status": "lapsed", "due_on": LAST + DAY}, False),
    ],
)
def test_a_birthday_is_fifty_when_short_of_standard_or_not_done(store, owner, fields, short):
    calls(store, owner, kind="birthday", **fields)

    day = fields.get("due_on", DUE)
    assert found(Clause.BIRTHDAY, store) == ([(day, Decimal("50.00"))] if short else [])


# PEN-04

TOO_LATE = midnight(DUE + DAY)


@pytest.mark.parametrize(
    ("fields", "message", "missed"),
    [
        ({"ended_at": TOO_LATE - SECOND}, "", False),
        ({"ended_at": TOO_LATE}, "", True),
        ({"status": "failed", "attempts": 3, "ended_at": TOO_LATE - SECOND}, "sent", False),
        ({"status": "failed", "attempts": 3, "ended_at": TOO_LATE}, "sent", True),
        ({"status": "failed", "attempts": 2, "ended_at": TOO_LATE - SECOND}, "sent", True),
        ({"status": "failed", "attempts": 3, "ended_at": TOO_LATE - SECOND}, "failed", True),
        ({"status": "failed", "attempts": 3, "ended_at": TOO_LATE - SECOND}, "", True),
        ({"status": "lapsed"}, "", True),
        ({"status": "lapsed", "made_up": True}, "", False),
        ({"status": "withdrawn", "end_reason": "visited", "proof": {"in_on": str(DUE)}}, "", False),
        (
            {"status": "withdrawn", "end_reason": "visited", "proof": {"in_on": str(DUE + DAY)}},
            "",
            True,
        ),
    ],
)
def test_a_reminder_is_in_time_until_the_end_of_its_day(store, owner, fields, message, missed):
    why = {"end_reason": "three_attempts"} if fields.get("status") == "failed" else {}
    for kind in ("maintenance", "warranty", "inspection"):
        [call] = calls(store, owner, kind=kind, **why | fields)
        if message:
            Message.objects.create(
                **{"store": store, "customer": call.customer, "channel": "sms", "to": "139"},
                **{"purpose": "service", "key": "maintenance", "text": "…", "status": message},
                **{"not_before": BEGINS, "queued_at": BEGINS},
                dedupe_key=f"fallback:{call.pk}:{call.event_on}",
            )

    assert found(Clause.REMINDER, store) == ([(DUE, Decimal("50.00"))] * 3 if missed else [])


def test_calls_of_other_kinds_are_no_matter_of_this_clause(store, owner):
    for kind in ("first_service", "insurance", "birthday", "churn", "at_risk"):
        calls(store, owner, kind=kind, status="lapsed")

    assert found(Clause.REMINDER, store) == []


def test_a_call_is_judged_when_its_last_day_is_over_and_once_whatever_went_wrong(store, owner):
    calls(store, owner, kind="warranty", status="waiting")
    calls(store, owner, kind="warranty", status="failed", end_reason="abandoned", attempts=1)

    assert found(Clause.REMINDER, store, now=TOO_LATE - SECOND) == []
    assert found(Clause.REMINDER, store, now=TOO_LATE) == [(DUE, Decimal("50.00"))] * 2
    assert found(Clause.REMINDER, store) == [(DUE, Decimal("50.00"))] * 2


@pytest.mark.parametrize(
    ("amount", "allowed"),
    [("49.99", False), ("50.00", True), ("100.00", True), ("100.01", False)],
)
def test_the_manager_sets_the_sum_in_the_range_to_the_cent(store, owner, manager, amount, allowed):
    calls(store, owner, kind="warranty", status="lapsed")
    found(Clause.REMINDER, store)
    row = Penalty.objects.get()
    later = midnight(row.explain_until + DAY)

    def confirm():
        life.confirm(row, amount=Decimal(amount), by=manager, now=later, reason="第二次")

    if allowed:
        confirm()
    else:
        with pytest.raises(Refused):
            confirm()
    row.refresh_from_db()
    assert (row.status, row.amount) == (
        ("confirmed", Decimal(amount)) if allowed else ("proposed", Decimal(50))
    )


# PEN-06


@pytest.mark.parametrize(
    ("on", "amount"),
    [(14, "20.00"), (15, "33.33"), (16, "33.33"), (17, None), (18, None), (19, "0.01")],
)
def test_a_rule_holds_from_its_first_day_to_the_day_before_the_next(store, owner, on, amount):
    for day, low, is_on in ((15, "33.33", True), (17, "40", False), (19, "0.01", True)):
        Rule.objects.create(
            **{"store": store, "clause": Clause.ABANDONED, "text": "x", "is_on": is_on},
            **{"low_amount": low, "high_amount": 99, "effective_from": date(2026, 10, day)},
        )
    day = date(2026, 10, on)
    for at in (midnight(day), midnight(day + DAY) - SECOND):
        calls(store, owner, status="failed", end_reason="abandoned", ended_at=at)

    assert found(Clause.ABANDONED, store) == ([(day, Decimal(amount))] * 2 if amount else [])


# PEN-07


@pytest.mark.parametrize(
    ("fields", "warned"),
    [
        ({"entered_at": SECOND * 0}, False),
        ({"entered_at": SECOND}, True),
        ({"entered_at": -SECOND, "accepted_why": "无身份证", "status": "checked"}, True),
        ({"entered_at": -SECOND, "status": "checked"}, False),
        ({"entered_at": -SECOND, "sent_back_at": -SECOND}, False),
        ({"entered_at": SECOND, "sent_back_at": SECOND}, True),
        ({"status": "open"}, True),
    ],
)
def test_half_past_nine_to_the_second(store, owner, fields, warned):
    record = make_record(store, make_consultant(store), delivered_on=DUE, on=DUE)
    due_at = midnight(DUE + DAY) + timedelta(hours=9, minutes=30)
    assert record.due_at == due_at
    values = {"status": "entered"} | fields
    values |= {name: due_at + values[name] for name in values if name.endswith("_at")}
    if values["status"] == "checked":
        values["checked_at"] = due_at
    if "sent_back_at" in values:
        values["sent_back_why"] = "x"
    DsmRecord.objects.filter(pk=record.pk).update(**values)

    assert found(Clause.DSM_LATE, store, now=due_at) == []
    assert found(Clause.DSM_LATE, store) == ([(DUE + DAY, Decimal("0.00"))] if warned else [])


@pytest.mark.parametrize(
    ("accepted", "warned"),
    [(time(17, 29, 59), False), (time(17, 30), False), (time(17, 30, 1), True), (None, True)],
)
def test_a_form_is_handed_over_until_closing_to_the_second(store, owner, accepted, warned):
    closing = datetime.combine(DUE, time(17, 30), tzinfo=SHANGHAI)
    booked = {"on": DUE + DAY, "source": "care", "by": owner}
    form = make_appointment(store, "14:00", **booked, now=closing - timedelta(hours=3))
    if accepted:
        at = datetime.combine(DUE, accepted, tzinfo=SHANGHAI)
        Appointment.objects.filter(pk=form.pk).update(accepted_at=at, accepted_by=owner)

    assert found(Clause.FORM_LATE, store, now=closing) == []
    assert found(Clause.FORM_LATE, store) == ([(DUE, Decimal("0.00"))] if warned else [])


@pytest.mark.parametrize(
    ("made_at", "day"),
    [(BEGINS - SECOND, None), (BEGINS, FIRST), (OVER - SECOND, LAST), (OVER, None)],
)
def test_a_form_counts_on_the_stores_day_on_which_it_was_booked(store, owner, made_at, day):
    booked = {"on": LAST + 5 * DAY, "source": "care", "by": owner}
    form = make_appointment(store, "14:00", **booked, now=BEGINS)
    Appointment.objects.filter(pk=form.pk).update(made_at=made_at)

    later = OVER + 3 * DAY
    assert found(Clause.FORM_LATE, store, now=later) == ([(day, Decimal(0))] if day else [])


def test_everything_that_is_found_is_shown_in_words(store, owner, manager):
    """No heading of the evidence is the name of a column."""
    calls(store, owner, 10, status="lapsed")
    calls(store, owner, status="failed", end_reason="abandoned")
    for kind in ("birthday", "warranty"):
        calls(store, owner, kind=kind, status="lapsed")
    make_record(store, make_consultant(store), delivered_on=DUE, on=DUE)
    booked = {"on": DUE + DAY, "source": "care", "by": owner}
    make_appointment(store, "14:00", **booked, now=midnight(DUE) + timedelta(hours=10))

    detect(first=FIRST, last=LAST, now=OVER, stores=[store])

    rows = Penalty.objects.all()
    assert {row.clause for row in rows} == {
        *(Clause.FIRST_RATE, Clause.ABANDONED, Clause.BIRTHDAY, Clause.REMINDER),
        *(Clause.DSM_LATE, Clause.FORM_LATE),
    }
    for row in rows:
        headings = {heading for heading, _value in evidence.lines(row)}
        assert headings and not headings & set(row.evidence)
