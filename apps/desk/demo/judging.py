"""The demo's deduction proposals: what the rules found; last month closed, this one under way."""

from datetime import date, datetime, timedelta
from random import Random

from apps.accounts.models import Store, User
from apps.core.dates import add_months
from apps.desk.demo.filling import at
from apps.desk.demo.handing import signature
from apps.penalties.actions import life, proofs
from apps.penalties.actions.detect import detect
from apps.penalties.actions.sheets import close_month, correct
from apps.penalties.choices import PenaltyStatus
from apps.penalties.models import GreetingDuty, Penalty

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST = 24  # of last month; the others are waived together
EXPLAINED = (
    "客户当月在国外，手机关机。",
    "当天系统停机两小时，第二天补打。",
    "客户要求月底再联系，有短信为证。",
    "当天请假，同事代打没有登记。",
)


def add_proposals(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """After the calls: the facts of two months, judged as the house would have."""
    chief, office = people.get("demo_caremanager"), people.get("demo_admin_office")
    general = people.get("demo_gm")
    if chief is None or office is None or general is None:
        return
    rnd, this = Random(seed), on.replace(day=1)
    before = add_months(this, -1)
    began = min(at(this, 8), at(on, 6))
    detect(first=before, last=this - DAY, now=began, stores=[store])
    _finish(store, rnd, chief, office, began)
    close_month(store, before, by=office, now=began + 5 * HOUR)
    detect(first=this, last=on, now=at(on, 7), stores=[store])
    _lead(store, rnd, {"chief": chief, "office": office, "general": general}, at(on, 9))
    person = people["demo_care1"]
    GreetingDuty.objects.create(store=store, month=this, person=person, named_by=chief)


def _rows(store: Store) -> list[Penalty]:
    rows = Penalty.objects.filter(store=store, status=PenaltyStatus.PROPOSED)
    return list(rows.select_related("person", "rule").order_by("event_on", "pk"))


def _finish(store: Store, rnd: Random, chief: User, office: User, now: datetime) -> None:
    """Last month: all decided, signed and issued before it was closed; one is corrected now."""
    for n, row in enumerate(_rows(store)):
        if row.person_id in (chief.pk, office.pk):
            continue
        if n >= MOST or n % 5 == 4:
            life.waive(row, reason="经核实，客户情况特殊。", by=chief, now=now + 2 * HOUR)
            continue
        row = life.explain(row, text=rnd.choice(EXPLAINED), by=row.person, now=now + HOUR)
        row = life.confirm(row, amount=row.amount, by=chief, now=now + 2 * HOUR)
        proofs.sign_on_screen(row, picture=signature(rnd), by=row.person, now=now + 3 * HOUR)
        row = life.issue(row, by=office, now=now + 4 * HOUR)


def _lead(store: Store, rnd: Random, people: dict[str, User], now: datetime) -> None:
    """This month: some at each step, the rest waits to be explained."""
    chief, office, general = people["chief"], people["office"], people["general"]
    wrong = Penalty.objects.filter(store=store, entries__isnull=False, amount__gt=0).first()
    if wrong is not None:
        text = "客户提供了出国证明，予以更正。"
        correct(wrong, amount=0 * wrong.amount, reason=text, by=chief, now=now)
    own = (chief.pk, office.pk)
    rows = [row for row in _rows(store) if row.person_id not in own]
    for n, row in enumerate(rows[:16]):
        row = life.explain(row, text=rnd.choice(EXPLAINED), by=row.person, now=now)
        if n % 8 < 2:
            continue
        if n % 8 == 2:
            life.waive(row, reason="情况属实，免于扣减。", by=chief, now=now + HOUR)
            continue
        row = life.confirm(row, amount=row.amount, by=chief, now=now + HOUR)
        if n % 8 == 3:
            continue
        if n % 8 in (4, 5):
            row = life.appeal(
                row, text="已经当面说明过原因，请复核。", by=row.person, now=now + HOUR
            )
            if n % 8 == 5:
                text = "标准流程写明当天须再拨一次。"
                life.decide_appeal(row, upheld=False, reason=text, by=general, now=now + 2 * HOUR)
            continue
        row = proofs.sign_on_screen(row, picture=signature(rnd), by=row.person, now=now + HOUR)
        if n % 8 == 7:
            life.issue(row, by=office, now=now + 2 * HOUR)
