"""The time-line of a customer and of a car: nothing lost, nothing doubled, bounded (CUS-06)."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.audit.models import Access
from apps.care.choices import CallStatus, EndReason, Result
from apps.care.models import Attempt
from apps.core.timeline import Place
from apps.customers import actions
from apps.customers.choices import NumberStatus
from apps.customers.models import ElsewhereService, MileageReading, Ownership
from apps.delivery.models import Delivery
from apps.desk import queries
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

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
STRANGE = "别店机密"
ALL_OF_A_CUSTOMER = ["call", "call", "correction", "delivery", "elsewhere", "message", "visit"]
DAYS = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
HOURS = [time(0), time(9), time(23, 59, 59, 999999)]  # the last one is where a day itself stands
moments = st.builds(
    lambda day, hour: datetime.combine(day, hour, SHANGHAI),
    st.sampled_from(DAYS),
    st.sampled_from(HOURS),
)


@pytest.fixture
def customer(store):
    return make_customer(store, "张三丰", "13912342345")


@pytest.fixture
def car(store, customer):
    return make_vehicle(store, customer, plate="沪A12399", delivered_on=date(2026, 1, 5))


@pytest.fixture
def staff(client, specialist):
    client.force_login(specialist)
    return client


def messages(customer, *when):
    rows = [
        Message(
            store=customer.store,
            customer=customer,
            channel="sms",
            purpose="service",
            key="birthday",
            to="13912342345",
            text=f"短信{number}",
            dedupe_key=uuid4().hex,
            not_before=at,
            queued_at=at,
        )
        for number, at in enumerate(when)
    ]
    return Message.objects.bulk_create(rows)


def visits(car, *days):
    rows = [
        RepairOrder(store=car.store, vehicle=car, number=uuid4().hex[:12], kind="repair", out_on=on)
        for on in days
    ]
    return RepairOrder.objects.bulk_create(rows)


def services_elsewhere(car, by, *days):
    about = {"store": car.store, "vehicle": car, "recorded_by": by, "recorded_at": NOW}
    return ElsewhereService.objects.bulk_create(
        ElsewhereService(**about, on=on, shop="途虎养车") for on in days
    )


def attempts(call, by, *when):
    rows = [
        Attempt(store=call.store, call=call, at=at, counted=False, result=Result.BUSY, by=by)
        for at in when
    ]
    return Attempt.objects.bulk_create(rows)


def read_whole(thing, size, kinds=()):
    """Every place of the line, read piece by piece as the page does it."""
    places, before = [], ""
    for _ in range(1000):
        piece = queries.piece(queries.sources_of(thing), kinds, before, size)
        places += [entry.place for entry in piece.entries]
        if not piece.next:
            return places
        assert len(piece.entries) == size
        before = piece.next
    raise AssertionError("the line has no end")


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    sent=st.lists(moments, max_size=12),
    tried=st.lists(moments, max_size=12),
    repaired=st.lists(st.sampled_from(DAYS), max_size=12),
    elsewhere=st.sets(st.sampled_from(DAYS)),  # "elsewhere" comes before "message", "visit" after
    size=st.integers(1, 7),
)
def test_read_in_pieces_the_line_is_whole_and_in_order(
    car, specialist, sent, tried, repaired, elsewhere, size
):
    """Many at the same moment, days without an hour among them: none lost, none doubled."""
    with transaction.atomic():
        call = make_call(car.store, customer=car.owner, vehicle=car)
        expected = [(row.queued_at, "message", row.pk) for row in messages(car.owner, *sent)]
        expected += [(row.at, "attempt", row.pk) for row in attempts(call, specialist, *tried)]
        expected += [
            (datetime.combine(row.out_on, time.max, SHANGHAI), "visit", row.pk)
            for row in visits(car, *repaired)
        ]
        expected += [
            (datetime.combine(row.on, time.max, SHANGHAI), "elsewhere", row.pk)
            for row in services_elsewhere(car, specialist, *elsewhere)
        ]
        found = read_whole(car.owner, size)
        transaction.set_rollback(True)

    assert [tuple(place) for place in found] == sorted(expected, reverse=True)


@given(moment=moments, pk=st.integers(0, 10**18 - 1))
def test_a_place_survives_the_address_bar(moment, pk):
    place = Place(moment, "visit", pk)

    assert Place.read(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "x", "1.visit", "1.vi sit.2", "9" * 17 + ".visit.1", "１.visit.1", "1.visit.-1"]
)
def test_what_is_no_place_begins_at_the_newest(text):
    assert Place.read(text) is None


@pytest.fixture
def everything(car, specialist, now):
    """One of each kind on the customer's line and on the car's."""
    customer = car.owner
    messages(customer, now)
    visits(car, TODAY)
    call = make_call(car.store, customer=customer, vehicle=car)
    attempts(call, specialist, now)
    ended = {"status": CallStatus.LAPSED, "end_reason": EndReason.OVERDUE, "ended_at": now}
    make_call(car.store, customer=customer, vehicle=car, cycle="2", **ended)
    Delivery.objects.create(
        store=car.store, vehicle=car, customer=customer, delivered_on=date(2026, 1, 5)
    )
    actions.mark_number(customer.numbers.get(), NumberStatus.EMPTY, by=specialist, now=now)
    about = {"store": car.store, "vehicle": car}
    services_elsewhere(car, specialist, date(2026, 6, 1))
    MileageReading.objects.create(**about, on=date(2026, 6, 1), km=9000, source="customer")
    Ownership.objects.create(**about, customer=customer, from_on=date(2026, 1, 5))
    return car


@pytest.mark.parametrize(
    ("thing", "kinds", "found"),
    [
        (
            "customer",
            [],
            ["call", "call", "correction", "delivery", "elsewhere", "message", "visit"],
        ),
        ("customer", ["call"], ["call", "call"]),
        ("customer", ["visit", "message"], ["message", "visit"]),
        ("customer", ["reading", "nonsense"], ALL_OF_A_CUSTOMER),  # not on this line: no filter
        ("vehicle", [], ["call", "call", "delivery", "elsewhere", "owner", "reading", "visit"]),
        ("vehicle", ["owner", "reading"], ["owner", "reading"]),
    ],
)
def test_the_filter_shows_the_kinds_that_are_ticked(staff, everything, thing, kinds, found):
    pk = everything.owner_id if thing == "customer" else everything.pk
    url = reverse(f"desk:{thing}-timeline", args=[pk])

    shown = staff.get(url, {"kind": kinds}).context["lines"]

    assert sorted(entry.kind for entry, _icon, _page in shown) == found


def test_the_next_piece_keeps_the_filter(staff, car):
    visits(car, *(TODAY - timedelta(days=n) for n in range(25)))
    messages(car.owner, *[NOW] * 30)
    url = reverse("desk:customer-timeline", args=[car.owner_id])

    first = staff.get(url, {"kind": "visit"}, headers=HTMX)
    rest = staff.get(url, {"kind": "visit", "before": first.context["next"]}, headers=HTMX)

    assert f"?before={first.context['next']}&amp;kind=visit" in first.content.decode()
    assert [len(r.context["lines"]) for r in (first, rest)] == [20, 5]
    assertNotContains(rest, "timeline-kinds")  # only the lines: the filter is there already


def test_an_entry_leads_to_its_page_only_for_who_may_open_it(client, store, everything):
    call = everything.calls.get(status=CallStatus.WAITING)
    url = reverse("desk:customer-timeline", args=[everything.owner_id])
    for role, may in [(Role.CARE_SPECIALIST, True), (Role.WORKSHOP, False)]:
        client.force_login(make_user(role, store, role))
        shown = reverse("care:call", args=[call.pk]) in client.get(url).content.decode()
        assert shown is may
        assertContains(client.get(url), reverse("desk:vehicle", args=[everything.pk]))


def test_what_another_store_knows_is_on_no_line(staff, stranger, other_store, everything):
    theirs = make_customer(other_store, name=STRANGE)
    make_vehicle(other_store, theirs, vin=everything.vin)  # the same car, in the other archive
    Message.objects.filter(pk__in=[m.pk for m in messages(theirs, NOW)]).update(text=STRANGE)
    visits(theirs.vehicles.get(), TODAY)

    for name, pk in [("customer", everything.owner_id), ("vehicle", everything.pk)]:
        url = reverse(f"desk:{name}-timeline", args=[pk])
        assertNotContains(staff.get(url), STRANGE)
        assert len(staff.get(url).context["lines"]) == 7
    staff.force_login(stranger)
    for name, pk in [("customer", everything.owner_id), ("vehicle", everything.pk)]:
        for page in ("timeline", "print"):
            assert staff.get(reverse(f"desk:{name}-{page}", args=[pk])).status_code == 404
    assert Access.objects.count() == 0


@pytest.mark.parametrize("entries", [1, 3000])
def test_a_piece_costs_the_same_for_a_line_of_thousands(staff, car, specialist, entries):
    """Queries, and rows that come out of the database."""
    call = make_call(car.store, customer=car.owner, vehicle=car)
    part = -(-entries // 3)
    messages(car.owner, *[NOW] * part)
    attempts(call, specialist, *[NOW] * part)
    visits(car, *[TODAY] * part)
    url = reverse("desk:customer-timeline", args=[car.owner_id])

    with CaptureQueriesContext(connection) as asked:
        answer = staff.get(url, headers=HTMX)

    assert len(answer.context["lines"]) == min(20, part * 3)
    sources = len(queries.sources_of(car.owner))
    assert len(asked) == 6 + sources
    lines = [query["sql"] for query in asked if "ORDER BY" in query["sql"]]
    assert [sql.endswith(" LIMIT 21") for sql in lines] == [True] * sources


# --- on paper ---


@pytest.mark.parametrize("what", ["customer", "vehicle"])
def test_the_line_on_paper_is_masked_and_written_down_as_a_look(
    staff, specialist, everything, what
):
    thing = everything.owner if what == "customer" else everything

    page = staff.get(reverse(f"desk:{what}-print", args=[thing.pk]))

    assertContains(page, "途虎养车")
    assertContains(page, "li_na")
    assertNotContains(page, "13912342345")
    if what == "customer":
        assertContains(page, "139****2345")
    look = Access.objects.get()
    assert (look.user, look.kind, look.model, look.object_pk, look.reason) == (
        specialist,
        "view",
        f"customers.{what}",
        thing.pk,
        "打印时间轴",
    )


def test_the_paper_ends_at_500_entries_and_says_so(staff, car):
    url = reverse("desk:customer-print", args=[car.owner_id])
    visits(car, *[TODAY] * 500)
    whole = staff.get(url)
    messages(car.owner, NOW - timedelta(days=9))
    cut = staff.get(url)

    assert [len(page.context["lines"]) for page in (whole, cut)] == [500, 500]
    assert [page.context["most"] for page in (whole, cut)] == [None, 500]
    assertContains(cut, "500")


def test_the_paper_shows_the_kinds_that_were_chosen(staff, everything):
    url = reverse("desk:vehicle-print", args=[everything.pk])

    page = staff.get(url, {"kind": ["reading"]})

    assert [entry.kind for entry, _icon, _page in page.context["lines"]] == ["reading"]
    assertContains(page, "9,000 km")
