"""Instalments and purchase tax equal an independent calculation, to the cent (REC-07)."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.reception.choices.order import Energy
from apps.reception.policy import loan, tax


@pytest.fixture(autouse=True)
def english():
    """Refusals are told in the language that the tests read."""
    with translation.override("en"):
        yield


CASES = settings(max_examples=200, deadline=None)
money = st.integers(1_000_00, 2_000_000_00)  # fen
rates = st.integers(0, 3600)  # hundredths of a per cent a year
terms = st.integers(1, loan.LONGEST)


def half_up(value: Fraction) -> int:
    """Of a number that is not negative."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def fen(amount: Decimal) -> int:
    assert amount == amount.quantize(loan.CENT)
    return int(amount * 100)


@CASES
@given(money, rates, terms)
def test_a_loan_is_what_exact_fractions_month_by_month_say(principal, rate, months):
    """No formula of powers: the annuity factor is the sum of the discounted months."""
    monthly_rate = Fraction(rate, 10_000 * 12)
    factor = sum(1 / (1 + monthly_rate) ** month for month in range(1, months + 1))
    each = half_up(Fraction(principal) / factor)
    owed, paid, interest = principal, [], 0
    for month in range(months):
        due = half_up(owed * monthly_rate)
        pays = each if month < months - 1 else owed + due
        owed, interest = owed + due - pays, interest + due
        paid.append(pays)
    assert owed == 0

    found = loan.loan(Decimal(principal) / 100, Decimal(rate) / 100, months)

    assert [fen(found.monthly), fen(found.last)] == [paid[0], paid[-1]]
    assert fen(found.interest) == interest
    assert fen(found.total) == sum(paid) == principal + interest
    assert found.last > 0


@CASES
@given(money, st.sampled_from(Energy.values), st.integers(0, 100), st.integers(0, 30_000))
def test_the_tax_is_what_whole_fen_say(price, energy, percent, cap):
    """Price / 1.13, a tenth of it, less the relief: in integers, half up by hand."""
    base = (price * 100 * 2 + 113) // (113 * 2)
    full = (base * 2 + 10) // 20
    relief = min((full * percent * 2 + 100) // 200, cap * 100) if energy == Energy.NEV else 0

    found = tax.purchase_tax(Decimal(price) / 100, energy, rules(percent, cap))

    assert [fen(x) for x in (found.base, found.full, found.relief, found.due)] == [
        *(base, full, relief),
        full - relief,
    ]


def rules(percent, cap):
    return SimpleNamespace(
        rate_percent=Decimal(10),
        vat_percent=Decimal(13),
        relief_percent=Decimal(percent),
        relief_cap_amount=Decimal(cap),
    )


def test_by_hand_five_per_cent_over_sixty_months():
    """20,000 at 5 % over 60 months: 377.42 a month. Source: mathondemand.com/?p=150256."""
    found = loan.loan(Decimal(20000), Decimal(5), 60)
    assert found.monthly == Decimal("377.42")
    # 60 × 377.42 = 22,645.20; the last one clears what rounding left
    assert abs(found.total - Decimal("22645.20")) < Decimal("0.50")
    assert found.total == 59 * Decimal("377.42") + found.last


def test_by_hand_the_formula_at_the_length_of_a_house():
    """200,000 at 6.5 % over 360 months: 1,264.14 a month. Source: Wikipedia, "Mortgage
    calculator", and vcalc.com; 300,000 over the same: 1,896.20 (calculatey.pages.dev)."""
    assert loan.instalment(Decimal(200000), Decimal("6.5"), 360) == Decimal("1264.14")
    assert loan.instalment(Decimal(300000), Decimal("6.5"), 360) == Decimal("1896.20")


def test_by_hand_three_months_on_paper():
    """30,000 at 12 %: 1 % a month. 1.01⁻¹ + 1.01⁻² + 1.01⁻³ = 2.94098521, so 10,200.66.

    Month 1: interest 300.00, owed 20,099.34. Month 2: 200.99, owed 10,099.67. Month 3: interest
    101.00, the last instalment 10,200.67.
    """
    rows = loan.schedule(Decimal(30000), Decimal(12), 3)
    assert [(row.amount, row.interest, row.owed) for row in rows] == [
        (Decimal("10200.66"), Decimal("300.00"), Decimal("20099.34")),
        (Decimal("10200.66"), Decimal("200.99"), Decimal("10099.67")),
        (Decimal("10200.67"), Decimal("101.00"), Decimal("0.00")),
    ]
    assert [row.repaid for row in rows] == [
        *(Decimal("9900.66"), Decimal("9999.67")),
        Decimal("10099.67"),
    ]


def test_by_hand_without_interest_the_last_month_takes_the_rest():
    """100,000 over 36 months: 2,777.78, and 100,000 − 35 × 2,777.78 = 2,777.70."""
    found = loan.loan(Decimal(100000), Decimal(0), 36)
    assert found == loan.Loan(
        Decimal(100000), 36, Decimal("2777.78"), Decimal("2777.70"), Decimal("0.00")
    )


@pytest.mark.parametrize(
    ("price", "energy", "due", "source"),
    [
        # 113,000 / 1.13 = 100,000, a tenth of it
        ("113000", Energy.FUEL, "10000.00", "车辆购置税法第四条至第六条"),
        ("113000", Energy.HYBRID, "10000.00", "no relief without a plug"),
        # 339,000 / 1.13 = 300,000: tax 30,000, half of it is the cap itself
        ("339000", Energy.NEV, "15000.00", "公告2023年第10号: 减半"),
        # 565,000 / 1.13 = 500,000: tax 50,000, half would be 25,000, at most 15,000
        ("565000", Energy.NEV, "35000.00", "公告2023年第10号: 减税额不超过1.5万元"),
        # 159,800 / 1.13 = 141,415.93; tax 14,141.59, half of it 7,070.80 (half up)
        ("159800", Energy.NEV, "7070.79", "rounded fen by fen"),
    ],
)
def test_the_tax_by_hand_as_the_law_has_it_in_2026(price, energy, due, source):
    assert tax.purchase_tax(Decimal(price), energy, rules(50, 15000)).due == Decimal(due), source


def test_the_law_by_years():
    """Free up to 30,000 until the end of 2025, half up to 15,000 for two years, then in full."""
    assert [(day.isoformat(), *row.values()) for day, row in tax.BY_LAW] == [
        ("2024-01-01", 100, 30000),
        ("2026-01-01", 50, 15000),
        ("2028-01-01", 0, 0),
    ]


@pytest.mark.parametrize(
    ("principal", "percent", "months"),
    [
        ("50000", "5", 0),
        ("50000", "5", -12),
        ("50000", "5", loan.LONGEST + 1),
        ("50000", "130", 36),
        ("50000", "-1", 36),
        ("0", "5", 36),
        ("-50000", "5", 36),
        ("999.99", "5", 36),
        ("50000.005", "5", 36),
    ],
)
def test_a_loan_that_nobody_gives_is_refused(principal, percent, months):
    with pytest.raises(ValueError, match=r"."):
        loan.loan(Decimal(principal), Decimal(percent), months)


@pytest.mark.parametrize("percent", ["-1", "100", "130"])
def test_a_down_payment_of_the_whole_price_or_more_is_refused(percent):
    with pytest.raises(ValueError, match="down payment"):
        loan.down_payment(Decimal(100000), Decimal(percent))


def test_a_down_payment_is_rounded_to_the_cent():
    assert loan.down_payment(Decimal("123456.78"), Decimal("33.33")) == Decimal("41148.14")
