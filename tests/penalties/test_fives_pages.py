"""The pages of the 5S checks, their sheet and the weak points (PEN-05)."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import DepartmentKind, Role
from apps.checklists.models import ChecklistRun, ChecklistTemplate
from apps.desk.exporting import LISTINGS
from apps.desk.home import proposal_tiles
from apps.penalties.models import Area, Finding, FiveSPhoto, Penalty, SheetCopy
from apps.penalties.queries.fives_sheet import sheet_of, unread
from apps.penalties.queries.inspections import FIRST, SECOND, round_of
from tests.factories import TODAY
from tests.penalties.rounds import (
    DAY,
    FLOOR,
    HALL,
    SCISSORS,
    at,
    cast,
    first,
    of_department,
    second,
)
from tests.reception.driving import picture

pytestmark = pytest.mark.django_db
SHEET = reverse("penalties:fives-sheet", args=[f"{TODAY}"])


@pytest.fixture
def people(store):
    return cast(store)


@pytest.fixture
def found(store, people):
    """Two findings of two departments, with photos; one proposal each."""
    seller = of_department("seller", store, Role.SALES_CONSULTANT, DepartmentKind.SALES)
    failed = {FLOOR: people["fitter"], HALL: seller}
    first(store, people["checker"], failed, photo=True)
    second(store, people["checker"], failed, photo=True)
    return people | {"seller": seller}


def area(kind, number):
    return reverse("penalties:fives-area", args=[kind, number])


def on_phone(client, person, now):
    client.force_login(person)
    return time_machine.travel(now, tick=False)


def photo(name="a.jpg"):
    return SimpleUploadedFile(name, picture("navy"))


def sent(check, number, **wrong):
    """The answers of an area: everything in order but what ``wrong`` says of its first point."""
    points = check.places[number - 1].points
    data = {f"done-{point.item.pk}": "yes" for point in points}
    return data | {f"{name}-{points[0].item.pk}": value for name, value in wrong.items()}


def test_an_area_is_sent_with_its_photo_and_the_next_one_comes(client, store, people):
    check = round_of(store, FIRST, TODAY)
    data = sent(check, 1, done="no", person=people["fitter"].pk, remark="油污", photos=[photo()])
    with on_phone(client, people["checker"], at(9)):
        assertContains(client.get(area(FIRST, 1)), "消防栓")
        assertRedirects(client.post(area(FIRST, 1), data), area(FIRST, 2))
        page = client.get(reverse("penalties:fives-check", args=[FIRST]))
        again = client.get(area(FIRST, 1))
        taken = FiveSPhoto.objects.get()
        seen = client.get(reverse("penalties:fives-photo", args=[taken.stored]))

    run = ChecklistRun.objects.get(store=store)
    assert (run.by, run.missing, taken.answer.remark) == (people["checker"], 1, "油污")
    assert Finding.objects.get().person == people["fitter"]
    assertContains(page, "1项不合格")
    assertNotContains(again, "整改")  # that is asked in the second check
    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"done": ""}, "请选择是否合格"),
        ({"done": "no", "remark": "脏"}, "请指定责任人"),
        ({"done": "no", "person": "fitter"}, "请写明或拍下问题"),
        ({"done": "no", "person": "fitter", "photos": "pdf"}, "不是"),
        ({"done": "no", "person": "far", "remark": "脏"}, "可用"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client, store, other_store, people, wrong, words
):
    people["far"] = of_department("far", other_store, Role.WORKSHOP)
    if "person" in wrong:
        wrong = wrong | {"person": people[wrong["person"]].pk}
    if "photos" in wrong:
        wrong = wrong | {"photos": [SimpleUploadedFile("a.jpg", b"%PDF-1.4")]}
    data = sent(round_of(store, FIRST, TODAY), 1, **wrong)
    with on_phone(client, people["checker"], at(9)):
        page = client.post(area(FIRST, 1), data)

    assert page.status_code == 422
    assert any(
        words in error for errors in page.context["form"].errors.values() for error in errors
    )
    kept = [point for point in round_of(store, FIRST, TODAY).places[0].points][1]
    assertContains(page, f'id="done-{kept.item.pk}-yes" value="yes" checked', status_code=422)
    assert not ChecklistRun.objects.filter(store=store).exists()
    assert not FiveSPhoto.objects.exists()


def test_the_second_check_shows_the_morning_and_waits_for_its_hour(client, store, people):
    first(store, people["checker"], {FLOOR: people["fitter"]}, photo=True)
    data = sent(
        round_of(store, SECOND, TODAY), 1, done="no", person=people["fitter"].pk, remark="脏"
    )
    with on_phone(client, people["checker"], at(12, 59)):
        assert client.post(area(SECOND, 1), data).status_code == 409
        assert not Penalty.objects.filter(store=store).exists()
    with on_phone(client, people["checker"], at(13, 1)):
        page = client.get(area(SECOND, 1))
        assertContains(
            page, reverse("penalties:fives-photo", args=[FiveSPhoto.objects.get().stored])
        )
        assertNotContains(page, "大剪")
        there = reverse("penalties:fives-check", args=[SECOND])
        assertRedirects(client.post(area(SECOND, 1), data), there)
    assert Penalty.objects.get(store=store).person == people["fitter"]


def test_a_second_check_with_nothing_to_look_at_is_ended_by_its_button(client, store, people):
    first(store, people["checker"], {})
    there = reverse("penalties:fives-check", args=[SECOND])
    with on_phone(client, people["checker"], at(13, 1)):
        assertRedirects(client.post(there), there)

    assert ChecklistRun.objects.get(store=store, kind=SECOND).missing == 0


def test_a_check_of_another_kind_or_area_is_not_there(client, store, people):
    with on_phone(client, people["checker"], at(9)):
        assert client.get(reverse("penalties:fives-check", args=["facility"])).status_code == 404
        assert client.get(area(FIRST, 99)).status_code == 404
        assert client.get(area(SECOND, 1)).status_code == 404


# ---- the sheet


@pytest.mark.parametrize(
    ("who", "texts"),
    [
        ("checker", ["地面", "资料架整齐"]),
        ("office", ["地面", "资料架整齐"]),
        ("general", ["地面", "资料架整齐"]),
        ("fitter", ["地面"]),
        ("head", ["地面"]),
        ("seller", ["资料架整齐"]),
    ],
)
def test_each_sees_of_the_sheet_what_concerns_him(client, store, found, who, texts):
    reader = type(found[who]).objects.get(pk=found[who].pk)
    sheet = sheet_of(reader, store, TODAY)

    assert [line.text for line in sheet.lines] == texts
    shown = [line for line in sheet.lines if line.penalty is not None]
    assert len(shown) == (0 if who == "checker" else len(texts))
    with on_phone(client, found[who], at(15)):
        assert client.get(SHEET).status_code == 200


def test_the_sheet_and_its_photos_are_closed_to_whom_they_do_not_concern(
    client, store, stranger, found
):
    other = of_department("other", store, Role.WORKSHOP)
    photos = {
        one.answer.item.text: reverse("penalties:fives-photo", args=[one.stored])
        for one in FiveSPhoto.objects.select_related("answer__item")
    }
    with on_phone(client, other, at(15)):
        assert client.get(SHEET).status_code == 403
        assert client.get(photos[FLOOR]).status_code == 403
    with on_phone(client, found["fitter"], at(15)):
        assert client.get(photos[FLOOR]).status_code == 200
        assert client.get(photos[HALL]).status_code == 403
    with on_phone(client, found["head"], at(15)):
        assert client.get(photos[FLOOR]).status_code == 200
        assert client.get(photos[HALL]).status_code == 403
    with on_phone(client, stranger, at(15)):
        assert client.get(photos[FLOOR]).status_code == 404
        assert client.get(SHEET, {"store": store.pk}).status_code == 404


def test_the_proposal_shows_the_photos_to_who_may_see_it(client, store, found):
    row = Penalty.objects.get(store=store, person=found["fitter"])
    [first_photo, _second] = FiveSPhoto.objects.filter(answer__item__text=FLOOR).order_by("pk")
    of_other = FiveSPhoto.objects.filter(answer__item__text=HALL).first()

    def at_row(photo):
        return reverse("penalties:proposal-picture", args=[row.pk, photo.stored])

    with on_phone(client, found["fitter"], at(15)):
        page = client.get(reverse("penalties:proposal", args=[row.pk]))
        assertContains(page, at_row(first_photo))
        assertContains(client.get(reverse("penalties:proposal-sheet", args=[row.pk])), "首次检查")
        assert client.get(at_row(first_photo)).status_code == 200
        assert client.get(at_row(of_other)).status_code == 404
    with on_phone(client, found["seller"], at(15)):
        assert client.get(at_row(first_photo)).status_code == 403


def test_the_sheet_waits_on_the_home_page_until_it_was_seen(client, store, found):
    fitter = found["fitter"]
    assert [tile.url for tile in proposal_tiles(fitter, TODAY)] == [
        *(reverse("penalties:mine"), reverse("penalties:fives-copies")),
    ]
    assert not unread(found["office"], TODAY).exists()
    with on_phone(client, fitter, at(15)):
        assertContains(client.get(reverse("penalties:fives-copies")), SHEET)
        there = reverse("penalties:fives-read", args=[f"{TODAY}"])
        assertContains(client.get(SHEET), there)
        assertRedirects(client.post(there), reverse("penalties:fives-copies"))
    with on_phone(client, fitter, at(16)):
        client.post(there)

    assert SheetCopy.objects.get(person=fitter).read_at == at(15)
    assert not unread(fitter, TODAY).exists()
    assert unread(found["head"], TODAY).count() == 1
    assert len(list(LISTINGS["penalties:fives-copies"].rows(fitter, {}, TODAY))) == 1


def queries(client, there):
    client.get(there)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(there).status_code == 200
    return len(counted)


def test_three_findings_cost_as_many_queries_as_one(client, store, people):
    by, fitter = people["checker"], people["fitter"]
    counts = []
    for failed in ([FLOOR], [FLOOR, SCISSORS, HALL]):
        on = TODAY + (len(failed) - 1) * DAY
        first(store, by, dict.fromkeys(failed, fitter), on=on, photo=True)
        second(store, by, dict.fromkeys(failed, fitter), on=on, photo=True)
        with on_phone(client, by, at(15, on=on)):
            pages = [
                reverse("penalties:fives-sheet", args=[f"{on}"]),
                reverse("penalties:fives-check", args=[FIRST]),
                reverse("penalties:fives-weak"),
                reverse("penalties:fives-rows"),
            ]
            counts.append([queries(client, there) for there in pages])

    assert counts[0] == counts[1]


# ---- areas and weak points


def test_the_care_manager_writes_areas_from_tomorrow_on(client, store, other_store, people):
    there = reverse("penalties:fives-areas")
    service = people["head"].department
    with on_phone(client, people["chief"], at(9)):
        form = client.get(there).context["form"]
        assert [fields[0].value() for fields in form.blocks()][:3] == ["接车区", "接待台", "展厅"]
        data = {"effective_from": f"{TODAY + DAY}", "name-0": "洗车区", "points-0": "水枪\n地沟"}
        assert client.post(there, data).status_code == 422  # whose is it?
        far = Area.objects.filter(store=other_store).first().department_id
        assert client.post(there, data | {"department-0": far}).status_code == 422
        data |= {"department-0": service.pk, "person-0": people["fitter"].pk}
        assert client.post(there, data | {"effective_from": f"{TODAY}"}).status_code == 409
        assert ChecklistTemplate.objects.filter(store=store, kind=FIRST).count() == 1
        assertRedirects(client.post(there, data), there)

    area = Area.objects.get(store=store, name="洗车区")
    assert (area.department, area.person) == (service, people["fitter"])
    assert [str(item) for item in area.template.items.all()] == ["洗车区：水枪", "洗车区：地沟"]


def test_a_number_of_the_month_leads_to_its_checks(client, store, other_store, people):
    far = of_department("far", other_store, Role.CARE_SPECIALIST)
    first(other_store, far, {FLOOR: far})
    first(store, people["checker"], {FLOOR: people["fitter"]}, on=TODAY - DAY)
    first(store, people["checker"], {FLOOR: people["fitter"], HALL: people["head"]})
    second(store, people["checker"], {FLOOR: people["fitter"]})
    rows = reverse("penalties:fives-rows")
    asked = {"month": "2026-11", "point": FLOOR, "kind": FIRST.value}
    with on_phone(client, people["general"], at(15)):
        page = client.get(reverse("penalties:fives-weak"), {"month": "2026-11"})
        assert [(row.text, row.failed) for row in page.context["rows"]] == [(FLOOR, 2), (HALL, 1)]
        found = client.get(rows, asked).context["rows"]
        assert [row.run.on for row in found] == [TODAY, TODAY - DAY]
        assert len(client.get(rows, asked | {"kind": SECOND.value}).context["rows"]) == 1
        assert client.get(rows, {"month": "2026-10"}).context["rows"].count() == 0
    taken = LISTINGS["penalties:fives-weak"].rows(people["general"], {"month": "2026-11"}, TODAY)
    assert len(list(taken)) == 2
    later = TODAY + timedelta(days=40)
    assert list(LISTINGS["penalties:fives-rows"].rows(people["general"], {}, later)) == []
