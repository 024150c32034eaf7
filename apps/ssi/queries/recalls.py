"""The responses of a month, which of them the manager asks again, and what differed (SSI-10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs, Cast

from apps.accounts.models import Store, User
from apps.accounts.queries import store_shown
from apps.care.forms import MonthForm
from apps.core.dates import add_months
from apps.ssi.choices import RecallStatus, ResponseStatus
from apps.ssi.models import Answer, Recall, RecallAnswer, RecallSample, Response
from apps.ssi.policy.honesty import NOTABLE, notable


def population(store: Store, month: date) -> QuerySet[Response]:
    """From which is drawn: the interviews finished in the month, without customers who may not
    be contacted any more. Who answered by himself was asked by nobody."""
    return Response.objects.filter(
        store=store,
        status=ResponseStatus.DONE,
        on__gte=month,
        on__lt=add_months(month, 1),
        interviewer__isnull=False,
        customer__refuses_service=False,
        customer__erased_at=None,
    )


def asked_again(recalls: QuerySet[Recall] | None = None) -> Any:
    """What was answered to both, each with ``first``: the first answer, and ``apart``."""
    first = Answer.objects.filter(
        response=OuterRef("recall__response"), question=OuterRef("question")
    )
    rows: QuerySet[RecallAnswer] = RecallAnswer.objects.filter(value__isnull=False)
    if recalls is not None:
        rows = rows.filter(recall__in=recalls)
    rows = rows.annotate(first=Subquery(first.values("value"))).filter(first__isnull=False)
    return rows.annotate(apart=Abs(F("first") - F("value")))


# What became of the responses drawn: each is a condition on recalls.
WHAT: dict[str, Q] = {
    "drawn": Q(),
    "open": Q(status=RecallStatus.OPEN),
    "done": Q(status=RecallStatus.DONE),
    "not_reached": Q(status=RecallStatus.NOT_REACHED),
    "not_asked": Q(was_called=False),
    "differs": Q(does_differ=True),
}


def recalls(store: Store, month: date, what: str = "drawn", person: int | None = None) -> Any:
    """The re-calls of the month behind one number, each with ``does_differ``; ``person``: of one
    interviewer."""
    apart = asked_again().filter(recall=OuterRef("pk"), apart__gte=NOTABLE)
    rows = Recall.objects.filter(store=store, sample__month=month)
    rows = rows.annotate(does_differ=Exists(apart)).filter(WHAT.get(what, Q()))
    if person is not None:
        rows = rows.filter(response__interviewer=person)
    return rows.select_related("response__customer", "response__interviewer", "by").order_by("pk")


def asked_for(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    """``recalls`` as the page's address asks for them."""
    month = month_of(asked, today)
    who = asked.get("person", "")
    person = int(who) if who.isdecimal() and len(who) < 12 else None
    return recalls(store_shown(user, asked), month, asked.get("what", "drawn"), person)


def month_of(asked: Mapping[str, Any], today: date) -> date:
    """The month asked for, else the last one that ended: its draw is the latest."""
    return MonthForm(asked).chosen(today.replace(day=1) - timedelta(days=1)).replace(day=1)


@dataclass
class Findings:
    """One interviewer's re-calls, and how his customers' answers moved."""

    person: User | None = None
    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHAT, 0))
    questions: int = 0  # answered both times
    shift: float | None = None  # mean of first answer minus answer when asked again

    @property
    def cells(self) -> list[tuple[str, int]]:
        return list(self.numbers.items())


def findings(store: Store, month: date) -> list[Findings]:
    """How many of each ``WHAT`` and the mean shift per interviewer, by name. Three queries."""
    counts = {name: Count("pk", filter=what) for name, what in WHAT.items()}
    rows = recalls(store, month).order_by().values("response__interviewer")
    lines: dict[int, Findings] = {}
    for row in rows.annotate(**counts):
        numbers = {name: row[name] for name in WHAT}
        lines[row["response__interviewer"]] = Findings(numbers=numbers)
    drawn = Recall.objects.filter(store=store, sample__month=month)
    moved = asked_again(drawn).order_by().values("recall__response__interviewer")
    difference = Cast(F("first") - F("value"), FloatField())
    for row in moved.annotate(n=Count("pk"), total=Sum(difference)):
        line = lines[row["recall__response__interviewer"]]
        line.questions, line.shift = row["n"], row["total"] / row["n"]
    for person in User.objects.filter(pk__in=lines):
        lines[person.pk].person = person
    return sorted(lines.values(), key=lambda line: str(line.person))


@dataclass(frozen=True)
class Progress:
    """How far one month's re-calls are."""

    sample: RecallSample
    drawn: int
    called: int

    @property
    def population(self) -> int:
        return len(self.sample.population)


def progress(store: Store, most: int = 12) -> list[Progress]:
    """The latest months, the newest first. One query."""
    rows = RecallSample.objects.filter(store=store).annotate(
        drawn=Count("recalls"),
        called=Count("recalls", filter=~Q(recalls__status=RecallStatus.OPEN)),
    )
    return [Progress(row, row.drawn, row.called) for row in rows.order_by("-month")[:most]]


def waiting(user: User) -> QuerySet[Recall]:
    """The re-calls that this manager is still to make: not of interviews of his own, and not of
    customers who may not be contacted any more."""
    rows: QuerySet[Recall] = Recall.objects.visible_to(user).filter(
        status=RecallStatus.OPEN,
        response__customer__refuses_service=False,
        response__customer__erased_at=None,
    )
    return rows.exclude(response__interviewer=user)


@dataclass(frozen=True)
class Pair:
    """One question, its first answer and the one when it was asked again."""

    factor: str
    question: str
    first: int | None
    again: int | None

    @property
    def differs(self) -> bool:
        return notable(self.first, self.again)


def pairs(recall: Recall) -> list[Pair]:
    """Both answers to each question, in the order of the script. Two queries."""
    again = dict(RecallAnswer.objects.filter(recall=recall).values_list("question", "value"))
    return [
        Pair(
            answer.question.factor.name,
            answer.question.text,
            answer.value,
            again[answer.question_id],
        )
        for answer in first_answers(recall)
        if answer.question_id in again
    ]


def first_answers(recall: Recall) -> QuerySet[Answer]:
    """What was answered first, in the order of the script."""
    rows: QuerySet[Answer] = Answer.objects.filter(response=recall.response_id)
    rows = rows.select_related("question__factor")
    return rows.order_by("question__factor__place", "question__place")


def mean(rows: list[Pair], which: str) -> Decimal | None:
    """The plain mean of ``first`` or ``again`` over the questions answered both times."""
    both = [row for row in rows if row.first is not None and row.again is not None]
    return Decimal(sum(getattr(row, which) for row in both)) / len(both) if both else None
