"""Two records of one customer become one, across all floors, and two again (CUS-04)."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.care import people as care
from apps.complaints import people as complaints
from apps.core.actions import action
from apps.core.errors import Refused, is_busy
from apps.core.journal import Journal
from apps.core.moves import locked
from apps.customers import people as customers
from apps.customers.actions import keep_gaps
from apps.customers.actions import merging as archive
from apps.customers.choices import DuplicateStatus
from apps.customers.models import Customer, Duplicate, Merge
from apps.customers.policy import UNDO_FOR
from apps.delivery import people as delivery
from apps.exchange import people as exchange
from apps.messaging import people as messaging
from apps.reception import people as reception
from apps.service import people as service
from apps.ssi import people as ssi

P = ParamSpec("P")
R = TypeVar("R")

# Whoever has rows about a customer: ``LINKS`` says which, ``repoint`` moves them.
FLOORS: tuple[Any, ...] = (
    *(messaging, complaints, reception, service, delivery, exchange, care, ssi),
    customers,
)


def _or_busy(function: Callable[P, R]) -> Callable[P, R]:
    """Whoever works on one of the two goes first: after three seconds we give way, in words."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            if not is_busy(error):
                raise
            raise Refused(
                _(
                    "Files are being taken in, calls planned or one of the two is being worked on."
                    " Nothing was changed; try again in a minute."
                )
            ) from error

    return run


@_or_busy
@action
def merge_customers(
    kept: Customer, gone: Customer, *, chosen: Mapping[str, int], by: User, now: datetime
) -> Merge:
    """Make ``gone`` a part of ``kept``: all that was about either is about ``kept`` (CUS-04).

    ``chosen`` says for each field of which of the two its value is. Everything is written down
    in the ``Merge``, by which it can be undone for 30 days. Refused: two stores, one of the two
    was merged meanwhile (so the second of two merges, in whichever direction), somebody is
    talking to the customer, an import or the planning runs.
    """
    first, second = _held(kept.store_id, (kept.pk, gone.pk))
    if first.store_id != second.store_id or first.store_id != by.store_id:
        raise Refused(_("Both records must be of your own store."))
    if first.erased_at or second.erased_at:
        raise Refused(_("One of the two was made anonymous: nothing of it can be told any more."))
    kept, gone = (first, second) if first.pk == kept.pk else (second, first)
    care.refuse_held(kept, gone)
    journal = Journal(by=by, now=now)
    for floor in FLOORS:
        floor.repoint(gone, kept, journal)
    archive.take_values(gone, kept, chosen, journal)
    journal.change(gone, merged_into_id=kept.pk, merged_at=now)
    keep_gaps(people=[kept.pk], on=timezone.localdate(now))
    return Merge.objects.create(
        store_id=kept.store_id, kept=kept, gone=gone, by=by, at=now, journal=journal.entries
    )


def _held(store_id: int, pks: Iterable[int]) -> list[Customer]:
    """Both records, locked in one order, with imports and planning kept out meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
    exchange.hold(store_id)
    care.hold(store_id)
    rows = list(Customer.objects.filter(pk__in=set(pks)).order_by("pk").select_for_update())
    if len(rows) != 2:
        raise Refused(_("One of the two was merged meanwhile. Load the list again."))
    return rows


@_or_busy
@action
def undo_merge(merge: Merge, *, by: User, now: datetime) -> list[str]:
    """Make two records of one again, as they were; return what stays with the one kept (CUS-04).

    What came since stays with the record that was kept; what somebody changed since stays as
    it is, and is named. Refused: undone already, after 30 days, while a later merge of the
    record stands, somebody is talking to the customer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
    exchange.hold(merge.store_id)
    care.hold(merge.store_id)
    pair = (merge.kept_id, merge.gone_id)
    rows = Customer.everyone.filter(pk__in=pair).order_by("pk").select_for_update()
    people = {row.pk: row for row in rows}
    merge = locked(merge)
    kept, gone = people[merge.kept_id], people[merge.gone_id]
    _check_undo(merge, kept, now)
    care.refuse_held(kept)
    stays = Journal(by=by, now=now, entries=merge.journal).undo()
    for person in (kept, gone):
        person.refresh_from_db()
        archive.refresh_derived(person, on=timezone.localdate(now))
    merge.undone_by, merge.undone_at = by, now
    merge.save(update_fields=["undone_by", "undone_at"])
    return list(dict.fromkeys(stays))


def _check_undo(merge: Merge, kept: Customer, now: datetime) -> None:
    if merge.undone_at is not None:
        raise Refused(_("This merge was undone already."))
    if now - merge.at > UNDO_FOR:
        raise Refused(_("A merge can be undone for %(days)s days.") % {"days": UNDO_FOR.days})
    if kept.erased_at is not None:
        raise Refused(_("The customer was made anonymous: the two records cannot be parted."))
    later = Merge.objects.filter(Q(kept=kept) | Q(gone=kept), pk__gt=merge.pk, undone_at=None)
    if (last := later.order_by("-pk").first()) is not None:
        raise Refused(
            _("The record was merged again on %(day)s. Undo that merge first.")
            % {"day": f"{last.at:%Y-%m-%d}"}
        )


def settle_merged(*, now: datetime) -> int:
    """Bring to the record that was kept what still points at the one that is gone.

    Such a row was written by somebody who had read the old record before the merge was done.
    Returns how many records had some. Twice changes nothing.
    """
    pointed = [
        Exists(model._base_manager.filter(_counts(model), **{column: OuterRef("pk")}))
        for floor in FLOORS
        for model, column in floor.LINKS
    ]
    any_of = Q(pointed[0])
    for link in pointed[1:]:
        any_of |= Q(link)
    merges = Merge.objects.filter(undone_at=None, gone__merged_into__isnull=False)
    late = Customer.everyone.filter(merged_into__isnull=False).filter(any_of)
    done = 0
    for merge in merges.filter(gone__in=late).select_related("by")[:500]:
        with suppress(Refused):
            _settle(merge, now=now)
            done += 1
    return done


def _counts(model: Any) -> Q:
    """The pair of the two records themselves is history."""
    return ~Q(status=DuplicateStatus.MERGED) if model is Duplicate else Q()


@_or_busy
@action
def _settle(merge: Merge, *, now: datetime) -> None:
    kept_id = Customer.everyone.values_list("merged_into", flat=True).get(pk=merge.gone_id)
    assert kept_id is not None
    rows = Customer.everyone.filter(pk__in=(merge.gone_id, kept_id)).order_by("pk")
    people = {row.pk: row for row in rows.select_for_update()}
    journal = Journal(by=merge.by, now=now)
    for floor in FLOORS:
        floor.repoint(people[merge.gone_id], people[kept_id], journal)
    kept = Customer.objects.get(pk=kept_id)
    archive.refresh_derived(kept, on=timezone.localdate(now))


@action
def forget_merges(*, now: datetime) -> int:
    """What can be undone no more is not kept: it names persons. Returns how many."""
    over = Merge.objects.filter(at__lt=now - UNDO_FOR).exclude(journal=[])
    return over.update(journal=[])
