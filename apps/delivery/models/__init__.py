"""The hand-over of sold cars."""

from apps.delivery.models.delivery import Delivery
from apps.delivery.models.dsm import DsmRecord
from apps.delivery.models.hand_over import HandOver, HandOverPhoto, HandOverStep, Readiness
from apps.delivery.models.numbers import DeliveryArea, DeliveryNumbers

__all__ = [
    "Delivery",
    "DeliveryArea",
    "DeliveryNumbers",
    "DsmRecord",
    "HandOver",
    "HandOverPhoto",
    "HandOverStep",
    "Readiness",
]
