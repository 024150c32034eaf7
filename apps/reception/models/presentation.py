"""What a consultant has at hand when he shows a car, and what he showed (REC-04)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.reception.choices.presentation import Position
from apps.reception.models.opportunity import Opportunity
from apps.reception.models.sheet import CarModel
from apps.reception.policy import rivals


def _script(position: Position) -> "models.TextField[str, str]":
    return models.TextField(position.label, max_length=1000, blank=True, db_default="")


@tracked()
class ModelSheet(models.Model):
    """The sheet of a model: what is said at the six positions, selling points, competitors, and
    until when it holds (REC-04)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    car_model = models.OneToOneField(
        CarModel, models.PROTECT, related_name="sheet", verbose_name=_("model")
    )
    valid_until = models.DateField(_("holds until"))
    selling_points = models.TextField(
        _("selling points"), max_length=2000, blank=True, db_default=""
    )
    front = _script(Position.FRONT)
    driver = _script(Position.DRIVER)
    rear_seat = _script(Position.REAR_SEAT)
    rear = _script(Position.REAR)
    side = _script(Position.SIDE)
    engine = _script(Position.ENGINE)
    competitors = models.TextField(_("competitors"), max_length=4000, blank=True, db_default="")
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    kept_at = models.DateTimeField(_("kept at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet of a model")

    def __str__(self) -> str:
        return str(self.car_model)

    @property
    def positions(self) -> list[tuple[str, str, str]]:
        """(key, name, what is said) of the six positions."""
        return [(p.value, str(p.label), getattr(self, p.value)) for p in Position]

    @property
    def points(self) -> list[str]:
        return rivals.points(self.selling_points)

    @property
    def rivals(self) -> list[rivals.Rival]:
        return rivals.rivals(self.competitors)


@tracked()
class Presentation(models.Model):
    """One showing of a car to a customer (REC-04)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        related_name="presentations",
        verbose_name=_("opportunity"),
    )
    car_model = models.ForeignKey(
        CarModel, models.PROTECT, related_name="+", verbose_name=_("model")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    positions = ArrayField(
        models.CharField(max_length=20, choices=Position),
        default=list,
        verbose_name=_("positions shown"),
    )
    compared_with = models.CharField(
        _("competitor compared"), max_length=100, blank=True, db_default=""
    )
    questions = models.CharField(
        _("questions left open"), max_length=300, blank=True, db_default=""
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("presentation of a car")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(positions__contained_by=Position.values, positions__len__gte=1),
                name="reception_presentation_positions_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.car_model} {self.at:%Y-%m-%d}"

    @property
    def shown(self) -> list[tuple[str, bool]]:
        """(name of the position, was it shown?) of all six."""
        return [(str(p.label), p.value in self.positions) for p in Position]
