"""The pages of an import, from the files to the result."""

import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.audit.models import Access
from apps.customers.models import Vehicle
from apps.exchange import actions, tasks, views
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ColumnChoice, ImportFile, ImportRun
from apps.exchange.queries import file_path
from tests.exchange.files import DELIVERIES, SAMPLE, VIN, csv_file, delivery
from tests.exchange.pages import make_file, make_run
from tests.factories import NOW, make_customer


@pytest.fixture
def signed_in(client, manager):
    client.force_login(manager)
    return client


def send(client, *paths):
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post(reverse("exchange:import-new"), {"uploads": files})


def columns_of(run):
    """What the page's form sends when nobody changes anything."""
    data = {}
    for file in run.files.all():
        data[f"file-{file.pk}-holds"] = data[f"was-{file.pk}"] = file.kind
        data |= {f"file-{file.pk}-{field}": at for field, at in file.columns.items()}
    return data


def check(client, run, **more):
    return client.post(reverse("exchange:import-columns", args=[run.pk]), columns_of(run) | more)


def apply(client, run, **data):
    return client.post(reverse("exchange:import-apply", args=[run.pk]), data)


def page(client, run):
    return client.get(reverse("exchange:import", args=[run.pk]))


def test_the_sample_goes_through_the_pages(signed_in, store):
    response = send(signed_in, *SAMPLE)
    run = ImportRun.objects.get()
    assertRedirects(response, reverse("exchange:import", args=[run.pk]))
    assert sorted(run.files.values_list("kind", flat=True)) == [
        "deliveries",
        "services",
        "vehicles",
    ]
    assertContains(page(signed_in, run), "车架号(VIN)")

    check(signed_in, run)
    run.refresh_from_db()
    assert (run.status, run.counts["new"], run.counts["refused"]) == ("checked", 1091, 0)
    assert not Vehicle.objects.exists()

    apply(signed_in, run)
    run.refresh_from_db()
    assert (run.status, Vehicle.objects.count()) == ("applied", 400)
    assertContains(page(signed_in, run), "691")


def test_apply_pressed_twice_takes_once(signed_in, store, tmp_path):
    send(signed_in, csv_file(tmp_path, DELIVERIES, delivery()))
    run = ImportRun.objects.get()
    check(signed_in, run)
    token = {"form_token": str(uuid4())}
    assert apply(signed_in, run, **token).status_code == 302
    assert apply(signed_in, run, **token).status_code == 302
    assert apply(signed_in, run).status_code == 302
    run.refresh_from_db()
    assert run.counts["new"] == 1
    assert Vehicle.objects.count() == 1


def test_refused_rows_hold_everything_back_until_left_out(signed_in, store, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(), delivery(vin=VIN[:16], name="李娜"))
    send(signed_in, path)
    run = ImportRun.objects.get()
    check(signed_in, run)
    assertContains(page(signed_in, run), "16")

    response = apply(signed_in, run)
    assert response.status_code == 409
    assert not Vehicle.objects.exists()

    apply(signed_in, run, skip_refused="on")
    assert Vehicle.objects.get().vin == VIN


