"""A delivery of yesterday from the day sheet to the end of its quick response, by everybody who has
a part in it (SSI-03, SSI-04); and a customer who answers on his phone."""

import re

import pytest
from playwright.sync_api import expect

from apps.accounts.choices import Role
from apps.care.actions.planning import plan
from apps.care.models import Call
from apps.complaints import tasks
from apps.complaints.choices import Step
from apps.complaints.models import QuickResponse
from apps.desk.invariants import broken
from apps.messaging.models import Message
from apps.ssi.actions.links import send_link
from apps.ssi.models import Response
from tests.browser.test_sales_journey import clock, press
from tests.factories import NOW, TODAY, make_customer, make_user
from tests.ssi.asked import YESTERDAY, a_delivery, a_survey_call, questions_of

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)


@pytest.fixture
def house(store, other_store, specialist, settings, tmp_path):
    """Who asks, sells, leads and looks on; a car that was delivered yesterday."""
    settings.MEDIA_ROOT = tmp_path
    roles = {
        "seller": Role.SALES_CONSULTANT,
        "boss": Role.SALES_MANAGER,
        "keeper": Role.CARE_MANAGER,
        "head": Role.GENERAL_MANAGER,
    }
    people = {name: make_user(name, store, role) for name, role in roles.items()}
    a_delivery(other_store, customer=make_customer(other_store, "外店客户"))
    buyer = make_customer(store, "张三丰", "13912345678")
    a_delivery(store, customer=buyer, consultant="seller")
    return {"asks": specialist, "buyer": buyer} | people


def test_from_the_delivery_of_yesterday_to_the_end_of_its_quick_response(window, store, house):
    with clock(8, 31):
        plan(on=TODAY, now=NOW)
    with clock(9, 30):
        response = is_asked(window(house["asks"]), house)
    quick = QuickResponse.objects.get(store=store)
    with clock(10):
        is_approved_and_handled(window, house, quick)
    with clock(16):
        stands_out_when_it_is_late(window, house, quick)
    with clock(16, 10):
        is_asked_again_and_closed(window, house, quick)
    response.refresh_from_db()
    assert response.quick_response == quick
    assert broken() == {}


def is_asked(page, house):
    """By keyboard alone: a 4 for everything about the delivery, with a word each."""
    page.goto("/ssi/sheet/")
    expect(page.locator("main")).to_contain_text("张三丰")
    assert "外店客户" not in page.content()
    page.goto("/care/queue/")
    page.keyboard.press("n")
    expect(page.locator(".call-name")).to_contain_text("张三丰")
    page.wait_for_load_state()
    page.keyboard.press("1")
    expect(page.locator("#survey")).to_contain_text("请与客户核对")
    page.wait_for_load_state()
    page.keyboard.press("1")
    response = Response.objects.get()
    for question in questions_of(response):
        expect(page.locator(".survey-text")).to_have_text(question.text)
        if question.factor.code != "delivery":
            page.keyboard.press("9")
            continue
        page.keyboard.press("4")
        expect(page.locator("#word")).to_be_focused()
        page.keyboard.type("等太久")
        page.keyboard.press("Enter")
    expect(page.locator("#survey")).to_contain_text("是或否")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".survey-text")).to_have_text(questions_of(response)[-1].text)
    page.goto(f"/ssi/survey/{response.call_id}/")
    page.keyboard.press("1")
    expect(page.locator("#complaint")).to_be_visible()
    page.keyboard.press("f")
    page.wait_for_url(re.compile(f"/care/calls/{response.call_id}/"))
    expect(page.locator("main")).to_contain_text("快速回复单")
    page.goto("/ssi/sheet/")
    expect(page.locator("main")).to_contain_text("790.00")
    assert [fault for fault in page.faults if "422" not in fault] == []  # a word was asked for
    return response


def is_approved_and_handled(window, house, quick):
    """Not by who made it: the sales manager approves, the consultant sees to it."""
    assert quick.made_by == house["asks"]
    page = window(house["boss"])
    page.goto("/complaints/")
    page.locator(f"a[href='/complaints/{quick.pk}/']").first.click()
    expect(page.locator("main")).to_contain_text("等太久")
    press(page, f"/complaints/{quick.pk}/approve/")
    page = window(house["seller"], width=390)
    page.goto(f"/complaints/{quick.pk}/")
    press(page, f"/complaints/{quick.pk}/accept/")
    press(page, f"/complaints/{quick.pk}/handle/", measure="上门道歉并补送保养", root_cause="time")
    quick.refresh_from_db()
    assert (quick.approved_by, quick.handler) == (house["boss"], house["seller"])
    assert (quick.status, quick.escalated_at) == (Step.CONTACT, None)


def stands_out_when_it_is_late(window, house, quick):
    """Four working hours have passed: the general manager sees it."""
    tasks.escalate()
    quick.refresh_from_db()
    assert quick.escalated_at == quick.due_at
    page = window(house["head"])
    page.goto("/complaints/")
    page.locator(f"a[href='/complaints/{quick.pk}/']").first.click()
    expect(page.locator("main")).to_contain_text("总经理")


def is_asked_again_and_closed(window, house, quick):
    page = window(house["keeper"])
    page.goto(f"/complaints/{quick.pk}/")
    answers = {f"q{question.pk}": "9" for question in quick.questions.all()}
    assert len(answers) == 4
    press(page, "/ask-again/", **answers, satisfied="yes", text="客户满意")
    page = window(house["boss"])
    page.goto(f"/complaints/{quick.pk}/")
    press(page, "/close/")
    quick.refresh_from_db()
    assert (quick.status, quick.escalated_at) == (Step.CLOSED, None)
    asked = quick.questions.values_list("before", "after")
    assert list(asked) == [(4, 9)] * 4


def test_a_customer_answers_on_his_phone(window, store, house):
    call = a_survey_call(store, house["buyer"].deliveries.get())
    with clock(9, 30):
        send_link(call, by=house["asks"], now=NOW)
        page = window(width=390, has_touch=True)
        message = Message.objects.get(store=store)
        page.goto(re.search(r"/ssi/my/\?a=[\w.-]+", message.text)[0])
        for question in questions_of(call.ssi_response):
            page.locator(f"label[for='q{question.pk}-8']").tap()
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.get_by_role("button", name="提交").tap()
        expect(page.locator("main")).to_contain_text("感谢您的回答")

    assert wide <= 390
    assert page.faults == []
    response = Response.objects.get(call=call)
    assert (str(response.score), response.interviewer) == ("800.00", None)
    assert Call.objects.get(pk=call.pk).end_reason == "by_link"
    assert response.delivery.delivered_on == YESTERDAY
