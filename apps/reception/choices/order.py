"""The words of a contract of sale (REC-08, REC-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("being written")
    SIGNED = "signed", _("signed")
    DEPOSITED = "deposited", _("deposit paid")
    DELIVERED = "delivered", _("delivered")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (OrderStatus.DRAFT, OrderStatus.SIGNED, OrderStatus.DEPOSITED)
ORDER_MOVES = {
    OrderStatus.DRAFT: {OrderStatus.SIGNED, OrderStatus.CANCELLED},
    OrderStatus.SIGNED: {OrderStatus.DEPOSITED, OrderStatus.CANCELLED},
    OrderStatus.DEPOSITED: {OrderStatus.DELIVERED, OrderStatus.CANCELLED},
}


class StockStatus(models.TextChoices):
    """Where a new car of the store stands."""

    COMING = "coming", _("on its way")
    HERE = "here", _("in stock")
    SOLD = "sold", _("delivered to a customer")
    GONE = "gone", _("given to another store")


class Energy(models.TextChoices):
    """What drives a model: the purchase tax asks for it (REC-07)."""

    FUEL = "fuel", _("petrol or diesel")
    HYBRID = "hybrid", _("hybrid without plug")
    NEV = "nev", _("new energy (electric, plug-in)")
