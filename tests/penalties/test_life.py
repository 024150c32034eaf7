"""From the proposal to the closed month (PEN-08, PEN-09, PEN-10)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.penalties.actions import life, sheets
from apps.penalties.choices import Clause, PenaltyStatus, SignedHow
from apps.penalties.models import MonthSheet, Penalty, Rule, SheetEntry

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = NOW + timedelta(days=4)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)

pytestmark = pytest.mark.django_db


def proposal(store, person, clause=Clause.REMINDER, fact="call/1", **fields):
    rule = Rule.objects.get(store=store, clause=clause)
    values = {
        "event_on": date(2026, 10, 10),
        "amount": rule.low_amount,
        "detected_at": NOW,
        "explain_until": date(2026, 11, 5),
        "evidence": {"call": 1},
    } | fields
    return Penalty.objects.create(
        store=store, clause=clause, rule=rule, fact=fact, person=person, **values
    )


def issued(store, people, amount=Decimal(50), **fields):
    row = proposal(store, people["person"], **fields)
    life.confirm(row, amount=amount, by=people["manager"], now=LATER, reason="x")
    life.sign(row, how=SignedHow.OFFENDER, now=LATER)
    return life.issue(row, by=people["office"], now=LATER)


def test_explained_confirmed_within_the_range_signed_and_issued(store, people):
    row = proposal(store, people["person"])
    life.explain(row, text="客户出国", by=people["person"], now=NOW)
    life.confirm(row, amount=Decimal(80), by=people["manager"], now=NOW, reason="第二次")
    life.sign(row, how=SignedHow.OFFENDER, now=NOW)
    life.issue(row, by=people["office"], now=NOW)

    row.refresh_from_db()
    assert (row.status, row.amount, row.explanation) == ("issued", 80, "客户出国")
    assert (row.decided_by, row.issued_by) == (people["manager"], people["office"])


@pytest.mark.parametrize("amount", ["49.99", "100.01", "0"])
def test_a_sum_outside_the_range_is_refused_to_the_cent(store, people, amount):
    row = proposal(store, people["person"])

    with pytest.raises(Refused, match="50"):
        life.confirm(row, amount=Decimal(amount), by=people["manager"], now=LATER, reason="x")

    row.refresh_from_db()
    assert (row.status, row.amount) == ("proposed", 50)


def test_it_is_not_confirmed_while_it_may_still_be_explained(store, people):
    row = proposal(store, people["person"])
    last_day = datetime(2026, 11, 5, 23, 59, tzinfo=NOW.tzinfo)

    with pytest.raises(Refused):
        life.confirm(row, amount=Decimal(50), by=people["manager"], now=last_day)
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=last_day + timedelta(minutes=1))


def test_it_may_be_explained_on_the_last_day_and_not_after(store, people):
    row = proposal(store, people["person"])
    last_day = datetime(2026, 11, 5, 23, 59, tzinfo=NOW.tzinfo)
    life.explain(row, text="x", by=people["person"], now=last_day)

    with pytest.raises(Refused):
        life.explain(row, text="y", by=people["person"], now=last_day + timedelta(minutes=1))

    row.refresh_from_db()
    assert row.explanation == "x"


def test_nobody_decides_on_his_own_by_page_or_by_sql(store, people):
    row = proposal(store, people["manager"])

    for attempt in (
        lambda: life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER),
        lambda: life.waive(row, reason="x", by=people["manager"], now=LATER),
    ):
        with pytest.raises(Refused):
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        Penalty.objects.filter(pk=row.pk).update(
            status=PenaltyStatus.WAIVED, decided_by=people["manager"], decided_at=NOW
        )
    assert Penalty.objects.get().status == PenaltyStatus.PROPOSED


def test_only_the_person_explains_and_appeals(store, people):
    row = proposal(store, people["person"])

    with pytest.raises(Refused):
        life.explain(row, text="x", by=people["manager"], now=NOW)
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER)
    with pytest.raises(Refused):
        life.appeal(row, text="x", by=people["manager"], now=LATER)


@pytest.mark.parametrize(("upheld", "then"), [(True, "waived"), (False, "confirmed")])
def test_an_appeal_is_decided_once_by_the_general_manager(store, people, upheld, then):
    row = proposal(store, people["person"])
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER)
    life.appeal(row, text="不公平", by=people["person"], now=LATER)
    with pytest.raises(Refused):
        life.decide_appeal(row, upheld=True, reason="x", by=people["manager"], now=LATER)

    life.decide_appeal(row, upheld=upheld, reason="已查", by=people["general"], now=LATER)

    row.refresh_from_db()
    assert row.status == then
    with pytest.raises(Refused):
        life.appeal(row, text="再次", by=people["person"], now=LATER)


def test_who_decided_does_not_decide_on_the_appeal(store, people):
    people["general"].roles = [Role.GENERAL_MANAGER, Role.CARE_MANAGER]
    people["general"].save()
    row = proposal(store, people["person"])
    life.confirm(row, amount=Decimal(50), by=people["general"], now=LATER)
    life.appeal(row, text="x", by=people["person"], now=LATER)

    with pytest.raises(Refused):
        life.decide_appeal(row, upheld=False, reason="x", by=people["general"], now=LATER)


def test_the_evidence_does_not_change_once_it_was_decided(store, people):
    row = proposal(store, people["person"])
    Penalty.objects.filter(pk=row.pk).update(evidence={"call": 2})
    life.confirm(row, amount=Decimal(50), by=people["manager"], now=LATER)

    for change in ({"evidence": {}}, {"fact": "call/9"}, {"person": people["office"]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Penalty.objects.filter(pk=row.pk).update(**change)
    assert Penalty.objects.get().evidence == {"call": 2}


def test_a_month_takes_what_was_issued_and_a_closed_one_does_not_change(store, people):
    issued(store, people, fact="call/1")
    issued(store, people, fact="call/2", event_on=NOVEMBER)  # of November
    proposal(store, people["person"], fact="call/3")  # not decided
    sheet = sheets.close_month(store, OCTOBER, by=people["office"], now=LATER)

    assert [line.amount for line in sheet.entries.all()] == [-50]
    with pytest.raises(Refused):
        sheets.close_month(store, OCTOBER, by=people["office"], now=LATER)
    line = SheetEntry.objects.get()
    for change in (
        lambda: SheetEntry.objects.filter(pk=line.pk).update(amount=0),
        line.delete,
        lambda: MonthSheet.objects.filter(pk=sheet.pk).update(sealed_at=None),
        lambda: SheetEntry.objects.create(
            store=store,
            sheet=sheet,
            kind="penalty",
            person=people["person"],
            penalty=Penalty.objects.get(fact="call/2"),
            amount=-50,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM penalties_sheetentry")
    assert SheetEntry.objects.get().amount == -50


def test_a_month_is_not_closed_before_it_is_over(store, people):
    with pytest.raises(Refused):
        sheets.close_month(store, NOVEMBER, by=people["office"], now=LATER)
    assert not MonthSheet.objects.exists()


def test_a_correction_is_a_line_of_the_next_month(store, people):
    row = issued(store, people)
    october = sheets.close_month(store, OCTOBER, by=people["office"], now=LATER)
    sheets.correct(row, amount=Decimal(70), reason="错了", by=people["manager"], now=LATER)
    sheets.correct(row, amount=Decimal(0), reason="客户证明", by=people["manager"], now=LATER)

    december = datetime(2026, 12, 1, 9, 0, tzinfo=NOW.tzinfo)
    november = sheets.close_month(store, NOVEMBER, by=people["office"], now=december)

    assert [line.amount for line in october.entries.all()] == [-50]
    assert [(line.kind, line.amount) for line in november.entries.all()] == [("correction", 50)]
    assert SheetEntry.objects.aggregate(sum=Sum("amount"))["sum"] == 0
