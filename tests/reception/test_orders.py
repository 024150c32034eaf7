"""A contract of sale from its writing to its delivery (REC-08, REC-12)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.audit.meanwhile import ChangedMeanwhile
from apps.checklists.actions import set_points
from apps.checklists.models import ChecklistRun
from apps.checklists.policy import Point, Said
from apps.core.errors import Refused
from apps.reception.actions.orders import (
    cancel,
    change_order,
    explain_contract,
    give_copy,
    mark_delivered,
    open_order,
    sign,
    take_deposit,
)
from apps.reception.models import SalesOrder
from apps.reception.queries.orders import contract_lines, contract_run
from tests.factories import NOW, TODAY, make_vehicle
from tests.reception.sold import (
    GUIDE,
    boss,
    explained,
    make_car,
    make_opportunity,
    make_order,
    make_trim,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


DAY = timedelta(days=1)
SOON = TODAY + 14 * DAY


def facts(store, **more):
    return {"trim": make_trim(store), "price_amount": GUIDE, "promised_on": SOON} | more


def signed(store, **fields):
    order = explained(make_order(store, promised_on=SOON, **fields))
    return sign(order, copy_given=True, version=None, now=NOW)


def paid(store, **fields):
    order = signed(store, **fields)
    return take_deposit(order, amount=Decimal(5000), paid_how="card", version=None, now=NOW)


def refused(function, match, *rows):
    """Refused, and nothing of the rows was changed."""
    before = [dict(type(row).objects.filter(pk=row.pk).values()[0]) for row in rows]
    with pytest.raises(Refused, match=match):
        function()
    assert [dict(type(row).objects.filter(pk=row.pk).values()[0]) for row in rows] == before


def test_a_contract_is_written_for_a_purchase(store):
    wanted = make_opportunity(store)

    order = open_order(wanted, facts(store, colour="黑"), by=person(store), now=NOW)

    order.refresh_from_db()
    assert (order.status, order.customer, order.consultant, order.colour, order.price_amount) == (
        "draft",
        wanted.customer,
        person(store),
        "黑",
        GUIDE,
    )
    wanted.refresh_from_db()
    assert wanted.status == "open"  # until it is signed


def test_a_purchase_has_one_contract_until_it_is_cancelled(store):
    wanted = make_opportunity(store)
    first = open_order(wanted, facts(store), by=person(store), now=NOW)

    refused(lambda: open_order(wanted, facts(store), by=person(store), now=NOW), "already", first)
    cancel(first, reason="rewritten", by=person(store), version=1, now=NOW)
    second = open_order(wanted, facts(store), by=person(store), now=NOW)

    assert SalesOrder.objects.exclude(status="cancelled").get() == second


def test_no_contract_for_a_purchase_that_is_over(store):
    wanted = make_opportunity(store)
    wanted.status, wanted.lost_reason = "lost", "price"
    wanted.save()

    refused(
        lambda: open_order(wanted, facts(store), by=person(store), now=NOW), "no contract", wanted
    )
    assert not SalesOrder.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"price_amount": Decimal(0)}, "more than nothing"),
        ({"price_amount": Decimal(-1)}, "more than nothing"),
        ({"insurance_amount": Decimal(-1)}, "more than nothing"),
        ({"accessories_amount": Decimal(-1)}, "more than nothing"),
        ({"deposit_amount": Decimal("30000.01")}, "586"),
        ({"deposit_amount": Decimal(0)}, "586"),
        ({"promised_on": TODAY - DAY}, "past"),
        ({"price_amount": Decimal("145499.99")}, "below the guide price"),
    ],
)
def test_what_cannot_stand_in_a_contract_is_refused(store, wrong, match):
    wanted = make_opportunity(store)
    refused(lambda: open_order(wanted, facts(store, **wrong), by=person(store), now=NOW), match)
    assert not SalesOrder.objects.exists()


def test_a_plain_price_holds_to_the_limit_of_whoever_writes_it(store):
    wanted, low = make_opportunity(store), facts(store, price_amount=Decimal("135000.00"))

    refused(lambda: open_order(wanted, low, by=person(store), now=NOW), "3 %")
    order = open_order(wanted, low, by=boss(store), now=NOW)

    lower = {"price_amount": Decimal("134999.99")}
    refused(lambda: change_order(order, lower, by=boss(store), version=1, now=NOW), "10 %", order)


def test_a_configuration_of_another_store_is_refused(store, other_store):
    said = facts(store, trim=make_trim(other_store))
    refused(lambda: open_order(make_opportunity(store), said, by=person(store), now=NOW), "another")


def test_the_terms_are_explained_before_the_signature(store):
    order = make_order(store, promised_on=SOON)
    sign_it = lambda: sign(order, copy_given=True, version=None, now=NOW)  # noqa: E731

    refused(sign_it, "every point", order)
    lines = contract_lines(order, TODAY)
    most = {line.item.pk: Said(True) for line in lines[1:]}
    explain_contract(order, most, by=person(store), now=NOW)
    refused(sign_it, "every point", order)

    explained(order)
    order = sign_it()
    assert (order.status, order.signed_at, order.copy_given_at) == ("signed", NOW, NOW)
    order.opportunity.refresh_from_db()
    assert order.opportunity.status == "ordered"
    with pytest.raises(Refused, match="stays as it is"):
        explain_contract(order, {}, by=person(store), now=NOW)
    assert ChecklistRun.objects.get(kind="contract").missing == 0


def test_what_was_explained_yesterday_needs_not_be_said_again(store):
    order = make_order(store, promised_on=SOON)
    lines = contract_lines(order, TODAY)
    half = {line.item.pk: Said(True, None, "客户已看") for line in lines[:6]}
    explain_contract(order, half, by=person(store), now=NOW)
    set_points(
        store,
        "contract",
        [*(Point(line.item.text) for line in lines[3:]), Point("充电桩安装")],
        effective_from=TODAY + DAY,
        now=NOW,
    )

    again = contract_lines(order, TODAY + DAY)

    assert [bool(line.said and line.said.done) for line in again] == [True] * 3 + [False] * 7
    explained(order, NOW + DAY)
    assert (contract_run(order).on, contract_run(order).missing) == (TODAY + DAY, 0)
    assert [line.item.text for line in contract_lines(order, TODAY + DAY)][-1] == "充电桩安装"


def test_a_signature_wants_a_promised_day(store):
    order = explained(make_order(store))
    refused(lambda: sign(order, copy_given=True, version=None, now=NOW), "day of delivery", order)


def test_a_copy_can_be_handed_over_later_once(store):
    order = explained(make_order(store, promised_on=SOON))
    refused(lambda: give_copy(order, now=NOW), "signed", order)
    order = sign(order, copy_given=False, version=None, now=NOW)
    assert order.copy_given_at is None

    give_copy(order, now=NOW + DAY)
    give_copy(order, now=NOW + 2 * DAY)

    order.refresh_from_db()
    assert order.copy_given_at == NOW + DAY


def test_the_deposit_is_paid_after_the_signature(store):
    draft = make_order(store)
    pay = {"paid_how": "wechat", "version": None, "now": NOW}
    refused(lambda: take_deposit(draft, amount=Decimal(5000), **pay), "", draft)

    order = signed(store)
    refused(lambda: take_deposit(order, amount=Decimal("30000.01"), **pay), "586", order)
    done = take_deposit(order, amount=Decimal(30000), **pay)

    assert (done.status, done.deposit_amount, done.paid_how, done.deposited_at) == (
        "deposited",
        Decimal(30000),
        "wechat",
        NOW,
    )


@pytest.mark.parametrize(
    ("status", "field", "value", "who", "holds"),
    [
        ("draft", "price_amount", GUIDE - 1000, person, True),
        ("signed", "price_amount", GUIDE - 1000, person, False),
        ("signed", "price_amount", GUIDE - 1000, boss, True),
        ("signed", "promised_on", SOON + DAY, person, True),
        ("deposited", "promised_on", SOON + DAY, person, False),
        ("deposited", "promised_on", SOON + DAY, boss, True),
        ("deposited", "deposit_amount", Decimal(6000), boss, False),
        ("deposited", "remark", "要送脚垫", person, True),
        ("delivered", "remark", "要送脚垫", person, False),
        ("delivered", "remark", "要送脚垫", boss, True),
        ("delivered", "price_amount", GUIDE - 1, boss, False),
        ("cancelled", "remark", "要送脚垫", boss, False),
    ],
)
def test_what_may_be_changed_narrows_step_by_step(store, status, field, value, who, holds):
    order = make_order(store, status=status, promised_on=SOON)
    change = lambda: change_order(order, {field: value}, by=who(store), version=1, now=NOW)  # noqa: E731

    if not holds:
        return refused(change, "not to be changed", order)
    changed = change()
    assert (getattr(changed, field), changed.version) == (value, 2)


def test_what_is_said_again_as_it_is_counts_as_no_change(store):
    order = make_order(store, status="delivered", promised_on=SOON)
    same = {"price_amount": GUIDE, "promised_on": SOON, "trim": order.trim}
    assert change_order(order, same, by=person(store), version=1, now=NOW).version == 1


def test_of_two_tabs_the_second_is_told(store):
    order = make_order(store)
    change_order(order, {"remark": "先"}, by=person(store), version=1, now=NOW)

    with pytest.raises(ChangedMeanwhile, match="先"):
        change_order(order, {"remark": "后"}, by=person(store), version=1, now=NOW)
    order.refresh_from_db()
    assert order.remark == "先"


def test_another_colour_wants_the_car_back_first(store):
    order = make_order(store, stock_car=make_car(store))
    refused(
        lambda: change_order(order, {"colour": "红"}, by=person(store), version=1, now=NOW),
        "has a car",
        order,
    )


def test_a_cancelled_contract_frees_its_car_and_opens_the_purchase_again(store):
    car = make_car(store)
    order = signed(store, stock_car=car)

    done = cancel(order, reason="loan", note="银行拒贷", by=person(store), version=None, now=NOW)

    assert (done.status, done.cancel_reason, done.cancelled_at) == ("cancelled", "loan", NOW)
    order.opportunity.refresh_from_db()
    assert order.opportunity.status == "open"
    assert order.opportunity.follow_up_on == TODAY + 30 * DAY
    other = make_order(store)
    other.stock_car = car
    other.save()  # the constraint lets it


def test_after_the_deposit_only_the_manager_cancels_and_nobody_after_the_delivery(store):
    order = paid(store)
    said = {"reason": "customer", "version": None, "now": NOW}
    refused(lambda: cancel(order, by=person(store), **said), "sales manager", order)
    assert cancel(order, by=boss(store), **said).status == "cancelled"

    delivered = make_order(store, status="delivered")
    refused(lambda: cancel(delivered, by=boss(store), **said), "", delivered)


def test_the_delivery_ends_contract_car_and_purchase(store):
    car = make_car(store)
    order = paid(store, stock_car=car)
    archived = make_vehicle(store, order.customer, vin=car.vin)

    done = mark_delivered(order, archived, now=NOW + DAY)

    assert (done.status, done.delivered_at, done.vehicle) == ("delivered", NOW + DAY, archived)
    car.refresh_from_db()
    order.opportunity.refresh_from_db()
    assert (car.status, order.opportunity.status) == ("sold", "delivered")
    assert order.opportunity.closed_at == NOW + DAY


def test_no_delivery_before_the_deposit_without_a_car_or_with_another(store):
    car = make_car(store)
    archived = make_vehicle(store, vin=car.vin)
    early = signed(store, stock_car=car)
    refused(lambda: mark_delivered(early, archived, now=NOW), "", early, car)

    carless = paid(store)
    refused(lambda: mark_delivered(carless, archived, now=NOW), "no car", carless)

    order = paid(store, stock_car=make_car(store))
    refused(lambda: mark_delivered(order, archived, now=NOW), "not the car", order, car)
