"""The store's numbers of the workshop, its bays and its people (SVC-02).

What is taken out of use under an appointment would silently break a promise: whoever is left
without a bay, a technician or an open day is named, and nothing is changed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.calendar import DAY
from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.checklists.actions import add_default
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Point
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.service.actions.booking import hold_days
from apps.service.models import Bay, BayClosure, Capacity, ServiceDay, Technician
from apps.service.queries.load import last_day, stranded

FROM_THE_START = date(2000, 1, 1)
MOST_DAYS = 92  # that a bay can be closed at once
PREPARED = (  # SVC-13
    Point("四件套", 50),
    Point("环车检查单", 10, each=True),
    Point("预约看板已更新"),
    Point("接待台电脑、打印机可用"),
    Point("接车区、休息区整洁"),
    Point("当日预约的资料与配件已备好"),
)
NAMED = 20  # appointments that a refusal names
BAY = ("name", "skills", "place", "active")
TECHNICIAN = ("skills", "works_from", "works_until", "active")
SPECIAL = ("closed", "opens_at", "closes_at", "labour_hours", "reason")


class LeftWithout(Refused):
    """Appointments would be left without a bay, a technician or a day. ``links`` names them."""


@action
def add_defaults(store: Store) -> None:
    """The numbers of the workshop, and the list of the morning, that a new store starts with; a
    second time adds what is missing."""
    if not Capacity.objects.filter(store=store).exists():
        Capacity.objects.create(store=store, effective_from=FROM_THE_START)
    add_default(store, ChecklistKind.PREPARATION, PREPARED)


@action
def set_capacity(
    store: Store, numbers: dict[str, Any], *, effective_from: date, now: datetime
) -> Capacity:
    """New numbers from a coming day on; what was booked before stays as it is.

    Refused: a day that has begun, and a second row for one day.
    """
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row, new = Capacity.objects.get_or_create(
        store=store, effective_from=effective_from, defaults=numbers
    )
    if not new:
        raise Refused(_("There are numbers from that day already. Choose another day."))
    return row


@contextmanager
def nobody_left(store: Store, now: datetime, first: date, last: date) -> Iterator[None]:
    """What is done inside is refused when it leaves an appointment of these days without what
    it needs. The days are held: nobody books them meanwhile."""
    hold_days(store, (first + DAY * n for n in range((last - first).days + 1)))
    before = {one.appointment.pk for one in stranded(store, now, first, last)}
    yield
    left = [one for one in stranded(store, now, first, last) if one.appointment.pk not in before]
    if left:
        raise LeftWithout(
            _("%(count)s appointments would be left without it. Move them first:")
            % {"count": len(left)},
            links=[
                ("service:appointment-move", one.appointment.pk, f"{one}") for one in left[:NAMED]
            ],
        )


@contextmanager
def _on_all_days(store: Store, now: datetime) -> Iterator[None]:
    today = timezone.localdate(now)
    with nobody_left(store, now, today, last_day(store, today)):
        yield


@action
def add_bay(store: Store, facts: Mapping[str, Any]) -> Bay:
    """A new bay. Refused: a name that another one has."""
    return _named(Bay(store=store, **_only(BAY, facts)))


@action
def change_bay(bay: Bay, facts: Mapping[str, Any], *, now: datetime) -> Bay:
    """Its name, skills, place, whether it is used. Refused when appointments would be left."""
    with _on_all_days(bay.store, now):
        row = locked(bay)
        _set(row, _only(BAY, facts))
        return _named(row)


def _named(bay: Bay) -> Bay:
    try:
        with transaction.atomic():
            bay.save()
    except IntegrityError:
        raise Refused(_("Another bay has that name. Choose another one.")) from None
    return bay


@action
def add_technician(user: User, facts: Mapping[str, Any]) -> Technician:
    """A person of the workshop can be booked from now on. Twice: refused."""
    if user.store is None or not user.has_role(Role.WORKSHOP):
        raise Refused(_("Only people of the workshop can be booked. Give the role first."))
    row, new = Technician.objects.get_or_create(
        user=user, defaults={"store": user.store, **_only(TECHNICIAN, facts)}
    )
    if not new:
        raise Refused(_("This person can be booked already."))
    return row


@action
def change_technician(
    technician: Technician, facts: Mapping[str, Any], *, now: datetime
) -> Technician:
    """Skills, working time, whether he can be booked. Refused when appointments would be left."""
    with _on_all_days(technician.store, now):
        row = locked(technician)
        _set(row, _only(TECHNICIAN, facts))
        row.save()
    return row


@action
def close_bay(bay: Bay, *, first: date, last: date, reason: str, now: datetime) -> list[BayClosure]:
    """The bay cannot be used on these days. A day on which it is closed already stays so.

    Refused: days gone by, too many at once, and when appointments would be left.
    """
    if not timezone.localdate(now) <= first <= last:
        raise Refused(_("Choose days from today on, the earliest first."))
    if (last - first).days >= MOST_DAYS:
        raise Refused(_("At most %(days)s days at once.") % {"days": MOST_DAYS})
    with nobody_left(bay.store, now, first, last):
        return BayClosure.objects.bulk_create(
            [
                BayClosure(store=bay.store, bay=bay, on=first + DAY * n, reason=reason)
                for n in range((last - first).days + 1)
            ],
            ignore_conflicts=True,
        )


@action
def open_bay(closure: BayClosure) -> None:
    """The bay can be used on that day after all. Twice changes nothing."""
    BayClosure.objects.filter(pk=closure.pk).delete()


@action
def set_day(store: Store, on: date, facts: Mapping[str, Any], *, now: datetime) -> ServiceDay:
    """What is otherwise than usual on a day; nothing given: the day is as usual again.

    Refused: a day gone by, and when appointments would be left.
    """
    if on < timezone.localdate(now):
        raise Refused(_("Choose a day from today on."))
    usual = {"closed": False, "opens_at": None, "closes_at": None, "labour_hours": None}
    with nobody_left(store, now, on, on):
        row, _new = ServiceDay.objects.get_or_create(store=store, on=on)
        _set(row, usual | {"reason": ""} | _only(SPECIAL, facts))
        row.save()
    return row


def _only(names: tuple[str, ...], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in names if name in facts}


def _set(row: Any, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
