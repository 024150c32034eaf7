from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import Heartbeat
from apps.desk import actions, health


@pytest.fixture
def at(monkeypatch, now):
    """Ask as if it were so long after the test's moment."""

    def ask_at(later):
        monkeypatch.setattr(health.timezone, "now", lambda: now + later)

    ask_at(timedelta(0))
    return ask_at


def test_a_living_process_says_so_without_asking_the_database(client):
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_ready_when_a_heartbeat_came_through_lately(client, db, at, now):
    actions.note_heartbeat(now=now)
    at(timedelta(seconds=120))
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "broker": "ok", "heartbeat": "ok"}


def test_a_clock_that_stopped_is_not_ready(client, db, at, now):
    actions.note_heartbeat(now=now)
    at(timedelta(seconds=121))
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json()["heartbeat"] == "late: 121 s"


def test_a_clock_that_never_rang_is_not_ready(client, db, at):
    answer = client.get(reverse("readyz"))
    assert (answer.status_code, answer.json()["heartbeat"]) == (503, "never")


def test_a_broker_that_is_away_is_named(client, db, at, now, settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    actions.note_heartbeat(now=now)
    answer = client.get(reverse("readyz"))
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": "ok",
        "broker": "ConnectionError",
        "heartbeat": "ok",
    }


def test_a_ring_that_comes_late_does_not_turn_the_clock_back(db, now):
    actions.note_heartbeat(now=now)
    actions.note_heartbeat(now=now - timedelta(minutes=5))
    assert Heartbeat.objects.get().at == now
    actions.note_heartbeat(now=now + timedelta(seconds=30))
    assert Heartbeat.objects.get().at == now + timedelta(seconds=30)
