"""Asking a worker to do something now instead of at the clock's next tick."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def soon(task: "Task[Any, Any]", *args: str | int) -> None:
    """Ring for ``task`` once the transaction is through.

    What is to be done stands in the database. When the broker is away the page goes on
    without it and the clock's tick finds the work later; so every such task needs a tick.
    """

    def ring() -> None:
        try:
            task.apply_async(args)
        except OperationalError:
            log.warning("broker is away, left to the clock", task=task.name)

    transaction.on_commit(ring)
