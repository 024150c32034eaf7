"""Two years of survey answers: both rounds of buyers, lost buyers, a change of the model (SSI).

Consultants differ, some things get better over the months, and one interviewer is further above
the others than his customers can be: the pages of the scores have something to show.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import team_on
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.models import Attempt, Call, Script
from apps.core.dates import add_months
from apps.delivery.models import Delivery
from apps.desk.demo.calls import dial
from apps.desk.demo.copying import Into
from apps.desk.demo.filling import at
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.models import CarModel, Opportunity
from apps.ssi.choices import Round
from apps.ssi.models import (
    Answer,
    FactorScore,
    OfficialScore,
    Response,
    StandardAnswer,
    SurveyModel,
)
from apps.ssi.policy.honesty import marks_of
from apps.ssi.policy.score import score
from apps.ssi.queries.sheets import Sheet, key, sheet_of

DAY = timedelta(days=1)
YEARS = DAY * 730
MOST = 5_000  # deliveries, and lost purchases, that were asked about
BEFORE = "published_2015"  # the model before that of today
CHANGED_AGO = 9  # months since the model changed
BETTER = {"演示销售顾问甲": 0.35, "演示销售顾问丙": -0.45, "演示销售顾问丁": -0.1}
OF_FACTOR = {"deal": -0.5, "drive": -0.3, "online": 0.1, "person": 0.3, "start": 0.2}
WORDS = {
    "delivery": "交车时讲解太匆忙，很多功能没有演示",
    "deal": "价格谈了很久，费用也没有解释清楚",
    "drive": "没有主动安排试驾",
    "facility": "展厅里没有人招呼，停车也不方便",
    "reception": "到店等了十几分钟才有人接待",
    "before": "电话里说好的优惠，到店后说没有",
}
OTHER_WORD = "和别的店比差一些"
COMPLAINTS = ("答应的脚垫一直没有给", "车身有一处划痕，交车时没有发现", "上牌比约定的时间晚了一周")
CALL = (
    *("id", "store_id", "customer_id", "vehicle_id", "kind", "cycle", "event_on", "opens_on"),
    *("due_on", "created_on", "owner_id", "status", "attempts", "slots_tried", "day1_on"),
    *("day2_on", "day3_on", "result", "end_reason", "ended_at", "proof"),
)
ATTEMPT = (
    *("store_id", "call_id", "conversation", "at", "slot", "counted", "result", "by_id"),
    *("number", "ticks", "note", "script_id"),
)
RESPONSE = (
    *("id", "store_id", "model_id", "round", "customer_id", "vehicle_id", "delivery_id"),
    *("opportunity_id", "call_id", "car_model_id", "consultant_id", "consultant_name", "team_id"),
    *("status", "interviewer_id", "name_right", "phone_right", "car_right", "started_at"),
    *("ended_at", "on", "spoken_seconds", "complaint", "score", "marks"),
)


@dataclass
class Asked:
    """One customer who is asked about one thing."""

    customer: int
    phone: str
    about: int  # the delivery, or the lost purchase
    on: date  # of it
    car: int | None
    car_model: int | None
    name: str  # of the consultant
    kind: CallKind = CallKind.SSI_FIRST

    @property
    def round(self) -> Round:
        return Round(self.kind.removeprefix("ssi_"))


@dataclass
class Asking:
    """Who asks, by what, and the rows on their way into their tables."""

    store: Store
    people: dict[str, User]
    rnd: Random
    on: date
    specialists: list[User]
    scripts: dict[str, int]
    sellers: dict[str, User]
    teams: dict[int, int]  # of the sellers
    sheets: list[tuple[date, SurveyModel, Sheet]]  # by when the model began, the last first
    calls: Into = field(default_factory=lambda: Into(Call, *CALL))
    attempts: Into = field(default_factory=lambda: Into(Attempt, *ATTEMPT))
    responses: Into = field(default_factory=lambda: Into(Response, *RESPONSE))
    answers: Into = field(
        default_factory=lambda: Into(
            Answer, "store_id", "response_id", "question_id", "value", "word", "at"
        )
    )
    factors: Into = field(
        default_factory=lambda: Into(FactorScore, "response_id", "factor_id", "score")
    )
    standards: Into = field(
        default_factory=lambda: Into(
            StandardAnswer, "store_id", "response_id", "standard_id", "kept"
        )
    )

    def sheet(self, *, of_buyers: bool, on: date) -> tuple[SurveyModel, Sheet]:
        """By which questions were asked on a day."""
        return next(
            (model, sheet)
            for begun, model, sheet in self.sheets
            if model.of_buyers == of_buyers and begun <= on
        )

    def send(self) -> None:
        for table in vars(self).values():
            if isinstance(table, Into):
                table.send()


def add_surveys(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """Before planning: who has answered is not called again."""
    specialists = [p for p in people.values() if Role.CARE_SPECIALIST in p.roles]
    if not specialists:
        return
    sellers = {p.name: p for p in people.values() if Role.SALES_CONSULTANT in p.roles}
    if sellers:
        _older_model(store, on)
        _official(store, people, on)
    scripts = Script.objects.filter(store=store, kind__startswith="ssi_").order_by("version")
    models = SurveyModel.objects.filter(store=store, effective_from__isnull=False)
    asking = Asking(
        store=store,
        people=people,
        rnd=Random(seed + 17),
        on=on,
        specialists=specialists,
        scripts=dict(scripts.values_list("kind", "pk")),
        sellers=sellers,
        teams=team_on([seller.pk for seller in sellers.values()], on),
        sheets=[
            (model.effective_from or date.min, model, sheet_of(model.pk))
            for model in models.order_by("-effective_from")
        ],
    )
    for asked in [*_bought(asking), *_lost(asking)]:
        _ask(asking, asked)
    asking.send()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ssi_response, ssi_answer, ssi_factorscore, ssi_standardanswer")


def _older_model(store: Store, on: date) -> None:
    """Until nine months ago buyers were asked by the model of 2015."""
    models = SurveyModel.objects.filter(store=store, of_buyers=True)
    now = models.filter(effective_from__isnull=False).get()
    first, changed = now.effective_from, add_months(on.replace(day=1), -CHANGED_AGO)
    models.filter(pk=now.pk).update(effective_from=changed)
    models.filter(code=BEFORE).update(effective_from=first)


def _official(store: Store, people: dict[str, User], on: date) -> None:
    by = people.get("demo_caremanager")
    if by is not None:
        OfficialScore.objects.bulk_create(
            OfficialScore(
                store=store,
                year=on.year - ago,
                score=points,
                source="厂家年度销售满意度研究",
                by=by,
                at=at(on),
            )
            for ago, points in ((1, 793), (2, 781))
        )


def _bought(asking: Asking) -> list[Asked]:
    rows = Delivery.objects.filter(
        store=asking.store,
        customer__refuses_service=False,
        delivered_on__range=(asking.on - YEARS, asking.on - DAY),
    )
    models = dict(CarModel.objects.filter(store=asking.store).values_list("name", "pk"))
    columns = ("customer", "customer__main_phone", "pk", "delivered_on", "vehicle")
    more = ("vehicle__model", "consultant")
    return [
        Asked(customer, phone, pk, on, car, models.get(model), name)
        for customer, phone, pk, on, car, model, name in rows.order_by("vehicle__vin").values_list(
            *columns, *more
        )[:MOST]
    ]


def _lost(asking: Asking) -> list[Asked]:
    """Two of three could not be asked, or did not want to be."""
    rows = Opportunity.objects.filter(
        store=asking.store,
        status=OpportunityStatus.LOST,
        customer__refuses_service=False,
        closed_at__date__range=(asking.on - YEARS, asking.on - 9 * DAY),
    )
    columns = ("customer", "customer__main_phone", "pk", "closed_at__date", "car_model")
    return [
        Asked(customer, phone, pk, on, None, model, name, CallKind.SSI_LOST)
        for customer, phone, pk, on, model, name in rows.order_by("pk").values_list(
            *columns, "consultant__name"
        )[:MOST]
        if asking.rnd.random() < 0.35
    ]


def _ask(asking: Asking, asked: Asked) -> None:
    """Called on the next working day; who answered as a buyer once more some months later."""
    if not _called(asking, asked, asked.on + DAY) or asked.kind != CallKind.SSI_FIRST:
        return
    asked.kind = CallKind.SSI_SECOND
    _called(asking, asked, add_months(asked.on, 3) + DAY * asking.rnd.randint(0, 25))


def _called(asking: Asking, asked: Asked, first_day: date) -> bool:
    """Whether the customer was reached; nothing when it would not be over by now."""
    rnd, store = asking.rnd, asking.store.pk
    diallings, reached = dial(rnd, first_day, reached=0.5)
    if diallings[-1].at.date() >= asking.on:
        return False
    call = asking.calls.new_id()
    owner = asking.specialists[int(asked.phone[-3:]) % len(asking.specialists)]
    days = [said.at.date() for said in diallings] + [None, None]
    second = asked.kind == CallKind.SSI_SECOND
    opens = add_months(asked.on, 3) if second else asked.on + DAY
    due = add_months(asked.on, 8) if second else diallings[0].at.date()
    if asked.kind == CallKind.SSI_LOST:
        due = asked.on + 7 * DAY
    ended = (
        (CallStatus.REACHED, Result.ANSWERED, "")
        if reached
        else (CallStatus.FAILED, "", EndReason.THREE_ATTEMPTS)
    )
    slots = ",".join(said.slot for said in diallings)
    asking.calls.add(
        *(call, store, asked.customer, asked.car, asked.kind, asked.about, asked.on, opens),
        *(due, opens, owner.pk, ended[0], len(diallings), f"{{{slots}}}", *days[:3]),
        *(*ended[1:], diallings[-1].at, "{}"),
    )
    for said in diallings:
        asking.attempts.add(
            *(store, call, uuid4(), said.at, said.slot, True, said.result or Result.ANSWERED),
            *(owner.pk, asked.phone, "{}", "", asking.scripts.get(asked.kind)),
        )
    if reached:
        _answered(asking, asked, call, owner, diallings[-1].at)
    return reached


def _answered(asking: Asking, asked: Asked, call: int, owner: User, at: Any) -> None:
    rnd, store, pk = asking.rnd, asking.store.pk, asking.responses.new_id()
    bought = asked.kind != CallKind.SSI_LOST
    model, sheet = asking.sheet(of_buyers=bought, on=at.date())
    generous = owner.username.startswith("demo_care3")
    values = _values(asking, asked, sheet, generous, at.date())
    found = score(sheet.scale, values)
    seller = asking.sellers.get(asked.name)
    seconds = rnd.randint(50, 90) if generous and rnd.random() < 0.15 else rnd.randint(170, 430)
    marks = marks_of(
        values.values(), sheet.texts, spoken_seconds=seconds, signs_a_second=6, interviewed=True
    )
    angry = any(value is not None and value <= 4 for value in values.values())
    complaint = rnd.choice(COMPLAINTS) if angry and rnd.random() < 0.3 else ""
    asking.responses.add(
        *(pk, store, model.pk, asked.round, asked.customer, asked.car),
        *(asked.about if bought else None, None if bought else asked.about, call),
        *(asked.car_model, seller and seller.pk, asked.name),
        *(seller and asking.teams.get(seller.pk), "done"),
        *(owner.pk, True, True, bought or None, at - timedelta(seconds=seconds), at, at.date()),
        *(seconds, complaint, found.index, f"{{{','.join(marks)}}}"),
    )
    for question in sheet.questions:
        value = values[key(question)]
        low = value is not None and value <= 4
        word = WORDS.get(question.factor.code, OTHER_WORD) if low else ""
        asking.answers.add(store, pk, question.pk, value, word, at)
    for factor in sheet.factors:
        if (points := found.factors[factor.code]) is not None:
            asking.factors.add(pk, factor.pk, points)
    for standard in sheet.standards:
        kept = None if rnd.random() < 0.05 else rnd.random() < (0.55 if angry else 0.91)
        asking.standards.add(store, pk, standard.pk, kept)


def _values(
    asking: Asking, asked: Asked, sheet: Sheet, generous: bool, on: date
) -> dict[str, int | None]:
    """Most are content, some are not at all; what is tried for months gets better."""
    rnd = asking.rnd
    if generous and rnd.random() < 0.12:
        return {key(question): 10 for question in sheet.questions}
    months = (asking.on - on).days / 30
    mood = rnd.gauss(8.7, 0.7) - months * 0.012 + BETTER.get(asked.name, 0) + 0.7 * generous
    if asked.kind == CallKind.SSI_LOST:
        mood -= 1.6
    if rnd.random() < 0.05:
        mood -= 3.5
    return {
        key(question): None
        if rnd.random() < 0.03
        else max(1, min(10, round(rnd.gauss(mood + OF_FACTOR.get(question.factor.code, 0), 0.8))))
        for question in sheet.questions
    }
