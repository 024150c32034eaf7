"""Care activities for tests: one in ten days, with people."""

from datetime import date, time, timedelta
from decimal import Decimal

from apps.care.actions.activities import Plan, hold_activity, plan_activity
from apps.care.actions.participants import sign_up
from apps.care.choices import CallKind
from apps.care.models import Activity, Participant
from tests.factories import NOW, TODAY, make_call, make_customer, make_user

ON = TODAY + timedelta(days=10)
ON_THE_DAY = NOW + timedelta(days=10)


def the_plan(**values):
    usual = {
        **{"name": "冬季检测日", "on": ON, "starts_at": time(9, 30), "place": "本店车间"},
        **{"budget_amount": Decimal("3000.00"), "plan": "免费检测二十项", "capacity": None},
    }
    return Plan(**usual | values)


def planned(store, by=None, **values):
    by = by or make_user(f"planner_{store.pk}_{Activity.objects.count()}", store)
    return plan_activity(store, the_plan(**values), by=by, now=NOW)


def make_activity(store):
    return planned(store)


def willing(store, name="张伟", **fields):
    """A customer who agreed to marketing."""
    return make_customer(store, name, accepts_marketing=True, **fields)


def signed_up(activity, customer=None, *, people=1, by=None, now=NOW, invited="in_person"):
    customer = customer or willing(activity.store)
    by = by or activity.made_by
    return sign_up(activity, customer, invited=invited, people=people, by=by, now=now)


def make_participant(store):
    return signed_up(planned(store))


def invited_by_call(activity, customer=None, **call):
    """As ``invite_by_call`` does it, for one."""
    customer = customer or willing(activity.store)
    usual = {"kind": CallKind.RECALL, "cycle": f"activity/{activity.pk}", "vehicle": None}
    made = make_call(activity.store, customer=customer, **usual | call)
    return Participant.objects.create(
        **{"store": activity.store, "activity": activity, "customer": customer},
        **{"invited": "call", "call": made},
    )


def held(store, by=None, on=date(2026, 11, 20), **values):
    """One that took place some days ago."""
    row = planned(store, by, **values)
    Activity.objects.filter(pk=row.pk).update(on=on)
    return hold_activity(row, now=NOW)
