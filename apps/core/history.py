"""The one way a business table keeps its history (SEC-04)."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=models.Model)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: keep the old values at every update and delete, by database trigger.

    A change of the ``exclude``d columns alone leaves no row: they are derived, not facts.
    """

    def track(model: type[Model]) -> type[Model]:
        fields = model._meta.local_fields
        generated = [f.name for f in fields if isinstance(f, models.GeneratedField)]
        kept: type[Model] = pghistory.track(
            pghistory.UpdateEvent(row=pghistory.Old),
            pghistory.DeleteEvent(),
            exclude=[*exclude, *generated],
        )(model)
        return kept

    return track
