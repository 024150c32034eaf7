"""The pages of quotations: typed, worked out while one types, compared, printed (REC-07)."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.choices import Role
from apps.reception.actions import quotations as acts
from apps.reception.models import Quotation
from tests.factories import NOW, make_user
from tests.reception.quoting import (
    line,
    make_loan,
    make_opportunity,
    make_scheme,
    make_seller,
    make_trim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def seller(store):
    return make_seller(store)


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


@pytest.fixture
def wanted(store, seller):
    return make_opportunity(store, seller)


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


def typed(trim, *rows, **fields):
    """The form as a browser sends it; ``rows``: (kind, name, amount)."""
    data = {"trim": trim.pk, "valid_until": "2026-11-30", "loan": "", "down_percent": ""}
    data |= {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0} | fields
    for n, (kind, name, amount) in enumerate(rows):
        data |= {f"lines-{n}-kind": kind, f"lines-{n}-name": name, f"lines-{n}-amount": amount}
    return data


def test_a_scheme_is_typed_and_shown(page, store, wanted):
    loan = make_loan(store)
    rows = [("discount", "现金优惠", "2260"), ("insurance", "交强险", "950"), ("fee", "", "")]
    data = typed(make_trim(store), *rows, loan=f"{loan.pk}:36", down_percent="30")

    answer = page.post(url("quotation-new", wanted.pk), data)

    row = Quotation.objects.get()
    assert answer.url == url("quotation", row.pk)
    assert list(row.lines.values_list("kind", "name", "amount")) == [
        ("car", "舒适版", Decimal("113000.00")),
        ("discount", "现金优惠", Decimal("2260.00")),
        ("tax", "", Decimal("9800.00")),
        ("insurance", "交强险", Decimal("950.00")),
        ("interest", "工商银行 36期免息", Decimal("0.00")),
    ]
    text = page.get(answer.url).text
    assert "77,518.00" in text and "2,153.28" in text  # 70 % of 110,740, over 36 months
    assert "121,490.00" in text


def test_without_a_word_the_down_payment_is_the_least_of_the_loan(page, store, wanted):
    loan = make_loan(store)
    page.post(url("quotation-new", wanted.pk), typed(make_trim(store), loan=f"{loan.pk}:12"))
    assert Quotation.objects.get().down_percent == 20


WRONG = [
    ({"trim": ""}, 422),
    ({"trim": "999999"}, 422),
    ({"trim": "x"}, 422),
    ({"valid_until": "2026-11-22"}, 409),
    ({"valid_until": "soon"}, 422),
    ({"loan": "1:0"}, 422),
    ({"loan": "{loan}:0"}, 422),
    ({"loan": "{loan}:13"}, 422),
    ({"loan": "{loan}:36", "down_percent": "130"}, 422),
    ({"loan": "{loan}:36", "down_percent": "100"}, 422),
    ({"loan": "{loan}:36", "down_percent": "-1"}, 422),
    ({"loan": "{loan}:36", "down_percent": "NaN"}, 422),
    ({"loan": "{loan}:36", "down_percent": "10"}, 409),
    ({"lines-0-amount": "-5"}, 422),
    ({"lines-0-amount": "1e99"}, 422),
    ({"lines-0-amount": "Infinity"}, 422),
    ({"lines-0-amount": "12.345"}, 422),
    ({"lines-0-amount": "=1+1"}, 422),
    ({"lines-0-kind": "tax"}, 422),
    ({"lines-0-kind": "car"}, 422),
    ({"lines-0-kind": ""}, 422),
    ({"lines-0-amount": "113000"}, 409),
    ({"lines-0-amount": "150000"}, 409),  # over 100 %
    ({"lines-0-amount": "20000"}, 409),  # over what anybody may give
    ({"lines-0-amount": "5000"}, 409),  # over the limit without a reason
    ({"lines-TOTAL_FORMS": "99999"}, 422),
    ({"lines-TOTAL_FORMS": ""}, 422),
]


@pytest.mark.parametrize(("wrong", "status"), WRONG)
def test_bad_input_writes_nothing_and_is_told_while_one_types(page, store, wanted, wrong, status):
    loan = make_loan(store)
    wrong = {key: value.replace("{loan}", str(loan.pk)) for key, value in wrong.items()}
    data = typed(make_trim(store), ("discount", "", "100")) | wrong

    answer = page.post(url("quotation-new", wanted.pk), data)

    assert answer.status_code == status
    assert not Quotation.objects.exists()
    told = page.post(url("quotation-figures", wanted.pk), data)
    # two things only who saves is told: the reason, and the day
    late = "valid_until" in wrong or wrong.get("lines-0-amount") == "5000"
    silent = late and status == 409 or data["trim"] == ""
    assert (told.status_code, bool(told.context["wrong"])) == (200, not silent)


def test_the_figures_follow_what_is_typed_and_nothing_is_kept(page, store, wanted):
    loan = make_loan(store)
    data = typed(make_trim(store), ("discount", "", "5000"), loan=f"{loan.pk}:36")
    data["down_percent"] = "30"

    answer = page.post(url("quotation-figures", wanted.pk), data)

    assert answer.status_code == 200
    for told in ("108,000.00", "9,557.52", "75,600.00", "2,100.00", "4.42"):
        assert told in answer.text, told
    assert "sales manager" in answer.text or "销售经理" in answer.text
    assert not Quotation.objects.exists()


def test_more_rows_keep_what_was_typed_and_save_nothing(page, store, wanted):
    data = typed(make_trim(store), ("fee", "代办", "300"), more="1")

    answer = page.post(url("quotation-new", wanted.pk), data)

    assert answer.status_code == 200 and "代办" in answer.text
    assert answer.context["lines"].total_form_count() == 4
    assert not Quotation.objects.exists()


def test_a_new_one_begins_like_another_of_the_same_purchase(page, store, wanted):
    row = make_scheme(store, line("fee", "300", "代办"), opportunity=wanted, name="头一份")
    stranger = make_scheme(store, line("fee", "1", "别人的"))

    answer = page.get(url("quotation-new", wanted.pk), {"like": row.pk})
    assert "代办" in answer.text and "头一份" not in answer.text
    for like in (stranger.pk, "x", "9" * 30):
        answer = page.get(url("quotation-new", wanted.pk), {"like": like})
        assert answer.status_code == 200 and "别人的" not in answer.text


def test_an_edit_of_a_quotation_that_was_changed_meanwhile_is_refused(page, store, wanted):
    trim = make_trim(store)
    row = make_scheme(store, opportunity=wanted, trim=trim)
    there = url("quotation-edit", row.pk)
    data = typed(trim, ("fee", "代办", "300"), version="1")

    assert [page.post(there, data).status_code for _n in range(2)] == [302, 409]
    row.refresh_from_db()
    assert (row.version, row.lines.get(kind="fee").amount) == (2, 300)


def test_another_consultant_finds_nothing_and_the_manager_everything(client, store, wanted):
    row = make_scheme(store, opportunity=wanted)
    pages = [url("quotation", row.pk), url("quotation-print", row.pk)]
    pages += [url("quotation-edit", row.pk), url("quotation-compare", wanted.pk)]
    pages += [url("quotation-new", wanted.pk)]
    for role, status in ((Role.SALES_CONSULTANT, 404), (Role.SALES_MANAGER, 200)):
        client.force_login(make_user(f"other-{role}", store, role))
        assert [client.get(there).status_code for there in pages] == [status] * 5


def test_what_waits_is_not_printed_and_the_manager_approves_it(client, store, seller, wanted):
    row = make_scheme(store, line("discount", "5650"), opportunity=wanted, reason="竞品低价")
    client.force_login(seller)
    assert client.get(url("quotation-print", row.pk)).status_code == 409
    assert "data-print" not in client.get(url("quotation-compare", wanted.pk)).text
    decide = url("quotation-decide", row.pk)
    assert client.post(decide, {"approved": "yes", "version": 1}).status_code == 403

    boss = make_seller(store, Role.SALES_MANAGER)
    client.force_login(boss)
    assert client.post(decide, {"approved": "no", "version": 1}).status_code == 409
    assert client.post(decide, {"approved": "perhaps", "version": 1}).status_code == 422
    assert client.post(decide, {"approved": "yes", "version": 7}).status_code == 409
    assert client.post(decide, {"approved": "yes", "version": 1}).status_code == 302

    row.refresh_from_db()
    assert (row.approval, row.decided_by) == ("approved", boss)
    client.force_login(seller)
    assert client.get(url("quotation-print", row.pk)).status_code == 200


def test_lines_are_ticked_and_the_scheme_is_chosen_on_the_page(page, store, wanted):
    row = make_scheme(store, opportunity=wanted)
    ticks = list(row.lines.values_list("pk", flat=True))

    assert page.post(url("quotation-accept", row.pk), {"version": 1}).status_code == 409
    explain = {"version": 1, "line": [*ticks, "x"]}
    assert page.post(url("quotation-explain", row.pk), explain).status_code == 302
    assert page.post(url("quotation-accept", row.pk), {"version": 1}).status_code == 302

    row.refresh_from_db()
    assert row.status == "accepted"
    assert page.post(url("quotation-explain", row.pk), explain).status_code == 409
    assert page.get(url("quotation-edit", row.pk)).status_code == 404


def test_side_by_side_shows_what_each_consists_of_and_no_stranger(page, store, wanted):
    loan = make_loan(store)
    make_scheme(store, line("insurance", "950", "交强险"), opportunity=wanted, name="头一份")
    make_scheme(
        store, opportunity=wanted, loan=loan, months=36, down_percent=Decimal(30), name="贷款"
    )
    gone = make_scheme(store, opportunity=wanted, name="作废")
    acts.withdraw(gone, version=1, by=gone.made_by)
    make_scheme(store, name="别人的")

    answer = page.get(url("quotation-compare", wanted.pk))

    for told in ("头一份", "贷款", "交强险", "2,197.22", "123,950.00", "43,900.00"):
        assert told in answer.text, told
    assert "别人的" not in answer.text and "作废" not in answer.text
    table = {label: [cell.amount for cell in cells] for label, cells in answer.context["table"]}
    assert sorted(table.values(), key=str) == sorted(
        [[113000, 113000], [10000, 10000], [950, None], [None, 0]], key=str
    )


def test_the_part_on_the_page_of_the_purchase_lists_its_schemes(page, store, wanted):
    part = url("opportunity-quotations", wanted.pk)
    assert "quotations/new" in page.get(part).text
    loan = make_loan(store)
    make_scheme(
        store, opportunity=wanted, loan=loan, months=36, down_percent=Decimal(30), name="贷款"
    )
    make_scheme(store, name="别人的")
    page.get(part)
    one = counted(page, part)
    make_scheme(store, opportunity=wanted)
    make_scheme(store, opportunity=wanted)

    text = page.get(part).text
    assert "贷款" in text and "2,197.22" in text and "别人的" not in text
    assert counted(page, part) == one


def test_the_paper_has_every_line_and_the_loan(page, store, wanted):
    loan = make_loan(store)
    row = make_scheme(
        *(store, line("trade_in", "20000", "旧车")),
        **{"opportunity": wanted, "loan": loan, "months": 36, "down_percent": Decimal(30)},
    )
    text = page.get(url("quotation-print", row.pk)).text
    for told in ("旧车", "−20,000.00", "10,000.00", "2,197.22", "2,197.30", "¥103,000.00"):
        assert told in text, told
    assert wanted.customer.main_phone not in text


def counted(page, there):
    with CaptureQueriesContext(connection) as queries:
        assert page.get(there).status_code == 200
    return len(queries)


def test_pages_ask_as_often_with_three_schemes_as_with_one(page, store, wanted):
    loan, trim = make_loan(store), make_trim(store)

    def add(*lines):
        fields = {"loan": loan, "months": 36, "down_percent": Decimal(30), "trim": trim}
        return make_scheme(store, *lines, opportunity=wanted, **fields)

    compare, row = url("quotation-compare", wanted.pk), add(line("fee", "1"))
    page.get(compare)  # once for what a session reads at its beginning
    one = counted(page, compare), counted(page, url("quotation", row.pk))
    add()
    row = add(line("fee", "1"), line("fee", "2"), line("insurance", "3"))
    lines = [pk for pk in row.lines.values_list("pk", flat=True)]
    acts.explain_lines(row, lines, version=1, now=NOW, by=row.made_by)

    assert (counted(page, compare), counted(page, url("quotation", row.pk))) == one


def test_discounts_that_wait_are_decided_on_the_list_of_approvals(client, store, other_store):
    row = make_scheme(store, line("discount", "5650"), reason="竞品低价")
    make_scheme(other_store, line("discount", "5650"), reason="别人的理由")
    client.force_login(make_seller(store, Role.SALES_MANAGER))
    page = url("approval-list")
    client.get(page)
    one = counted(client, page)
    for _n in range(2):
        make_scheme(store, line("discount", "5650"), reason="竞品低价")

    text = client.get(page).text
    assert text.count("竞品低价") == 3 and "别人的理由" not in text
    assert counted(client, page) == one

    said = {"approved": "yes", "version": 1, "back": "approvals"}
    assert client.post(url("quotation-decide", row.pk), said).url == page
    assert client.get(page).text.count("竞品低价") == 2
