"""The two 5S checks and what follows: just inside and just outside each line (PEN-05, PEN-06)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time

import pytest

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import Department
from apps.checklists.models import ChecklistAnswer, ChecklistRun, ChecklistTemplate
from apps.checklists.policy import Point
from apps.core.errors import Refused
from apps.core.pictures import picture_path
from apps.desk.pictures import pictures_kept
from apps.penalties.actions import life
from apps.penalties.actions.defaults import add_defaults
from apps.penalties.actions.detect import detect
from apps.penalties.actions.inspections import MOST_PHOTOS, Block, Look, look_around, set_areas
from apps.penalties.choices import Clause, PenaltyStatus
from apps.penalties.models import Area, Finding, FiveSPhoto, Penalty, SheetCopy
from apps.penalties.queries import evidence, signing
from apps.penalties.queries.fives_sheet import weak_month
from apps.penalties.queries.inspections import FIRST, SECOND, areas_of, round_of
from apps.ssi.models import SsiPolicy
from apps.ssi.queries.rooms import runs_on
from tests.concurrency import closing
from tests.factories import TODAY
from tests.penalties.rounds import (
    BENCH,
    DAY,
    FLOOR,
    HALL,
    HYDRANT,
    SCISSORS,
    answer_of,
    at,
    cast,
    first,
    look,
    made_weak,
    of_department,
    second,
)
from tests.reception.driving import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(store, other_store):
    """The cast; the other store has a round of its own with the same faults."""
    others = {
        "by": of_department("far", other_store, Role.CARE_SPECIALIST),
        "of": of_department("far_fitter", other_store, Role.WORKSHOP),
    }
    first(other_store, others["by"], {FLOOR: others["of"]})
    second(other_store, others["by"], {FLOOR: others["of"]})
    return cast(store)


def proposals(store):
    rows = Penalty.objects.filter(store=store).order_by("pk")
    return list(rows.values_list("clause", "person__username", "status", "amount"))


def test_a_new_store_has_areas_of_its_departments(store):
    template = ChecklistTemplate.objects.get(store=store, kind=FIRST)

    assert [(str(area), area.department.kind) for area in areas_of(template)] == [
        ("接车区", "service"),
        ("接待台", "service"),
        ("展厅", "sales"),
        ("休息区", "service"),
        ("卫生间", "administration"),
        ("人员", "sales"),
    ]
    before = Area.objects.count()
    add_defaults(store)
    assert Area.objects.count() == before


def test_the_first_check_goes_area_by_area_and_is_whole_at_its_end(store, people):
    by, fitter = people["checker"], people["fitter"]
    check = round_of(store, FIRST, TODAY)
    entrance, desk = check.places[:2]
    looks = [look(check, point.item.text) for point in entrance.points]

    look_around(store, FIRST, looks, by=by, now=at(8, 40))

    check = round_of(store, FIRST, TODAY)
    assert (check.places[0].left, check.left) == (0, sum(len(p.points) for p in check.places[1:]))
    assert runs_on(store, TODAY)[FIRST].whole is False
    first(store, by, {HYDRANT: fitter})
    check = round_of(store, FIRST, TODAY)
    assert (check.left, check.failed, check.run.missing) == (0, 1, 1)
    assert runs_on(store, TODAY)[FIRST].whole is True
    finding = Finding.objects.get(store=store)
    assert (finding.person, finding.at, finding.spot) == (fitter, at(9), False)


@pytest.mark.parametrize("lacks", ["person", "words", "photos"])
def test_what_is_not_in_order_names_who_and_what(store, people, lacks):
    check = round_of(store, FIRST, TODAY)
    whole = {"person": people["fitter"], "remark": "脏"}
    wrong = {
        "person": {"person": None},
        "words": {"remark": ""},
        "photos": {"photos": [picture()] * (MOST_PHOTOS + 1)},
    }[lacks]
    [item] = [one for one, point in check.points.items() if point.item.text == FLOOR]

    with pytest.raises(Refused):
        wanted = Look(item, False, **(whole | wrong))
        look_around(store, FIRST, [wanted], by=people["checker"], now=at(9))

    assert not ChecklistRun.objects.filter(store=store).exists()
    assert not list(picture_path("").glob("*"))


def test_a_photo_says_what_is_wrong_without_words_and_stays(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"]}, photo=True, others=False)

    photo = FiveSPhoto.objects.get()
    assert photo.answer == answer_of(FIRST, FLOOR)
    assert (photo.stored,) in set(pictures_kept())
    assert set(pictures_kept([str(photo.stored)])) == {(photo.stored,)}


def test_the_second_check_looks_at_what_failed_only(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"], HALL: people["head"]})

    check = round_of(store, SECOND, TODAY)

    assert [point.item.text for point in check.points.values()] == [FLOOR, HALL]
    assert [place.name for place in check.places] == ["接车区", "展厅"]
    with pytest.raises(Refused):
        wanted = [look(round_of(store, FIRST, TODAY), SCISSORS, people["fitter"])]
        look_around(store, SECOND, wanted, by=people["checker"], now=at(13, 5))
    assert not ChecklistRun.objects.filter(store=store, kind=SECOND).exists()


def test_what_is_not_put_right_is_proposed_at_once_with_both_checks(store, people):
    by, fitter = people["checker"], people["fitter"]
    first(store, by, {FLOOR: fitter, HALL: people["head"]}, photo=True)

    second(store, by, {FLOOR: fitter}, fine=[HALL], photo=True)

    penalty = Penalty.objects.get(store=store)
    assert (penalty.clause, penalty.person, penalty.amount) == (Clause.FIVE_S, fitter, 50)
    assert (penalty.event_on, penalty.detected_at) == (TODAY, at(13, 10))
    assert penalty.fact == f"check/{answer_of(SECOND, FLOOR).pk}"
    found = penalty.evidence
    assert (found["point"], found["first_text"], found["second_text"]) == (FLOOR, "脏", "脏")
    assert found["first_found_at"].startswith("2026-11-23T01:00")
    assert found["second_found_at"].startswith("2026-11-23T05:10")
    assert [label for label, _name in evidence.photos(penalty)] == ["首次检查", "复查"]
    assert runs_on(store, TODAY)[SECOND].whole is True


@pytest.mark.parametrize(
    ("now", "proposed"),
    [(at(13), 1), (at(14), 1), (at(14, 0, 1), 0), (at(17), 0)],
)
def test_the_second_check_proposes_within_its_hours(store, people, now, proposed):
    first(store, people["checker"], {FLOOR: people["fitter"]})

    second(store, people["checker"], {FLOOR: people["fitter"]}, now=now)

    assert Penalty.objects.filter(store=store).count() == proposed
    assert answer_of(SECOND, FLOOR).run.missing == 1  # kept all the same


def test_the_second_check_waits_for_its_hour(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"]})

    with pytest.raises(Refused, match="13:00"):
        second(store, people["checker"], {FLOOR: people["fitter"]}, now=at(12, 59, 59))

    assert not ChecklistRun.objects.filter(store=store, kind=SECOND).exists()
    assert proposals(store) == []


def test_a_store_sets_the_hours_from_a_day_on(store, people):
    SsiPolicy.objects.create(
        store=store, effective_from=TODAY, second_from=time(15), second_until=time(16)
    )
    first(store, people["checker"], {FLOOR: people["fitter"]})

    with pytest.raises(Refused, match="15:00"):
        second(store, people["checker"], {FLOOR: people["fitter"]}, now=at(13, 30))
    second(store, people["checker"], {FLOOR: people["fitter"]}, now=at(15))

    assert proposals(store) == [(Clause.FIVE_S, "fitter", "proposed", 50)]


def test_what_the_first_check_found_within_the_hours_had_no_time(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"]}, now=at(13))

    second(store, people["checker"], {FLOOR: people["fitter"]}, now=at(13, 30))

    assert proposals(store) == []


def test_without_a_first_check_there_is_no_second(store, people):
    with pytest.raises(Refused):
        look_around(store, SECOND, [], by=people["checker"], now=at(13, 30))

    assert not ChecklistRun.objects.filter(store=store).exists()


def test_the_first_check_ends_when_the_second_begins(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"]})
    second(store, people["checker"], {FLOOR: people["fitter"]})

    with pytest.raises(Refused):
        first(store, people["checker"], {HYDRANT: people["fitter"]}, now=at(13, 20))

    assert answer_of(FIRST, HYDRANT).done is True


def test_a_correction_withdraws_and_a_new_fault_proposes_the_same_row_again(store, people):
    by, fitter = people["checker"], people["fitter"]
    first(store, by, {FLOOR: fitter})
    second(store, by, {FLOOR: fitter})

    second(store, by, {}, fine=[FLOOR], now=at(13, 20))
    assert proposals(store) == [(Clause.FIVE_S, "fitter", "withdrawn", 50)]
    second(store, by, {FLOOR: fitter}, now=at(13, 30))

    assert proposals(store) == [(Clause.FIVE_S, "fitter", "proposed", 50)]
    assert Finding.objects.get(answer=answer_of(SECOND, FLOOR)).at == at(13, 30)


def test_what_somebody_has_decided_stays(store, people):
    by, fitter = people["checker"], people["fitter"]
    first(store, by, {FLOOR: fitter})
    second(store, by, {FLOOR: fitter})
    life.waive(
        Penalty.objects.get(store=store), reason="已说明", by=people["chief"], now=at(13, 15)
    )

    second(store, by, {}, fine=[FLOOR], now=at(13, 20))

    assert proposals(store) == [(Clause.FIVE_S, "fitter", "waived", 50)]


def test_saved_twice_and_swept_in_between_it_is_one_proposal(store, people):
    by, fitter = people["checker"], people["fitter"]
    first(store, by, {FLOOR: fitter})
    for minute in (10, 20):
        second(store, by, {FLOOR: fitter}, now=at(13, minute))
        detect(first=TODAY, last=TODAY, now=at(13, minute, 30))
        detect(first=TODAY - 30 * DAY, last=TODAY, now=at(18))

    assert proposals(store) == [(Clause.FIVE_S, "fitter", "proposed", 50)]
    assert Finding.objects.get(answer=answer_of(SECOND, FLOOR)).at == at(13, 10)
    assert Penalty.objects.get(store=store).detected_at == at(13, 10)


@pytest.mark.django_db(transaction=True)
def test_eight_sweeps_at_once_find_what_one_finds(store, people):
    first(store, people["checker"], {FLOOR: people["fitter"], HALL: people["head"]})
    second(store, people["checker"], {FLOOR: people["fitter"], HALL: people["head"]})
    once = proposals(store)
    Penalty.objects.filter(store=store).update(status=PenaltyStatus.WITHDRAWN)

    def sweep(_n):
        return closing(detect, first=TODAY, last=TODAY, now=at(18))

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(sweep, range(8)))

    assert proposals(store) == once
    assert [sum(each.values()) for each in made] == [0] * 8


# ---- the department's weakest


def test_weak_from_two_days_of_thirty_and_three_of_a_department(store, people):
    by, fitter = people["checker"], people["fitter"]
    made_weak(store, by, fitter, [FLOOR, SCISSORS, BENCH, HYDRANT], 2)
    first(store, by, {SCISSORS: fitter, HALL: fitter}, on=TODAY - 3 * DAY)
    first(store, by, {HALL: fitter}, on=TODAY - 31 * DAY)  # too long ago: once only
    first(store, by, {})

    check = round_of(store, SECOND, TODAY)

    weak = {point.item.text: point.weak for point in check.points.values()}
    assert weak == {SCISSORS: 3, FLOOR: 2, BENCH: 2}  # of equals the first by its text
    first(store, by, {HALL: fitter}, on=TODAY - 30 * DAY)
    assert HALL in {p.item.text for p in round_of(store, SECOND, TODAY).points.values()}


def test_a_weak_item_found_again_is_proposed_under_its_own_clause(store, people):
    by, fitter = people["checker"], people["fitter"]
    made_weak(store, by, fitter, [FLOOR, SCISSORS], 2)
    first(store, by, {SCISSORS: fitter})

    second(store, by, {FLOOR: fitter, SCISSORS: fitter})

    rows = Penalty.objects.filter(store=store, event_on=TODAY).order_by("clause")
    assert list(rows.values_list("clause", "fact")) == [
        (Clause.FIVE_S, f"check/{answer_of(SECOND, SCISSORS).pk}"),
        (Clause.WEAK_ITEM, f"check/{answer_of(SECOND, FLOOR).pk}"),
    ]


def test_a_weak_item_in_order_is_nothing(store, people):
    made_weak(store, people["checker"], people["fitter"], [FLOOR], 2)
    first(store, people["checker"], {})

    second(store, people["checker"], {}, fine=[FLOOR])

    assert proposals(store) == []
    assert SheetCopy.objects.filter(store=store).count() == 0


# ---- repeated, and who gets the sheet


def test_both_clauses_count_for_repeated_and_other_clauses_do_not(store, people):
    by, fitter, chief = people["checker"], people["fitter"], people["chief"]
    made_weak(store, by, fitter, [SCISSORS], 2)
    first(store, by, {FLOOR: fitter})
    second(store, by, {FLOOR: fitter, SCISSORS: fitter})
    row, weak = Penalty.objects.filter(store=store).order_by("clause")
    assert (signing.times(row), signing.is_repeated(row)) == (2, False)
    first(store, by, {HYDRANT: fitter}, on=TODAY + DAY)
    second(store, by, {HYDRANT: fitter}, on=TODAY + DAY)

    third = Penalty.objects.get(store=store, event_on=TODAY + DAY)
    assert (signing.times(third), signing.is_repeated(third)) == (3, True)
    third.clause = Clause.REMINDER
    assert signing.is_repeated(third) is False
    later = at(9, on=TODAY + 9 * DAY)
    third = life.confirm(Penalty.objects.get(pk=third.pk), amount=third.amount, by=chief, now=later)
    assert [signing.may_sign_as(people[one], third) for one in ("fitter", "head", "chief")] == [
        "offender",
        "department",
        "care",
    ]
    assert weak.clause == Clause.WEAK_ITEM


def test_for_the_care_managers_own_people_the_general_manager_signs_beside_her(store, people):
    by, chief, general = people["checker"], people["chief"], people["general"]
    for day in range(3):
        on = TODAY + day * DAY
        first(store, by, {FLOOR: by}, on=on)
        second(store, by, {FLOOR: by}, on=on)
    row = Penalty.objects.filter(store=store).latest("pk")
    row = life.confirm(row, amount=row.amount, by=chief, now=at(9, on=TODAY + 9 * DAY))

    assert signing.may_sign_as(chief, row) == "department"
    assert signing.may_sign_as(general, row) == "care"
    Department.objects.filter(kind=DepartmentKind.CARE).update(manager=None)
    assert signing.may_sign_as(general, Penalty.objects.get(pk=row.pk)) == "care"


def test_the_sheet_goes_to_who_answers_his_manager_and_the_leaders_once(store, people):
    by, fitter = people["checker"], people["fitter"]
    first(store, by, {FLOOR: fitter, HALL: people["head"]})
    assert SheetCopy.objects.filter(store=store).count() == 0
    for minute in (10, 20):
        second(store, by, {FLOOR: fitter}, fine=[HALL], now=at(13, minute))

    copies = SheetCopy.objects.filter(store=store)
    assert sorted(copies.values_list("person__username", flat=True)) == [
        *("chief", "fitter", "general", "head"),
    ]
    assert set(copies.values_list("on", "sent_at")) == {(TODAY, at(13, 10))}


# ---- areas, and the month


def test_other_areas_hold_from_a_coming_day_on(store, people):
    sales = Department.objects.get(store=store, kind=DepartmentKind.SALES)
    blocks = [Block("展厅", sales, people["head"], [Point("灯光"), Point("资料", 5)])]
    with pytest.raises(Refused):
        set_areas(store, blocks, effective_from=TODAY, now=at(9))
    with pytest.raises(Refused):
        set_areas(store, blocks * 2, effective_from=TODAY + DAY, now=at(9))
    before = len(round_of(store, FIRST, TODAY).points)

    set_areas(store, blocks, effective_from=TODAY + DAY, now=at(9))

    assert len(round_of(store, FIRST, TODAY).points) == before
    [place] = round_of(store, FIRST, TODAY + DAY).places
    assert (place.area.department, place.area.person) == (sales, people["head"])
    assert [point.text for point in place.points] == ["灯光", "资料"]
    first(store, people["checker"], {}, on=TODAY + DAY)
    assert round_of(store, FIRST, TODAY + DAY).failed == 0
    assert ChecklistAnswer.objects.get(item__text="展厅：资料").quantity == 5


def test_the_month_counts_failures_of_both_checks_and_the_month_before(store, people):
    by, fitter, october = people["checker"], people["fitter"], TODAY.replace(month=10)
    first(store, by, {FLOOR: fitter}, on=october)
    first(store, by, {}, on=october + DAY)
    first(store, by, {FLOOR: fitter, HALL: fitter})
    second(store, by, {FLOOR: fitter}, fine=[HALL])
    first(store, by, {FLOOR: fitter}, on=TODAY - DAY)

    rows = weak_month(store, TODAY.replace(day=1))

    assert [
        (r.text, r.seen, r.failed, r.stayed, r.seen_before, r.failed_before, r.trend) for r in rows
    ] == [(FLOOR, 2, 2, 1, 2, 1, 1), (HALL, 2, 1, 0, 2, 0, 1)]
