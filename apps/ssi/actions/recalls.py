"""The manager asks a random few customers again (SSI-10)."""

from collections.abc import Mapping
from datetime import date, datetime
from secrets import randbits
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.actions.planning import OPEN_FOR
from apps.care.policy import drawn
from apps.core.actions import action
from apps.core.dates import add_months
from apps.core.errors import Refused
from apps.core.moves import advance, locked
from apps.ssi.choices import RecallStatus
from apps.ssi.models import Answer, Recall, RecallAnswer, RecallSample, SsiPolicy
from apps.ssi.queries.recalls import population

SEED_BITS = 63


def draw_missing(*, now: datetime) -> int:
    """Draw for every store whose last month ended without a draw; return how many draws.

    Months missed since a store's last draw are made up. Twice, late, or on two machines at once
    draws nothing more.
    """
    closed = now - OPEN_FOR  # what was being finished at the month's last minute is there
    last = add_months(timezone.localdate(closed).replace(day=1), -1)
    there: dict[Any, date] = dict(
        RecallSample.objects.values_list("store").annotate(Max("month")).order_by()
    )
    done = 0
    for store in Store.objects.all():
        month = add_months(there[store.pk], 1) if store.pk in there else last
        while month <= last:
            done += draw_recalls(store, month, seed=randbits(SEED_BITS), now=now) is not None
            month = add_months(month, 1)
    return done


@action
def draw_recalls(store: Store, month: date, *, seed: int, now: datetime) -> RecallSample | None:
    """Draw the month's re-calls by lot; None when they are drawn already.

    Of the n interviews finished in the month those ⌈share · n⌉ whose SHA-256 of "seed:number" is
    lowest. Refused: the month has not ended.
    """
    first = add_months(month, 1)
    if timezone.localdate(now) < first:
        raise Refused(_("The month has not ended. Its re-calls are drawn on the 1st of the next."))
    numbers = SsiPolicy.objects.in_force(store, first) or SsiPolicy()
    ids = sorted(population(store, month).values_list("pk", flat=True))
    sample, new = RecallSample.objects.get_or_create(
        store=store,
        month=month,
        defaults={
            "seed": seed,
            "share": numbers.recall_percent,
            "population": ids,
            "drawn_at": now,
        },
    )
    if not new:
        return None
    Recall.objects.bulk_create(
        Recall(store=store, sample=sample, response_id=pk)
        for pk in drawn(seed, ids, numbers.recall_percent)
    )
    return sample


@action
def write_recall(
    recall: Recall,
    *,
    was_called: bool,
    answers: Mapping[int, int | None],
    remark: str,
    by: User,
    now: datetime,
) -> Recall:
    """What the customer says when he is asked again: pk of the question → 1 to 10, or None for
    *does not apply*. Of one who says that nobody asked him no answers are kept.

    Refused: who interviewed him first, a second time, and an answer that is missing.
    """
    recall = _mine_to_call(recall, by)
    advance(recall, RecallStatus.DONE)
    asked = set(
        Answer.objects.filter(response=recall.response_id).values_list("question", flat=True)
    )
    if was_called and set(answers) != asked:
        raise Refused(_("Ask every question that was asked the first time."))
    recall.was_called = was_called
    _called(recall, remark, by, now)
    if was_called:
        RecallAnswer.objects.bulk_create(
            RecallAnswer(store_id=recall.store_id, recall=recall, question_id=pk, value=value)
            for pk, value in answers.items()
        )
    return recall


@action
def miss_recall(recall: Recall, *, remark: str, by: User, now: datetime) -> Recall:
    """The customer was not reached; he may still be asked later. Refused: a second time."""
    recall = _mine_to_call(recall, by)
    advance(recall, RecallStatus.NOT_REACHED)
    _called(recall, remark, by, now)
    return recall


def _mine_to_call(recall: Recall, by: User) -> Recall:
    recall = locked(recall)
    if recall.response.interviewer_id == by.pk:
        raise Refused(_("You asked this customer yourself, so another manager must call him."))
    return recall


def _called(recall: Recall, remark: str, by: User, now: datetime) -> None:
    recall.by, recall.at, recall.remark = by, now, remark.strip()[:500]
    recall.save(update_fields=["status", "was_called", "by", "at", "remark"])
