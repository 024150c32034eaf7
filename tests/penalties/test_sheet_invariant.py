"""I6: each way in which a person's closed month could be another than his proposals is named."""

from decimal import Decimal

import pgtrigger
import pytest
from django.db import transaction

from apps.desk import invariants
from apps.penalties.actions import sheets
from apps.penalties.models import Correction, MonthSheet, Penalty, SheetEntry
from tests.penalties.test_life import LATER, NOVEMBER, OCTOBER, issued

pytestmark = pytest.mark.django_db
SEALS = (
    *("penalties.SheetEntry:sealed", "penalties.MonthSheet:sealed"),
    *("penalties.Penalty:evidence_frozen", "penalties.Penalty:issued"),
)


def test_a_closed_month_that_is_not_its_proposals_is_named(store, other_store, people):
    row, sound = issued(store, people), issued(store, people, fact="call/2")
    sheets.close_month(store, OCTOBER, by=people["office"], now=LATER)
    sheets.correct(row, amount=Decimal(30), reason="x", by=people["manager"], now=LATER)
    december = LATER.replace(month=12)
    sheets.close_month(store, NOVEMBER, by=people["office"], now=december)
    sheets.correct(sound, amount=Decimal(1), reason="x", by=people["manager"], now=december)
    assert invariants.broken() == {}  # what waits for the next sheet is not on one yet
    first = SheetEntry.objects.get(penalty=row, sheet__month=OCTOBER)

    for break_it, stands, should_stand in (
        (lambda: SheetEntry.objects.filter(pk=first.pk).update(amount=-51), -31, -30),
        (lambda: SheetEntry.objects.filter(pk=first.pk).update(person=people["office"]), -30, -30),
        (lambda: SheetEntry.objects.filter(pk=first.pk).update(kind="correction"), -30, -30),
        (lambda: Correction.objects.filter(penalty=row).update(amount=31), -30, -31),
        (lambda: Penalty.objects.filter(pk=row.pk).update(evidence={}), -30, -30),
        (lambda: Penalty.objects.filter(pk=row.pk).update(status="waived"), -30, -30),
        (lambda: Penalty.objects.filter(pk=row.pk).update(is_reward=True), -30, 30),
        (lambda: Penalty.objects.filter(pk=row.pk).update(person=people["office"]), -30, -30),
    ):
        with pgtrigger.ignore(*SEALS), transaction.atomic():
            break_it()
            broken = invariants.broken()
            transaction.set_rollback(True)
        assert set(broken) == {"I6"}
        [found] = broken["I6"]
        assert (found["penalty"], found["stands"], found["should_stand"]) == (
            *(row.pk, stands, should_stand),
        )
    with pgtrigger.ignore(*SEALS), transaction.atomic():
        MonthSheet.objects.filter(month=OCTOBER).update(sealed_at=None)
        assert {found["penalty"] for found in invariants.broken()["I6"]} == {row.pk, sound.pk}
        transaction.set_rollback(True)
