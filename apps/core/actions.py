"""What every change of a business row has in common."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` as one transaction whose audit rows carry its name.

    The name is the app and the verb: ``care.claim_next``. Audit rows are written by
    database triggers, so bulk changes and raw SQL are in them too (SEC-04).
    """
    app = function.__module__.split(".")[1]

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), pghistory.context(action=f"{app}.{function.__name__}"):
            return function(*args, **kwargs)

    return run
