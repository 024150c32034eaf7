"""Orders for tests: opened, agreed to, worked on, ready, handed back."""

from datetime import timedelta
from decimal import Decimal

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.service import actions
from apps.service.choices import HAND_BACK, LineState, RepairKind, Stage
from apps.service.models import Bay, Technician
from tests.factories import NOW, make_user, make_vehicle
from tests.service.workshop import make_bay, make_technician

HOUR = timedelta(hours=1)


def person(store, name="advisor", *roles):
    """Somebody of the store, made once."""
    username = f"{name}_{store.code}"
    there = User.objects.filter(username=username).first()
    return there or make_user(username, store, *(roles or [Role.SERVICE_ADVISOR]))


def make_order(store, vehicle=None, **fields):
    by = person(store)
    fields = {
        "advisor": by,
        "kind": RepairKind.MAINTENANCE,
        "now": NOW,
        "by": by,
        "promised_at": NOW + 4 * HOUR,
    } | fields
    return actions.open_order(vehicle or make_vehicle(store), **fields)


def propose(order, operation=None, **fields):
    fields = {"version": None, "now": NOW, "by": person(order.store)} | fields
    if operation is None:
        fields = {"name": "检查底盘", "minutes": 30, "price_amount": Decimal("80.00")} | fields
    return actions.add_work(order, operation, **fields)


def agree(order, state=LineState.APPROVED, lines=None, **fields):
    """The customer says the same to all open lines, or to ``lines``."""
    keys = lines or [f"w{one.pk}" for one in order.work.filter(state=LineState.PROPOSED)]
    if lines is None:
        loose = order.parts.filter(state=LineState.PROPOSED, work=None)
        keys += [f"p{one.pk}" for one in loose]
    fields = {"how": "signed", "version": None, "now": NOW, "by": person(order.store)} | fields
    return actions.answer(order, dict.fromkeys(keys, state), **fields)


def technician_of(store):
    return Technician.objects.filter(store=store).first() or make_technician(store)


def start(order, now=NOW):
    """Given to a technician, in work."""
    store = order.store
    bay = store_bay(store)
    actions.dispatch(order, technician=technician_of(store), bay=bay, version=None)
    return stage(order, Stage.IN_WORK, now=now)


def store_bay(store):
    return Bay.objects.filter(store=store).first() or make_bay(store)


def stage(order, to, now=NOW, **fields):
    fields = {"by": person(order.store), "version": None} | fields
    return actions.set_stage(order, to, now=now, **fields)


def work_off(order, now=NOW):
    for line in order.work.filter(state=LineState.APPROVED, done_at=None):
        actions.finish_work(order, line, now=now, version=None)
    return stage(order, Stage.QUALITY_CHECK, now=now)


def check(order, passed=True, wash=False, findings="", now=NOW, **fields):
    fields = {"by": person(order.store), "version": None} | fields
    return actions.check_quality(
        order, passed=passed, wash=wash, findings=findings, now=now, **fields
    )


def make_ready(store, vehicle=None, operations=(), now=NOW, **fields):
    """Worked on, checked, ready; with a line of 80.00 when no operations are named."""
    order = make_order(store, vehicle, now=now, **fields)
    for operation in operations or [None]:
        propose(order, operation, now=now)
    agree(order, now=now)
    start(order, now)
    work_off(order, now)
    return check(order, now=now)


def settle(order, now=NOW, **fields):
    fields = {
        "discount_amount": Decimal(0),
        "paid_how": "wechat",
        "by": person(order.store),
        "version": None,
    } | fields
    return actions.settle(order, now=now, **fields)


def hand_back(order, now=NOW, points=None, **fields):
    order.refresh_from_db()
    points = HAND_BACK[order.outcome] if points is None else points
    fields = {"by": person(order.store), "version": None} | fields
    return actions.hand_back(order, points, now=now, **fields)


def make_closed(store, vehicle=None, now=NOW, **fields):
    order = make_ready(store, vehicle, now=now, **fields)
    settle(order, now=now)
    return hand_back(order, now=now)
