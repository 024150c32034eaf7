"""5S rounds of the tests: who checks, who answers, and the two checks of a day."""

from datetime import datetime, timedelta

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import Department
from apps.checklists.models import ChecklistAnswer
from apps.penalties.actions.inspections import Look, look_around
from apps.penalties.queries.inspections import FIRST, SECOND, round_of
from tests.factories import SHANGHAI, TODAY, make_user
from tests.reception.driving import picture

DAY = timedelta(days=1)
FLOOR, SCISSORS, BENCH = "接车区：地面", "接车区：大剪", "接车区：操作台"
HYDRANT, HALL = "接车区：消防栓", "展厅：资料架整齐"


def at(hour, minute=0, second=0, on=TODAY):
    return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=SHANGHAI)


def of_department(username, store, role, kind=DepartmentKind.SERVICE, *, leads=False):
    person = make_user(username, store, role)
    person.department = Department.objects.get(store=store, kind=kind)
    person.save()
    if leads:
        Department.objects.filter(pk=person.department_id).update(manager=person)
    return person


def cast(store):
    """Who checks, who works at the entrance, who leads him, and who decides."""
    care = DepartmentKind.CARE
    return {
        "checker": of_department("checker", store, Role.CARE_SPECIALIST, care),
        "fitter": of_department("fitter", store, Role.WORKSHOP),
        "head": of_department("head", store, Role.SERVICE_MANAGER, leads=True),
        "chief": of_department("chief", store, Role.CARE_MANAGER, care, leads=True),
        "general": make_user("general", store, Role.GENERAL_MANAGER),
        "office": make_user("office", store, Role.ADMINISTRATION),
    }


def look(check, text, person=None, remark="脏", photos=()):
    """``person``: not in order, and he answers for it."""
    [item] = [one.item.pk for one in check.points.values() if one.item.text == text]
    done = person is None
    return Look(item, done, person, "" if done else remark, photos)


def first(store, by, failed, *, on=TODAY, now=None, photo=False, others=True):
    """The first check: ``failed`` is text → who answers; everything else in order."""
    check, photos = round_of(store, FIRST, on), [picture("navy")] if photo else ()
    texts = [point.item.text for point in check.points.values()] if others else list(failed)
    looks = [
        look(check, text, failed.get(text), photos=photos if text in failed else ())
        for text in texts
    ]
    return look_around(store, FIRST, looks, by=by, now=now or at(9, on=on))


def second(store, by, failed, *, on=TODAY, now=None, fine=(), photo=False):
    """The second check: these points are looked at, ``fine`` ones are in order now."""
    check, photos = round_of(store, SECOND, on), [picture("red")] if photo else ()
    looks = [look(check, text, who, photos=photos) for text, who in failed.items()]
    looks += [look(check, text) for text in fine]
    return look_around(store, SECOND, looks, by=by, now=now or at(13, 10, on=on))


def answer_of(kind, text, on=TODAY):
    return ChecklistAnswer.objects.get(
        run__store__code="S1", run__kind=kind, run__on=on, item__text=text
    )


def made_weak(store, by, person, texts, days):
    """Not in order on that many days before, put right each time."""
    for ago in range(1, days + 1):
        on = TODAY - ago * DAY
        first(store, by, dict.fromkeys(texts, person), on=on)
