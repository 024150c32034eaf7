"""How well the archive is kept: shares, recorders, bad numbers, days (CUS-09, CUS-10)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.choices import Role
from apps.customers import actions, figures
from apps.customers.choices import Fate, Lack, NumberStatus
from apps.customers.models import ArchiveDay, ContactNumber, Customer, NumberCorrection
from tests.customers.test_gaps import looked_through, numberless, whole, whole_car
from tests.factories import NOW, TODAY, make_customer, make_user, make_vehicle

DAY = timedelta(days=1)
URL = reverse("customers:health")
SINCE, UNTIL = NOW - 30 * DAY, NOW + DAY


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def archive(store, other_store):
    """Four customers, five cars in use, and a stranger's store full of holes."""
    numberless(store, "无号")
    make_customer(store, "无生日")
    make_customer(store, "公司", kind="company")
    owner = whole(store)
    whole_car(store, owner, last_km=None, insured_until=None)
    whole_car(store, owner, sold_here=True)
    whole_car(store, owner, sold_here=True, delivered_on=TODAY)
    whole_car(store, owner)
    make_vehicle(store, owner=False, last_km=1, insured_until=TODAY)
    whole_car(store, owner, fate=Fate.SCRAPPED, last_km=None)
    gone = make_customer(store, "并入", merged_into=owner, merged_at=NOW)
    for _n in range(3):
        make_vehicle(other_store, make_customer(other_store, "别店"))
    looked_through(store, other_store)
    return gone


SHARES = {  # of how many, how many lack it
    Lack.PHONE: (4, 1),
    Lack.BIRTHDAY: (3, 1),
    Lack.OWNER: (5, 1),
    Lack.DELIVERY: (2, 1),
    Lack.MILEAGE: (5, 1),
    Lack.INSURANCE: (5, 1),
}


def plain(shares):
    return {lack: (share.whole, share.lacking) for lack, share in shares.lacks.items()}


def test_each_share_is_of_the_records_that_need_it(archive, store):
    shares = figures.now_in(store)

    assert plain(shares) == SHARES
    assert (shares.records.whole, shares.records.lacking) == (9, 5)
    assert shares.records.there == 44.4


def test_a_share_is_whole_only_when_nothing_is_lacking_and_none_of_nothing():
    assert figures.Share(10_000, 1).there == 99.9
    assert figures.Share(10_000, 0).there == 100
    assert figures.Share(3, 1).there == 66.7
    assert figures.Share(0, 0).there is None


def test_the_day_is_written_as_the_page_counts_it_and_twice_is_once(archive, store, other_store):
    actions.note_archive_day(other_store.pk, on=TODAY)
    for _n in range(2):
        actions.note_archive_day(store.pk, on=TODAY)

    day = ArchiveDay.objects.get(store=store)
    assert (day.on, day.customers, day.persons, day.cars, day.sold_here) == (TODAY, 4, 3, 5, 2)
    assert plain(figures.of_day(day)) == SHARES
    assert day.incomplete == 5

    Customer.objects.filter(name="无生日").update(birthday=TODAY)
    looked_through(store)
    actions.note_archive_day(store.pk, on=TODAY)
    day = ArchiveDay.objects.get(store=store)
    assert (day.no_birthday, day.incomplete) == (0, 4)


def test_the_days_of_several_stores_are_one_line_and_each_store_shows_its_last(
    archive, store, other_store
):
    for on in (TODAY - DAY, TODAY):
        actions.note_archive_day(store.pk, on=on)
    actions.note_archive_day(other_store.pk, on=TODAY - DAY)
    both = [store.pk, other_store.pk]

    line = figures.days(both, TODAY - DAY, TODAY)
    assert [(day["on"], day["shares"].lacks[Lack.PHONE].whole) for day in line] == [
        (TODAY - DAY, 7),
        (TODAY, 4),
    ]
    assert figures.days([store.pk], TODAY - 9 * DAY, TODAY - 2 * DAY) == []
    assert [(one["store"], one["on"]) for one in figures.latest(both)] == [
        (store, TODAY),
        (other_store, TODAY - DAY),
    ]


def test_each_recorder_answers_for_what_they_recorded_and_imports_for_the_rest(
    archive, store, specialist, stranger
):
    customer = actions.add_customer(store, by=specialist, now=NOW, name="手工", phone="13912345678")
    actions.add_vehicle(
        store, vin="LSGTEST0000000017", owner=customer, on=TODAY, by=specialist, confirmed=True
    )

    hers, imported = figures.recorders_of(store)

    assert (hers.person, hers.records, hers.incomplete, hers.share) == (specialist, 2, 2, 0.0)
    assert hers.lacks == {
        Lack.PHONE: 0,
        Lack.BIRTHDAY: 1,
        Lack.OWNER: 0,
        Lack.DELIVERY: 0,
        Lack.MILEAGE: 1,
        Lack.INSURANCE: 1,
    }
    assert (imported.person, imported.records, imported.incomplete) == (None, 9, 5)
    assert imported.lacks == dict.fromkeys(Lack, 1)


def bad(customer, status, by, *, days_ago, corrected_after=None, recorder=None, to=None):
    """A number of ``recorder`` found bad some days ago, perhaps corrected."""
    number = customer.numbers.get()
    ContactNumber.objects.filter(pk=number.pk).update(recorded_by=recorder)
    at = NOW - days_ago * DAY
    correction = actions.mark_number(number, status, by=by, now=at)
    if corrected_after is not None:
        actions.correct_number(
            correction, to or number.number, by=by, now=at + timedelta(hours=corrected_after)
        )


