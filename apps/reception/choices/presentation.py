"""The words of showing a car (REC-04)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Position(models.TextChoices):
    """The six positions of the walk-around 六方位, in the order in which one walks."""

    FRONT = "front", _("front left, 45°")
    DRIVER = "driver", _("driver's seat")
    REAR_SEAT = "rear_seat", _("rear seats")
    REAR = "rear", _("rear of the car")
    SIDE = "side", _("side of the car")
    ENGINE = "engine", _("engine bay")
