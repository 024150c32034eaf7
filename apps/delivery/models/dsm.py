"""The buyer's data of a delivered car, completed in time and checked (DEL-06)."""

from datetime import date, datetime, time
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, User
from apps.core.dates import add_months
from apps.core.history import tracked
from apps.delivery.choices.dsm import DSM_MOVES, DsmStatus, Fault
from apps.delivery.models.delivery import Delivery

LATE = Q(entered_at__gt=F("due_at"))
WHOLE = Q(accepted_why="")  # what was accepted with something missing stays incomplete (PEN-07)
IN_TIME = WHOLE & Q(entered_at__lte=F("due_at"))
LATE_ONLY = LATE & WHOLE & Q(sent_back_at=None)


def _incomplete(now: datetime | None) -> Q:
    lacking = Q(entered_at=None) | ~WHOLE | LATE & Q(sent_back_at__isnull=False)
    return lacking & Q(due_at__lt=now)


class DsmQuerySet(StoreQuerySet):
    """What is counted and listed of the records, by one definition (REP-08)."""

    def due_in(self, month: date, until: date | None = None) -> Self:
        """Whose limit lies in the month of this day, or in those up to the month of ``until``, of
        the store's clock."""
        after = add_months((until or month).replace(day=1), 1)
        start, end = (
            timezone.make_aware(datetime.combine(day, time.min))
            for day in (month.replace(day=1), after)
        )
        return self.filter(due_at__gte=start, due_at__lt=end)

    def in_time(self) -> Self:
        return self.filter(IN_TIME)

    def at_fault(self, fault: str, now: datetime | None = None) -> Self:
        """As ``policy.dsm.fault`` says of one; ``now`` is needed for the incomplete ones."""
        return self.filter(LATE_ONLY if fault == Fault.LATE else _incomplete(now))

    def decided(self, now: datetime) -> Self:
        """In time, or with either fault: when the limit has passed it is one of them."""
        return self.filter(Q(due_at__lt=now) | IN_TIME)

    def faulty(self, now: datetime) -> Self:
        """With either fault: what PEN-07 judges."""
        return self.filter(LATE_ONLY | _incomplete(now), due_at__lt=now)


def _person(label: Any) -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


@tracked()
class DsmRecord(models.Model):
    """The duty to complete and check what is known of the buyer of one delivered car.

    The data are the customer's own columns; here stands who did what when.
    """

    MOVES = DSM_MOVES

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    delivery = models.OneToOneField(
        Delivery, models.PROTECT, related_name="dsm", verbose_name=_("delivery")
    )
    consultant = _person(_("sales consultant"))  # empty: nobody's yet; who enters it takes it
    status = models.CharField(_("status"), max_length=20, choices=DsmStatus, default=DsmStatus.OPEN)
    due_at = models.DateTimeField(_("due at"), help_text="DEL-06")
    entered_at = models.DateTimeField(
        _("complete since"), null=True, blank=True, help_text=_("stops the clock")
    )
    entered_by = _person(_("entered by"))
    sent_back_at = models.DateTimeField(_("sent back at"), null=True, blank=True)
    sent_back_by = _person(_("sent back by"))
    sent_back_why = models.CharField(
        _("why it was sent back"), max_length=200, blank=True, db_default=""
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = _person(_("checked by"))
    accepted_why = models.CharField(
        _("why it was accepted with something missing"),
        max_length=200,
        blank=True,
        db_default="",
    )

    objects = DsmQuerySet.as_manager()

    class Meta:
        verbose_name = _("DSM record")
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=DsmStatus.values), name="delivery_dsm_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=DsmStatus.ENTERED, entered_at__isnull=False)
                | Q(status__in=[DsmStatus.OPEN, DsmStatus.SENT_BACK], entered_at=None)
                | Q(status=DsmStatus.CHECKED) & (Q(entered_at__isnull=False) | ~Q(accepted_why="")),
                name="delivery_dsm_complete_or_accepted",
            ),
            models.CheckConstraint(
                condition=Q(status=DsmStatus.CHECKED, checked_at__isnull=False)
                | ~Q(status=DsmStatus.CHECKED) & Q(checked_at=None),
                name="delivery_dsm_checked_at",
            ),
            models.CheckConstraint(
                condition=~Q(status=DsmStatus.SENT_BACK)
                | Q(sent_back_at__isnull=False) & ~Q(sent_back_why=""),
                name="delivery_dsm_sent_back_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-due_at", "-id"], name="delivery_dsm_of_store"),
            models.Index(
                fields=["store", "due_at"],
                condition=~Q(status=DsmStatus.CHECKED),
                name="delivery_dsm_unchecked",
            ),
        ]

    def __str__(self) -> str:
        return str(self.delivery)
