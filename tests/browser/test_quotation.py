"""A consultant types a scheme and sees what it costs while he types (REC-07)."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from apps.reception.models import Quotation
from tests.reception.quoting import (
    make_loan,
    make_opportunity,
    make_seller,
    make_trim,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_figures_follow_the_keys_and_enter_saves(window, store, width):
    seller = make_seller(store)
    wanted = make_opportunity(store, seller)
    trim, loan = make_trim(store), make_loan(store)
    page = window(seller, width=width, locale="zh-CN")
    page.goto(f"/reception/opportunities/{wanted.pk}/quotations/new/")
    figures = page.locator("#figures")

    page.select_option("#id_trim", str(trim.pk))
    expect(figures).to_contain_text("¥123,000.00")
    page.fill("#id_lines-0-amount", "2260")
    expect(figures).to_contain_text("¥120,540.00")
    page.select_option("#id_loan", f"{loan.pk}:36")
    page.fill("#id_down_percent", "30")
    expect(figures).to_contain_text("2,153.28")
    page.fill("#id_lines-0-amount", "5650")
    expect(figures).to_contain_text("5.00 %")
    page.fill("#id_lines-0-amount", "150000")
    expect(figures).not_to_contain_text("¥")
    page.fill("#id_lines-0-amount", "2260")
    page.press("#id_lines-0-amount", "Enter")

    page.wait_for_url(lambda url: "/reception/quotations/" in url)
    row = Quotation.objects.get()
    assert (row.total_amount, row.months) == (Decimal(120540), 36)
    page.check("input[name=line] >> nth=0")
    page.click("#explain button")
    expect(page.locator("#content")).to_contain_text("已解释 1/4")
    assert row.lines.filter(explained_at__isnull=False).count() == 1
    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
