"""``manage.py import_dms`` as ARCHITECTURE §5 promises it."""

import json

import pytest
from django.core.management import call_command

from apps.customers.models import Vehicle
from apps.exchange.models import ColumnChoice
from tests.exchange.files import DELIVERIES, VIN, csv_file, delivery

pytestmark = pytest.mark.usefixtures("store")


def run(capsys, *files, **options):
    """(exit status, what it says as JSON)"""
    try:
        call_command("import_dms", *files, store="S1", json=True, **options)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(capsys.readouterr().out)


def test_all_taken(capsys, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery())
    status, said = run(capsys, path)
    assert status == 0
    assert (said["new"], said["changed"], said["unchanged"], said["refused"]) == (1, 0, 0, [])
    assert Vehicle.objects.count() == 1
    assert run(capsys, path)[1]["unchanged"] == 1


def test_rows_refused_write_nothing_unless_asked(capsys, tmp_path):
    path = csv_file(tmp_path, DELIVERIES, delivery(), delivery(vin=VIN[:16], name="李娜"))
    status, said = run(capsys, path)
    (refused,) = said["refused"]
    assert status == 1
    assert (refused["row"], refused["column"]) == (3, "车架号")
    assert "16" in refused["reason"]
    assert not Vehicle.objects.exists()

    status, said = run(capsys, path, skip_refused=True)
    assert (status, said["new"], Vehicle.objects.count()) == (1, 1, 1)


def test_check_writes_nothing(capsys, tmp_path):
    status, said = run(capsys, csv_file(tmp_path, DELIVERIES, delivery()), check=True)
    assert (status, said["new"]) == (0, 1)
    assert not Vehicle.objects.exists()


def test_an_unusable_file_takes_the_others_with_it(capsys, tmp_path):
    good = csv_file(tmp_path, DELIVERIES, delivery())
    bad = csv_file(tmp_path, ["甲", "乙"], ["1", "2"], name="bad.csv")
    status, said = run(capsys, good, bad)
    assert status == 2
    assert "bad.csv" in said["error"] and "表头" in said["error"]
    assert not Vehicle.objects.exists()
    assert run(capsys, tmp_path / "nowhere.csv")[0] == 2


def test_a_store_that_is_not_there(capsys, tmp_path):
    with pytest.raises(SystemExit) as end:
        call_command("import_dms", csv_file(tmp_path, DELIVERIES, delivery()), store="S9")
    assert end.value.code == 2


def test_the_kind_can_be_said(capsys, tmp_path):
    path = csv_file(tmp_path, ["车架号", "姓名", "销售日期"], [VIN, "张伟", "2026-03-05"])
    run(capsys, path, kind="vehicles")
    assert not Vehicle.objects.get().sold_here
    assert run(capsys, path, kind="services")[0] == 2


def test_columns_that_people_matched_are_remembered(capsys, tmp_path, store):
    path = csv_file(tmp_path, ["车辆代号", "交车日期"], [VIN, "2026-03-05"])
    assert run(capsys, path)[0] == 2
    ColumnChoice.objects.create(store=store, kind="deliveries", heading="车辆代号", field="vin")
    assert run(capsys, path)[0] == 0
    assert Vehicle.objects.get().vin == VIN
