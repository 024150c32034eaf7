"""What a customer asks about his data: taken down, on a clock, settled (SEC-02)."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from apps.accounts.choices import Role
from apps.audit.models import Access
from apps.core.errors import Refused
from apps.core.pictures import Kept
from apps.customers import actions, sealing
from apps.customers.models import Customer, PrivacyPolicy, RightsRequest
from apps.desk.giving import data_of, write_data
from apps.service.models import RepairOrder
from tests.factories import NOW, TODAY, make_call, make_customer, make_user, make_vehicle

ASKED = {"kind": "correction", "how": "phone", "text": "姓名写错了", "asked_on": TODAY}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def ask(customer, by, **how):
    return actions.take_request(customer, **(ASKED | how), by=by, now=NOW)


def test_the_clock_runs_from_the_day_on_which_the_customer_asked(store, specialist):
    person = make_customer(store)

    row = ask(person, specialist, asked_on=TODAY - timedelta(days=3))

    assert (row.due_on, row.status) == (TODAY + timedelta(days=12), "open")
    assert (row.taken_by, row.taken_at, row.store) == (specialist, NOW, store)


def test_the_days_are_those_of_the_stores_policy_on_that_day(store, specialist):
    policy = {"request_days": 10, "dormant_years": 5}
    PrivacyPolicy.objects.create(store=store, effective_from=TODAY, **policy)

    old = ask(make_customer(store), specialist, asked_on=TODAY - timedelta(days=1))
    new = ask(make_customer(store), specialist)

    assert [(r.due_on - r.asked_on).days for r in (old, new)] == [15, 10]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"asked_on": TODAY + timedelta(days=1)}, "still to come"),
        ({"text": "  "}, "what is to be corrected"),
    ],
)
def test_what_cannot_be_taken_down_is_refused(store, specialist, how, words):
    with pytest.raises(Refused, match=words):
        ask(make_customer(store), specialist, **how)

    assert not RightsRequest.objects.exists()


def test_the_same_request_a_second_time_is_refused_while_the_first_is_open(
    store, specialist, manager
):
    person = make_customer(store)
    first = ask(person, specialist)

    with pytest.raises(Refused, match="already"):
        ask(person, specialist)
    ask(person, specialist, kind="access")
    actions.settle_request(first, status="done", answer="改好了", by=manager, now=NOW)
    ask(person, specialist)

    assert RightsRequest.objects.count() == 3


def test_a_request_is_settled_once_with_a_word(store, specialist, manager):
    row = ask(make_customer(store), specialist)
    with pytest.raises(Refused, match="Say what was done"):
        actions.settle_request(row, status="done", answer=" ", by=manager, now=NOW)

    row = actions.settle_request(row, status="refused", answer="无法核实身份", by=manager, now=NOW)

    assert (row.status, row.answer, row.settled_by) == ("refused", "无法核实身份", manager)
    with pytest.raises(Refused, match="cannot become"):
        actions.settle_request(row, status="done", answer="好了", by=manager, now=NOW)


def test_a_deletion_is_settled_by_deleting_only(store, specialist, manager):
    row = ask(make_customer(store), specialist, kind="deletion")

    with pytest.raises(Refused, match="by deleting"):
        actions.settle_request(row, status="done", answer="删了", by=manager, now=NOW)

    row.refresh_from_db()
    assert row.status == "open"


def open_list(client, status=""):
    with translation.override("zh-hans"):
        page = client.get(reverse("desk:request-list"), {"status": status} if status else {})
    return [row.pk for row in page.context["requests"]], page


def test_the_list_begins_with_the_nearest_deadline_and_counts_what_is_overdue(
    client, store, other_store, specialist, manager, stranger
):
    today = timezone.localdate()
    days = [today - timedelta(days=3), today - timedelta(days=20), today]
    rows = [ask_on(make_customer(store), specialist, day) for day in days]
    ask_on(make_customer(other_store), stranger, today)
    client.force_login(manager)

    found, page = open_list(client)

    assert found == [rows[1].pk, rows[0].pk, rows[2].pk]
    assert page.context["overdue"] == 1
    assert [row.days for row in page.context["requests"]] == [-5, 12, 15]
    actions.settle_request(rows[1], status="done", answer="好", by=manager, now=NOW)
    assert open_list(client)[0] == [rows[0].pk, rows[2].pk]
    assert open_list(client, "done")[0] == [rows[1].pk]


def ask_on(customer, by, day):
    return actions.take_request(customer, **(ASKED | {"asked_on": day}), by=by, now=timezone.now())


def test_the_list_costs_the_same_for_one_and_for_three(client, store, specialist, manager):
    client.force_login(manager)
    ask(make_customer(store), specialist)
    open_list(client)
    with CaptureQueriesContext(connection) as one:
        open_list(client)
    ask(make_customer(store), specialist)
    ask(make_customer(store), specialist)
    with CaptureQueriesContext(connection) as three:
        open_list(client)

    assert len(one) == len(three)


def test_a_request_is_taken_down_on_the_customers_page(client, store, specialist):
    person = make_customer(store)
    client.force_login(specialist)
    today = timezone.localdate().isoformat()
    data = ASKED | {"asked_on": today}

    answer = client.post(reverse("desk:request-new", args=[person.pk]), data)

    row = RightsRequest.objects.get()
    assert answer["Location"] == reverse("desk:request", args=[row.pk])
    page = client.get(reverse("desk:customer", args=[person.pk])).content.decode()
    assert reverse("desk:request", args=[row.pk]) in page
    again = client.post(reverse("desk:request-new", args=[person.pk]), data)
    assert (again.status_code, RightsRequest.objects.count()) == (409, 1)
    wrong = client.post(reverse("desk:request-new", args=[person.pk]), {"kind": "other"})
    assert (wrong.status_code, RightsRequest.objects.count()) == (422, 1)


def test_the_whole_way_of_a_deletion(client, store, specialist, manager):
    person = make_customer(store, "欧阳无忌", "13876540987")
    row = ask(person, specialist, kind="deletion", text="请删除欧阳无忌的全部资料")
    client.force_login(manager)
    erase = reverse("desk:request-erase", args=[row.pk])

    wrong = client.post(erase, {"typed": "欧阳"})
    empty = client.post(erase, {"typed": ""})
    person.refresh_from_db()
    assert (wrong.status_code, empty.status_code, person.name) == (409, 422, "欧阳无忌")

    answer = client.post(erase, {"typed": "欧阳无忌"})

    assert answer["Location"] == reverse("desk:request", args=[row.pk])
    person.refresh_from_db()
    row.refresh_from_db()
    assert (person.name, person.erased_at is not None) == ("已删除", True)
    assert (row.status, row.settled_by, row.text) == ("done", manager, "已删除")
    assert client.get(answer["Location"]).status_code == 200
    page = client.get(reverse("desk:customer", args=[person.pk])).content.decode()
    assert reverse("customers:customer-edit", args=[person.pk]) not in page
    assert client.get(reverse("customers:customer-edit", args=[person.pk])).status_code == 404
    listed = client.get(reverse("desk:customer-list")).context["customers"]
    assert person not in listed
    again = client.post(erase, {"typed": "已删除"})
    assert again.status_code == 409


def test_a_deletion_says_what_still_needs_the_data(client, store, specialist, manager):
    person = make_customer(store)
    make_call(
        store,
        customer=person,
        status="claimed",
        holder=specialist,
        held_at=NOW,
        claim="00000000-0000-0000-0000-000000000001",
    )
    row = ask(person, specialist, kind="deletion")
    client.force_login(manager)

    page = client.get(reverse("desk:request", args=[row.pk]))

    assert len(page.context["duties"]) == 1
    assert "li_na" in page.context["duties"][0]
    answer = client.post(reverse("desk:request-erase", args=[row.pk]), {"typed": person.name})
    person.refresh_from_db()
    assert (answer.status_code, person.erased_at) == (409, None)


def test_somebody_who_takes_requests_does_not_settle_them(client, store, specialist):
    row = ask(make_customer(store), specialist, kind="deletion")
    client.force_login(specialist)

    answers = [
        client.post(reverse(f"desk:request-{name}", args=[row.pk]), {"typed": row.customer.name})
        for name in ("settle", "data", "erase")
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert client.get(reverse("desk:request", args=[row.pk])).status_code == 200
    row.refresh_from_db()
    assert row.status == "open"


def books(file):
    with ZipFile(file) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".xlsx")]
        book = load_workbook(BytesIO(archive.read(name)))
        pictures = {n: archive.read(n) for n in archive.namelist() if n != name}
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}, pictures


def test_the_data_are_given_out_whole_and_that_is_written_down(
    client, store, other_store, specialist, manager, stranger
):
    person = make_customer(
        store, "欧阳无忌", "13876540987", id_number_sealed=sealing.seal("320503198502141234")
    )
    car = make_vehicle(store, person, plate="苏E7C4N6")
    make_call(store, customer=person, vehicle=car)
    make_vehicle(store, make_customer(store, "别的人"), plate="沪A00001")
    row = ask(person, specialist, kind="access")
    client.force_login(manager)

    answer = client.post(reverse("desk:request-data", args=[row.pk]))

    sheets, pictures = books(BytesIO(b"".join(answer.streaming_content)))
    cells = {str(cell) for rows in sheets.values() for line in rows for cell in line}
    assert {"欧阳无忌", "13876540987", "苏E7C4N6", "320503198502141234"} <= cells
    assert "别的人" not in cells and "沪A00001" not in cells
    assert len(sheets) == 5  # customer, number, car, call, request
    assert pictures == {}
    note = Access.objects.get(kind="export")
    assert (note.object_pk, note.user) == (person.pk, manager)
    assert answer["Cache-Control"] == "no-store"


def test_the_data_are_not_given_out_for_another_request_nor_after_it(
    client, store, specialist, manager
):
    wrong = ask(make_customer(store), specialist)
    done = ask(make_customer(store), specialist, kind="access")
    actions.settle_request(done, status="done", answer="交给本人", by=manager, now=NOW)
    client.force_login(manager)

    answers = [client.post(reverse("desk:request-data", args=[r.pk])) for r in (wrong, done)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert not Access.objects.filter(kind="export").exists()


def test_nothing_of_another_store_and_nothing_a_spreadsheet_would_carry_out(store, other_store):
    person = make_customer(store, "=HYPERLINK(1)", "13876540987")
    make_customer(other_store, "外店的人", "13876540987")
    file = BytesIO()

    write_data(person, file)

    sheets, _pictures = books(file)
    cells = {str(cell) for rows in sheets.values() for line in rows for cell in line}
    assert "'=HYPERLINK(1)" in cells
    assert "外店的人" not in cells


def test_every_kind_of_record_of_the_access_file_has_a_name(store):
    names = [title for title, _rows in data_of(make_customer(store))]
    assert names == ["customer", "contact number"]


def test_a_request_of_another_store_is_not_there(client, store, specialist, other_store):
    row = ask(make_customer(store), specialist)
    client.force_login(make_user("foreigner", other_store, Role.GENERAL_MANAGER))

    assert client.get(reverse("desk:request", args=[row.pk])).status_code == 404
    assert client.post(reverse("desk:request-data", args=[row.pk])).status_code == 404


def test_pictures_are_in_the_archive(store, person_with_photo):
    person, picture = person_with_photo
    file = BytesIO()

    write_data(person, file)

    _sheets, pictures = books(file)
    assert list(pictures.values()) == [picture]


@pytest.fixture
def person_with_photo(store, monkeypatch):
    person = make_customer(store)
    with Kept() as kept:
        name = kept.add(b"a photo")
    monkeypatch.setattr("apps.desk.giving.pictures_of", lambda ids: [name])
    return Customer.objects.get(pk=person.pk), b"a photo"


def test_a_visit_of_an_earlier_owner_is_not_told_to_the_present_one(store):
    before, person = make_customer(store, "钱多多"), make_customer(store, "孙悦")
    car = make_vehicle(store, person)
    visit = {"store": store, "vehicle": car, "kind": "repair", "out_on": TODAY, "in_on": TODAY}
    RepairOrder.objects.create(**visit, number="1", customer=before, complaints="异响")
    RepairOrder.objects.create(**visit, number="2", customer=person, complaints="漏油")

    told = dict(data_of(person))

    cells = {str(cell) for rows in told.values() for line in rows for cell in line}
    assert "漏油" in cells and "异响" not in cells
