"""The board, the list and the page of a quick response (SSI-04)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.choices import Role
from apps.audit.models import Access
from apps.complaints import actions, queries
from apps.complaints.choices import Step
from apps.complaints.models import QuickResponse
from apps.complaints.queries import board as asking
from tests.complaints.pages import a_response
from tests.factories import SHANGHAI, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)  # a Monday, when a_response is made
HOUR = timedelta(hours=1)
BOARD, LIST = reverse("complaints:board"), reverse("complaints:response-list")


@pytest.fixture
def cast(store):
    return {
        role: make_user(role, store, role)
        for role in (
            *(Role.CARE_SPECIALIST, Role.CARE_MANAGER, Role.SALES_MANAGER, Role.SALES_CONSULTANT),
            *(Role.SERVICE_MANAGER, Role.SERVICE_ADVISOR, Role.GENERAL_MANAGER),
        )
    }


def test_each_matter_stands_in_the_column_of_its_step_the_late_ones_first_then_mine(store, cast):
    a_response(store, "service", text="慢")
    mine = a_response(store, text="我的")
    late = a_response(store, "service", text="晚了")
    QuickResponse.objects.filter(pk=late.pk).update(due_at=NOW - HOUR)
    a_response(store, status="contact")

    columns = asking.board(cast[Role.CARE_MANAGER], NOW, ["sales", "service"])

    assert [(c.step, c.total, c.late, c.mine) for c in columns] == [
        (Step.APPROVE, 3, 1, 0),
        (Step.MEND, 0, 0, 0),
        (Step.HANDLE, 0, 0, 0),
        (Step.CONTACT, 1, 0, 1),
        (Step.CLOSE, 0, 0, 0),
    ]
    columns = asking.board(cast[Role.SALES_MANAGER], NOW, ["sales", "service"])
    assert [(c.row.pk, c.left, c.late, c.mine) for c in columns[0].cards] == [
        (mine.pk, timedelta(hours=2), False, True)
    ]
    columns = asking.board(cast[Role.GENERAL_MANAGER], NOW, ["sales", "service"])
    assert [(c.row.text, c.left, c.mine) for c in columns[0].cards] == [
        ("晚了", -HOUR, True),
        ("慢", 2 * HOUR, False),
        ("我的", 2 * HOUR, False),
    ]


def test_a_department_sees_its_own_and_another_store_nothing(client, store, cast, stranger):
    row = a_response(store, "sales", text="销售部的事")
    page = reverse("complaints:response", args=[row.pk])
    for role, status in (
        (Role.SALES_CONSULTANT, 200),
        (Role.CARE_SPECIALIST, 200),
        (Role.GENERAL_MANAGER, 200),
        (Role.SERVICE_ADVISOR, 403),
        (Role.SERVICE_MANAGER, 403),
    ):
        client.force_login(cast[role])
        assert client.get(page).status_code == status
        for address in (BOARD, LIST):
            shown = "销售部的事" in client.get(address).content.decode()
            assert shown == (status == 200), (role, address)
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    assert "销售部的事" not in client.get(BOARD).content.decode()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("address", [BOARD, LIST])
def test_three_rows_cost_as_many_queries_as_one(client, store, cast, address):
    client.force_login(cast[Role.CARE_MANAGER])
    client.get(address)
    counts = []
    for _n in range(2):
        a_response(store, "sales")
        a_response(store, "service")
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c"}),
        ("step=approve", {"a", "b"}),
        ("step=late", {"b"}),
        ("step=closed", set()),
        ("department=service", {"b"}),
        ("root_cause=time", {"c"}),
        ("root_cause=unknown", {"a", "b"}),
        ("month=2026-11", {"a", "b"}),
        ("month=2026-10", {"c"}),
        ("month=nonsense", {"a", "b", "c"}),
        ("origin=survey", set()),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_the_list_shows_what_is_asked_for(client, store, cast, other_store, query, found):
    a_response(store, text="said-a")
    late = a_response(store, "service", text="said-b")
    QuickResponse.objects.filter(pk=late.pk).update(due_at=NOW - HOUR)
    old = a_response(store, status="handle", text="said-c")
    made_at = datetime(2026, 10, 31, 23, 59, tzinfo=SHANGHAI)
    QuickResponse.objects.filter(pk=old.pk).update(root_cause="time", made_at=made_at)
    a_response(other_store, text="said-d")
    client.force_login(cast[Role.CARE_MANAGER])

    html = client.get(f"{LIST}?{query}").content.decode()

    assert {one for one in "abcd" if f"said-{one}" in html} == found


@time_machine.travel(NOW, tick=False)
def test_the_page_shows_the_form_to_whose_step_it_is_and_else_says_whose(client, store, cast):
    row = a_response(store)
    page = reverse("complaints:response", args=[row.pk])
    approve = reverse("complaints:response-approve", args=[row.pk])
    client.force_login(cast[Role.SALES_MANAGER])
    assert approve in client.get(page).content.decode()
    client.force_login(cast[Role.SALES_CONSULTANT])
    html = client.get(page).content.decode()
    assert Access.objects.filter(user=cast[Role.SALES_CONSULTANT], kind="view").count() == 1
    assert approve not in html
    assert "sales_manager" in html  # the name of who is asked


@time_machine.travel(NOW, tick=False)
def test_the_pages_lead_a_matter_from_its_making_to_its_end(client, store, cast):
    def send(role, name, **data):
        client.force_login(cast[role])
        answer = client.post(reverse(f"complaints:response-{name}", args=[row.pk]), data)
        row.refresh_from_db()
        return answer.status_code, row.status

    row = a_response(store)
    question = row.questions.get()
    assert send(Role.SALES_MANAGER, "send-back", text=" ") == (422, Step.APPROVE)
    assert send(Role.SALES_CONSULTANT, "approve") == (409, Step.APPROVE)
    assert send(Role.SALES_MANAGER, "send-back", text="写明是哪位顾问") == (302, Step.MEND)
    assert send(Role.CARE_SPECIALIST, "mend", text="顾问小王让客户等") == (302, Step.APPROVE)
    assert send(Role.SALES_MANAGER, "approve", text="马上处理") == (302, Step.HANDLE)
    assert send(Role.SALES_CONSULTANT, "accept") == (302, Step.HANDLE)
    assert row.handler == cast[Role.SALES_CONSULTANT]
    assert send(Role.SALES_CONSULTANT, "handle", measure="致歉", root_cause="") == (
        422,
        Step.HANDLE,
    )
    done = {"measure": "上门致歉", "root_cause": "time"}
    assert send(Role.SALES_CONSULTANT, "handle", **done) == (302, Step.CONTACT)
    assert send(Role.CARE_SPECIALIST, "ask-again", satisfied="no") == (409, Step.CONTACT)
    assert send(Role.CARE_MANAGER, "ask-again", satisfied="yes") == (422, Step.CONTACT)
    answers = {f"q{question.pk}": "11", "satisfied": "yes"}
    assert send(Role.CARE_MANAGER, "ask-again", **answers) == (422, Step.CONTACT)
    answers[f"q{question.pk}"] = "9"
    assert send(Role.CARE_MANAGER, "ask-again", text="满意", **answers) == (302, Step.CLOSE)
    assert send(Role.SALES_MANAGER, "close") == (302, Step.CLOSED)
    question.refresh_from_db()
    assert (row.text, row.root_cause, question.before, question.after) == (
        *("顾问小王让客户等", "time"),
        *(3, 9),
    )
    html = client.get(reverse("complaints:response", args=[row.pk])).content.decode()
    assert all(said in html for said in ("马上处理", "上门致歉", "满意"))
    assert client.get(reverse("complaints:response-sheet", args=[row.pk])).status_code == 200


def test_a_complaint_is_written_down_for_a_customer_of_the_own_store(client, store, cast, stranger):
    customer = a_response(store).customer
    address = reverse("complaints:response-new", args=[customer.pk])
    said = {"department": "service", "text": "洗车没洗干净", "vehicle": ""}
    client.force_login(stranger)
    assert client.post(address, said).status_code == 404
    client.force_login(cast[Role.CARE_SPECIALIST])
    assert client.post(address, said | {"text": " "}).status_code == 422
    assert QuickResponse.objects.count() == 1

    assert client.post(address, said).status_code == 302

    made = QuickResponse.objects.latest("pk")
    assert (made.text, made.department, made.origin, made.made_by, made.status) == (
        *("洗车没洗干净", "service", "complaint"),
        *(cast[Role.CARE_SPECIALIST], Step.APPROVE),
    )


def test_what_a_colleague_has_accepted_waits_for_him_alone(store, cast):
    row = a_response(store, status="handle")
    consultant, other = cast[Role.SALES_CONSULTANT], make_user("o", store, Role.SALES_CONSULTANT)
    assert [queries.waits_for(one, NOW).count() for one in (consultant, other)] == [1, 1]
    actions.accept(row, by=consultant, now=NOW)
    assert [queries.waits_for(one, NOW).count() for one in (consultant, other)] == [1, 0]
    assert queries.to_take(other, NOW).count() == 1  # he may, when the other is away


@time_machine.travel(NOW, tick=False)
def test_what_waits_is_counted_in_the_menu(client, store, cast, other_store):
    a_response(store)
    a_response(other_store)
    for role, count in ((Role.SALES_MANAGER, "1"), (Role.SERVICE_MANAGER, "")):
        client.force_login(cast[role])
        menu = client.get(reverse("desk:home")).context["shell"].menu
        assert [e.count for group in menu for e in group if e.name == "complaints:board"] == [count]
