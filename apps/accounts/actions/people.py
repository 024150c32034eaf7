"""Entering people, their roles and passwords, and who is on duty (ORG-01, ORG-04, SEC-03)."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _

from apps.accounts.choices import Role
from apps.accounts.models import Department, DutyDay, Store, User
from apps.accounts.policy import may_decide_on
from apps.accounts.queries import stores_to_give
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked


@action
def add_person(
    store: Store,
    username: str,
    name: str,
    *,
    roles: Sequence[str],
    department: Department | None,
    password: str,
    by: User,
) -> User:
    """A new person of ``store`` with a temporary password.

    Refused: a user name that is taken, a leading role given by somebody who may not decide.
    """
    _may(by, roles)
    return _entered(store, username, name, roles, department, password)


def _entered(
    store: Store,
    username: str,
    name: str,
    roles: Sequence[str],
    department: Department | None,
    password: str,
) -> User:
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("The user name %(name)s is taken.") % {"name": username})
    person = User(
        store=store, username=username, name=name, department=department, roles=list(roles)
    )
    person.set_password(password)
    person.password_is_temporary = True
    person.save()
    return person


@action
def add_administrator(store: Store, username: str, name: str, *, password: str) -> User:
    """A system administrator with a temporary password, entered by whoever runs the server: the
    first of a store, or another when none can sign in any more. He enters all others by page.

    Refused: a user name that is taken.
    """
    return _entered(store, username, name, [Role.SYSTEM_ADMINISTRATOR], None, password)


@action
def change_person(
    person: User,
    *,
    name: str,
    roles: Sequence[str],
    department: Department | None,
    reads: Collection[Store] | None = None,
    by: User,
) -> User:
    """Name, roles and department of a person; ``reads``: the other stores they see (ORG-02).

    Refused: one's own roles and stores, leading roles by who may not decide on them. Stores
    that ``by`` may not give stay as they are.
    """
    person = locked(person)
    if set(roles) != set(person.roles):
        if person.pk == by.pk:
            raise Refused(_("Nobody changes his own roles. Ask another manager."))
        _may(by, [*person.roles, *roles])
    person.name, person.roles, person.department = name, list(roles), department
    person.save(update_fields=["name", "roles", "department"])
    if reads is not None:
        _give(person, reads, by)
    return person


def _give(person: User, reads: Collection[Store], by: User) -> None:
    """Exactly ``reads`` among the stores that ``by`` may give, and what else the person had."""
    may_give = set(stores_to_give(by))
    before = set(person.reads.all())
    after = (before - may_give) | (set(reads) & may_give)
    if before == after:
        return
    if person.pk == by.pk:
        raise Refused(_("Nobody gives himself another store. Ask another manager."))
    _may(by, [*person.roles, Role.GROUP_MANAGER])
    person.reads.set(after)


@action
def set_active(person: User, active: bool, *, by: User) -> User:
    """Let a person sign in or not any more; what they did stays. Ends their sessions at once.

    Refused: oneself (so a store keeps somebody who can manage people), leading people by who
    may not decide on them. The same again changes nothing.
    """
    if person.pk == by.pk:
        raise Refused(_("Nobody locks himself out. Ask another manager."))
    # Two managers who lock each other out at once: the second has no say any more.
    both = User.objects.select_for_update().filter(pk__in=[person.pk, by.pk]).order_by("pk")
    rows = {row.pk: row for row in both}
    person, by = rows[person.pk], rows[by.pk]
    if not by.is_active:
        raise Refused(_("You are not active any more."))
    _may(by, person.roles)
    person.is_active = active
    person.save(update_fields=["is_active"])
    return person


@action
def reset_password(person: User, password: str, *, by: User) -> User:
    """A temporary password; every session of the person ends. Refused: as ``set_active``."""
    if person.pk == by.pk:
        raise Refused(_("Change your own password on your account page."))
    person = locked(person)
    _may(by, person.roles)
    person.set_password(password)
    person.password_is_temporary = True
    person.save(update_fields=["password", "password_is_temporary"])
    return person


@action
def choose_language(person: User, language: str) -> None:
    """The language in which this person reads the site."""
    person.language = language
    person.save(update_fields=["language"])


@action
def set_duty(person: User, day: date, on_duty: bool, *, on: date) -> DutyDay:
    """On duty or off on a day (ORG-04). Refused: a past day (its calls have their owners)."""
    if day < on:
        raise Refused(_("A day that has passed cannot be rostered any more."))
    if person.store is None:
        raise Refused(_("This person works in no store."))
    row, _new = DutyDay.objects.update_or_create(
        user=person, on=day, defaults={"store": person.store, "on_duty": on_duty}
    )
    return row


def _may(by: User, roles: Sequence[str]) -> None:
    if not may_decide_on(by.roles, roles):
        raise Refused(
            _("Only the general manager or the system administrator decides on leading roles.")
        )
