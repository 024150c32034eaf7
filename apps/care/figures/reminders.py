"""The reminder rate and what the calls of a period came to (REP-03, CARE-17).

A call counts in the period of its due day. In no rate stands what was made up (CARE-28), who
may not be contacted (CARE-29), and a call that was no longer owed on its due day: the car had
come, or the fact behind it was none.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, DateField, Exists, F, OuterRef, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, TruncDate

from apps.accounts.models import Store
from apps.care import policy
from apps.care.choices import CallKind, CallStatus, EndReason, Result
from apps.care.figures.periods import Period
from apps.care.figures.rates import Rate
from apps.care.models import Call
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message

# CARE-17 is about these two.
KINDS = (CallKind.FIRST_SERVICE, CallKind.MAINTENANCE)
OPEN = (CallStatus.WAITING, CallStatus.CLAIMED)
# Withdrawn for one of these a call was not to be made at all.
NEVER_OWED = (
    *(EndReason.STOPPED, EndReason.CAR_GONE, EndReason.NEW_OWNER),
    *(EndReason.NOT_OWED, EndReason.MERGED),
)


def calls_due(stores: Store | Iterable[int], kinds: Iterable[str], first: date, last: date) -> Any:
    """All calls of these kinds due on these days, with what ``PARTS`` ask of them."""
    rows = Call.objects.filter(
        store__in=[stores] if isinstance(stores, Store) else list(stores),
        kind__in=list(kinds),
        status__in=CallStatus.values,  # all: one index has them by status and day
        due_on__range=(first, last),
    )
    sent = Message.objects.filter(
        store=OuterRef("store"),
        dedupe_key=Concat(
            Value("fallback:"),
            Cast(OuterRef("pk"), CharField()),
            Value(":"),
            Cast(OuterRef("event_on"), CharField()),
        ),
    ).exclude(status__in=[MessageStatus.FAILED, MessageStatus.CANCELLED])
    came = Coalesce(
        Cast(NullIf(KT("proof__in_on"), Value("")), DateField()),
        Cast(NullIf(KT("proof__on"), Value("")), DateField()),
        TruncDate("ended_at"),
    )
    return rows.alias(gone_on=came, ended_on=TruncDate("ended_at"), sent=Exists(sent)).order_by()


_GONE = Q(status=CallStatus.WITHDRAWN) & (
    Q(end_reason__in=NEVER_OWED) | Q(gone_on__lte=F("due_on"))
)
DUE = Q(made_up=False) & ~_GONE
_REACHED = Q(status=CallStatus.REACHED)
_MESSAGED = Q(
    status=CallStatus.FAILED, end_reason=EndReason.THREE_ATTEMPTS, attempts__gte=policy.ATTEMPTS
) & Q(sent=True)
IN_TIME = (_REACHED | _MESSAGED) & Q(ended_on__lte=F("due_on"))  # of those that are due
REMINDED = DUE & IN_TIME


def parts(today: date) -> dict[str, Q]:
    """What the calls of a period are counted by; each is the condition of its rows."""
    still_open = DUE & Q(status__in=OPEN, due_on__gte=today)
    return {
        "due": DUE,
        "reminded": REMINDED,
        "open": still_open,
        "missed": DUE & ~REMINDED & ~Q(status__in=OPEN, due_on__gte=today),
        "reached": DUE & _REACHED,
        "booked": DUE & _REACHED & Q(result=Result.BOOKED),
        "messaged": DUE & _MESSAGED,
        "elsewhere": DUE & Q(result=Result.ELSEWHERE),
        "made_up": Q(made_up=True) & ~_GONE,
    }


PARTS = tuple(parts(date.min))


@dataclass
class Reminded:
    """What the calls of one kind, or of one person's calls of a kind, came to."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def add(self, row: dict[str, Any]) -> None:
        for name in PARTS:
            self.counts[name] += row[name]

    @property
    def rate(self) -> Rate:
        """REP-03."""
        return Rate("reminded", self.counts["reminded"], self.counts["due"])

    @property
    def best(self) -> Rate:
        """What the rate becomes when every call that is still open is made in time."""
        return Rate("open", self.counts["reminded"] + self.counts["open"], self.counts["due"])


@dataclass
class Reminders:
    """By period and kind, and for one of the periods by person (None: nobody's)."""

    of: dict[tuple[date, str], Reminded]
    people: dict[int | None, dict[str, Reminded]]


def reminders(
    store: Store, period: Period, today: date, *, trend: list[Period] | None = None
) -> Reminders:
    """The calls of the periods of a trend, by person for the last of them. One query."""
    first = (trend or period.trend)[0].first
    rows = calls_due(store, KINDS, first, period.last)
    counts = {f"n_{name}": Count("pk", filter=what) for name, what in parts(today).items()}
    found = rows.annotate(start=period.start_of("due_on")).values("start", "kind", "owner")
    result = Reminders(defaultdict(Reminded), defaultdict(lambda: defaultdict(Reminded)))
    line: Any
    for line in found.annotate(**counts):
        row = {name: line[f"n_{name}"] for name in PARTS}
        result.of[line["start"], line["kind"]].add(row)
        if line["start"] == period.first:
            result.people[line["owner"]][line["kind"]].add(row)
    return result


def reasons(store: Store, first: date, last: date) -> dict[str, dict[str, int]]:
    """Reason of not returning → kind → how many of the calls due. One query."""
    rows = calls_due(store, KINDS, first, last).filter(DUE).exclude(not_returning="")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for reason, kind, n in rows.values_list("not_returning", "kind").annotate(n=Count("pk")):
        found[reason][kind] = n
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))
