"""Everything that changes deliveries."""

from apps.delivery.actions.deliveries import record_delivery

__all__ = ["record_delivery"]
