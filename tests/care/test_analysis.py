"""First service and maintenance by week and month: rates, reasons, shops (CARE-17, REP-01..03)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.care.choices import CallKind, CallStatus, EndReason, NotReturning, Result
from apps.care.figures import analysis, reminders, returns, shops
from apps.care.figures.periods import MONTH, WEEK, Period
from apps.care.models import Attempt, Script
from apps.customers.models import ElsewhereService, MaintenanceCycle, StopContact
from apps.messaging.models import Message
from apps.service.models import RepairOrder
from tests.factories import (
    NOW,
    SHANGHAI,
    TODAY,
    make_call,
    make_customer,
    make_user,
    make_vehicle,
)

DAY = timedelta(days=1)
URL = reverse("care:analysis")
NOVEMBER = Period(MONTH, date(2026, 11, 1))
DUE = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def ended(store, on=DUE, status=CallStatus.REACHED, **fields):
    return make_call(store, due_on=DUE, status=status, ended_at=at(on), **fields)


def failed(store, on=DUE, message="sent", attempts=3, **fields):
    """Three attempts, nobody reached; ``message`` is how the one sent instead stands."""
    reason = fields.pop("end_reason", EndReason.THREE_ATTEMPTS)
    call = ended(store, on, CallStatus.FAILED, attempts=attempts, end_reason=reason, **fields)
    if message:
        Message.objects.create(
            store=store,
            customer=call.customer,
            channel="sms",
            purpose="service",
            key="first_service",
            to=call.customer.main_phone,
            text="…",
            dedupe_key=f"fallback:{call.pk}:{call.event_on}",
            status=message,
            not_before=NOW,
            queued_at=NOW,
        )
    return call


def counted(store, kind=CallKind.FIRST_SERVICE, period=NOVEMBER):
    return reminders.reminders(store, period, TODAY).of[period.first, kind].counts


def test_reminded_is_who_was_reached_or_got_the_message_after_three_attempts_in_time(store):
    ended(store)
    ended(store, DUE + DAY)  # late
    failed(store)
    failed(store, DUE + DAY)
    failed(store, message="failed")  # the provider refused it
    failed(store, message=None)  # no way to write to this customer
    failed(store, end_reason=EndReason.ABANDONED, attempts=2)
    ended(store, DUE + 40 * DAY, CallStatus.LAPSED)
    assert (counted(store)["reminded"], counted(store)["due"]) == (2, 8)
    assert (counted(store)["reached"], counted(store)["messaged"]) == (2, 2)
    assert counted(store)["missed"] == 6


def test_made_up_calls_stand_apart(store):
    ended(store, made_up=True)
    ended(store)
    assert (counted(store)["due"], counted(store)["made_up"]) == (1, 1)


@pytest.mark.parametrize(
    ("reason", "owed"),
    [
        (EndReason.STOPPED, False),
        (EndReason.CAR_GONE, False),
        (EndReason.NEW_OWNER, False),
        (EndReason.NOT_OWED, False),
        (EndReason.MERGED, False),
        (EndReason.VISITED, True),
        (EndReason.IN_WORKSHOP, True),
    ],
)
def test_what_was_withdrawn_after_its_day_counts_unless_it_was_not_to_be_made(store, reason, owed):
    ended(store, DUE + DAY, CallStatus.WITHDRAWN, end_reason=reason)
    assert counted(store)["due"] == owed
    assert counted(store)["missed"] == owed


def test_a_car_that_came_by_its_due_day_needed_no_call_though_it_was_entered_later(store):
    proof = {"order": "A1", "on": "2026-11-13", "in_on": "2026-11-12"}
    for came in (proof, {"order": "A2", "on": "2026-11-12", "in_on": None}):
        ended(store, DUE + 3 * DAY, CallStatus.WITHDRAWN, end_reason="visited", proof=came)
    ended(store, DUE, CallStatus.WITHDRAWN, end_reason="in_workshop")
    assert counted(store)["due"] == 0


def test_a_call_counts_in_the_period_of_its_due_day_and_in_its_own_store(store, other_store):
    ended(other_store)
    for due in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)):
        make_call(store, due_on=due)
    assert counted(store)["due"] == 2
    assert counted(store)["open"] == 1
    assert counted(store, period=Period(WEEK, date(2026, 10, 26)))["due"] == 2


def returned(store, kind=CallKind.FIRST_SERVICE, period=NOVEMBER):
    days = {CallKind.FIRST_SERVICE: 31, CallKind.MAINTENANCE: 30}[kind]
    last = returns.returns(store, period, kind, days, TODAY)[-1]
    return last.n, last.of, last.final


def visited(car, on, kind="first_service", store=None):
    number = f"RO{RepairOrder.objects.count()}"
    store = store or car.store
    RepairOrder.objects.create(store=store, number=number, vehicle=car, kind=kind, out_on=on)


def sold(store, due=DUE, **fields):
    return make_vehicle(store, sold_here=True, first_service_due_on=due, **fields)


def test_a_first_service_returned_when_it_was_here_within_31_days_after_its_time(
    store, other_store, manager
):
    visited(sold(store), DUE + 31 * DAY)
    visited(sold(store), DUE - 60 * DAY)
    visited(sold(store), DUE + 32 * DAY)
    visited(sold(store), DUE, kind="repair")
    visited(sold(store), DUE, store=other_store)  # elsewhere
    sold(store, owner=make_customer(store, refuses_service=True))
    stopped = sold(store)
    StopContact.objects.create(
        store=store,
        customer=stopped.owner,
        vehicle=stopped,
        kind="first_service",
        by=manager,
        at=NOW,
    )
    sold(store, due=date(2026, 10, 31))
    sold(other_store)
    make_vehicle(store, first_service_due_on=DUE)  # bought elsewhere
    assert returned(store) == (2, 5, False)


def test_a_rate_is_final_when_nobody_can_come_in_time_any_more(store):
    october = Period(MONTH, date(2026, 9, 1))
    sold(store, due=date(2026, 9, 5))
    assert returned(store, period=october) == (0, 1, True)


def cycle(store, ended_on=None, event_on=DUE, **fields):
    return MaintenanceCycle.objects.create(
        store=store,
        vehicle=make_vehicle(store, **fields),
        base_on=date(2026, 5, 1),
        event_on=event_on,
        ended_on=ended_on,
        ended_by="RO1" if ended_on else "",
    )


def test_a_maintenance_cycle_returned_within_30_days_of_its_day_and_elsewhere_is_lost(
    store, other_store
):
    cycle(store, DUE - 30 * DAY)
    cycle(store, DUE + 30 * DAY)
    cycle(store, DUE + 31 * DAY)
    cycle(store)  # so far, or done elsewhere
    cycle(store, DUE - 31 * DAY)  # another cycle had begun: this one was never due
    cycle(store, DUE, owner=make_customer(store, refuses_service=True))
    cycle(other_store, DUE)
    assert returned(store, CallKind.MAINTENANCE) == (2, 4, False)


def elsewhere(store, by, shop="途虎养车", place="闵行", cost=399, kind="maintenance", on=NOW):
    call = make_call(store, kind=kind, cycle="2026-05-01")
    Attempt.objects.create(
        store=store, call=call, at=on, counted=False, result=Result.ELSEWHERE, by=by
    )
    return ElsewhereService.objects.create(
        store=store,
        vehicle=call.vehicle,
        on=date(2026, 11, 1),
        shop=shop,
        place=place,
        cost_amount=cost,
        recorded_by=by,
        recorded_at=on,
    )


def test_other_shops_stand_with_place_and_price_the_most_frequent_first(
    store, specialist, other_store, stranger
):
    elsewhere(store, specialist, "街边店", "", None)
    elsewhere(store, specialist, cost=300)
    elsewhere(store, specialist, cost=401, kind="first_service")
    elsewhere(store, specialist, cost=None)
    elsewhere(store, specialist, on=at(date(2026, 10, 31)))
    elsewhere(other_store, stranger, "别处")
    found = shops.shops(store, NOVEMBER.first, NOVEMBER.last)
    assert [(s.shop, s.place, s.first_service, s.maintenance) for s in found] == [
        ("途虎养车", "闵行", 1, 2),
        ("街边店", "", 0, 1),
    ]
    assert (found[0].mean, found[0].least, found[0].most, found[1].mean) == (350.5, 300, 401, None)


@pytest.fixture
def month(store, other_store, specialist, other_specialist, stranger):
    """A month with something behind every number, and the same in another store."""
    for place, people in ((store, (specialist, other_specialist)), (other_store, (stranger,))):
        for person in people:
            for kind in reminders.KINDS:
                ended(place, kind=kind, owner=person, result=Result.BOOKED, cycle="a")
                ended(place, DUE + DAY, kind=kind, owner=person, result=Result.NOT_NEEDED,
                      not_returning=NotReturning.PRICE)  # fmt: skip
                failed(place, kind=kind, owner=person)
                make_call(place, kind=kind, owner=person, due_on=TODAY)
                ended(place, kind=kind, made_up=True)
                elsewhere(place, person, kind=kind)
        visited(sold(place), DUE)
        cycle(place, DUE)
        cycle(place)
    script = Script.objects.get(store=store, kind="maintenance")
    Attempt.objects.filter(store=store, call__kind="maintenance").update(script=script)
    return script


@pytest.fixture
def reader(client, manager):
    client.force_login(manager)
    return client


def test_every_number_of_the_page_opens_exactly_its_rows(reader, month, store):
    def shown(**asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return len(reader.get(f"{URL}?{query}").context["lines"])

    sheet = analysis.sheet(store, NOVEMBER, TODAY)
    for one in sheet.kinds:
        for what, number in one.now.counts.items():
            assert shown(kind=one.kind, what=what) == number, what
            assert number or what == "elsewhere", what
        back = one.returned[-1]
        assert shown(kind=one.kind, what="came") == back.n == 1
        assert shown(kind=one.kind, what="time_over") == back.of
        assert shown(kind=one.kind, what="stayed_away") == back.of - back.n
    for line in sheet.people:
        for kind, own in line.kinds.items():
            owner = line.person.pk if line.person else 0
            for what in ("due", "reminded", "missed"):
                assert shown(kind=kind, what=what, owner=owner) == own.counts[what]
    assert sheet.reasons == {"price": {"first_service": 2, "maintenance": 2}}
    assert shown(kind="maintenance", what="reason", reason="price") == 2
    assert shown(what="shop", shop="途虎养车", place="闵行") == sheet.shops[0].cars == 4
    assert shown(what="version", version=month.pk) == sheet.versions[0].used == 2


def test_the_page_has_this_period_beside_the_one_before(reader, month, store):
    make_call(store, due_on=date(2026, 10, 20), status="reached", ended_at=at(date(2026, 10, 20)))
    page = reader.get(URL)
    first = page.context["kinds"][0]
    rate, back = first["rates"]
    assert (rate[3].n, rate[3].of, rate[4].n, rate[4].of) == (4, 10, 1, 1)
    assert (back[3].n, back[3].of) == (1, 1)
    assertContains(page, "2026-10")
    week = reader.get(f"{URL}?period=week&on=2026-11-12").context
    assert str(week["period"]) == "2026-W46"
    assert week["kinds"][0]["rates"][0][3].of == 6
    assert reader.get(f"{URL}?period=year&on=no").context["period"] == NOVEMBER


def test_nothing_of_another_store_is_seen(reader, month, other_store):
    page = reader.get(f"{URL}?what=due")
    for line in page.context["lines"]:
        assert line.customer.store_id != other_store.pk
    assert reader.get(f"{URL}?store={other_store.pk}").status_code == 404
    theirs = Script.objects.get(store=other_store, kind="maintenance")
    assert reader.get(f"{URL}?what=version&version={theirs.pk}").status_code == 200
    assertNotContains(page, "stranger")


def test_who_reads_several_stores_chooses_one(client, month, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)
    page = client.get(f"{URL}?store={other_store.pk}")
    assert [str(line["person"]) for line in page.context["people"]][0] == "stranger"


def test_an_empty_time_says_so(reader, store):
    assertContains(reader.get(f"{URL}?on=2020-01-01&what=due"), "2020-01")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(
    reader, store, specialist, other_store, rows, django_assert_num_queries
):
    for n in range(rows):
        ended(store, owner=make_user(f"one{n}", store, Role.CARE_SPECIALIST))
        elsewhere(store, specialist, shop=f"{n}")
        visited(sold(store), DUE)
    # "came" asks for the store's numbers besides
    for what, queries in (("due", 15), ("shop", 15), ("came", 16)):
        url = f"{URL}?kind=first_service&what={what}"
        reader.get(url)
        with django_assert_num_queries(queries):
            reader.get(url)
