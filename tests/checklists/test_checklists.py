"""Checklists: dated lists of points, and what people say of them (SVC-13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.checklists import policy
from apps.checklists.actions import go_through, set_points
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistRun, ChecklistTemplate
from apps.checklists.policy import Point, Said
from apps.checklists.queries import in_force, lines, run_of
from apps.core.errors import Refused
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
KIND = ChecklistKind.PREPARATION
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("四件套 × 50", [Point("四件套", 50)]),
        ("检查单*10/人\n\n 地面  整洁 ", [Point("检查单", 10, True), Point("地面 整洁")]),
        ("水 × 3 / 位", [Point("水", 3, True)]),
    ],
)
def test_points_are_read_as_people_write_them_and_written_so(text, found):
    assert policy.points(text) == found
    assert policy.points("\n".join(map(str, found))) == found


@pytest.mark.parametrize("text", ["", "四件套 × 0", "x" * 101, "水\n水", "\n".join("abc" * 30)])
def test_what_is_no_list_is_told(text):
    with pytest.raises(ValueError):
        policy.points(text)


@pytest.mark.parametrize(
    ("wanted", "said", "missing"),
    [
        (None, None, True),
        (None, Said(False), True),
        (None, Said(True), False),
        (50, Said(True, 50), False),
        (50, Said(True, 49), True),
        (50, Said(True), True),
        (0, Said(True), False),
    ],
)
def test_a_point_is_missing_that_is_not_done_or_too_few(wanted, said, missing):
    assert policy.is_missing(wanted, said) is missing


def answers(store, *said):
    items = in_force(store, KIND, TODAY).items.all()
    return dict(zip([item.pk for item in items], said, strict=False))


def gone_through(store, by, said, **changes):
    facts = {"on": TODAY, "people": 2, "by": by, "now": NOW} | changes
    return go_through(store, KIND, said, **facts)


def test_a_store_begins_with_fifty_sets_and_ten_forms_for_each_advisor(store, manager):
    items = list(in_force(store, KIND, TODAY).items.all())
    assert [str(item) for item in items[:2]] == ["四件套 × 50", "环车检查单 × 10/人"]

    run = gone_through(store, manager, answers(store, Said(True, 50), Said(True, 19)))

    found = lines(items, run, 2)
    assert [(line.wanted, line.missing) for line in found[:3]] == [
        (50, False),
        (20, True),
        (None, True),
    ]
    assert (run.missing, run.people, run.by, run.at) == (5, 2, manager, NOW)


def test_again_on_the_same_day_changes_the_same_run_and_keeps_what_was_said(store, manager):
    gone_through(store, manager, answers(store, Said(True, 40)))
    gone_through(store, manager, answers(store, Said(True, 50, "补齐")))

    run = ChecklistRun.objects.get()
    answer = ChecklistAnswer.objects.get(run=run, item__place=1)
    assert (answer.quantity, answer.remark, run.missing) == (50, "补齐", 5)
    assert [event.quantity for event in answer.events.all()] == [40]
    other = ChecklistAnswer.objects.get(run=run, item__place=2)
    assert other.events.count() == 0


def test_only_today_and_only_where_there_is_a_list(store, other_store, manager):
    for day in (TODAY - DAY, TODAY + DAY):
        with pytest.raises(Refused):
            gone_through(store, manager, {}, on=day)
    ChecklistTemplate.objects.filter(store=other_store).delete()
    with pytest.raises(Refused):
        gone_through(other_store, manager, {})
    assert not ChecklistRun.objects.exists()


def test_other_points_hold_from_their_day_and_what_was_gone_through_keeps_its_own(store, manager):
    gone_through(store, manager, {})
    points = [Point("新项目", 3)]
    for day in (TODAY, TODAY - DAY):
        with pytest.raises(Refused):
            set_points(store, KIND, points, effective_from=day, now=NOW)
    set_points(store, KIND, points, effective_from=TODAY + DAY, now=NOW)
    with pytest.raises(Refused):
        set_points(store, KIND, points, effective_from=TODAY + DAY, now=NOW)

    assert [str(i) for i in in_force(store, KIND, TODAY + DAY).items.all()] == ["新项目 × 3"]
    assert in_force(store, KIND, TODAY).items.count() == 6
    assert run_of(store, KIND, TODAY).template == in_force(store, KIND, TODAY)
    assert run_of(store, KIND, TODAY + DAY) is None


def test_many_points_cost_what_few_do_the_first_time_and_again(store, specialist):
    def cost(points, day):
        now = NOW + day * DAY
        on = TODAY + day * DAY
        texts = [Point(f"第{n}项") for n in range(points)]
        set_points(store, KIND, texts, effective_from=on, now=now - DAY)
        items = [item.pk for item in in_force(store, KIND, on).items.all()]
        about = {"on": on, "people": 2, "by": specialist, "now": now}
        found = []
        for done in (True, False):  # written, then every one changed
            with CaptureQueriesContext(connection) as asked:
                go_through(store, KIND, dict.fromkeys(items, Said(done)), **about)
            found.append(len(asked))
        return found

    few, many = cost(2, 1), cost(12, 2)

    assert many == few
    assert set(ChecklistAnswer.objects.values_list("done", flat=True)) == {False}
