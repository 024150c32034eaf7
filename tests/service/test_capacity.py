"""What the service manager keeps of the workshop: nobody is left without what was promised
(SVC-02)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.accounts.models import DutyDay
from apps.core.errors import Refused
from apps.service import policy
from apps.service.actions import capacity
from apps.service.choices import Lack, Skill
from apps.service.models import Bay, BayClosure, Capacity, ServiceDay, Technician
from apps.service.queries.load import load_of_week, stranded
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, TODAY, make_user
from tests.service.workshop import at, make_appointment, make_bay, make_technician

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY


@pytest.fixture
def staff(client, store):
    client.force_login(make_user("head", store, Role.SERVICE_MANAGER))
    return client


def url(name, *args):
    return reverse(f"service:{name}", args=args)


def day(**fields):
    bay = policy.Resource(1, frozenset(["quick"]), 510, 1050)
    return policy.Day(
        **{
            **{"on": TODAY, "opens": 510, "closes": 1050, "step": 30, "labour": None},
            **{"bays": (bay,), "technicians": (bay,), "taken": ()},
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("given", "start", "end", "skill", "lacks"),
    [
        (day(), 510, 1050, "quick", None),
        (None, 600, 660, "quick", Lack.DAY),
        (day(), 500, 560, "quick", Lack.DAY),
        (day(), 1000, 1060, "quick", Lack.DAY),
        (day(bays=()), 600, 660, "quick", Lack.BAY),
        (day(), 600, 660, "paint", Lack.BAY),
        (day(technicians=()), 600, 660, "quick", Lack.TECHNICIAN),
        (
            day(technicians=(policy.Resource(1, frozenset(["quick"]), 630, 1050),)),
            *(600, 660, "quick", Lack.TECHNICIAN),
        ),
    ],
)
def test_an_appointment_lacks_what_its_day_does_not_have(given, start, end, skill, lacks):
    assert policy.lack(given, policy.Taken(start, end, 1, 1), skill) == lacks


def test_room_is_what_bays_technicians_and_labour_hours_can_do_together():
    two = (
        policy.Resource(1, frozenset(["quick"]), 510, 1050),
        policy.Resource(2, frozenset(["quick", "paint"]), 510, 1050),
    )

    assert policy.room(day(bays=two)) == 540
    assert policy.room(day(bays=two, technicians=two)) == 1080
    assert policy.room(day(bays=two, technicians=two), "paint") == 540
    assert policy.room(day(bays=two, technicians=two, labour=600)) == 600
    assert policy.room(day(bays=two, technicians=two), "body") == 0


CHANGES = {
    "the bay is taken out of use": lambda a: capacity.change_bay(a.bay, {"active": False}, now=NOW),
    "the bay loses the skill": lambda a: capacity.change_bay(a.bay, {"skills": ["body"]}, now=NOW),
    "the bay is closed": lambda a: capacity.close_bay(
        a.bay, first=TODAY, last=TOMORROW + DAY, reason="检修", now=NOW
    ),
    "the technician is not booked": lambda a: capacity.change_technician(
        a.technician, {"active": False}, now=NOW
    ),
    "the technician comes later": lambda a: capacity.change_technician(
        a.technician, {"works_from": time(14, 5)}, now=NOW
    ),
    "the day is closed": lambda a: capacity.set_day(
        a.store, TOMORROW, {"closed": True, "reason": "盘点"}, now=NOW
    ),
    "the day ends earlier": lambda a: capacity.set_day(
        a.store, TOMORROW, {"closes_at": time(14, 55), "reason": "盘点"}, now=NOW
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_who_would_be_left_is_named_and_nothing_is_changed(store, other_store, change):
    row = make_appointment(store, on=TOMORROW)
    make_appointment(other_store, on=TOMORROW)

    with pytest.raises(capacity.LeftWithout) as refused:
        CHANGES[change](row)

    assert [(name, pk) for name, pk, _text in refused.value.links] == [
        ("service:appointment-move", row.pk)
    ]
    assert "2026-11-24 14:00" in refused.value.links[0][2]
    bay, technician = Bay.objects.get(store=store), Technician.objects.get(store=store)
    assert (bay.active, bay.skills) == (True, list(Skill.values))
    assert (technician.active, technician.works_from) == (True, time(8, 30))
    assert not BayClosure.objects.exists()
    assert not ServiceDay.objects.filter(closed=True).exists()
    assert not ServiceDay.objects.exclude(closes_at=None).exists()


@pytest.mark.parametrize("change", CHANGES)
def test_when_nobody_is_left_it_is_done(store, change):
    row = make_appointment(store, on=TOMORROW)
    row.status = "no_show"
    row.save()

    CHANGES[change](row)

    told = (
        Bay.objects.filter(active=False).count()
        + Bay.objects.filter(skills=["body"]).count()
        + Technician.objects.exclude(active=True, works_from=time(8, 30)).count()
        + ServiceDay.objects.exclude(reason="").count()
        + BayClosure.objects.count()
    )
    assert told == (3 if change == "the bay is closed" else 1)


def test_what_is_over_today_does_not_hold_the_bay(store):
    row = make_appointment(store, "10:00")

    with pytest.raises(capacity.LeftWithout):
        capacity.change_bay(row.bay, {"active": False}, now=at("10:59"))
    capacity.change_bay(row.bay, {"active": False}, now=at("11:00"))

    assert not Bay.objects.get().active


def test_who_was_left_already_does_not_forbid_the_next_change(store):
    row = make_appointment(store, on=TOMORROW)
    DutyDay.objects.create(store=store, user=row.technician.user, on=TOMORROW, on_duty=False)
    spare = make_bay(store, "2")

    capacity.change_bay(spare, {"active": False}, now=NOW)

    assert [(one.appointment.pk, one.lack) for one in stranded(store, NOW, TODAY, TOMORROW)] == [
        (row.pk, Lack.TECHNICIAN)
    ]


def test_a_closed_bay_is_opened_and_a_day_is_as_usual_again(store):
    bay = make_bay(store)
    capacity.close_bay(bay, first=TODAY, last=TOMORROW, reason="检修", now=NOW)
    capacity.close_bay(bay, first=TODAY, last=TODAY, reason="again", now=NOW)
    assert [row.reason for row in BayClosure.objects.order_by("on")] == ["检修", "检修"]

    first = BayClosure.objects.get(on=TODAY)
    capacity.open_bay(first)
    capacity.open_bay(first)

    assert [row.on for row in BayClosure.objects.all()] == [TOMORROW]
    capacity.set_day(store, TODAY, {"labour_hours": 8, "reason": "培训"}, now=NOW)
    capacity.set_day(store, TODAY, {}, now=NOW)
    row = ServiceDay.objects.get(on=TODAY)
    assert (row.labour_hours, row.reason, row.closed) == (None, "", False)


def refused(function, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        function(*args, **kwargs)
    return str(refusal.value)


def test_days_gone_by_names_taken_and_people_without_the_role_are_refused(store):
    bay, technician = make_bay(store), make_technician(store)
    yesterday, clerk = TODAY - DAY, make_user("clerk", store, Role.RECEPTIONIST)

    close = {"reason": "x", "now": NOW}
    assert refused(capacity.close_bay, bay, first=yesterday, last=TODAY, **close)
    assert refused(capacity.close_bay, bay, first=TOMORROW, last=TODAY, **close)
    assert refused(capacity.close_bay, bay, first=TODAY, last=date(2027, 11, 1), **close)
    assert refused(capacity.set_day, store, yesterday, {"closed": True}, now=NOW)
    assert refused(capacity.add_bay, store, {"name": "1", "skills": ["quick"]})
    assert refused(capacity.add_technician, clerk, {"skills": ["quick"]})
    assert refused(capacity.add_technician, technician.user, {"skills": ["quick"]})
    assert (Bay.objects.count(), Technician.objects.count()) == (1, 1)
    assert not BayClosure.objects.exists() and not ServiceDay.objects.filter(closed=True).exists()


def test_a_week_is_filled_with_what_is_booked_of_what_can_be_done(store, other_store):
    make_bay(store, skills=[Skill.GENERAL, Skill.QUICK]), make_technician(store)
    make_appointment(store), make_appointment(other_store)
    make_appointment(store, "16:00", on=TOMORROW)
    capacity.set_day(store, TODAY + 2 * DAY, {"labour_hours": 4, "reason": "x"}, now=NOW)
    capacity.set_day(store, TODAY + 3 * DAY, {"closed": True, "reason": "x"}, now=NOW)

    week = load_of_week(store, TODAY)

    assert [(load.open, load.whole.booked, load.whole.room) for load in week[:4]] == [
        (True, 60, 540),
        (True, 60, 540),
        (True, 0, 240),
        (False, 0, 0),
    ]
    skills = {skill: (fill.booked, fill.room) for skill, fill in week[0].skills}
    assert skills == {"quick": (0, 540), "general": (60, 540), "body": (0, 0), "paint": (0, 0)}
    assert (week[0].whole.percent, week[3].whole.percent) == (11, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_week_costs_the_same_for_one_appointment_and_for_three(
    staff, store, rows, django_assert_num_queries
):
    for n in range(rows):
        make_appointment(store, f"{11 + n}:00")

    with django_assert_num_queries(14):
        page = staff.get(url("load"))

    assertContains(page, f"{url('appointment-list')}?day=2026-11-23&amp;status=holding&amp;skill=")
    assert page.context["days"][0].whole.booked == 60 * rows
    shown = staff.get(
        url("appointment-list"), {"day": TODAY, "status": "holding", "skill": "general"}
    )
    assert len(shown.context["rows"]) == rows
    other = staff.get(url("appointment-list"), {"day": TODAY, "skill": "paint"})
    assert other.context["rows"] == []


def test_who_cannot_be_kept_because_of_the_roster_is_listed_with_a_way_out(
    staff, store, other_store, manager
):
    row = make_appointment(store, on=TOMORROW)
    theirs = make_appointment(other_store, on=TOMORROW)
    for one in (row, theirs):
        DutyDay.objects.create(
            store=one.store, user=one.technician.user, on=TOMORROW, on_duty=False
        )

    assertContains(staff.get(url("load")), url("stranded-list"))
    page = staff.get(url("stranded-list"))

    assert [one.appointment.pk for one in page.context["rows"]] == [row.pk]
    assertContains(page, url("appointment-move", row.pk))
    assertContains(page, "该时段技师不在岗")


def test_the_manager_keeps_bays_technicians_closures_days_and_numbers(staff, store):
    person = make_user("lao_zhao", store, Role.WORKSHOP)
    home = url("capacity")
    asked = {"name": "快修1", "skills": ["quick"], "place": 1, "active": "on"}

    assertRedirects(staff.post(url("bay-new"), asked), home)
    bay = Bay.objects.get()
    more = asked | {"skills": ["quick", "body"]}
    assertRedirects(staff.post(url("bay-edit", bay.pk), more), home)
    hours = {"skills": ["quick"], "works_from": "09:00", "works_until": "18:00", "active": "on"}
    assertRedirects(staff.post(url("technician-new"), hours | {"user": person.pk}), home)
    technician = Technician.objects.get()
    assertRedirects(
        staff.post(url("technician-edit", technician.pk), hours | {"works_until": "17:00"}), home
    )
    closed = {"bay": bay.pk, "first": "2026-11-25", "last": "2026-11-26", "reason": "检修"}
    assertRedirects(staff.post(url("closure-new"), closed), home)
    special = {"on": "2026-11-27", "labour_hours": "6", "reason": "培训"}
    assertRedirects(staff.post(url("day-new"), special), home)
    numbers = {"effective_from": "2026-12-01", "slot_minutes": "20", "book_ahead_days": "30"}
    assertRedirects(staff.post(url("capacity-new"), numbers), home)

    bay.refresh_from_db()
    technician.refresh_from_db()
    assert (bay.name, bay.skills) == ("快修1", ["quick", "body"])
    assert (technician.user, technician.works_until) == (person, time(17, 0))
    assert [row.on.day for row in BayClosure.objects.order_by("on")] == [25, 26]
    assert ServiceDay.objects.get(on=date(2026, 11, 27)).labour_hours == 6
    assert Capacity.objects.get(store=store, effective_from=date(2026, 12, 1)).slot_minutes == 20
    page = staff.get(home)
    for text in ("快修1", "lao_zhao", "2026-11-25", "培训", "2026-12-01"):
        assertContains(page, text)
    assertRedirects(staff.post(url("closure-end", BayClosure.objects.first().pk)), home)
    assertRedirects(
        staff.post(url("day-usual", ServiceDay.objects.get(on=date(2026, 11, 27)).pk)), home
    )
    assertNotContains(staff.get(home), "培训")


def test_a_refused_closure_says_whom_to_move_first(staff, store):
    row = make_appointment(store, on=TOMORROW)
    asked = {"bay": row.bay_id, "first": TOMORROW, "last": TOMORROW, "reason": "检修"}

    page = staff.post(url("closure-new"), asked)

    assertContains(page, url("appointment-move", row.pk), status_code=409)
    assertContains(page, "检修", status_code=409)
    assert not BayClosure.objects.exists()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("bay-new", {"name": "1", "skills": ["magic"], "place": "1"}),
        ("bay-new", {"name": "1", "place": "1"}),
        ("technician-new", {"user": "999999", "skills": ["quick"]}),
        ("closure-new", {"bay": "999999", "first": TODAY, "last": TODAY, "reason": "x"}),
        ("day-new", {"on": TODAY, "opens_at": "12:00", "closes_at": "09:00", "reason": "x"}),
        ("day-new", {"on": TODAY, "closed": "on"}),
        ("capacity-new", {"effective_from": "2026-12-01", "slot_minutes": "7000"}),
    ],
)
def test_what_cannot_be_is_marked_and_nothing_written(staff, store, name, asked):
    assert staff.post(url(name), asked).status_code == 422
    assert not Bay.objects.exists() and not Technician.objects.exists()
    assert not ServiceDay.objects.exists() and Capacity.objects.filter(store=store).count() == 1


def test_a_bay_of_another_store_cannot_be_closed(staff, store, other_store):
    theirs = make_bay(other_store)
    asked = {"bay": theirs.pk, "first": TODAY, "last": TODAY, "reason": "x"}

    assert staff.post(url("closure-new"), asked).status_code == 422
    assert not BayClosure.objects.exists()


@pytest.fixture
def no_lock(monkeypatch):
    monkeypatch.setattr(capacity, "hold_days", lambda store, days: list(days))


def close_while_booking(store):
    """A booking of the bay is not yet through when the bay is closed."""
    bay = make_bay(store)
    make_technician(store)

    def close():
        try:
            return capacity.close_bay(bay, first=TOMORROW, last=TOMORROW, reason="x", now=NOW)
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make_appointment(store, on=TOMORROW)
            other = pool.submit(closing, close)
            yield other
        yield other.result()


@pytest.mark.django_db(transaction=True)
def test_a_bay_that_is_just_being_booked_is_not_closed_under_it(store):
    steps = close_while_booking(store)
    next(steps)
    wait_until_someone_waits_for_a_lock()

    assert isinstance(next(steps), capacity.LeftWithout)
    assert not BayClosure.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_closed_under_it(store, no_lock):
    steps = close_while_booking(store)
    next(steps).result()
    next(steps)

    assert BayClosure.objects.count() == 1
    assert len(stranded(store, NOW, TOMORROW, TOMORROW)) == 1
