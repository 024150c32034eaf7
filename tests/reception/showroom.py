"""Parties and consultants for tests."""

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.reception.actions import door
from tests.factories import NOW, make_user


def seller(store, name="seller", *roles):
    """A consultant of the store, made once."""
    username = f"{name}_{store.code}"
    there = User.objects.filter(username=username).first()
    return there or make_user(username, store, *(roles or [Role.SALES_CONSULTANT]))


def host(store):
    return seller(store, "host", Role.RECEPTIONIST)


def make_party(store, now=NOW, **fields):
    return door.register(store, by=fields.pop("by", None) or host(store), now=now, **fields)


def take(visit, consultant, now=NOW, **fields):
    return door.take(visit, consultant, by=fields.pop("by", consultant), now=now, **fields)
