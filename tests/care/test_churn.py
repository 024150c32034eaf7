"""Lost customers: the churn rate, measures and who came back (CARE-11, REP-05)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.care.choices import CallStatus, Result
from apps.care.figures import churn
from apps.care.models import Call, CarePolicy
from apps.care.queries import boards
from apps.customers.choices import Fate
from apps.customers.models import MaintenanceCycle
from apps.service.models import RepairOrder
from tests.care.calls import make_call as make_owed
from tests.factories import SHANGHAI, TODAY, make_call, make_customer, make_vehicle

DAY = timedelta(days=1)
URL = reverse("care:churn")
NOVEMBER, OCTOBER_ENDS = date(2026, 11, 1), date(2026, 10, 31)
NUMBERS = CarePolicy()


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def at(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)


def seen(store, ago, overdue, on=TODAY, **fields):
    """A car last seen so many days before, its maintenance overdue by so many."""
    due = None if overdue is None else on - DAY * overdue
    return make_vehicle(store, last_visit_on=on - DAY * ago, maintenance_due_on=due, **fields)


def rate(store, on=TODAY):
    found = churn.churn_rate(store.pk, on, TODAY, NUMBERS)
    return found.n, found.of


def test_the_churn_rate_is_of_cars_seen_within_360_days(store, other_store):
    seen(store, 90, 30)
    seen(store, 360, 180)
    seen(store, 89, 30)
    seen(store, 90, 29)
    seen(store, 100, None)
    seen(store, 361, 180)  # nobody's customer any more
    seen(store, 100, 40, fate=Fate.SOLD_ON)
    seen(store, 100, 40, owner=make_customer(store, refuses_service=True))
    seen(store, 100, 40, owner=False)
    seen(other_store, 100, 40)
    assert rate(store) == (2, 5)


def test_a_car_never_serviced_here_counts_from_its_delivery(store):
    make_vehicle(
        store, sold_here=True, delivered_on=TODAY - 200 * DAY, maintenance_due_on=TODAY - 31 * DAY
    )
    assert rate(store) == (1, 1)


def test_of_a_month_that_is_over_it_is_worked_out_from_the_facts_until_then(store):
    """Came back on 5 November: lost at October's end all the same."""
    car = seen(store, 18, None)
    for on in (date(2026, 4, 1), date(2026, 11, 5)):
        RepairOrder.objects.create(
            store=store, number=f"{on}", vehicle=car, kind="maintenance", out_on=on
        )
        MaintenanceCycle.objects.create(
            store=store, vehicle=car, base_on=on, event_on=on + 180 * DAY
        )
    new = make_vehicle(store, sold_here=True, delivered_on=date(2026, 11, 2))
    assert churn.cars_known(store.pk, OCTOBER_ENDS, TODAY, NUMBERS).get() == car
    assert rate(store, OCTOBER_ENDS) == (1, 1)
    assert rate(store) == (0, 2)
    assert new in churn.cars_known(store.pk, TODAY, TODAY, NUMBERS)


def talked(store, measure="", on=TODAY - 20 * DAY, back=None, came_in=None, **fields):
    """A conversation with a lost customer; the car was here so many days later."""
    call = make_call(
        store,
        kind=fields.pop("kind", "churn"),
        cycle="2026-05-01/2026-11",
        opens_on=TODAY - 21 * DAY,
        status=CallStatus.REACHED,
        result=Result.WILL_COME,
        ended_at=at(on),
        measure=measure,
        **fields,
    )
    if back is not None:
        RepairOrder.objects.create(
            store=store, number=f"B{call.pk}", vehicle=call.vehicle, kind="repair",
            in_on=came_in, out_on=on + DAY * back,
        )  # fmt: skip
    return call


