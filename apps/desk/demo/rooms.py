"""The demo's 5S checks of the last weeks, and its manager's re-calls (SSI-06, SSI-10)."""

from datetime import date, timedelta
from random import Random

from apps.accounts.models import Store, User
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistItem, ChecklistRun
from apps.checklists.queries import in_force
from apps.core.dates import add_months
from apps.desk.demo.calls import working_day
from apps.desk.demo.filling import at
from apps.ssi.actions.recalls import draw_recalls, miss_recall, write_recall
from apps.ssi.models import Answer, Recall

DAYS = 40
OFTEN = {"接车区：大剪": 0.3, "接车区：消防栓": 0.18, "展厅：资料架整齐": 0.25}
SELDOM = 0.02
REMARKS = ("油污未清", "摆放不到位", "已通知部门整改", "缺少资料", "灰尘较多")
MOST_RECALLS = 15
VERY_HIGH = 940  # what is too good to be true has come down when asked again


def add_rooms(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Two checks each working day; of today only the first. The showroom's list twice a month."""
    rnd = Random(seed)
    by = next((one for one in people.values() if "care_specialist" in one.roles), None)
    if by is None:
        return
    days = [day for n in range(DAYS, -1, -1) if working_day(day := on - timedelta(days=n)) == day]
    for day in days:
        lacking = _check(store, ChecklistKind.FIVE_S_FIRST, day, 9, by, rnd, set())
        if day < on:
            _check(store, ChecklistKind.FIVE_S_SECOND, day, 13, by, rnd, lacking)
        if day.day in (1, 15):
            _check(store, ChecklistKind.FACILITY, day, 10, by, rnd, set())


def _check(
    store: Store, kind: str, day: date, hour: int, by: User, rnd: Random, before: set[str]
) -> set[str]:
    """``before``: what the first check found, most of it put right since. Answers what lacks."""
    template = in_force(store, kind, day)
    assert template is not None
    items = list(template.items.all())
    if kind == ChecklistKind.FIVE_S_SECOND:
        lacking = {text for text in sorted(before) if rnd.random() < 0.3}
    else:
        lacking = {one.text for one in items if rnd.random() < OFTEN.get(one.text, SELDOM)}
    run = ChecklistRun.objects.create(
        **{"store": store, "template": template, "kind": kind, "on": day, "by": by},
        **{"at": at(day, hour), "missing": len(lacking)},
    )
    ChecklistAnswer.objects.bulk_create(_answer(run, item, lacking, rnd) for item in items)
    return lacking


def _answer(
    run: ChecklistRun, item: ChecklistItem, lacking: set[str], rnd: Random
) -> ChecklistAnswer:
    fails = item.text in lacking
    remark = rnd.choice(REMARKS) if fails else ""
    return ChecklistAnswer(store_id=run.store_id, run=run, item=item, done=not fails, remark=remark)


def add_recalls(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """The two last months are drawn; of the first all are called, of the last some."""
    rnd, by = Random(seed), people.get("demo_caremanager")
    if by is None:
        return
    for ago, share in ((2, 1.0), (1, 0.4)):
        month = add_months(on.replace(day=1), -ago)
        drawn_on = add_months(month, 1)
        draw_recalls(store, month, seed=seed + ago, now=at(drawn_on, 7))
        rows = Recall.objects.filter(store=store, sample__month=month).order_by("pk")
        for recall in list(rows.select_related("response")[:MOST_RECALLS]):
            called_on = working_day(drawn_on + timedelta(days=rnd.randrange(9)))
            if rnd.random() < share and called_on < on:
                _call(recall, by, called_on, rnd)


def _call(recall: Recall, by: User, day: date, rnd: Random) -> None:
    now, luck = at(day, rnd.randint(9, 16)), rnd.random()
    if luck < 0.1:
        miss_recall(recall, remark="两次未接", by=by, now=now)
        return
    first = Answer.objects.filter(response=recall.response)
    moved = 4 if (recall.response.score or 0) > VERY_HIGH else 1
    answers = {
        question: value and min(10, max(1, value - rnd.randint(-1, moved)))
        for question, value in first.order_by("question").values_list("question", "value")
    }
    asked = luck > 0.15
    write_recall(
        recall,
        was_called=asked,
        answers=answers if asked else {},
        remark="" if asked else "客户说没有接到过电话",
        by=by,
        now=now,
    )
