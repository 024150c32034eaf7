"""The register of the showroom's traffic 来店客流量登记表 (REC-01)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.customers.models import Customer
from apps.reception.choices.visit import Purpose, Source, VisitResult, VisitTurnReason
from apps.reception.models.opportunity import Opportunity


@tracked()
class ShowroomVisit(models.Model):
    """One party through the showroom's door."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    arrived_at = models.DateTimeField(_("arrived at"))
    greet_until = models.DateTimeField(_("to be greeted by"))
    greeted_at = models.DateTimeField(_("greeted at"), null=True, blank=True)
    greeted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("greeted by"),
    )
    party_size = models.PositiveSmallIntegerField(_("people in the party"), default=1)
    first_time = models.BooleanField(_("first visit"), default=True)
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.WALK_IN)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, default=Purpose.LOOK)
    remark = models.CharField(
        _("remark"),
        max_length=100,
        blank=True,
        db_default="",
        help_text=_("how one recognises the party: red jacket, child, plate"),
    )
    consultant = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sales consultant"),
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    turn_of = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose turn it was"),
    )
    turn_reason = models.CharField(
        _("why not the one whose turn it was"),
        max_length=20,
        choices=VisitTurnReason,
        blank=True,
        db_default="",
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="showroom_visits",
        verbose_name=_("customer"),
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("opportunity"),
    )
    left_card = models.BooleanField(
        _("left a customer card"),
        db_default=False,
        help_text=_("the purchase came through the door with this party first (REC-02)"),
    )
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=20, choices=VisitResult, blank=True, db_default=""
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit to the showroom")
        ordering = ["-arrived_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=Source.values, purpose__in=Purpose.values),
                name="reception_visit_words_known",
            ),
            models.CheckConstraint(
                condition=Q(party_size__range=(1, 99)), name="reception_visit_somebody_came"
            ),
            models.CheckConstraint(
                condition=(Q(greeted_at=None) | Q(greeted_at__gte=F("arrived_at")))
                & (Q(left_at=None) | Q(left_at__gte=F("arrived_at"))),
                name="reception_visit_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, result="")
                | Q(left_at__isnull=False, result__in=VisitResult.values),
                name="reception_visit_left_with_result",
            ),
            models.CheckConstraint(
                condition=Q(consultant=None, taken_at=None)
                | Q(consultant__isnull=False, taken_at__isnull=False),
                name="reception_visit_taken_by_one",
            ),
            models.CheckConstraint(
                condition=Q(left_card=False) | Q(opportunity__isnull=False),
                name="reception_visit_card_is_of_a_purchase",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(left_card=True),
                name="reception_visit_purchase_counted_once",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "arrived_at"], name="reception_visit_arrived"),
            models.Index(
                fields=["store"], condition=Q(left_at=None), name="reception_visit_in_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arrived_at:%y%m%d-%H%M}-{self.pk}"

    @property
    def greeted_after(self) -> int | None:
        """Seconds from the door to the greeting."""
        if self.greeted_at is None:
            return None
        return int((self.greeted_at - self.arrived_at).total_seconds())

    @property
    def greeted_late(self) -> bool:
        """Later than the standard, or not at all (REC-01)."""
        spoken_to = self.greeted_at or self.left_at
        return bool(spoken_to and (self.greeted_at is None or spoken_to > self.greet_until))

    @property
    def stayed(self) -> int | None:
        """Minutes."""
        if self.left_at is None:
            return None
        return int((self.left_at - self.arrived_at).total_seconds() // 60)
