"""A 5S day on a phone: both checks with photos, one proposal signed by the person himself, one of
who offends repeatedly by his two managers, both issued (PEN-05)."""

import pytest
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.desk.invariants import broken
from apps.penalties.models import FiveSPhoto, Penalty, SheetCopy
from apps.penalties.queries.inspections import FIRST, SECOND, round_of
from tests.browser.test_check_in import PHOTO, sign
from tests.browser.test_sales_journey import clock, press
from tests.factories import TODAY
from tests.penalties.rounds import DAY, FLOOR, HYDRANT, cast, first, of_department, second

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)
LATER = TODAY + 4 * DAY  # the days to explain are over


@pytest.fixture
def house(store, settings, tmp_path):
    """The cast; one of the workshop was found twice already in these days."""
    settings.MEDIA_ROOT = tmp_path
    people = cast(store) | {"again": of_department("again", store, Role.WORKSHOP)}
    for ago in (2, 1):
        first(store, people["checker"], {HYDRANT: people["again"]}, on=TODAY - ago * DAY)
        second(store, people["checker"], {HYDRANT: people["again"]}, on=TODAY - ago * DAY)
    return people


def test_from_the_first_check_to_the_issue_of_both_proposals(window, store, house):
    with clock(8, 50):
        is_gone_through(window(house["checker"], width=390, has_touch=True), store, house)
    with clock(13, 5):
        is_looked_at_again(window(house["checker"], width=390, has_touch=True), store)
    own = Penalty.objects.get(store=store, person=house["fitter"])
    repeated = Penalty.objects.filter(store=store, person=house["again"]).latest("event_on")
    assert (own.event_on, repeated.event_on, own.clause) == (TODAY, TODAY, "five_s")
    with clock(13, 40):
        reads_his_sheet(window(house["fitter"], width=390, has_touch=True), own)
    with clock(9, 0, LATER):
        are_confirmed(window(house["chief"]), (own, repeated))
        signs(window(house["fitter"], width=390, has_touch=True), own)
        signs(window(house["head"], width=390, has_touch=True), repeated)
        repeated.refresh_from_db()
        assert repeated.status == "confirmed"  # one of two
        signs(window(house["chief"], width=390, has_touch=True), repeated)
        are_issued(window(house["office"]), (own, repeated))
    found = {row.pk: (row.status, row.signed_how) for row in (own, repeated)}
    assert found == {own.pk: ("issued", "offender"), repeated.pk: ("issued", "managers")}
    assert broken() == {}


def say(page, point, word):
    page.locator(f"label[for='done-{point.item.pk}-{word}']").tap()


def points_of(store, kind, number):
    return round_of(store, kind, TODAY).places[number - 1].points


def fails(page, point, person, remark):
    """Not in order: who, what, and a photo from the camera."""
    pk = point.item.pk
    say(page, point, "no")
    page.locator(f"[name='person-{pk}']").select_option(str(person.pk))
    page.locator(f"[name='remark-{pk}']").fill(remark)
    camera = page.locator(f"[name='photos-{pk}']")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files([{"name": "1.jpg"} | PHOTO])
    point_of(page, pk).locator(".photo canvas").wait_for()


def point_of(page, pk):
    return page.locator("[data-point]").filter(has=page.locator(f"[name='photos-{pk}']"))


def saved(page):
    with page.expect_navigation():
        page.get_by_role("button", name="保存本区域").tap()


def is_gone_through(page, store, house):
    """Area by area; a mistake loses no photo."""
    page.goto(f"/penalties/fives/{FIRST}/")
    page.locator(f"a[href='/penalties/fives/{FIRST}/1/']").tap()
    entrance = points_of(store, FIRST, 1)
    by_text = {point.item.text: point for point in entrance}
    fails(page, by_text[FLOOR], house["fitter"], "油污未清")
    page.get_by_role("button", name="保存本区域").tap()
    expect(page.locator("[data-errors]")).to_contain_text("请选择是否合格")
    assert point_of(page, by_text[FLOOR].item.pk).locator(".photo canvas").count() == 1
    fails(page, by_text[HYDRANT], house["again"], "被杂物挡住")
    for text, point in by_text.items():
        if text not in (FLOOR, HYDRANT):
            say(page, point, "yes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    saved(page)
    while "/five_s_first/" in page.url and not page.url.endswith("/five_s_first/"):
        number = int(page.url.rstrip("/").rsplit("/", 1)[1])
        for point in points_of(store, FIRST, number):
            say(page, point, "yes")
        saved(page)
    expect(page.locator("main")).to_contain_text("2项不合格")
    check = round_of(store, FIRST, TODAY)
    assert (check.left, check.failed, FiveSPhoto.objects.count()) == (0, 2, 2)
    assert [fault for fault in page.faults if "422" not in fault] == []


def is_looked_at_again(page, store):
    """Only what failed, with the morning's photo beside it; nothing was put right."""
    page.goto(f"/penalties/fives/{SECOND}/")
    page.locator(f"a[href='/penalties/fives/{SECOND}/1/']").tap()
    points = points_of(store, SECOND, 1)
    assert [point.item.text for point in points] == [FLOOR, HYDRANT]
    expect(page.locator(".fives-morning img")).to_have_count(2)
    for point in points:
        say(page, point, "no")
        page.locator(f"[name='photos-{point.item.pk}']").set_input_files(
            [{"name": "2.jpg"} | PHOTO]
        )
        point_of(page, point.item.pk).locator(".photo canvas").wait_for()
    saved(page)
    expect(page.locator("main")).to_contain_text("2项不合格")
    assert page.faults == []


def reads_his_sheet(page, row):
    page.goto("/")
    page.locator("a[href='/penalties/fives/copies/']").locator("visible=true").first.tap()
    page.locator(f"a[href^='/penalties/fives/sheets/{TODAY}/']").tap()
    expect(page.locator(".fives-line")).to_have_count(1)  # the other one's is not his business
    expect(page.locator(".fives-photos img")).to_have_count(2)
    expect(page.locator(f"a[href='/penalties/{row.pk}/']")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    press(page, f"/fives/sheets/{TODAY}/read/")
    assert SheetCopy.objects.get(person=row.person).read_at is not None
    assert page.faults == []


def are_confirmed(page, rows):
    for row in rows:
        page.goto(f"/penalties/{row.pk}/")
        expect(page.locator(".fives-photos img")).to_have_count(2)
        press(page, f"/penalties/{row.pk}/confirm/")


def signs(page, row):
    page.goto(f"/penalties/{row.pk}/sign/")
    sign(page)
    with page.expect_navigation():
        page.locator("form[data-sign] button.btn-primary").tap()
    assert page.faults == []


def are_issued(page, rows):
    for row in rows:
        page.goto("/penalties/issue/")
        page.goto(f"/penalties/{row.pk}/")
        press(page, f"/penalties/{row.pk}/issue/")
        row.refresh_from_db()
