"""The models that the store sells, their trims and prices (REC-04, REC-07)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.reception.choices.order import Energy


@tracked()
class CarModel(models.Model):
    """A model 车型 that the store sells."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    brand = models.CharField(_("brand"), max_length=40)
    name = models.CharField(_("model"), max_length=60)
    energy = models.CharField(_("drive"), max_length=10, choices=Energy, default=Energy.FUEL)
    is_sold = models.BooleanField(_("is sold"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("model that is sold")
        ordering = ["brand", "name"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="reception_carmodel_once"),
            models.CheckConstraint(
                condition=Q(energy__in=Energy.values), name="reception_carmodel_energy_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.name}"


@tracked()
class Trim(models.Model):
    """A configuration 配置 of a model: what is priced, ordered and stocked."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    car_model = models.ForeignKey(
        CarModel, models.PROTECT, related_name="trims", verbose_name=_("model")
    )
    name = models.CharField(_("configuration"), max_length=60)
    is_sold = models.BooleanField(_("is sold"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("configuration")
        ordering = ["car_model", "name"]
        constraints = [
            models.UniqueConstraint(fields=["car_model", "name"], name="reception_trim_once"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class TrimPrice(models.Model):
    """The guide price 指导价 of a configuration from a day on, VAT included."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    trim = models.ForeignKey(
        Trim, models.PROTECT, related_name="prices", verbose_name=_("configuration")
    )
    effective_from = models.DateField(_("in force from"))
    until = models.DateField(_("holds until"), null=True, blank=True)
    guide_amount = models.DecimalField(_("guide price"), max_digits=10, decimal_places=2)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["trim", "effective_from"], name="reception_trimprice_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(guide_amount__gt=0), name="reception_trimprice_positive"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("effective_from")),
                name="reception_trimprice_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trim} {self.guide_amount}"
