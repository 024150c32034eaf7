"""Models, prices, sheets, presentations and the showroom's numbers (REC-04, REC-07)."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reception.actions import sheets as keeping
from apps.reception.actions.numbers import set_numbers
from apps.reception.models import CarModel, ModelSheet, Presentation, SalesNumbers, Trim, TrimPrice
from apps.reception.policy.rivals import Rival, rivals
from apps.reception.queries import sheets
from tests.factories import NOW, TODAY, make_user
from tests.reception.pages_opportunities import make_opportunity
from tests.reception.pages_sheets import make_model, make_trim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)
NUMBERS = count(1)
NUMBERS_TOLD = {
    **{"greet_within_seconds": 30, "level_h_days": 3, "level_a_days": 10, "level_b_days": 30},
    **{"level_c_days": 60, "thanks_within_hours": 12, "drive_call_within_hours": 48},
    **{"enquiry_within_hours": 4, "consultant_discount_percent": 2},
    "manager_discount_percent": 8,
}


def make_sheet(model, until=TODAY, **fields):
    keeper = make_user(f"keeps-{next(NUMBERS)}", model.store, Role.SALES_MANAGER)
    facts = {"valid_until": until, "front": "大灯", "selling_points": "省油\n安静"} | fields
    return keeping.keep_sheet(model, facts, by=keeper, now=NOW)


def amount(store, trim, on):
    [line] = sheets.priced([trim], on)
    return line.amount


def test_competitors_are_lines_of_up_to_four_parts():
    assert rivals("A｜20万 | 省油|\n\nB") == [
        Rival("A", "20万", "省油", ""),
        Rival("B", "", "", ""),
    ]
    for wrong in ("|20万", "a|b|c|d|e", "\n".join(f"车{n}" for n in range(13))):
        with pytest.raises(ValueError):
            rivals(wrong)


def test_the_price_of_a_day_is_the_last_that_began_and_still_holds(store):
    trim = make_trim(store)
    keeping.set_price(trim, effective_from=TODAY - 9 * DAY, guide_amount=Decimal(200_000))
    keeping.set_price(
        trim, effective_from=TODAY, guide_amount=Decimal(190_000), until=TODAY + 2 * DAY
    )

    days = {-10: None, -1: 200_000, 0: 190_000, 2: 190_000, 3: None}
    assert {n: amount(store, trim, TODAY + n * DAY) for n in days} == days


def test_a_second_word_about_one_day_replaces_the_first(store):
    trim = make_trim(store)
    for price in (200_000, 210_000):
        keeping.set_price(trim, effective_from=TODAY, guide_amount=Decimal(price))
    assert TrimPrice.objects.get().guide_amount == 210_000


@pytest.mark.parametrize(("price", "days"), [(0, None), (-5, None), (100, -1)])
def test_a_price_that_cannot_be_is_refused(store, price, days):
    trim = make_trim(store)
    until = TODAY + days * DAY if days else None
    with pytest.raises(Refused):
        keeping.set_price(trim, effective_from=TODAY, guide_amount=Decimal(price), until=until)
    assert not TrimPrice.objects.exists()


def test_a_model_and_a_configuration_have_their_names_once(store, other_store):
    model = keeping.enter_model(store, {"brand": "演示", "name": "远行", "energy": "nev"})
    keeping.enter_model(other_store, {"brand": "演示", "name": "远行", "energy": "nev"})
    keeping.enter_trim(model, {"name": "豪华型"})

    with pytest.raises(Refused):
        keeping.enter_model(store, {"brand": "演示", "name": "远行", "energy": "nev"})
    with pytest.raises(Refused):
        keeping.enter_trim(model, {"name": "豪华型"})
    assert (CarModel.objects.count(), Trim.objects.count()) == (2, 1)


def test_the_list_says_what_has_expired_or_is_missing(client, store, other_store, boss):
    client.force_login(boss)
    good, old, bare = (make_model(store, name) for name in ("甲", "乙", "丙"))
    make_model(other_store, "外店")
    make_model(store, "停售", is_sold=False)
    keeping.set_price(make_trim(store, good), effective_from=TODAY, guide_amount=Decimal(99_000))
    make_trim(store, bare)
    make_sheet(good)
    make_sheet(old, TODAY - DAY)

    page = client.get(reverse("reception:sheet-list"))
    told = {
        row.model.name: (bool(row.sheet), row.expired, row.lacks_price)
        for row in page.context["rows"]
    }
    assert told == {
        "甲": (True, False, False),
        "乙": (True, True, False),
        "丙": (False, False, True),
    }
    assertContains(page, "¥99,000")
    gone = client.get(reverse("reception:sheet-list"), {"state": "gone"})
    assert [row.model.name for row in gone.context["rows"]] == ["停售"]


def test_the_list_asks_as_often_for_three_models_as_for_one(client, store, boss):
    client.force_login(boss)
    counts = []
    for _n in range(3):
        trim = make_trim(store)
        make_sheet(trim.car_model)
        keeping.set_price(trim, effective_from=TODAY, guide_amount=Decimal(99_000))
        client.get(reverse("reception:sheet-list"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reception:sheet-list"))
        counts.append(len(asked))
    assert counts[0] == counts[2]


def test_the_manager_keeps_models_prices_and_sheets(client, store, boss):
    client.force_login(boss)
    client.post(
        reverse("reception:model-new"),
        {"brand": "演示", "name": "远行", "energy": "nev", "is_sold": "on"},
    )
    model = CarModel.objects.get()
    client.post(reverse("reception:trim-new", args=[model.pk]), {"name": "豪华型", "is_sold": "on"})
    trim = model.trims.get()
    price = reverse("reception:price-new", args=[trim.pk])
    assert client.post(price, {"effective_from": TODAY, "guide_amount": "-1"}).status_code == 422
    assert not trim.prices.exists()
    client.post(price, {"effective_from": TODAY, "guide_amount": "199800"})
    sheet = reverse("reception:sheet-edit", args=[model.pk])
    told = {"valid_until": TODAY + DAY, "front": "大灯", "competitors": "某车 | 20万 | 省油 | 大"}
    assert client.post(sheet, told | {"competitors": "a|b|c|d|e"}).status_code == 422
    client.post(sheet, told)
    client.post(
        reverse("reception:model-edit", args=[model.pk]),
        {"brand": "新", "name": "远行", "energy": "nev"},
    )
    client.post(reverse("reception:trim-edit", args=[trim.pk]), {"name": "尊享型", "is_sold": "on"})

    page = client.get(reverse("reception:sheet", args=[model.pk]))
    for text in ("¥199,800.00", "大灯", "某车", "省油", "尊享型"):
        assertContains(page, text)
    row = ModelSheet.objects.get()
    assert (row.kept_by, row.kept_at, row.valid_until) == (boss, NOW, TODAY + DAY)
    model.refresh_from_db()
    assert (model.brand, model.is_sold) == ("新", False)


def test_a_consultant_reads_sheets_and_changes_nothing(client, store, seller):
    client.force_login(seller)
    model = make_model(store)
    make_sheet(model, TODAY - DAY)
    page = client.get(reverse("reception:sheet", args=[model.pk]))
    assertContains(page, "已于")
    assertNotContains(page, reverse("reception:sheet-edit", args=[model.pk]))


def test_a_car_is_shown_with_its_sheet_and_noted(client, store, seller):
    client.force_login(seller)
    row, model = make_opportunity(store, seller), make_model(store)
    make_sheet(model, TODAY - DAY, competitors="某车 | 20万")
    show = reverse("reception:presentation-new", args=[row.pk])

    assertContains(client.get(show), "请选择车型")
    page = client.get(show, {"model": model.pk})
    assertContains(page, "大灯")
    assertContains(page, "某车")
    assertContains(page, "已于")
    told = {"car_model": model.pk, "compared_with": "某车", "questions": "后备箱尺寸"}
    assert client.post(show, told).status_code == 422
    assert not Presentation.objects.exists()
    client.post(show, told | {"positions": ["engine", "front"]})

    shown = Presentation.objects.get()
    assert (shown.positions, shown.compared_with, shown.questions, shown.by, shown.at) == (
        *(["front", "engine"], "某车", "后备箱尺寸", seller, NOW),
    )
    row.refresh_from_db()
    assert row.car_model == model
    part = client.get(reverse("reception:opportunity-presentations", args=[row.pk]))
    assertContains(part, "后备箱尺寸")


def test_another_stores_car_is_not_shown(client, store, other_store, seller):
    client.force_login(seller)
    row, model = make_opportunity(store, seller), make_model(other_store, "外店车")
    show = reverse("reception:presentation-new", args=[row.pk])

    assertNotContains(client.get(show, {"model": model.pk}), "外店车")
    told = {"car_model": model.pk, "positions": ["front"]}
    assert client.post(show, told).status_code == 422
    with pytest.raises(Refused):
        keeping.present(row, model, positions=["front"], by=seller, now=NOW)
    assert not Presentation.objects.exists()


def test_numbers_hold_from_a_coming_day_on(client, store, boss):
    client.force_login(boss)
    new = reverse("reception:sales-numbers-new")
    told = NUMBERS_TOLD | {"effective_from": TODAY + DAY}

    assert client.post(new, told | {"level_h_days": 20}).status_code == 422
    assert client.post(new, told | {"consultant_discount_percent": 9}).status_code == 422
    assert client.post(new, told | {"effective_from": TODAY}).status_code == 409
    assert SalesNumbers.objects.filter(store=store).count() == 1
    assert client.post(new, told).status_code == 302
    assert client.post(new, told).status_code == 409

    row = SalesNumbers.objects.filter(store=store).latest("effective_from")
    assert {name: getattr(row, name) for name in NUMBERS_TOLD} == NUMBERS_TOLD
    assertContains(client.get(reverse("reception:sales-settings")), "REC-10")


def test_numbers_of_a_day_that_has_begun_are_refused(store):
    with pytest.raises(Refused):
        set_numbers(store, NUMBERS_TOLD, effective_from=TODAY, now=NOW)
