"""The hand-over of sold cars."""

from apps.delivery.models.delivery import Delivery
from apps.delivery.models.dsm import DsmRecord

__all__ = ["Delivery", "DsmRecord"]