def test_refused_rows_are_a_file_to_mend_and_bring_again(signed_in, store):
    file = make_file(store)
    response = signed_in.get(reverse("exchange:import-refused", args=[file.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet]
    assert rows[0][:2] == ["车架号", "交车日期"]
    assert rows[1:] == [["'=1+1", "2026-03-05", "车架号：不对"]]
    assert Access.objects.get().kind == "export"


def test_a_file_that_cannot_be_used_is_refused_in_words(signed_in, store, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"\x00\x01" * 500)
    response = send(signed_in, bad)
    assertContains(response, "bad.xlsx", status_code=409)
    assert not ImportRun.objects.exists()
    assert not list(file_path("x").parent.glob("*"))


def test_no_file_is_an_invalid_form(signed_in, store):
    assert signed_in.post(reverse("exchange:import-new"), {}).status_code == 422


def test_columns_matched_by_hand_are_remembered(signed_in, store, tmp_path):
    path = csv_file(tmp_path, ["车辆代号", "姓名", "交车日期"], [VIN, "张伟", "2026-03-05"])
    send(signed_in, path)
    run = ImportRun.objects.get()
    (file,) = run.files.all()
    assert file.kind == ""

    signed_in.post(
        reverse("exchange:import-columns", args=[run.pk]),
        {
            f"file-{file.pk}-holds": "deliveries",
            f"was-{file.pk}": "deliveries",
            f"file-{file.pk}-vin": "0",
            f"file-{file.pk}-name": "1",
            f"file-{file.pk}-delivered_on": "2",
        },
    )
    run.refresh_from_db()
    assert (run.status, run.counts["new"]) == ("checked", 1)
    assert ColumnChoice.objects.get().field == "vin"

    send(signed_in, path)
    again = ImportFile.objects.latest("pk")
    assert (again.kind, again.columns["vin"]) == ("deliveries", 0)


def test_a_needed_column_that_is_missing_is_said(signed_in, store, tmp_path):
    send(signed_in, csv_file(tmp_path, DELIVERIES, delivery()))
    run = ImportRun.objects.get()
    (file,) = run.files.all()
    response = check(signed_in, run, **{f"file-{file.pk}-vin": ""})
    assertContains(response, "车架号", status_code=409)
    run.refresh_from_db()
    assert run.status == "uploaded"


def test_another_kind_shows_its_columns_first(signed_in, store, tmp_path):
    send(signed_in, csv_file(tmp_path, DELIVERIES, delivery()))
    run = ImportRun.objects.get()
    (file,) = run.files.all()
    response = check(signed_in, run, **{f"file-{file.pk}-holds": "vehicles"})
    assertContains(response, f"file-{file.pk}-sold_here")
    file.refresh_from_db()
    assert file.kind == "deliveries"


def test_a_big_import_goes_to_the_worker(
    signed_in, store, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(views, "SMALL_ROWS", 0)
    send(signed_in, csv_file(tmp_path, DELIVERIES, delivery()))
    run = ImportRun.objects.get()
    handed = []
    monkeypatch.setattr(tasks, "hand_out", handed.append)
    with django_capture_on_commit_callbacks(execute=True):
        check(signed_in, run)
    run.refresh_from_db()
    assert (run.status, handed) == ("checking", [run.pk])
    url = reverse("exchange:import-progress", args=[run.pk])
    assertContains(signed_in.get(url), "<progress")

    tasks.check(run.pk)
    tasks.check(run.pk)  # twice is once
    run.refresh_from_db()
    assert (run.status, run.progress) == ("checked", 100)
    assert signed_in.get(url)["HX-Refresh"] == "true"


def test_without_broker_the_page_says_so_and_the_sweep_goes_on(
    signed_in, store, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(views, "SMALL_ROWS", 0)
    monkeypatch.setattr(tasks.check, "apply_async", away)
    send(signed_in, csv_file(tmp_path, DELIVERIES, delivery()))
    run = ImportRun.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        response = check(signed_in, run)
    assertContains(signed_in.get(response.url), "后台任务暂时无法连接")

    monkeypatch.undo()
    ImportRun.objects.update(asked_at=NOW - timedelta(minutes=10))
    for pk in actions.stuck_runs(now=NOW):
        actions.carry_out(pk, now=NOW)
    run.refresh_from_db()
    assert run.status == ImportStatus.CHECKED


def test_what_nobody_works_on_for_an_hour_is_given_up(store):
    run = make_run(store, ImportStatus.APPLYING, asked_at=NOW - timedelta(hours=2))
    assert actions.stuck_runs(now=NOW) == []
    run.refresh_from_db()
    assert run.status == ImportStatus.FAILED and run.problem


def test_files_go_after_30_days(store, settings):
    file = make_file(store)
    assert actions.remove_old_files(now=NOW + timedelta(days=29)) == 0
    assert actions.remove_old_files(now=NOW + timedelta(days=31)) == 1
    file.refresh_from_db()
    assert (file.removed, file.refused) == (True, [])
    assert not file_path(file.stored).exists()
    assert actions.remove_old_files(now=NOW + timedelta(days=31)) == 0


def test_a_stranger_sees_no_import(client, store, stranger):
    run = make_run(store)
    client.force_login(stranger)
    assert page(client, run).status_code == 404
    assertNotContains(client.get(reverse("exchange:import-list")), "importer-")


def test_phones_on_the_preview_are_masked(signed_in, store, tmp_path):
    make_customer(store, name="张伟", phone="13912345678")
    path = csv_file(tmp_path, DELIVERIES, delivery(phone="13912345678/13800000001"))
    send(signed_in, path)
    run = ImportRun.objects.get()
    check(signed_in, run)
    response = page(signed_in, run)
    assertContains(response, "138****0001")
    assertNotContains(response, "13800000001")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(
    signed_in, store, other_store, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        make_file(store)
    make_file(other_store)
    signed_in.get(reverse("exchange:import-list"))
    with django_assert_max_num_queries(12) as queries:
        response = signed_in.get(reverse("exchange:import-list"))
    assertContains(response, "importer-", count=rows)
    assert len([q for q in queries if q["sql"].startswith('SELECT "exchange_')]) == 2
