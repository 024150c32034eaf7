"""Insurance calls that were made in October, and their draw on 1 November."""

from datetime import date, datetime, timedelta

from apps.care.actions.sampling import draw_sample
from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Attempt
from tests.factories import SHANGHAI, make_call

OCTOBER = date(2026, 10, 1)
DRAWN_AT = datetime(2026, 11, 1, 7, 0, tzinfo=SHANGHAI)
MADE_AT = datetime(2026, 10, 14, 10, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def made(store, by=None, **fields):
    """An insurance call that ended in October, dialled by ``by``."""
    fields = {
        "kind": CallKind.INSURANCE,
        "cycle": "2026-11-20",
        "event_on": date(2026, 11, 20),
        "due_on": date(2026, 10, 21),
        "status": CallStatus.REACHED,
        "result": Result.WILL_COME,
        "ended_at": MADE_AT,
    } | fields
    call = make_call(store, **fields)
    if by is not None:
        Attempt.objects.create(
            **{"store": store, "call": call, "at": MADE_AT, "counted": True, "by": by},
            **{"slot": "morning", "result": fields["result"] or Result.NO_ANSWER},
            note="说会续保",
        )
    return call


def drawn(store, month=OCTOBER, seed=7, now=DRAWN_AT):
    return draw_sample(store, month, seed=seed, now=now)
