"""Two consultants at one party, two parties at one turn: one gets it, the other is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from apps.core.errors import Refused
from apps.reception.actions import door
from apps.reception.models import ShowroomVisit
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW
from tests.reception.showroom import make_party, take

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(one, other):
    """What ``other`` answers when it begins before ``one`` is done and has to wait for it."""

    def answering():
        try:
            return other()
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = one()
            waiting = pool.submit(closing, answering)
            wait_until_someone_waits_for_a_lock()
        return type(done).__name__, type(waiting.result()).__name__


def test_two_consultants_take_one_party_and_one_is_told(store, first, second):
    visit = make_party(store)

    answers = meanwhile(lambda: take(visit, first), lambda: take(visit, second, reason="wished"))

    assert answers == ("ShowroomVisit", "Refused")
    assert ShowroomVisit.objects.get().consultant == first


def test_control_without_the_guards_the_second_overwrites_the_first(
    store, first, second, monkeypatch
):
    visit = make_party(store)
    monkeypatch.setattr(door, "hold_line", lambda store: None)
    monkeypatch.setattr(door, "locked", lambda row: type(row).objects.get(pk=row.pk))

    answers = meanwhile(lambda: take(visit, first), lambda: take(visit, second, reason="wished"))

    assert answers == ("ShowroomVisit", "ShowroomVisit")
    assert ShowroomVisit.objects.get().consultant == second


def test_one_turn_is_not_given_to_two_parties(store, first, second):
    one, other = make_party(store), make_party(store)

    answers = meanwhile(lambda: take(one, first), lambda: take(other, first, NOW))

    assert answers == ("ShowroomVisit", "Refused")
    assert ShowroomVisit.objects.get(pk=other.pk).consultant is None


def test_control_without_the_line_one_turn_is_given_twice(store, first, second, monkeypatch):
    one, other = make_party(store), make_party(store)
    monkeypatch.setattr(door, "hold_line", lambda store: None)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        take(one, first)
        pool.submit(closing, lambda: take(other, first)).result()

    taken = ShowroomVisit.objects.filter(consultant=first, turn_reason="")
    assert taken.count() == 2