@pytest.fixture
def numbers(store, other_store, specialist, other_specialist, stranger):
    found, by = specialist, other_specialist
    one = {"recorder": specialist}
    bad(make_customer(store), "empty", by, days_ago=3, **one)
    bad(make_customer(store), "empty", by, days_ago=4, corrected_after=10, **one)
    bad(make_customer(store), "wrong", by, days_ago=5, corrected_after=50, **one)
    bad(make_customer(store), "wrong", by, days_ago=6, corrected_after=60, to="13912345678", **one)
    bad(make_customer(store), "empty", found, days_ago=1)
    bad(make_customer(store), "empty", found, days_ago=40, **one)  # long ago
    bad(make_customer(other_store), "wrong", stranger, days_ago=2, recorder=stranger)


def test_a_bad_number_counts_for_who_recorded_it_even_when_it_turned_out_good(
    numbers, store, specialist, other_specialist
):
    hers, theirs, imported = figures.number_health(store, SINCE, UNTIL)

    assert (hers.person, hers.recorded) == (specialist, 5)
    assert hers.found == {"all": 4, "empty": 2, "wrong": 2, "done": 3, "open": 1}
    assert hers.took == timedelta(hours=50)
    assert (theirs.person, theirs.recorded, theirs.found["all"], theirs.took) == (
        other_specialist,
        1,  # found when a number was corrected
        0,
        None,
    )
    assert (imported.person, imported.recorded) == (None, 1)
    assert imported.found == {"all": 1, "empty": 1, "wrong": 0, "done": 0, "open": 1}
    assert figures.time_to_correct(store, SINCE, UNTIL) == timedelta(hours=50)


def test_what_a_number_was_found_to_be_stays_and_the_last_word_of_an_open_request_counts(
    store, specialist
):
    number = make_customer(store).numbers.get()
    correction = actions.mark_number(number, NumberStatus.EMPTY, by=specialist, now=NOW)
    actions.mark_number(number, NumberStatus.WRONG, by=specialist, now=NOW)
    correction.refresh_from_db()
    assert correction.found == NumberStatus.WRONG

    actions.correct_number(correction, number.number, by=specialist, now=NOW)

    number.refresh_from_db()
    assert number.status == NumberStatus.GOOD
    assert [row.found for row in NumberCorrection.objects.all()] == [NumberStatus.WRONG]


@pytest.fixture
def chief(client, manager):
    client.force_login(manager)
    return client


def test_each_number_of_the_page_opens_exactly_its_rows(chief, numbers, store, specialist):
    for line in chief.get(f"{URL}?days=30").context["numbers"]:
        who = line.person.pk if line.person else "import"
        for what, count in line.found.items():
            page = chief.get(f"{URL}?days=30&person={who}&what={what}")
            assert len(page.context["rows"]) == count, (who, what)
    assert len(chief.get(f"{URL}?days=90&person={specialist.pk}").context["rows"]) == 5


def test_each_gap_of_the_page_opens_exactly_its_rows(chief, archive, store, specialist):
    actions.add_customer(store, by=specialist, now=NOW, name="手工")
    page = chief.get(URL)
    gaps = reverse("customers:gaps")

    for lack, share in page.context["lacks"]:
        url = f"{gaps}?lack={lack}&store={store.pk}"
        assertContains(page, url.replace("&", "&amp;"))
        assert len(chief.get(url).context["lines"]) == share.lacking, lack
    for line in page.context["recorders"]:
        who = line.person.pk if line.person else "import"
        for lack, count in line.lacks.items():
            lines = chief.get(f"{gaps}?lack={lack}&recorder={who}").context["lines"]
            assert len(lines) == count, (who, lack)


def test_the_line_is_drawn_with_the_same_figures_in_a_table(chief, archive, store):
    assertContains(chief.get(URL), "还没有统计数据")
    for days in range(130):
        actions.note_archive_day(store.pk, on=TODAY - days * DAY)

    page = chief.get(f"{URL}?days=365")

    chart, days = page.context["chart"], page.context["days"]
    assert len(days) == 44 and days[0]["on"] == TODAY and days[1]["on"] == TODAY - 3 * DAY
    assert chart["days"][-1] == "2026-11-23"
    assert [(one["name"], one["values"][-1]) for one in chart["series"][:2]] == [
        ("资料齐全", 44.4),
        ("可用电话", 75.0),
    ]
    assert len(chief.get(f"{URL}?days=30").context["days"]) == 30


def test_another_store_is_shown_to_who_reads_it_and_is_not_found_by_others(
    client, archive, store, other_store, manager
):
    group = make_user("group", store, Role.GROUP_MANAGER)
    group.reads.add(other_store)
    for each in (store, other_store):
        actions.note_archive_day(each.pk, on=TODAY)
    client.force_login(group)

    page = client.get(f"{URL}?store={other_store.pk}")

    assert page.context["store"] == other_store
    assert plain(page.context["shares"])[Lack.PHONE] == (3, 0)
    assertContains(page, "上海演示店")
    client.force_login(manager)
    assert client.get(f"{URL}?store={other_store.pk}").status_code == 404
    assertNotContains(client.get(URL), "苏州演示店")


def test_the_days_of_another_store_are_not_in_the_line(chief, archive, other_store):
    actions.note_archive_day(other_store.pk, on=TODAY)
    assert chief.get(URL).context["days"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries_of_their_own(
    chief, store, specialist, rows, django_assert_num_queries
):
    for n in range(rows):
        person = make_user(f"p{n}", store, Role.RECEPTIONIST)
        customer = actions.add_customer(
            store, by=person, now=NOW, name="客户", phone=f"1391234567{n}"
        )
        bad(customer, "empty", specialist, days_ago=1, recorder=person)
        actions.note_archive_day(store.pk, on=TODAY - n * DAY)
    chief.get(URL)
    with django_assert_num_queries(20):
        assert len(chief.get(f"{URL}?what=all").context["rows"]) == rows
