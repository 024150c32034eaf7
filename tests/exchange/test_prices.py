"""The price list of new cars as a file (REC-04, DATA-02): shown first, taken whole or in part."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from apps.accounts.choices import Role
from apps.exchange import words
from apps.exchange.choices import FileKind
from apps.reception.models import CarModel, Trim, TrimPrice
from tests.exchange.files import DELIVERIES, bring, counts, csv_file, refusals, xlsx_file
from tests.factories import TODAY, make_user
from tests.reception.pages_sheets import make_model, make_trim

pytestmark = pytest.mark.django_db
PRICES = ["品牌", "车型", "配置", "动力类型", "厂商指导价", "生效日期"]
DAY = timedelta(days=1)


def line(trim="豪华型", price="199800", on="", model="远行", brand="演示", energy="燃油"):
    return [brand, model, trim, energy, price, on]


def there(store):
    rows = TrimPrice.objects.filter(store=store).order_by("trim__name", "effective_from")
    return [(str(p.trim), str(p.effective_from), str(p.guide_amount)) for p in rows]


def test_a_price_list_is_known_by_its_headings_and_nothing_else_is():
    assert words.kind_of(PRICES)[0] == FileKind.PRICES
    assert words.kind_of(PRICES[1:3] + PRICES[4:5])[0] == FileKind.PRICES
    assert words.kind_of(DELIVERIES)[0] == FileKind.DELIVERIES
    assert words.kind_of([*DELIVERIES, "车型", "配置", "指导价"])[0] == FileKind.DELIVERIES


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_new_models_come_with_configurations_and_prices(store, other_store, tmp_path, make):
    make_model(other_store, "远行")
    rows = [line(), line("尊享型", "21.98万", "2026-12-01"), line(model="电行", energy="纯电")]
    path = make(tmp_path, PRICES, *rows, name=f"a.{make.__name__.split('_')[0]}")

    shown = bring(store, path, check=True)
    assert counts(shown) == (3, 0, 0, 0)
    assert not CarModel.objects.filter(store=store).exists()

    assert counts(bring(store, path)) == (3, 0, 0, 0)
    models = CarModel.objects.filter(store=store).order_by("name")
    assert [(m.brand, m.name, m.energy) for m in models] == [
        ("演示", "电行", "nev"),
        ("演示", "远行", "fuel"),
    ]
    assert there(store) == [
        ("尊享型", "2026-12-01", "219800.00"),
        ("豪华型", str(TODAY), "199800.00"),
        ("豪华型", str(TODAY), "199800.00"),
    ]
    assert counts(bring(store, path)) == (0, 0, 3, 0)
    assert not Trim.objects.filter(store=other_store).exists()


def test_a_new_price_holds_from_its_day_and_what_was_stays(store, tmp_path):
    trim = make_trim(store, make_model(store, "远行"))
    old = TrimPrice.objects.create(
        store=store, trim=trim, effective_from=TODAY - 9 * DAY, guide_amount=Decimal(189_800)
    )
    short = ["车型", "配置", "指导价"]

    same = bring(store, csv_file(tmp_path, short, ["远行", "豪华型", "189800"]))
    assert (counts(same), TrimPrice.objects.count()) == ((0, 0, 1, 0), 1)
    bring(store, csv_file(tmp_path, short, ["远行", "豪华型", "179800"]))
    assert there(store) == [
        ("豪华型", str(TODAY - 9 * DAY), "189800.00"),
        ("豪华型", str(TODAY), "179800.00"),
    ]
    dated = csv_file(tmp_path, PRICES, line(price="185800", on=str(old.effective_from)))
    shown = bring(store, dated, check=True)
    assert [(c["field"], c["old"], c["new"], c["subject"]) for c in shown.sample] == [
        ("guide_price", "189800.00", "185800.00", "豪华型")
    ]
    assert counts(bring(store, dated)) == (0, 1, 0, 0)
    old.refresh_from_db()
    assert old.guide_amount == 185_800


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (line(price="-199800"), "厂商指导价", "价格不能为负数"),
        (line(price="19.98"), "厂商指导价", "新车价格不会是19.98元，请以元为单位填写"),
        (line(price="0"), "厂商指导价", None),
        (line(price="=199800*0.9"), "厂商指导价", None),
        (line(price="很贵"), "厂商指导价", None),
        (line(price=""), "厂商指导价", "不能为空"),
        (line(energy="蒸汽"), "动力类型", None),
        (line(trim=""), "配置", "不能为空"),
        (line(on="2026-13-01"), "生效日期", None),
        (line(brand="", model="新车"), "配置", "“新车 豪华型”是新的，还需要：品牌"),
    ],
)
def test_a_wrong_price_is_refused_in_plain_words(store, tmp_path, row, column, reason):
    outcome = bring(store, csv_file(tmp_path, PRICES, line("标准型"), row), skip_refused=False)

    ((number, where, why),) = refusals(outcome)
    assert (number, where) == (3, column)
    assert reason is None or why == reason
    assert not TrimPrice.objects.exists()
    bring(store, csv_file(tmp_path, PRICES, line("标准型"), row), skip_refused=True)
    assert [name for name, *_rest in there(store)] == ["标准型"]


def test_a_formula_is_refused_wherever_it_stands_in_a_workbook(store, tmp_path):
    rows = [line(), line("尊享型", "=199800*0.97"), line("=A1&B1"), line("标准型")]

    outcome = bring(store, xlsx_file(tmp_path, PRICES, *rows), skip_refused=True)

    why = "含有公式，请粘贴为数值后重新保存"
    assert refusals(outcome) == [(3, "厂商指导价", why), (4, "配置", why)]
    assert [name for name, *_rest in there(store)] == ["标准型", "豪华型"]


def test_an_end_before_the_start_and_two_prices_of_one_day_are_refused(store, tmp_path):
    headings = [*PRICES, "截止日期"]
    day, before = str(date(2026, 12, 1)), str(date(2026, 11, 30))
    rows = [
        [*line("甲", on=day), before],
        [*line("乙", on=day), day],
        [*line("丙", on=day), ""],
        [*line("丙", "209800", on=day), ""],
        [*line("乙", "209800", on="2026-12-02"), ""],
    ]

    outcome = bring(store, csv_file(tmp_path, headings, *rows), skip_refused=True)

    assert [(row, column) for row, column, _why in refusals(outcome)] == [
        (2, "截止日期"),
        (4, "配置"),
        (5, "配置"),
    ]
    assert there(store) == [
        ("乙", "2026-12-01", "199800.00"),
        ("乙", "2026-12-02", "209800.00"),
    ]


def test_the_sales_manager_brings_a_price_list_in_through_the_pages(client, store, tmp_path):
    client.force_login(make_user("boss", store, Role.SALES_MANAGER))
    with csv_file(tmp_path, PRICES, line()).open("rb") as file:
        client.post(reverse("exchange:import-new"), {"uploads": [file]})
    run = store.imports.get()
    file = run.files.get()
    assert file.kind == "prices"
    columns = {f"file-{file.pk}-{name}": index for name, index in file.columns.items()}
    asked = columns | {f"file-{file.pk}-holds": "prices", f"was-{file.pk}": "prices"}
    client.post(reverse("exchange:import-columns", args=[run.pk]), asked)
    client.post(reverse("exchange:import-apply", args=[run.pk]), {})

    assert there(store) == [("豪华型", str(localdate(file.run.created_at)), "199800.00")]
