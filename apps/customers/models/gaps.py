"""What the records of the archive lack, and how many did on each day."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.customers.choices import Lack
from apps.customers.models.cars import Vehicle
from apps.customers.models.people import Customer
from apps.customers.policy import GAP_DAY_ZERO, GAP_NOT_DUE, GAP_TIER


class Gap(models.Model):
    """One thing that one customer or one car lacks, at its place on the work list (CUS-10).

    Derived from the archive by ``gaps.keep``: the actions that change a fact keep the rows of
    what they touched, a nightly sweep all of them, since places move with the days.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False
    )  # customers_gap_place begins with it
    lack = models.CharField(_("lacks"), max_length=10, choices=Lack)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, related_name="+", db_index=False
    )
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, null=True, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
        help_text=_("of the record; empty: an import"),
    )
    place = models.BigIntegerField(help_text=_("tier and day of the next due date"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "vehicle", "lack"],
                nulls_distinct=False,
                name="customers_gap_once",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, vehicle=None, lack__in=["phone", "birthday"])
                | Q(customer=None, vehicle__isnull=False)
                & ~Q(lack__in=["phone", "birthday"])
                & Q(lack__in=Lack.values),
                name="customers_gap_of_one_record",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "place", "id"], name="customers_gap_place"),
            models.Index(fields=["store", "lack", "place", "id"], name="customers_gap_of_kind"),
            models.Index(
                fields=["store", "recorded_by", "place", "id"],
                name="customers_gap_of_person",
                condition=Q(recorded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.vehicle} {self.get_lack_display()}"

    @property
    def owner(self) -> Customer | None:
        """Who is to be asked; None: a car without an owner."""
        return self.vehicle.owner if self.vehicle else self.customer

    @property
    def due_on(self) -> date | None:
        """When a car is due next, or was due lately: what the place was reckoned with."""
        day = self.place % GAP_TIER
        return None if day == GAP_NOT_DUE else GAP_DAY_ZERO + timedelta(days=day)

    @property
    def is_due_soon(self) -> bool:
        return self.place < 2 * GAP_TIER


class ArchiveDay(models.Model):
    """How complete the archive of a store was on a day: for the lines over time (CUS-09, CUS-10).

    One row a store and day, written by a nightly sweep; a day that was missed cannot be counted
    any more and stays out.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("day"))
    customers = models.PositiveIntegerField(_("number of customers"))
    persons = models.PositiveIntegerField(_("private persons"))
    cars = models.PositiveIntegerField(_("cars in use"))
    sold_here = models.PositiveIntegerField(_("cars sold here"))
    no_phone = models.PositiveIntegerField()
    no_birthday = models.PositiveIntegerField()
    no_owner = models.PositiveIntegerField()
    no_delivery = models.PositiveIntegerField()
    no_mileage = models.PositiveIntegerField()
    no_insurance = models.PositiveIntegerField()
    incomplete = models.PositiveIntegerField(help_text=_("customers and cars that lack something"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the archive")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["store", "on"], name="customers_archiveday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.on}"
