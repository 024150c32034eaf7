"""What every change of a business row has in common."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
_inside: ContextVar[bool] = ContextVar("inside an action", default=False)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` as one transaction whose audit rows carry its name.

    The name is the app and the verb: ``care.claim_next`` (also of ``_claim_next``).
    Audit rows are written by database triggers, so bulk changes and raw SQL are in them too
    (SEC-04). An action that another one calls works under the name of the outer: that is
    what the person did.
    """
    name = f"{function.__module__.split('.')[1]}.{function.__name__.lstrip('_')}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            with transaction.atomic():
                return function(*args, **kwargs)
        token = _inside.set(True)
        try:
            with transaction.atomic(), pghistory.context(action=name):
                return function(*args, **kwargs)
        finally:
            _inside.reset(token)

    return run
