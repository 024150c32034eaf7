"""How a car looked when it was taken in 接车 (SVC-07, SVC-15)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.service.choices import MarkKind, TurnReason
from apps.service.models.repair_order import RepairOrder

FULL_TANK = 8  # fuel is read in eighths
DRAWING = 1000  # width and height of the car's drawing, in which marks are placed


@tracked()
class CheckIn(models.Model):
    """What advisor and customer saw at the car, once for a repair order."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    order = models.OneToOneField(
        RepairOrder, models.PROTECT, related_name="check_in", verbose_name=_("repair order")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("taken in by"))
    at = models.DateTimeField(_("taken in at"))
    turn_of = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose turn it was"),
    )
    turn_reason = models.CharField(
        _("why out of turn"), max_length=20, choices=TurnReason, blank=True, db_default=""
    )
    has_book = models.BooleanField(_("maintenance book is there"))
    fuel = models.PositiveSmallIntegerField(
        _("fuel (eighths)"), validators=[MaxValueValidator(FULL_TANK)]
    )
    valuables = models.CharField(_("valuables"), max_length=200, blank=True, db_default="")
    is_protected = models.BooleanField(_("four-piece protection"))
    remark = models.CharField(_("remark"), max_length=200, blank=True, db_default="")
    in_hurry = models.BooleanField(
        _("customer in a hurry"),
        db_default=False,
        help_text=_("no walk-around with him: it is done in the workshop and reported to him"),
    )
    walked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("walked around by"),
    )
    walked_at = models.DateTimeField(_("walked around at"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported to the customer at"), null=True, blank=True)
    signature = models.UUIDField(_("signature"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_hurry=True) | Q(signature__isnull=False, walked_at__isnull=False),
                name="service_checkin_signed_unless_in_hurry",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(walked_at__isnull=False),
                name="service_checkin_reported_after_walk",
            ),
            models.CheckConstraint(
                condition=Q(fuel__lte=FULL_TANK), name="service_checkin_fuel_in_eighths"
            ),
            models.CheckConstraint(
                condition=Q(turn_reason="") | Q(turn_reason__in=TurnReason.values),
                name="service_checkin_turn_reason_known",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "at"], name="service_checkin_of_day"),
            models.Index(
                fields=["store", "at"],
                condition=Q(in_hurry=True, reported_at=None),
                name="service_checkin_to_report",
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)


class Mark(models.Model):
    """Something seen on the car, at a place of its drawing (per mille of width and height)."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="marks")
    kind = models.CharField(_("kind"), max_length=20, choices=MarkKind)
    x = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(DRAWING)]
    )
    y = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(0), MaxValueValidator(DRAWING)]
    )
    note = models.CharField(_("note"), max_length=60, blank=True, db_default="")
    since = models.DateField(_("seen first"))

    class Meta:
        verbose_name = _("mark on a car")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MarkKind.values), name="service_mark_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(x__lte=DRAWING, y__lte=DRAWING), name="service_mark_on_the_drawing"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Photo(models.Model):
    """A picture of the car as it was taken in."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="photos")
    stored = models.UUIDField(unique=True)
    at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("photo of a car")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.stored)
