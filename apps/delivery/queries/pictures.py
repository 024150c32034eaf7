"""The picture files that hand-overs speak of (I8)."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from apps.delivery.models import HandOver, HandOverPhoto


def pictures_kept(among: Collection[str] | None = None) -> QuerySet[Any, Any]:
    """(name,) of each picture file that a row of this app speaks of, ``among`` these."""
    signed = HandOver.objects.filter(signature__isnull=False).order_by()
    photos = HandOverPhoto.objects.order_by()
    if among is not None:
        signed, photos = signed.filter(signature__in=among), photos.filter(stored__in=among)
    return signed.values_list("signature").union(photos.values_list("stored"), all=True)