def test_who_came_back_within_60_days_of_the_call_is_counted_by_measure(
    store, manager, other_store
):
    talked(store, "free_check", back=0)
    talked(store, "free_check", back=60)
    talked(store, "free_check", back=61)
    talked(store, "free_check", back=-1)
    talked(store, "free_check", back=2, came_in=TODAY - 21 * DAY)  # was in the workshop
    talked(store, "activity", kind="at_risk")
    talked(store, back=3)
    talked(other_store, "activity", back=3)
    talked(store, "activity", on=TODAY, back=0).delete()
    found = churn.won_back(boards.churn_calls(manager, NOVEMBER), NUMBERS)
    assert [(one.measure, one.back.n, one.back.of) for one in found] == [
        ("free_check", 2, 5),
        ("activity", 0, 1),
        ("", 1, 1),
    ]


@pytest.fixture
def reader(client, manager):
    client.force_login(manager)
    return client


def test_every_new_number_of_the_board_opens_its_rows(reader, store, other_store):
    talked(store, "free_check", back=5)
    talked(store, "free_check")
    talked(store, customer=make_customer(store, "没有措施"))
    talked(other_store, "free_check", back=1, customer=make_customer(other_store, "他店客户"))
    seen(store, 100, 40, owner=make_customer(store, "流失的人"))

    def shown(query):
        return reader.get(f"{URL}?month=2026-11&{query}").context

    assert len(shown("won=free_check")["calls"]) == 2
    assert len(shown("won=free_check&back=yes")["calls"]) == 1
    assert [call.customer.name for call in shown("won=none")["calls"]] == ["没有措施"]
    assert [car.owner.name for car in shown("lost=yes")["cars"]] == ["流失的人"]
    heads = shown("")["months"]["heads"]
    assert (heads[0], heads[-1]) == (date(2026, 6, 1), NOVEMBER)
    page = reader.get(f"{URL}?month=2026-11&won=free_check")
    assertNotContains(page, "他店客户")
    assertContains(page, "won=free_check")


def test_the_months_before_stand_beside_this_one(store, manager, other_store):
    for opens in (date(2026, 10, 31), NOVEMBER, date(2026, 11, 30)):
        make_call(store, kind="churn", cycle="a", churn_group="local_in", opens_on=opens)
    make_call(store, kind="at_risk", cycle="a", opens_on=NOVEMBER)
    make_call(other_store, kind="at_risk", cycle="a", opens_on=NOVEMBER)
    found = boards.churn_months(manager, date(2026, 10, 1), NOVEMBER)
    assert dict(found[date(2026, 10, 1)])["local"] == 1
    assert [found[NOVEMBER][row] for row in ("local", "local_in", "non_local", "at_risk")] == [
        *(2, 2, 0, 1)
    ]


@pytest.mark.parametrize(("kind", "kept"), [("churn", "recall_offer"), ("maintenance", "")])
def test_the_measure_is_recorded_with_the_result_of_a_lost_customers_call(
    client, store, specialist, kind, kept
):
    call = make_owed(store, kind=kind, owner=specialist, due_on=TODAY)
    client.force_login(specialist)
    client.post(reverse("care:claim-next"))
    call.refresh_from_db()
    page = client.get(reverse("care:call", args=[call.pk]))
    assert ('name="measure"' in page.content.decode()) == bool(kept)
    data = {"result": "will_come", "claim": call.claim, "measure": "recall_offer",
            "number": call.customer.main_phone}  # fmt: skip
    client.post(reverse("care:call-result", args=[call.pk]), data)
    call.refresh_from_db()
    assert (call.status, call.measure) == ("reached", kept)


def test_a_measure_that_does_not_exist_changes_nothing(client, store, specialist):
    call = make_owed(store, kind="churn", owner=specialist, due_on=TODAY)
    client.force_login(specialist)
    client.post(reverse("care:claim-next"))
    call.refresh_from_db()
    data = {"result": "will_come", "claim": call.claim, "measure": "money"}
    response = client.post(reverse("care:call-result", args=[call.pk]), data)
    assert response.status_code == 422
    assert Call.objects.get(pk=call.pk).status == "claimed"


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(reader, store, rows, django_assert_num_queries):
    for _n in range(rows):
        talked(store, "free_check", back=5)
        seen(store, 100, 40)
    for query, queries in (("won=free_check", 13), ("lost=yes", 14)):
        url = f"{URL}?month=2026-11&{query}"
        reader.get(url)
        with django_assert_num_queries(queries):
            reader.get(url)
