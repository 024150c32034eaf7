"""The versions of a script side by side at work (CARE-01, CARE-21)."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.care import policy
from apps.care.choices import CallKind, Result
from apps.care.figures import rates
from apps.care.figures import scripts as figures
from apps.care.models import Attempt, Script
from apps.service.models import RepairOrder
from tests.factories import SHANGHAI, TODAY, make_call, make_user

DAY = timedelta(days=1)
URL = reverse("care:script-work")
FIRST = TODAY - 89 * DAY


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def versions(store, specialist):
    """Version 2 of the maintenance script beside the first, newest first."""
    Script.objects.filter(store=store, kind="maintenance").update(points=["车况", "里程"])
    new = Script.objects.create(
        store=store, kind="maintenance", version=2, text="新", points=["车况", "里程", "预约"]
    )
    return [new, Script.objects.get(store=store, kind="maintenance", version=1)]


def said(script, by, result, *, days_ago, ticks=(), back_after=None, kind="maintenance", at=None):
    """One dialling with a script; the car came so many days later."""
    day = TODAY - days_ago * DAY
    call = make_call(script.store, kind=kind, cycle=f"{Attempt.objects.count()}")
    if back_after is not None:
        RepairOrder.objects.create(
            store=script.store,
            number=f"RO{call.pk}",
            vehicle=call.vehicle,
            kind="repair",
            out_on=day + back_after * DAY,
        )
    return Attempt.objects.create(
        store=script.store,
        call=call,
        at=at or datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI),
        slot="morning",
        counted=False,
        result=result,
        by=by,
        script=script,
        ticks=list(ticks),
    )


@pytest.fixture
def work(versions, specialist, other_store, stranger):
    new, old = versions
    said(old, specialist, Result.BOOKED, days_ago=60, ticks=[0, 1], back_after=0)
    said(old, specialist, Result.WILL_COME, days_ago=60, ticks=[0], back_after=31)
    said(old, specialist, Result.NOT_YET, days_ago=60, ticks=[0, 2, 7], back_after=32)
    said(old, specialist, Result.NOT_NEEDED, days_ago=60, back_after=-1)
    said(old, specialist, Result.NO_ANSWER, days_ago=60, back_after=5)
    said(old, specialist, Result.EMPTY_NUMBER, days_ago=60)
    said(old, specialist, Result.SPOKEN_TO, days_ago=60, ticks=[0], back_after=1)
    said(old, specialist, Result.BOOKED, days_ago=90, back_after=1)  # before the period
    said(new, specialist, Result.BOOKED, days_ago=31, ticks=[2], back_after=3)
    said(new, specialist, Result.BOOKED, days_ago=30, ticks=[2], back_after=3)  # too early to tell
    theirs = Script.objects.get(store=other_store, kind="maintenance")
    said(theirs, stranger, Result.BOOKED, days_ago=60, ticks=[0], back_after=1)
    return versions


def told(rate):
    return rate.n, rate.of


def test_each_version_is_counted_by_its_diallings_conversations_and_what_came_of_them(work):
    new, old = figures.at_work(work, FIRST, TODAY, TODAY)

    assert (old.used, told(old.reached), told(old.booked)) == (6, (4, 6), (1, 4))
    assert told(old.returned) == (2, 4)  # on the day itself and on the 31st; not before or later
    assert (new.used, told(new.reached), told(new.booked)) == (2, (2, 2), (2, 2))
    assert told(new.returned) == (1, 1)


def test_what_was_said_is_counted_by_point_and_a_tick_without_a_point_is_none(work):
    new, old = figures.at_work(work, FIRST, TODAY, TODAY)

    assert [(p.text, told(p.ticked), told(p.returned)) for p in old.points] == [
        ("车况", (3, 4), (2, 3)),
        ("里程", (1, 4), (1, 1)),
    ]
    assert [(p.text, told(p.ticked), told(p.returned)) for p in new.points] == [
        ("车况", (0, 2), (0, 0)),
        ("里程", (0, 2), (0, 0)),
        ("预约", (2, 2), (1, 1)),
    ]


def test_a_day_is_the_stores_day(versions, specialist):
    """Half past midnight in Shanghai is the day before in London."""
    [new, _old] = versions
    at = datetime(FIRST.year, FIRST.month, FIRST.day, 0, 30, tzinfo=SHANGHAI)
    said(new, specialist, Result.BOOKED, days_ago=89, at=at)
    said(new, specialist, Result.BOOKED, days_ago=90, at=at - timedelta(hours=1))

    assert figures.at_work([new], FIRST, TODAY, TODAY)[0].used == 1


def test_a_call_about_no_car_can_bring_none_back(store, specialist):
    script = Script.objects.get(store=store, kind="birthday")
    said(script, specialist, Result.GREETED, days_ago=60, kind=CallKind.BIRTHDAY)

    [version] = figures.at_work([script], FIRST, TODAY, TODAY)

    assert (told(version.reached), told(version.returned)) == ((1, 1), (0, 0))
    assert version.returned.share is None


@pytest.mark.parametrize(
    ("n", "of", "share", "interval"),
    [
        (15, 30, 50, (33, 67)),
        (0, 30, 0, (0, 11)),
        (30, 30, 100, (89, 100)),
        (81, 263, 31, (26, 37)),  # the example of Newcombe 1998: 0.2553 to 0.3662
        (29, 29, 100, None),
        (0, 0, None, None),
    ],
)
def test_a_rate_has_an_interval_from_thirty_on(n, of, share, interval):
    rate = rates.Rate("reached", n, of)
    assert (rate.share, rate.interval) == (share, interval)


def test_the_interval_is_that_of_wilson():
    low, high = policy.wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = policy.wilson(0, 20)
    assert (round(low, 4), round(high, 4)) == (0.0, 0.1611)


@pytest.fixture
def reader(client, specialist):
    client.force_login(specialist)
    return client


def test_the_page_opens_with_the_kind_that_has_versions_to_compare(reader, work, store):
    page = reader.get(URL)

    assert page.context["kind"] == CallKind.MAINTENANCE
    assert [version.script for version in page.context["versions"]] == work
    assertContains(page, "样本太少")
    first = reader.get(f"{URL}?kind=first_service").context["versions"]
    assert [version.script.kind for version in first] == ["first_service"]


def test_each_number_of_the_page_opens_exactly_its_rows(reader, work):
    def shown(script, what, point=""):
        page = reader.get(f"{URL}?script={script.pk}&what={what}&point={point}")
        return len(page.context["rows"])

    for version in figures.at_work(work, FIRST, TODAY, TODAY):
        script = version.script
        assert shown(script, "used") == version.used
        assert shown(script, "reached") == version.reached.n
        assert shown(script, "booked") == version.booked.n
        assert shown(script, "returned") == version.returned.n
        assert shown(script, "mature") == version.returned.of
        for point in version.points:
            assert shown(script, "ticked", point.number) == point.ticked.n
            assert shown(script, "returned", point.number) == point.returned.n


def test_the_period_narrows_what_is_counted(reader, work):
    [new, old] = reader.get(f"{URL}?days=30").context["versions"]
    assert (new.used, old.used) == (0, 0)
    [new, old] = reader.get(f"{URL}?days=365").context["versions"]
    assert (new.used, old.used) == (2, 7)
    assert reader.get(f"{URL}?days=7&kind=none").context["days"] == 90


def test_a_version_of_another_store_opens_nothing(reader, work, other_store):
    theirs = Script.objects.get(store=other_store, kind="maintenance")
    assert len(reader.get(f"{URL}?script={theirs.pk}&what=used").context["rows"]) == 0
    assert reader.get(f"{URL}?store={other_store.pk}").status_code == 404


def test_who_reads_several_stores_chooses_one(client, work, store, other_store):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    client.force_login(group)

    [theirs] = client.get(f"{URL}?store={other_store.pk}&kind=maintenance").context["versions"]

    assert (theirs.used, theirs.script.store) == (1, other_store)
    assertNotContains(client.get(f"{URL}?store={other_store.pk}"), "新</")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(
    reader, versions, specialist, rows, django_assert_num_queries
):
    for n in range(rows):
        script = said(versions[0], specialist, Result.BOOKED, days_ago=n + 1).script
        Script.objects.create(
            store=script.store, kind="maintenance", version=10 + n, text=f"{n}", points=["车况"]
        )
    url = f"{URL}?kind=maintenance&script={versions[0].pk}&what=used"
    reader.get(url)
    with django_assert_num_queries(9):
        assert len(reader.get(url).context["rows"]) == rows
