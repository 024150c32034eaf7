"""The care manager changes a copy of the survey model and sets the day from which it is asked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.ssi.models import SurveyModel
from apps.ssi.queries.survey_models import content_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_copy_is_changed_with_a_live_sum_and_begins_tomorrow(window, store, manager):
    page = window(manager)
    page.goto("/ssi/models/")
    page.get_by_role("link", name="2023年公布模型（购车客户）").click()
    page.get_by_role("button", name="复制并修改").click()
    whole = page.locator("[data-sum=f]").first
    expect(whole).to_have_text("合计 100.00")

    page.locator("[name=f0-weight]").fill("15.5")
    expect(whole).to_have_text("合计 101.50，超出 1.50")
    page.get_by_role("button", name="增加因子").click()
    expect(page.locator("[name=f7-text]")).to_be_focused()
    page.keyboard.type("本店因子")
    page.locator("[name=f7-weight]").fill("2")
    page.locator("[value='f7-q:add']").click()
    expect(page.locator("[name=f7-q0-text]")).to_be_focused()
    page.keyboard.type("本店的茶点，您打几分？")
    page.locator("[value='f7-q:equal']").click()
    expect(page.locator("[name=f7-q0-weight]")).to_have_value("100")
    page.locator("[value='f7:up']").click()
    expect(page.locator("[name=f6-text]")).to_have_value("本店因子")
    expect(page.locator("[name=f6-text]")).to_be_focused()
    expect(whole).to_have_text("合计 103.50，超出 3.50")  # what was typed is kept

    page.keyboard.press("Enter")  # saves
    expect(page.get_by_role("alert")).to_contain_text("因子：权重合计 103.50，超出 100 共 3.50。")
    page.locator("[name=f0-weight]").fill("10.5")
    expect(whole).to_have_text("合计 98.50，还差 1.50")
    page.locator("[name=f0-weight]").fill("12")
    page.locator(".survey-save").get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="本店因子")).to_be_visible()
    page.get_by_role("button", name="设定启用日期").click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    expect(page.get_by_role("heading", level=2)).to_contain_text(f"{tomorrow} 起启用")

    model = SurveyModel.objects.get(store=store, code="published_2023-2")
    assert model.effective_from == tomorrow
    factors = content_of(model).factors
    assert [one.weight for one in factors] == [Decimal(n) for n in (12, 9, 14, 15, 10, 16, 2, 22)]
    assert factors[6].questions[0].text == "本店的茶点，您打几分？"
    assert [fault for fault in page.faults if "422" not in fault] == []


def test_the_editor_works_on_a_phone(window, store, manager):
    page = window(manager, width=390)
    page.goto("/ssi/models/")
    page.get_by_role("link", name="2015年公布模型").click()
    page.get_by_role("button", name="复制并修改").click()

    page.locator("[value='f0:delete']").click()
    expect(page.locator("[data-sum=f]").first).to_have_text("合计 77.00，还差 23.00")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    assert page.faults == []
