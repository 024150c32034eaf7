"""Quotations: written, explained, approved, chosen (REC-07)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.reception.actions import quotations as acts
from apps.reception.choices.quotation import TAKEN_OFF, TYPED, Approval
from apps.reception.models import PurchaseTax, Quotation, QuotationLine, SalesNumbers, TrimPrice
from apps.reception.policy import quotation as policy
from apps.reception.policy.tax import Tax, purchase_tax
from apps.reception.queries import quotations
from tests.factories import NOW
from tests.reception.quoting import (
    LONG_AGO,
    TODAY,
    line,
    make_loan,
    make_opportunity,
    make_scheme,
    make_seller,
    make_trim,
    scheme,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    """Refusals are told in the language that the tests read."""
    with translation.override("en"):
        yield


class Rules:
    rate_percent, vat_percent = Decimal(10), Decimal(13)
    relief_percent, relief_cap_amount = Decimal(50), Decimal(15000)


def amounts(row):
    return {one.kind: one.amount for one in row.lines.all()}


@settings(max_examples=200, deadline=None)
@given(
    st.integers(100_000_00, 900_000_00),
    st.lists(st.tuples(st.sampled_from(TYPED), st.integers(0, 5_000_00)), max_size=8),
)
def test_the_sum_is_what_whole_fen_say(guide, typed):
    lines = [policy.Line(kind, "", Decimal(fen) / 100) for kind, fen in typed]
    by_kind = {kind: sum(fen for k, fen in typed if k == kind) for kind in TYPED}
    invoice = guide - by_kind["discount"]
    base = (invoice * 200 + 113) // 226
    tax = (base * 2 + 10) // 20
    total = guide + tax + sum(-n if k in TAKEN_OFF else n for k, n in by_kind.items())
    try:
        found = policy.figures(Decimal(guide) / 100, "fuel", lines, Rules())
    except ValueError:
        assert by_kind["gift"] > by_kind["accessory"]
        return
    assert found.total == found.at_once == Decimal(total) / 100
    assert found.given == Decimal(by_kind["discount"] + by_kind["gift"]) / 100
    assert found.invoice == Decimal(invoice) / 100


def test_a_cash_scheme_by_hand(store):
    """113,000 − 2,260 = 110,740 on the invoice; / 1.13 = 98,000; tax 9,800."""
    row = make_scheme(
        store,
        *(line("discount", "2260"), line("insurance", "950", "交强险"), line("fee", "0")),
        *(line("accessory", "3000"), line("gift", "1000"), line("trade_in", "40000.50")),
    )

    assert row.invoice_amount == Decimal(110740)
    assert amounts(row) == {
        **{"car": 113000, "discount": 2260, "tax": 9800, "insurance": 950, "fee": 0},
        **{"accessory": 3000, "gift": 1000, "trade_in": Decimal("40000.50")},
    }
    assert row.total_amount == 110740 + 9800 + 950 + 3000 - 1000 - Decimal("40000.50")
    assert row.at_once_amount == row.total_amount
    assert (row.given_amount, row.given_percent) == (3260, Decimal("2.88"))
    assert row.approval == Approval.NOT_NEEDED
    assert [one.kind for one in row.lines.all()] == [
        *("car", "discount", "tax", "insurance", "accessory", "gift", "fee", "trade_in")
    ]


def test_a_loan_without_interest_by_hand(store):
    """30 % of 113,000 at once, 79,100 over 36 months: 2,197.22 and at last 2,197.30."""
    row = make_scheme(store, loan=make_loan(store), months=36, down_percent=Decimal(30))

    assert (row.loan_amount, row.down_amount) == (79100, 33900)
    assert (row.monthly_amount, row.last_amount) == (Decimal("2197.22"), Decimal("2197.30"))
    assert row.instalments_amount == 79100 and amounts(row)["interest"] == 0
    assert row.at_once_amount == 33900 + 10000
    assert row.total_amount == 123000


def test_a_loan_with_interest_costs_more_by_its_interest(store):
    loan = make_loan(store, "12", terms=[3], name="短期")
    row = make_scheme(store, loan=loan, months=3, down_percent=Decimal(20))

    # 90,400 at 1 % a month: 30,738.00, interest 904 + 605.66 + 304.34
    assert (row.loan_amount, row.monthly_amount) == (90400, Decimal("30738.00"))
    assert row.instalments_amount == row.loan_amount + amounts(row)["interest"]
    assert row.total_amount == 123000 + amounts(row)["interest"]
    assert row.at_once_amount == 22600 + 10000


def test_a_new_energy_car_pays_half_the_tax(store):
    row = make_scheme(store, trim=make_trim(store, "339000", "nev"))

    assert (amounts(row)["tax"], row.tax_relief_amount) == (15000, 15000)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([line("discount", "-1")], "not negative"),
        ([line("insurance", "-950")], "not negative"),
        ([line("discount", "113000")], "less than the price"),
        ([line("discount", "146900")], "less than the price"),  # 130 %
        ([line("accessory", "10"), line("gift", "11")], "Only accessories"),
        ([line("trade_in", "900000")], "More is taken off"),
        ([line("car", "1")], "not typed"),
        ([line("tax", "0")], "not typed"),
        ([line("interest", "0")], "not typed"),
        ([line("discount", "11301")], "more than anybody may give"),
        ([line("discount", "3391")], "say why"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(store, lines, words):
    with pytest.raises(Refused, match=words):
        make_scheme(store, *lines)
    assert not Quotation.objects.exists() and not QuotationLine.objects.exists()


@pytest.mark.parametrize(
    ("months", "down", "words"),
    [(0, 30, "that many months"), (24, 30, "that many months"), (36, 130, "100 per cent")]
    + [(36, 100, "100 per cent"), (36, 19, "at least 20"), (36, -5, "at least 20")]
    + [(36, "99.5", "at least 1000 yuan")],
)
def test_a_loan_that_is_not_offered_is_refused(store, months, down, words):
    with pytest.raises(Refused, match=words):
        make_scheme(store, loan=make_loan(store), months=months, down_percent=Decimal(down))
    assert not Quotation.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"effective_from": TODAY + DAY}, {"until": TODAY - DAY}, {"most_amount": 79099}]
)
def test_a_loan_of_another_day_or_too_big_is_refused(store, fields):
    with pytest.raises(Refused, match="not offered|at most 79099"):
        loan = make_loan(store, **fields)
        make_scheme(store, loan=loan, months=36, down_percent=Decimal(30))
    assert not Quotation.objects.exists()


def test_what_a_refusal_says_is_enough_down_is_enough(store):
    loan, trim = make_loan(store, most_amount=Decimal(79099)), make_trim(store)
    with pytest.raises(Refused) as told:
        make_scheme(store, trim=trim, loan=loan, months=36, down_percent=Decimal(30))
    assert "30.01 per cent" in str(told.value)
    row = make_scheme(store, trim=trim, loan=loan, months=36, down_percent=Decimal("30.01"))
    assert row.loan_amount <= 79099


def test_loans_and_cars_of_others_are_refused(store, other_store):
    elsewhere, model = make_loan(other_store), make_trim(store).car_model
    for loan in (elsewhere, make_loan(store, car_model=model)):
        with pytest.raises(Refused, match="not offered|another model"):
            make_scheme(store, loan=loan, months=36, down_percent=Decimal(30))
    with pytest.raises(Refused, match="configuration of this store"):
        make_scheme(store, trim=make_trim(other_store))
    assert not Quotation.objects.exists()


def test_without_a_price_or_a_tax_of_the_day_there_is_no_quotation(store):
    trim = make_trim(store)
    TrimPrice.objects.update(until=TODAY - DAY)
    with pytest.raises(Refused, match="No guide price"):
        make_scheme(store, trim=trim)
    TrimPrice.objects.update(until=None)
    PurchaseTax.objects.filter(store=store, effective_from__lte=TODAY).delete()
    with pytest.raises(Refused, match="No purchase tax"):
        make_scheme(store, trim=trim)
    assert not Quotation.objects.exists()


def test_a_quotation_holds_until_today_at_least(store):
    with pytest.raises(Refused, match="until today"):
        make_scheme(store, valid_until=TODAY - DAY)
    assert make_scheme(store, valid_until=TODAY).pk


def test_rates_that_change_later_change_no_quotation(store):
    row = make_scheme(store, loan=make_loan(store), months=36, down_percent=Decimal(30))
    told = (row.total_amount, row.monthly_amount, amounts(row))

    PurchaseTax.objects.update(rate_percent=50)
    TrimPrice.objects.update(guide_amount=1)
    row.refresh_from_db()

    assert (row.total_amount, row.monthly_amount, amounts(row)) == told


def test_the_schemes_of_a_purchase_are_numbered(store):
    wanted = make_opportunity(store)
    assert [make_scheme(store, opportunity=wanted).place for _n in range(3)] == [1, 2, 3]
    assert make_scheme(store).place == 1


def test_a_closed_purchase_gets_no_quotation(store):
    wanted = make_opportunity(store)
    row = make_scheme(store, opportunity=wanted)
    wanted.status = "ordered"
    wanted.save()
    for act in (
        lambda: make_scheme(store, opportunity=wanted),
        lambda: change(row),
        lambda: acts.accept(row, version=1, now=NOW, by=row.made_by),
        lambda: acts.withdraw(row, version=1, by=row.made_by),
    ):
        with pytest.raises(Refused, match="closed"):
            act()
    assert list(Quotation.objects.values_list("status", "version")) == [("open", 1)]


def change(row, *lines, by=None, version=None, **fields):
    row.refresh_from_db()
    asked = scheme(fields.pop("trim", row.trim), *lines, **fields)
    version = version or row.version
    return acts.change_quotation(row, asked, version=version, now=NOW, by=by or row.made_by)


def test_what_was_said_before_stays_explained_and_what_is_new_is_not(store):
    row = make_scheme(store, line("insurance", "950", "交强险"), line("fee", "300"))
    explain_all(row)

    row = change(row, line("insurance", "950", "交强险"), line("fee", "500"))

    explained = {one.kind: one.explained_at is not None for one in row.lines.all()}
    assert explained == {"car": True, "tax": True, "insurance": True, "fee": False}
    assert row.version == 2


def explain_all(row):
    lines = [one.pk for one in row.lines.all()]
    acts.explain_lines(row, lines, version=row.version, now=NOW, by=row.made_by)


def test_a_tick_is_set_once_and_can_be_taken_back(store):
    row = make_scheme(store)
    car, tax = row.lines.all()
    colleague = make_seller(store, Role.SALES_MANAGER)
    acts.explain_lines(row, [car.pk], version=1, now=NOW, by=row.made_by)
    acts.explain_lines(row, [car.pk, tax.pk], version=1, now=NOW + DAY, by=colleague)

    told = [(one.explained_by, one.explained_at) for one in row.lines.all()]
    assert told == [(row.made_by, NOW), (colleague, NOW + DAY)]

    acts.explain_lines(row, [], version=1, now=NOW, by=colleague)
    assert set(row.lines.values_list("explained_at", flat=True)) == {None}


def test_a_line_of_another_quotation_is_not_explained(store):
    row, other = make_scheme(store), make_scheme(store)
    with pytest.raises(Refused, match="not on the quotation"):
        acts.explain_lines(row, [other.lines.first().pk], version=1, now=NOW, by=row.made_by)
    assert not QuotationLine.objects.filter(explained_at__isnull=False).exists()


OVER = (line("discount", "5650"),)  # 5 % of 113,000


def over(store, **fields):
    return make_scheme(store, *OVER, reason="竞品报价更低", **fields)


def decide(row, boss, approved=True, words="", version=None):
    row.refresh_from_db()
    version = version or row.version
    return acts.decide_discount(
        row, approved=approved, words=words, version=version, now=NOW, by=boss
    )


@pytest.fixture
def boss(store):
    return make_seller(store, Role.SALES_MANAGER)


def test_the_limit_is_to_the_cent_and_by_role(store, boss):
    """3 % of 113,000 are 3,390."""
    assert make_scheme(store, line("discount", "3390.00")).approval == "not_needed"
    more = make_scheme(store, line("discount", "3390.01"), reason="老客户")
    assert (more.approval, more.asked_by, more.asked_at) == ("waiting", more.made_by, NOW)
    assert make_scheme(store, line("discount", "11300"), by=boss).approval == "not_needed"


def test_accessories_given_count_as_discount(store):
    row = make_scheme(
        store, line("accessory", "5000"), line("gift", "3391"), reason="赠送行车记录仪"
    )
    assert (row.given_amount, row.approval) == (3391, "waiting")


def test_a_store_may_set_its_own_limits(store):
    SalesNumbers.objects.filter(store=store).delete()
    SalesNumbers.objects.create(store=store, effective_from=LONG_AGO, consultant_discount_percent=5)
    assert make_scheme(store, *OVER).approval == "not_needed"


def test_the_manager_agrees_and_the_customer_may_have_it(store, boss):
    row = over(store)
    explain_all(row)
    with pytest.raises(Refused, match="not approved"):
        acts.accept(row, version=1, now=NOW, by=row.made_by)

    decide(row, boss, words="仅此一次")
    row.refresh_from_db()
    assert (row.approval, row.decided_by, row.decision) == ("approved", boss, "仅此一次")

    acts.accept(row, version=row.version, now=NOW, by=row.made_by)
    row.refresh_from_db()
    assert (row.status, row.accepted_at) == ("accepted", NOW)


def test_not_approved_says_why_and_a_smaller_discount_is_asked_anew(store, boss):
    row = over(store)
    with pytest.raises(Refused, match="Say why not"):
        decide(row, boss, approved=False, words=" ")
    decide(row, boss, approved=False, words="最多 4%")
    row.refresh_from_db()
    assert (row.approval, row.decision) == ("sent_back", "最多 4%")

    row = change(row, line("discount", "4520"), reason="按经理意见")
    assert (row.approval, row.decided_by, row.decision) == ("waiting", None, "")
    row = change(row, line("discount", "3000"))
    assert (row.approval, row.asked_by) == ("not_needed", None)


def test_what_was_approved_holds_while_no_more_is_given_for_the_same_car(store, boss):
    row = over(store)
    decide(row, boss)

    row = change(row, *OVER, line("fee", "100"))
    assert (row.approval, row.decided_by) == ("approved", boss)
    row = change(row, line("discount", "5650.01"), reason="再让一点")
    assert row.approval == "waiting"
    decide(row, boss)
    row = change(row, *OVER, trim=make_trim(store, "112000"), reason="换配置")
    assert row.approval == "waiting"


def test_nobody_approves_what_he_asked_for(store, boss):
    row = over(store)
    row.made_by.roles = [Role.SALES_MANAGER]  # promoted meanwhile
    row.made_by.save()
    with pytest.raises(Refused, match="himself"):
        decide(row, row.made_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation.objects.filter(pk=row.pk).update(
            approval="approved", decided_by=row.made_by, decided_at=NOW
        )
    row.refresh_from_db()
    assert (row.approval, row.decided_by, row.version) == ("waiting", None, 1)


def test_a_manager_decides_once_and_only_what_he_has_seen(store, boss):
    row = over(store)
    change(row, line("discount", "9000"), reason="更多")
    with pytest.raises(Refused, match="meanwhile"):
        decide(row, boss, version=1)
    decide(row, boss, approved=False, words="太多")
    with pytest.raises(Refused, match="does not wait"):
        decide(row, boss)
    row.refresh_from_db()
    assert row.approval == "sent_back"


def test_a_limit_that_was_lowered_meanwhile_holds_for_the_manager(store, boss):
    row = over(store)
    SalesNumbers.objects.filter(store=store).update(
        consultant_discount_percent=1, manager_discount_percent=4
    )
    with pytest.raises(Refused, match="more than anybody"):
        decide(row, boss)
    row.refresh_from_db()
    assert row.approval == "waiting"


def test_the_customer_chooses_one_and_may_change_his_mind(store):
    wanted = make_opportunity(store)
    first, second = (make_scheme(store, opportunity=wanted) for _n in range(2))
    for row in (first, second, second):
        explain_all(row) if row.status == "open" else None
        acts.accept(row, version=row.version, now=NOW, by=row.made_by)
        row.refresh_from_db()
    first.refresh_from_db()
    assert (first.status, first.accepted_at, second.status) == ("open", None, "accepted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation.objects.filter(pk=first.pk).update(status="accepted", accepted_at=NOW)


def test_what_nobody_explained_or_holds_no_more_is_not_chosen(store):
    row = make_scheme(store)
    with pytest.raises(Refused, match="Explain these lines first"):
        acts.accept(row, version=1, now=NOW, by=row.made_by)
    explain_all(row)
    with pytest.raises(Refused, match="holds no more"):
        acts.accept(row, version=1, now=NOW + 8 * DAY, by=row.made_by)
    row.refresh_from_db()
    assert (row.status, row.version) == ("open", 1)


def test_a_chosen_or_withdrawn_one_is_not_changed(store):
    row = make_scheme(store)
    explain_all(row)
    acts.accept(row, version=1, now=NOW, by=row.made_by)
    with pytest.raises(Refused, match="cannot be changed"):
        change(row, line("fee", "1"))
    row.refresh_from_db()
    acts.withdraw(row, version=row.version, by=row.made_by)
    for act in (
        lambda: change(row, line("fee", "1")),
        lambda: explain_all(row),
        lambda: acts.accept(row, version=row.version, now=NOW, by=row.made_by),
        lambda: acts.withdraw(row, version=row.version, by=row.made_by),
    ):
        row.refresh_from_db()
        with pytest.raises(Refused):
            act()
    row.refresh_from_db()
    assert (row.status, row.accepted_at, row.lines.count()) == ("withdrawn", None, 2)


def test_who_may_decide_sees_what_waits_in_his_store_the_oldest_first(store, other_store, boss):
    over(other_store)
    first, second = over(store), over(store)
    make_scheme(store)
    gone = over(store)
    acts.withdraw(gone, version=1, by=gone.made_by)
    assert list(quotations.waiting_for(boss)) == [first, second]


def test_a_consultant_sees_his_own_quotations_and_the_manager_the_stores(store, other_store, boss):
    mine, other = make_scheme(store), make_scheme(store)
    make_scheme(other_store)
    assert list(quotations.seen(mine.opportunity.consultant)) == [mine]
    assert set(quotations.seen(boss)) == {mine, other}


def test_prices_and_loans_of_the_day(store, other_store):
    old, sold_out = make_trim(store, "113000"), make_trim(store)
    sold_out.is_sold = False
    sold_out.save()
    make_trim(other_store)
    TrimPrice.objects.create(
        store=store, trim=old, effective_from=TODAY, guide_amount=Decimal(112000)
    )
    TrimPrice.objects.create(
        store=store, trim=old, effective_from=TODAY + DAY, guide_amount=Decimal(1)
    )
    assert [row.guide_amount for row in quotations.prices_on(store, TODAY)] == [112000]
    assert make_scheme(store, trim=old).guide_amount == 112000


def test_the_tax_of_a_scheme_is_that_of_the_policy(store):
    found = purchase_tax(Decimal(113000), "fuel", Rules())
    assert found == Tax(Decimal(100000), Decimal(10000), Decimal(0), Decimal(10000))
    assert date(2026, 1, 1) <= TODAY
