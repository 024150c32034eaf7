"""Giving calls to another specialist (CARE-28)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import BigIntegerField, Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.accounts.queries import calendar_of, on_duty
from apps.care.choices import SPECIALISTS, CallKind, works_on
from apps.care.models import Call
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers.models import Customer


@action
def reassign(call_ids: Iterable[int], *, to: User, by: User, now: datetime) -> int:
    """Make ``to`` the owner of these calls; return how many changed hands.

    The other open calls of the same customers that ``to`` works go along, since a customer is
    rung once (CARE-15), and so does a call-back promised for the owner until now. Refused: nothing
    chosen, a call that has ended or is another store's, someone who is not on duty today or
    does not work such calls: insurance is the insurance specialists', all else care's (CARE-09).
    Twice changes nothing.
    """
    wanted = set(call_ids)
    if not wanted:
        raise Refused(_("Choose at least one call."))
    roles = _roles_today(by.store, to, timezone.localdate(now))
    if not roles:
        raise Refused(_("%(person)s is not on duty today. Choose somebody else.") % {"person": to})
    open_calls = Call.objects.of_own_store(by).open()
    # Customers first: so does the claim, and the two never wait for each other.
    customers = list(Customer.objects.filter(calls__in=wanted).order_by("pk").select_for_update())
    found = set(open_calls.filter(pk__in=wanted).select_for_update().values_list("pk", flat=True))
    if found != wanted:
        raise Refused(
            _("Some of these calls have ended meanwhile. Load the list again and choose anew.")
        )
    kinds = [kind for kind in CallKind.values if works_on(kind) in roles]
    if open_calls.filter(pk__in=wanted).exclude(kind__in=kinds).exists():
        raise Refused(
            _(
                "Insurance calls go to insurance specialists, all others to care specialists. "
                "Choose somebody who works all of these."
            )
        )
    moved = open_calls.filter(customer__in=customers, kind__in=kinds).exclude(Q(owner=to))
    return moved.update(
        owner=to,
        callback_for=Case(
            When(callback_for=F("owner"), then=to.pk),
            default=F("callback_for"),
            output_field=BigIntegerField(),
        ),
    )


def _roles_today(store: Store | None, person: User, today: date) -> list[Role]:
    """As which specialist the person is on duty in the store today."""
    if store is None:
        return []
    calendar = calendar_of(store)
    return [role for role in SPECIALISTS if person in on_duty(store, today, role, calendar)]
