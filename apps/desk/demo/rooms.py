"""The demo's 5S checks of the last weeks, and its manager's re-calls (SSI-06, SSI-10)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from apps.accounts.models import Department, Store, User
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer, ChecklistItem, ChecklistRun
from apps.checklists.queries import in_force
from apps.core.dates import add_months
from apps.core.pictures import Kept
from apps.desk.demo.calls import working_day
from apps.desk.demo.filling import at
from apps.penalties.models import Area, Finding, FiveSPhoto, SheetCopy
from apps.penalties.queries.inspections import SECOND
from apps.ssi.actions.recalls import draw_recalls, miss_recall, write_recall
from apps.ssi.models import Answer, Recall
from apps.ssi.policy.rooms import FIVE_S, area_of

DAYS = 40
OFTEN = {"接车区：大剪": 0.3, "接车区：消防栓": 0.18, "展厅：资料架整齐": 0.25}
SELDOM = 0.02
STAYS = 0.3  # of what the first check found is not put right
WITH_PHOTOS = 10  # days
REMARKS = ("油污未清", "摆放不到位", "已通知部门整改", "缺少资料", "灰尘较多")
MOST_RECALLS = 15
VERY_HIGH = 940  # what is too good to be true has come down when asked again


def add_rooms(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Two checks each working day; of today only the first. The showroom's list twice a month."""
    rnd = Random(seed)
    by = next((one for one in people.values() if "care_specialist" in one.roles), None)
    if by is None:
        return
    checks = Checks(store, list(people.values()), by, rnd)
    days = [day for n in range(DAYS, -1, -1) if working_day(day := on - timedelta(days=n)) == day]
    for day in days:
        recent = day > on - timedelta(days=WITH_PHOTOS)
        found = checks.check(ChecklistKind.FIVE_S_FIRST, at(day, 9), {}, photos=recent)
        if day < on:
            stayed = {text: who for text, who in found.items() if rnd.random() < STAYS}
            checks.check(ChecklistKind.FIVE_S_SECOND, at(day, 13), stayed, found, photos=recent)
            _send(store, list(people.values()), stayed, day, is_read=not recent)
        if day.day in (1, 15):
            checks.check(ChecklistKind.FACILITY, at(day, 10), {})


@dataclass
class Checks:
    """Who checks the rooms of a store, and who answers for them."""

    store: Store
    people: list[User]
    by: User
    rnd: Random

    def check(
        self,
        kind: ChecklistKind,
        now: datetime,
        lacking: dict[str, User],
        before: dict[str, User] | None = None,
        *,
        photos: bool = False,
    ) -> dict[str, User]:
        """``before``: what the first check found, the only points of a second one; of these
        ``lacking`` are still not in order. Answers what lacks, and who answers for it."""
        listed = ChecklistKind.FIVE_S_FIRST if kind == ChecklistKind.FIVE_S_SECOND else kind
        template = in_force(self.store, listed, now.date())
        assert template is not None
        items = [one for one in template.items.all() if before is None or one.text in before]
        if before is None:
            failed = [one.text for one in items if self._fails(one.text)]
            areas = {area.name: area for area in template.areas.all()}
            lacking = {text: self._who(areas.get(area_of(text)[0])) for text in failed}
        run = ChecklistRun.objects.create(
            **{"store": self.store, "template": template, "kind": kind, "on": now.date()},
            **{"by": self.by, "at": now, "missing": len(lacking)},
        )
        answers = ChecklistAnswer.objects.bulk_create(
            _answer(run, item, set(lacking), self.rnd) for item in items
        )
        if kind in FIVE_S:
            self._find(answers, lacking, now, photos=photos)
        return lacking

    def _fails(self, text: str) -> bool:
        return self.rnd.random() < OFTEN.get(text, SELDOM)

    def _who(self, area: Area | None) -> User:
        """Somebody of the area's department who does not lead it."""
        own = [one for one in self.people if area and one.department_id == area.department_id]
        return self.rnd.choice([one for one in own if "manager" not in one.roles[0]] or [self.by])

    def _find(
        self,
        answers: list[ChecklistAnswer],
        lacking: dict[str, User],
        now: datetime,
        *,
        photos: bool,
    ) -> None:
        facts = {"store": self.store, "by": self.by, "at": now}
        failed = [answer for answer in answers if not answer.done]
        Finding.objects.bulk_create(
            Finding(answer=answer, person=lacking[answer.item.text], **facts) for answer in failed
        )
        if photos:
            shown = [answer for answer in answers if not answer.done or answer.run.kind == SECOND]
            FiveSPhoto.objects.bulk_create(
                FiveSPhoto(answer=one, stored=Kept().add(_picture(one, self.rnd)), **facts)
                for one in shown
            )


def _picture(answer: ChecklistAnswer, rnd: Random) -> bytes:
    """A floor; with stains where it is not in order."""
    picture = Image.new("RGB", (800, 600), "#c9ced6")
    pen = ImageDraw.Draw(picture)
    for line in range(0, 800, 100):
        pen.line((line, 0, line, 600), fill="#b4bac4", width=3)
        pen.line((0, line, 800, line), fill="#b4bac4", width=3)
    for _n in range(0 if answer.done else 9):
        x, y, wide = rnd.randint(60, 640), rnd.randint(60, 480), rnd.randint(40, 130)
        pen.ellipse((x, y, x + wide, y + wide // 2), fill="#4a443c")
    written = BytesIO()
    picture.save(written, "JPEG", quality=70)
    return written.getvalue()


def _send(
    store: Store, people: list[User], stayed: dict[str, User], day: date, *, is_read: bool
) -> None:
    """The sheet of a day to the people concerned, their managers and the leaders."""
    departments = {who.department_id for who in stayed.values() if who.department_id}
    managers = Department.objects.filter(pk__in=departments, manager__isnull=False)
    to = {who.pk for who in stayed.values()} | set(managers.values_list("manager", flat=True))
    to |= {one.pk for one in people if {"care_manager", "general_manager"} & set(one.roles)}
    SheetCopy.objects.bulk_create(
        SheetCopy(
            store=store,
            on=day,
            person_id=person,
            sent_at=at(day, 13),
            read_at=at(day, 15) if is_read else None,
        )
        for person in sorted(to)
        if stayed
    )


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
