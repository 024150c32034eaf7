"""Whom a filter finds: customers who may be written to, each once (CARE-06).

The filter is plain values, as ``audience_forms.AudienceForm`` cleans them and a campaign keeps
them; a name that is not in it asks nothing.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from apps.care.campaign_choices import Yes
from apps.core.dates import add_months
from apps.customers.choices import CustomerKind, Fate, NumberKind, NumberStatus, Purpose
from apps.customers.models import ContactNumber, Customer, Vehicle

# CARE-29: who lets himself be written to for a purpose.
MAY = {Purpose.SERVICE: Q(refuses_service=False), Purpose.MARKETING: Q(accepts_marketing=True)}
_OTHER: Any = ContactNumber.objects.filter(
    customer=OuterRef("pk"), kind=NumberKind.MOBILE, status=NumberStatus.GOOD
)
# The main number of who can be reached is in use, and only mobiles begin with 1 (CUS-03).
SMS_NUMBER = Case(
    When(main_phone__startswith="1", then=F("main_phone")),
    default=Subquery(_OTHER.order_by("pk").values("number")[:1]),
    output_field=CharField(),
)


def audience(
    stores: Collection[int],
    filters: Mapping[str, Any],
    *,
    on: date,
    purpose: Purpose = Purpose.MARKETING,
) -> QuerySet[Customer]:
    """The customers of ``stores`` whom ``filters`` find on day ``on`` and who may be written to.

    One row a customer. Whoever refuses the purpose (CARE-29) or has no number in use is not
    there. What is asked about a car is asked of one and the same car, in use and his.
    """
    rows: QuerySet[Customer] = Customer.objects.filter(
        MAY[purpose], _person(filters, on), store__in=stores, reachable=True
    )
    if (cars := cars_asked(filters, on)) is not None:
        rows = rows.filter(Exists(cars.filter(owner=OuterRef("pk"))))
    return rows


def once_a_number(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """The same with ``to``, where an SMS reaches each; of those who share it the first record."""
    found: Any = rows.annotate(to=SMS_NUMBER)
    return found.filter(to__isnull=False).order_by("to", "pk").distinct("to")  # type: ignore[no-any-return]


def size(rows: QuerySet[Customer]) -> int:
    """How many messages ``rows`` would get: one a number, as ``once_a_number``.

    Two queries: most are reached by their main number, which several processes of PostgreSQL
    count at once; the few with another main number come from an index. One more if there are any.
    """
    main: Any = rows.filter(main_phone__startswith="1").order_by().values("main_phone").distinct()
    few: Any = rows.filter(Q(main_phone__lt="1") | Q(main_phone__gte="2")).annotate(to=SMS_NUMBER)
    others = set(few.filter(to__isnull=False).order_by().values_list("to", flat=True))
    shared = main.filter(main_phone__in=others).count() if others else 0
    return int(main.count()) + len(others) - int(shared)


def _person(asked: Mapping[str, Any], on: date) -> Q:
    found = Q()
    for name in ("kind", "gender", "locality"):
        if value := asked.get(name):
            found &= Q(**{name: value})
    if asked.get("age_from") is not None:
        found &= Q(birthday__lte=add_months(on, -12 * asked["age_from"]))
    if asked.get("age_until") is not None:
        found &= Q(birthday__gt=add_months(on, -12 * (asked["age_until"] + 1)))
    if month := asked.get("birth_month"):
        found &= Q(birth_mmdd__range=(month * 100 + 1, month * 100 + 31))
    if "age_from" in asked or "age_until" in asked or "birth_month" in asked:
        found &= Q(kind=CustomerKind.PERSON)
    return found


def cars_asked(asked: Mapping[str, Any], on: date) -> QuerySet[Vehicle] | None:
    """The cars that the filter asks for; None when it asks nothing about cars."""
    found, start = Q(), Coalesce("delivered_on", "registered_on")
    if models := asked.get("models"):
        found &= Q(model__in=models)
    if sold := asked.get("sold_here"):
        found &= Q(sold_here=sold == Yes.YES)
    for name, test in (("visit_from", "gte"), ("visit_until", "lte")):
        if day := asked.get(name):
            found &= Q(**{f"last_visit_on__{test}": date.fromisoformat(day)})
    if asked.get("car_age_from") is not None:
        found &= Q(start__lte=add_months(on, -12 * asked["car_age_from"]))
    if asked.get("car_age_until") is not None:
        found &= Q(start__gt=add_months(on, -12 * (asked["car_age_until"] + 1)))
    if inside := asked.get("in_warranty"):
        over = Q(warranty_ends_on__lte=on) | Q(warranty_ends_on=None)  # CARE-27
        found &= ~over if inside == Yes.YES else over
    if not found:
        return None
    cars: Any = Vehicle.objects.filter(fate=Fate.IN_USE).alias(start=start)
    return cars.filter(found)  # type: ignore[no-any-return]
