"""Two reminders that were missed, to the end: warned of, proposed with their evidence, explained,
one waived and one confirmed, appealed, signed, issued; the month closed and its report approved.
Then nothing of it changes any more (CARE-23, PEN-01, PEN-04, PEN-08…10, REP-02, REP-06, REP-09)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.care import tasks as care
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.desk.invariants import broken
from apps.penalties import tasks as penalties
from apps.penalties.models import MonthSheet, Penalty, SheetEntry
from apps.reports import tasks as reports
from apps.reports.models import FigureTarget, MonthlyReport
from tests.browser.test_check_in import sign
from tests.browser.test_sales_journey import clock, press, save
from tests.browser.test_specialist_day import Desk
from tests.care.calls import make_call
from tests.core.test_papers import PDF
from tests.factories import TODAY, make_customer, make_user
from tests.reception.driving import picture

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (TODAY + n * DAY for n in range(1, 5))
FIRST = date(2026, 12, 1)
REVIEW = {"analysis": "周一来电多", "plan": "周一加一人", "focus": "定期保养"}


@pytest.fixture
def house(store, specialist, settings, tmp_path):
    """Who calls, decides, stands over them and issues; a maintenance call that is due today and a
    first-service call that has time."""
    settings.MEDIA_ROOT = tmp_path
    roles = {
        "keeper": Role.CARE_MANAGER,
        "head": Role.GENERAL_MANAGER,
        "office": Role.ADMINISTRATION,
    }
    for name, kind, due in (
        ("李保养", CallKind.MAINTENANCE, TODAY),
        ("王首保", CallKind.FIRST_SERVICE, TODAY + 12 * DAY),
    ):
        customer = make_customer(store, name)
        make_call(store, customer=customer, owner=specialist, kind=kind, due_on=due)
    FigureTarget.objects.create(
        store=store, figure="maintenance_reminded", effective_from="2026-01-01", target=95
    )
    return {"calls": specialist} | {
        name: make_user(name, store, role) for name, role in roles.items()
    }


def test_from_three_missed_attempts_to_a_month_that_does_not_change(window, store, house):
    three_attempts_are_missed(window, house)
    with clock(9, 0, THURSDAY):
        care.abandon_overdue()
        penalties.detect()
    missed = Penalty.objects.get(store=store, clause="reminder")
    dropped = Penalty.objects.get(store=store, clause="abandoned")
    with clock(10, 0, THURSDAY):
        are_explained(window(house["calls"], width=390), missed, dropped)
    with clock(15, 0, THURSDAY):
        one_is_waived_and_one_confirmed(window(house["keeper"]), missed, dropped)
    with clock(9, 0, FRIDAY):
        is_appealed_and_stays(window, house, missed)
        is_signed_and_issued(window, house, missed)
    with clock(8, 40, FIRST):
        reports.write()
        month_is_closed(window, house)
        report_is_approved(window, house)
    assert broken() == {}
    with clock(10, 0, FIRST):
        no_command_changes_it()
    no_sql_changes_it()


def three_attempts_are_missed(window, house):
    """In three slots of three days; the other call is tried once and forgotten."""
    with clock(10):
        desk = Desk(window(house["calls"]))
        for name in ("李保养", "王首保"):
            desk.next(name)
            desk.press("7")
            desk.done("第 1 次")
    with clock(14, 0, TUESDAY):
        desk = Desk(window(house["calls"]))
        desk.next("李保养")
        desk.press("7")
        desk.done("第 2 次")
    with clock(16, 0, WEDNESDAY):
        care.warn()
        for name in ("calls", "keeper"):
            page = window(house[name])
            page.goto("/")
            warned = page.locator("main", has_text="第三天")
            expect(warned).to_contain_text("2")
            page.goto("/care/warnings/?what=third_day")
            for customer in ("李保养", "王首保"):
                expect(page.locator("#rows")).to_contain_text(customer)
        desk = Desk(window(house["calls"]))
        desk.next("李保养")
        desk.press("7")
        desk.done("未接通")


def are_explained(page, missed, dropped):
    """On the specialist's phone: what, why and when; a paper for one, a picture for the other."""
    page.goto("/penalties/mine/")
    page.locator(f"a[href='/penalties/{missed.pk}/']").first.click()
    found = page.locator("main")
    for tried in ("11-23 10:0", "11-24 14:0", "11-25 16:0"):
        expect(found).to_contain_text(tried)
    expect(found).to_contain_text(missed.rule.text)
    expect(found).to_contain_text("绩效扣减建议")
    explain(page, missed, "那周三人请假", {"name": "假条.pdf", "mimeType": "", "buffer": PDF})
    expect(found).to_contain_text("假条.pdf")
    page.goto(f"/penalties/{dropped.pk}/")
    photo = {"name": "1.png", "mimeType": "image/png", "buffer": picture("navy")}
    explain(page, dropped, "客户来店时已当面提醒", photo)
    expect(found.locator("img.signature-shown")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.faults == []


def explain(page, row, text, file):
    page.locator("form[action$='/explain/'] [name=attached]").set_input_files(file)
    press(page, f"/penalties/{row.pk}/explain/", text=text)


def one_is_waived_and_one_confirmed(page, missed, dropped):
    page.goto("/penalties/decisions/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator(f"a[href='/penalties/{dropped.pk}/']").click()
    expect(page.locator("main")).to_contain_text("客户来店时已当面提醒")
    page.locator("details:has(form[action$='/waive/']) summary").click()
    press(page, f"/penalties/{dropped.pk}/waive/", reason="接待记录属实")
    page.goto(f"/penalties/{missed.pk}/")
    press(page, f"/penalties/{missed.pk}/confirm/", amount="80", reason="第三次已过到期日")
    for row, status in ((dropped, "waived"), (missed, "confirmed")):
        row.refresh_from_db()
        assert (row.status, row.decided_by.username) == (status, "keeper")
    assert missed.amount == Decimal(80)
    page.goto("/penalties/decisions/")
    expect(page.locator("tbody tr")).to_have_count(0)


def is_appealed_and_stays(window, house, missed):
    page = window(house["calls"])
    page.goto(f"/penalties/{missed.pk}/")
    expect(page.locator("main")).to_contain_text("第三次已过到期日")
    page.locator("details:has(form[action$='/appeal/']) summary").click()
    press(page, f"/penalties/{missed.pk}/appeal/", text="人手不够")
    page = window(house["head"], width=390)
    page.goto("/penalties/decisions/")
    page.locator(f"a[href='/penalties/{missed.pk}/']").click()
    expect(page.locator("main")).to_contain_text("人手不够")
    press(page, f"/penalties/{missed.pk}/answer/", upheld="no", reason="可以请同事代打")
    missed.refresh_from_db()
    assert (missed.status, missed.appeal_decided_by) == ("confirmed", house["head"])


def is_signed_and_issued(window, house, missed):
    page = window(house["calls"], width=390)
    page.goto("/penalties/mine/")
    page.locator(f"a[href='/penalties/{missed.pk}/']").first.click()
    page.locator(f"a[href='/penalties/{missed.pk}/sign/']").click()
    page.wait_for_url("**/sign/")  # and until its script has run
    sign(page)
    page.locator("form[data-sign] button.btn-primary").click()
    page.wait_for_url(f"**/penalties/{missed.pk}/")
    assert page.faults == []
    page = window(house["office"])
    page.goto("/penalties/issue/")
    press(page, f"/penalties/{missed.pk}/issue/")
    missed.refresh_from_db()
    assert (missed.status, missed.signed_how) == ("issued", "offender")
    page.goto(f"/penalties/{missed.pk}/sheet/")
    expect(page.locator(".paper")).to_contain_text("假条.pdf")


def month_is_closed(window, house):
    """A second window that still offers it comes too late."""
    page, late = window(house["office"]), window(house["office"])
    late.goto("/penalties/sheets/")
    page.goto("/penalties/sheets/")
    press(page, "/penalties/sheets/close/")
    expect(page.locator("main")).to_contain_text("-80.00")
    before = lines()
    refused(late, "/penalties/sheets/close/")
    assert lines() == before
    assert (MonthSheet.objects.count(), SheetEntry.objects.get().amount) == (1, Decimal(-80))


def report_is_approved(window, house):
    row = MonthlyReport.objects.get()
    there = f"/reports/{row.pk}/"
    page = window(house["calls"])
    page.on("dialog", lambda asked: asked.accept())
    page.goto("/reports/")
    page.locator(f"a[href='{there}']").click()
    expect(page.locator("form[action$='/submit/'] button")).to_be_disabled()
    page.locator("a[href$='/maintenance_reminded/']").click()
    save(page, cause="三次都没打通", action="周一增加一人")
    press(page, f"{there}submit/")
    keeper = window(house["keeper"])
    is_reviewed(keeper, there, **REVIEW | {"plan": "以后多打"})
    head = window(house["head"], width=390)
    head.goto(there)
    head.locator(f"a[href='{there}send-back/']").click()
    save(head, reason="计划没有人和日期")
    keeper.goto("/reports/")
    keeper.locator(f"a[href='{there}']").click()
    expect(keeper.locator("main")).to_contain_text("计划没有人和日期")
    is_reviewed(keeper, there, **REVIEW)
    late = window(house["head"])
    for one in (head, late):
        one.on("dialog", lambda asked: asked.accept())
        one.goto(there)
    press(head, f"{there}approve/")
    expect(head.locator("main")).to_contain_text("周一加一人")
    refused(late, f"{there}approve/")
    row.refresh_from_db()
    assert (row.status, row.decided_by, row.plan) == ("approved", house["head"], "周一加一人")
    figure = row.figures.get(figure="maintenance_reminded")
    assert (figure.n, figure.of, figure.value) == (0, 1, 0)


def is_reviewed(page, there, **words):
    page.goto(there)
    page.locator(f"a[href='{there}review/']").click()
    save(page, **words)


def refused(page, form):
    with page.expect_navigation() as answer:
        page.locator(f"form[action$='{form}'] button").first.click()
    assert answer.value.status == 409


def no_command_changes_it():
    """Not even when the fact is another now: who was called in time after all."""
    before = lines()
    Call.objects.filter(kind="maintenance").update(ended_at=f"{TODAY}T04:00Z")
    call_command("detect_penalties", "--on", str(FIRST), "--json")
    reports.write()
    assert lines() == before


KEPT = {
    "penalties_monthsheet": "month = '2026-10-01'",
    "penalties_sheetentry": "amount = 0",
    "penalties_proof": "paper_name = ''",
    "penalties_penalty": "evidence = '{}'",
    "reports_monthlyreport": "plan = ''",
    "reports_reportfigure": "value = 100",
    "reports_reportaction": "cause = ''",
}


def no_sql_changes_it():
    """By hand in the database: no change, no deletion, no line that comes to it."""
    before = lines()
    tried = [f"UPDATE {table} SET {change}" for table, change in KEPT.items()]
    tried += [f"DELETE FROM {table}" for table in KEPT]
    tried += [
        "UPDATE penalties_penalty SET amount = 1 WHERE status = 'issued'",
        """INSERT INTO penalties_sheetentry (store_id, sheet_id, kind, person_id, penalty_id,
            amount) SELECT store_id, sheet_id, 'correction', person_id, penalty_id, 80
            FROM penalties_sheetentry""",
        """INSERT INTO reports_reportfigure (store_id, report_id, figure, month, is_final, n, of,
            counted, whole, digest) SELECT store_id, report_id, figure, '2020-01-01', is_final, n,
            of, counted, whole, digest FROM reports_reportfigure""",
        """INSERT INTO reports_reportaction (store_id, report_id, figure, cause, action, outcome)
            SELECT store_id, report_id, 'ssi', cause, action, '' FROM reports_reportaction""",
    ]
    for statement in tried:
        with (
            pytest.raises(DatabaseError, match="is closed|submitted|approved|Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert lines() == before


def lines():
    """Every row of what is kept, as the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found
