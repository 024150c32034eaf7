"""Lists as files: what is in them, who gets them, what is written down (DATA-03, SEC-01)."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.template.loader import get_template
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.audit import actions, policy
from apps.audit.choices import DownloadStatus
from apps.audit.models import Download
from apps.audit.queries import download_path
from apps.care.choices import CallKind
from apps.customers.choices import Locality
from apps.desk import exporting
from apps.desk.tasks import write_downloads
from tests.access import all_pages
from tests.factories import NOW, make_call, make_customer, make_user, make_vehicle

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def small(monkeypatch):
    """More than two rows are too many for one answer."""
    monkeypatch.setattr(exporting, "AT_ONCE", {"xlsx": 2, "csv": 2})


def export(client, name, format="csv", query="", reason="周会核对"):
    asked = {"format": format, "query": query, "reason": reason}
    return client.post(reverse("desk:export", args=[name]), asked)


def rows_of(answer):
    """The lines of a csv answer, the heading first."""
    whole = b"".join(answer)
    assert whole.startswith(BOM)
    return list(csv.reader(StringIO(whole[len(BOM) :].decode(), newline="")))


def sheet_of(file):
    return [list(row) for row in load_workbook(BytesIO(b"".join(file))).active.values]


def test_the_customers_come_as_filtered_masked_and_in_the_order_of_the_page(
    chief, store, other_store
):
    first = make_customer(store, "张三", "13912345678", locality=Locality.LOCAL)
    make_vehicle(store, first, plate="沪A10001", model="英朗")
    make_customer(store, "李四", "13800001111", locality=Locality.NON_LOCAL)
    make_customer(store, "王五", "13700002222", locality=Locality.LOCAL)
    make_customer(other_store, "别店", "13600003333", locality=Locality.LOCAL)

    answer = export(chief, "desk:customer-list", query="locality=local&after=1")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "filename*=utf-8''%E5%AE%A2%E6%88%B7" in answer["Content-Disposition"]
    heading, *rows = rows_of(answer)
    assert heading[:3] == ["客户", "门店", "电话"]
    assert [row[:3] for row in rows] == [
        ["王五", "上海演示店", "137****2222"],
        ["张三", "上海演示店", "139****5678"],
    ]
    assert rows[1][5:7] == ["沪A10001", "英朗"]


def test_a_workbook_holds_the_same_with_days_as_days(chief, store):
    call = make_call(store, customer=make_customer(store, "张三", "13912345678"))
    make_call(store, kind=CallKind.MAINTENANCE)

    answer = export(chief, "care:calls", "xlsx", query="kind=first_service")

    heading, row = sheet_of(answer)
    told = dict(zip(heading, row, strict=True))
    assert (told["客户"], told["电话"]) == ("张三", "139****5678")
    assert told["到期日"].date() == call.due_on


def test_what_a_spreadsheet_would_carry_out_is_made_harmless(chief, store):
    evil = ['=HYPERLINK("http://x","y")', "+86", "-1", "@SUM(A1)", "\t=1", '逗,号"引\n行']
    for name in evil:
        make_customer(store, name)

    found = [row[0] for row in rows_of(export(chief, "desk:customer-list"))[1:]]
    cells = [row[0] for row in sheet_of(export(chief, "desk:customer-list", "xlsx"))[1:]]

    assert found == [*(f"'{name}" for name in evil[:5]), evil[5]][::-1]
    assert cells == found


def test_it_is_written_down_who_took_what_out_and_why(chief, manager, store):
    make_customer(store)
    make_customer(store, locality=Locality.LOCAL)

    rows_of(export(chief, "desk:customer-list", query="locality=local", reason=" 周会 "))

    note = Download.objects.get()
    assert (note.user, note.store, note.store_ids) == (manager, store, [store.pk])
    assert (note.listing, note.query, note.reason) == (
        "desk:customer-list",
        "locality=local",
        "周会",
    )
    assert (note.status, note.rows) == (DownloadStatus.GIVEN, 1)


def test_a_file_that_breaks_off_is_written_down_with_the_rows_that_went(store, manager):
    for _n in range(500):
        make_customer(store)
    note = waiting(manager)
    listing = exporting.LISTINGS["desk:customer-list"]
    pieces = exporting.sent(note, listing, listing.rows(manager, {}, NOW.date()))
    next(pieces), next(pieces)

    pieces.close()  # the browser went away

    note.refresh_from_db()
    assert note.rows == 200


def test_without_a_reason_nothing_goes_out(chief, store):
    make_customer(store)

    answer = export(chief, "desk:customer-list", query="locality=local", reason="  ")

    assertRedirects(answer, reverse("desk:customer-list") + "?locality=local")
    assert not Download.objects.exists()


def test_who_may_not_see_or_not_export_a_list_gets_nothing(client, store, specialist):
    office = make_user("office", store, Role.ADMINISTRATION)
    for user, name, status in [
        (specialist, "care:failed", 403),  # sees it, may not take it out
        (office, "desk:customer-list", 403),  # may take lists out, does not see this one
        (office, "accounts:people", 200),
        (office, "desk:no-such-list", 404),
    ]:
        client.force_login(user)
        assert export(client, name).status_code == status
    assert [note.listing for note in Download.objects.all()] == ["accounts:people"]


def test_the_button_is_there_for_who_may_and_on_lists_only(client, store, specialist, manager):
    for user, page, there in [
        (manager, "care:calls", True),
        (manager, "desk:home", False),
        (specialist, "desk:customer-list", False),
    ]:
        client.force_login(user)
        check = assertContains if there else assertNotContains
        check(client.get(reverse(page)), 'action="/exports/')


def test_a_large_one_is_written_by_the_worker_and_fetched_by_its_maker_alone(
    client, chief, store, manager, small
):
    for number in range(3):
        make_customer(store, f"客户{number}")

    answer = export(chief, "desk:customer-list", "xlsx")
    assertRedirects(answer, reverse("desk:downloads"))
    note = Download.objects.get()
    assert note.status == DownloadStatus.WAITING
    assertContains(chief.get(reverse("desk:downloads")), 'hx-trigger="load delay:2s"')
    write_downloads()

    note.refresh_from_db()
    assert (note.status, note.rows) == (DownloadStatus.READY, 3)
    page = chief.get(reverse("desk:downloads"))
    assertContains(page, reverse("desk:download-file", args=[note.pk]))
    assertNotContains(page, "load delay:2s")
    file = sheet_of(chief.get(reverse("desk:download-file", args=[note.pk])))
    assert [row[0] for row in file[1:]] == ["客户2", "客户1", "客户0"]

    client.force_login(make_user("other", store, Role.CARE_MANAGER))
    assert client.get(reverse("desk:download-file", args=[note.pk])).status_code == 404
    assertNotContains(client.get(reverse("desk:downloads")), "周会核对")


def waiting(by, **fields):
    asked = {"query": "", "format": "csv", "language": "zh-hans", "reason": "核对"} | fields
    return actions.note_download("desk:customer-list", **asked, by=by, now=NOW, at_once=False)


def test_a_file_is_gone_after_a_day_and_the_note_stays(chief, store, manager):
    note = waiting(manager)
    exporting.write_waiting(now=NOW)
    assert download_path(note.stored).exists()

    assert actions.expire_downloads(now=NOW + policy.KEPT_FOR) == 0
    assert actions.expire_downloads(now=NOW + policy.KEPT_FOR + timedelta(seconds=1)) == 1

    note.refresh_from_db()
    assert note.status == DownloadStatus.EXPIRED
    assert not download_path(note.stored).exists()
    assert chief.get(reverse("desk:download-file", args=[note.pk])).status_code == 404


def test_a_killed_worker_leaves_it_to_the_next_and_three_times_are_enough(store, manager):
    note = waiting(manager)
    late = NOW
    for number in (1, 2, 3):
        claimed = actions.claim_download(now=late)
        assert (claimed.pk, claimed.tries) == (note.pk, number)
        assert actions.claim_download(now=late + policy.STALE_AFTER) is None
        late += policy.STALE_AFTER + timedelta(seconds=1)

    assert actions.claim_download(now=late) is None

    note.refresh_from_db()
    assert note.status == DownloadStatus.FAILED
    assert "三次" in note.problem or "three" in note.problem


def test_a_worker_that_was_thought_dead_does_not_overwrite_the_next_one(store, manager):
    note = waiting(manager)
    slow = actions.claim_download(now=NOW)
    quick = actions.claim_download(now=NOW + policy.STALE_AFTER + timedelta(seconds=1))
    folder = download_path(note.stored).parent
    folder.mkdir(parents=True, exist_ok=True)
    late, whole = folder / f"{note.stored}.1", folder / f"{note.stored}.2"
    late.write_text("late")
    whole.write_text("whole")

    actions.finish_download(quick, whole, rows=2, now=NOW)
    actions.finish_download(slow, late, rows=1, now=NOW)

    note.refresh_from_db()
    assert (note.rows, download_path(note.stored).read_text()) == (2, "whole")
    assert not late.exists()


@pytest.mark.parametrize(
    "lost", [{"roles": [Role.CARE_SPECIALIST]}, {"is_active": False}, {"store": None}]
)
def test_who_lost_the_right_meanwhile_gets_no_file(store, manager, lost):
    make_customer(store)
    note = waiting(manager)
    for name, value in lost.items():
        setattr(manager, name, value)
    manager.save()

    exporting.write_waiting(now=NOW)

    note.refresh_from_db()
    assert (note.status, note.rows) == (DownloadStatus.FAILED, None)
    assert note.problem
    assert not download_path(note.stored).exists()


def test_the_file_of_a_group_manager_holds_the_store_that_was_chosen(store, other_store):
    group = make_user("group", None, Role.GROUP_MANAGER)
    group.reads.add(store, other_store)
    make_customer(store, "上海客户")
    make_customer(other_store, "苏州客户")
    group.chosen_store_id = other_store.pk
    one = waiting(group)
    group.chosen_store_id = None
    both = waiting(group)

    exporting.write_waiting(now=NOW)

    found = [download_path(note.stored).read_text() for note in (one, both)]
    assert ["上海客户" in text for text in found] == [False, True]
    assert ["苏州客户" in text for text in found] == [True, True]


def test_too_much_for_excel_is_refused_in_words(chief, store, monkeypatch):
    monkeypatch.setattr(policy, "XLSX_MOST", 1)
    make_customer(store)
    make_customer(store)

    answer = export(chief, "desk:customer-list", "xlsx")

    assertRedirects(answer, reverse("desk:customer-list"), fetch_redirect_response=False)
    assertContains(chief.get(reverse("desk:customer-list")), "CSV")
    assert not Download.objects.exists()
    assert len(rows_of(export(chief, "desk:customer-list"))) == 3


@pytest.mark.parametrize("name", exporting.LISTINGS)
def test_an_empty_list_is_its_heading(client, store, name):
    client.force_login(make_user("all", store, *Role))

    heading, *_rows = rows_of(export(client, name))

    assert heading == [str(words) for words, _value in exporting.LISTINGS[name].columns]


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(client, store, manager, rows, django_assert_num_queries):
    for _n in range(rows):
        make_vehicle(store)
    client.force_login(manager)
    with django_assert_num_queries(14):
        rows_of(export(client, "desk:customer-list"))


def test_everybodys_exports_are_seen_by_who_keeps_an_eye_on_them(client, store, manager, stranger):
    chief = make_user("chief", store, Role.GENERAL_MANAGER)
    waiting(manager, reason="经理核对")
    waiting(stranger, reason="别店核对")
    client.force_login(chief)

    page = client.get(reverse("desk:downloads"), {"show": "all"})

    assertContains(page, "经理核对")
    assertNotContains(page, "别店核对")
    assertNotContains(client.get(reverse("desk:downloads")), "经理核对")
    client.force_login(manager)
    assertContains(client.get(reverse("desk:downloads"), {"show": "all"}), "经理核对")


NO_FILES = {
    "care:my-calls": "specialists take nothing out; the team's calls hold the same rows",
    "care:queue": "one's own work of the day",
    "care:policy": "numbers with a date, not a list",
    "desk:home": "links to lists",
    "complaints:numbers": "numbers with a date, not a list",
    "reports:targets": "numbers with a date, not a list",
    "ssi:numbers": "numbers with a date, not a list",
    "penalties:numbers": "numbers with a date, not a list",
    "ssi:day": "one's own work of the day; each number leads to its list",
    "desk:search": "an answer to one question",
    "desk:downloads": "the log itself",
    "service:load": "a calendar of numbers that lead to their lists",
    "reception:visit-print": "the register on paper; the register can be taken out",
    "reception:penetration": "sums; each number leads to its orders, which can be taken out",
    "delivery:dsm-months": "numbers that lead to their rows, which can be taken out",
    "delivery:settings": "numbers with a date, not a list",
    "service:stranded-list": "worked off at once; the day's list holds the same rows",
    "reception:loan-list": "loans and taxes in force, not a list of rows",
    "reception:sales-settings": "numbers with a date, not a list",
    "reception:sheet-list": "models and prices: they come in as a file and are few",
    "reception:team-day": "worked off at once; the opportunities hold the same rows",
    "accounts:roster": "a calendar",
    "accounts:calendar": "a calendar",
    "accounts:store": "the store's own numbers",
    "accounts:roles": "a table of the house's own rules",
    "accounts:sessions": "one's own account",
}


def test_every_list_can_be_taken_out():
    """A page without an object in its address that shows a table is a list."""
    lists = set()
    for name, page in all_pages().items():
        if page.method != "get" or page.make:
            continue
        app, _, noun = name.partition(":")
        path = f"{app}/{noun.replace('-', '_')}.html"
        try:
            template = get_template(path)
        except Exception:
            continue
        if "<table" in template.template.source or "shared/_pager" in template.template.source:
            lists.add(name)

    assert lists - set(exporting.LISTINGS) <= set(NO_FILES)
    assert set(exporting.LISTINGS) <= set(all_pages())
