from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core.background import soon

heard = []


@shared_task(name="tests.hear")
def hear(word):
    heard.append(word)


def test_a_task_is_rung_for_after_the_commit(django_capture_on_commit_callbacks, db):
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        soon(hear, "once")
        assert heard == []
    assert heard == ["once"]


def test_a_broker_that_is_away_does_not_stop_the_page(
    django_capture_on_commit_callbacks, db, monkeypatch
):
    def away(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(hear, "apply_async", away)
    heard.clear()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        soon(hear, "never")
    assert len(callbacks) == 1
    assert heard == []
