"""The hand-over of sold cars."""

from apps.delivery.models.delivery import Delivery

__all__ = ["Delivery"]
